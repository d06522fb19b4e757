"""What lag (2023:196) asks for, paragraph by paragraph, in the portal's own words.

A summary for those who work with it, never a quotation: the page says so, and leads to the law.
"""

from __future__ import annotations

from typing import NamedTuple

from followup.models import LawParagraph


class Asked(NamedTuple):
    """A paragraph's heading and what it asks for, in short."""

    heading: str
    asks: str


ASKED = {
    LawParagraph.SITUATION_PICTURE: Asked(
        "Lägesbild",
        "Kommunen tar fram en lägesbild över brottsligheten i kommunen. Den har en kartläggning "
        "av hur omfattande brotten är och vad de leder till, annan information av betydelse och "
        "en analys.",
    ),
    LawParagraph.ACTION_PLAN: Asked(
        "Åtgärdsplan",
        "Med lägesbilden som grund tar kommunen ställning till vilka åtgärder som behövs och "
        "beslutar om en åtgärdsplan.",
    ),
    LawParagraph.UPDATE: Asked(
        "Uppdatering och uppföljning",
        "Minst vartannat år uppdaterar kommunen lägesbilden och följer upp åtgärdsplanen.",
    ),
    LawParagraph.COOPERATION: Asked(
        "Samverkan",
        "Kommunen samverkar om det brottsförebyggande arbetet med Polismyndigheten och andra som "
        "berörs.",
    ),
    LawParagraph.AGREEMENTS: Asked(
        "Överenskommelser",
        "Kommunen verkar för att det finns skriftliga överenskommelser om samverkan.",
    ),
    LawParagraph.AGREEMENT_CONTENTS: Asked(
        "Överenskommelsernas innehåll",
        "En överenskommelse anger minst vilka syften samverkan har och vilka områden den gäller.",
    ),
    LawParagraph.COUNCIL: Asked(
        "Strategiskt råd",
        "Det finns ett råd för de strategiska frågorna. Kommunen leder det.",
    ),
    LawParagraph.COORDINATION: Asked(
        "Samordningsfunktion",
        "Kommunen har en funktion som samordnar det brottsförebyggande arbetet.",
    ),
    LawParagraph.INFORMATION: Asked(
        "Information till invånarna",
        "De som bor i kommunen får information om det brottsförebyggande arbetet.",
    ),
    LawParagraph.LEADERSHIP: Asked(
        "Ledning och rapportering",
        "Kommunens styrelse leder arbetet och rapporterar fortlöpande om det till fullmäktige.",
    ),
}
