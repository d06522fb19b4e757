"""The handbook's table of contents: one chapter per task, and who needs which one most.

A chapter's text is a template of its own, `templates/help/<slug>.html`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html

from promises.models import Member

Role = Member.Role


@dataclass(frozen=True)
class Chapter:
    """One task, told step by step."""

    slug: str
    title: str
    summary: str

    @property
    def template(self) -> str:
        return f"help/{self.slug}.html"


CONTENTS: dict[str, tuple[Chapter, ...]] = {
    "Börja här": (
        Chapter(
            "logga-in", "Logga in och ditt konto", "Inbjudan, lösenord och tvåstegsinloggning."
        ),
        Chapter("oversikten", "Läsa översikten", "Fem minuter: vad som väntar, risker och löften."),
        Chapter(
            "hitta", "Söka, filtrera och bläddra", "Sökningen, listornas filter och kalendern."
        ),
    ),
    "Varje vecka": (
        Chapter("logga", "Logga ett tillfälle", "På en halv minut, även utan täckning."),
        Chapter("planera", "Planera aktiviteter", "Aktiviteter, datum i planen och nästa år."),
        Chapter("publicera", "Publicera till medborgarna", "En mening, och vad som aldrig visas."),
        Chapter("uppdrag", "Uppdrag", "Ge ett uppdrag och visa att det är klart."),
        Chapter("moten", "Möten", "Dagordning, kallelse, närvaro, beslut och protokoll."),
    ),
    "Några gånger om året": (
        Chapter("niva-och-prognos", "Åtagandenivå och prognos", "Hur ofta, och om ni hinner."),
        Chapter("matetal", "Mätetal och mätvärden", "Vad ni räknar, och vad det ska leda till."),
        Chapter(
            "lagesbild", "Lägesbild, åtgärdsplan och röd tråd", "Från problem till löfte och mål."
        ),
        Chapter("rapporter", "Rapporter och anslag", "Till fullmäktige, länsstyrelsen och byn."),
        Chapter("kalkylblad", "Kalkylblad in och ut", "Hämta loggen till Excel och läs in den."),
        Chapter(
            "paminnelser", "Kalender i telefonen och påminnelser", "Dina dagar, och brev i tid."
        ),
    ),
    "När det är dags att följa upp": (
        Chapter("uppfoljning", "Skriva uppföljningen", "Från utkast ur loggen till inlämnad."),
        Chapter("skriva-under", "Läsa och skriva under", "För undertecknare och delegater."),
        Chapter("ny-period", "Ny löftesperiod och överenskommelse", "Fortsätta, ändra, avsluta."),
    ),
    "För administratören": (
        Chapter("ledamoter", "Ledamöter och behörighet", "Bjuda in, ändra roll och avsluta."),
        Chapter("satta-igang", "Sätta igång portalen", "Från tom portal till första loggen."),
    ),
    "Slå upp": (
        Chapter("ordlista", "Vad orden betyder", "Portalens ord, vart och ett i en mening."),
        Chapter("fragor", "Vanliga frågor", "Korta svar på det som ofta undras."),
    ),
}
CHAPTERS = {chapter.slug: chapter for group in CONTENTS.values() for chapter in group}

# What each role does most, first things first.
NEEDED_MOST: dict[Role, tuple[str, ...]] = {
    Role.COORDINATOR: ("logga", "planera", "moten", "publicera", "uppfoljning"),
    Role.SIGNATORY: ("oversikten", "skriva-under", "paminnelser"),
    Role.READER: ("oversikten", "hitta", "ordlista"),
    Role.ADMINISTRATOR: ("satta-igang", "ledamoter", "ny-period", "logga-in"),
}


def needed_most(role: Role) -> list[Chapter]:
    """The chapters that somebody in the role should read first."""
    return [CHAPTERS[slug] for slug in NEEDED_MOST[role]]


def neighbours(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """The chapters before and after this one."""
    row = (None, *CHAPTERS.values(), None)
    place = row.index(chapter)
    return row[place - 1], row[place + 1]


def hint(text: str, about: str, slug: str, fragment: str = "") -> str:
    """A field's help text, and where the handbook says more.

    It opens in a tab of its own, so that nothing typed in the form is left behind.
    """
    return _hint(
        '{} <a href="{}{}" target="_blank">Läs mer om {} (ny flik)</a>',
        text,
        reverse_lazy("help_chapter", args=[slug]),
        fragment and f"#{fragment}",
        about,
    )


# Addresses are not known when the forms are read in.
_hint = lazy(format_html, str)
