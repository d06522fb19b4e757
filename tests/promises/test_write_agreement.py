"""An agreement written back out: the file says what was loaded, and what the portal has added."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from promises import models
from promises.agreement_file import DOROTEA, contents
from promises.agreement_file.loading import load
from promises.agreement_file.reading import AgreementFileError, read
from promises.agreement_file.writing import _text, write
from promises.integrity import refusal
from promises.models.activity import WITHOUT_COUNT
from tests import factories
from tests.promises.test_agreement_file import PLAIN
from tests.promises.test_load_agreement import EXEMPELBY, STORSTAD, SUCCESSOR

pytestmark = pytest.mark.django_db

# What stands in a file that the portal wrote of the Dorotea agreement, word for word.
BEGINNING = """\
# Samverkansöverenskommelse 2023–2026 mellan Lokalpolisområde Södra Lappland och Dorotea kommun
#
# Skriven av portalen. I löptext skiljer en tom rad stycken åt, och en rad som börjar med
# "- " är en punkt i en lista. Det som är portalens utgångsläge är utelämnat.
#
# Läses in med: manage.py load_agreement FIL

[agreement]
key = "dorotea-2023-2026"
title = "Samverkansöverenskommelse 2023–2026 mellan Lokalpolisområde Södra Lappland och Dorotea kommun"
letterhead = \"\"\"
Dorotea kommun
Kraapohken tjielte
\"\"\"
introduction = "Ett effektivt"""


def written(agreement: models.Agreement) -> contents.AgreementFile:
    return read(write(agreement).encode())


# --- The same as was loaded ----------------------------------------------------------------------


@pytest.mark.parametrize("text", [DOROTEA.read_text(), EXEMPELBY, STORSTAD, PLAIN])
def test_what_is_loaded_is_written_back_equal(text):
    file = read(text.encode())

    assert written(load(file).agreement) == file


def test_a_successor_is_written_with_its_predecessor(agreement):
    file = read(SUCCESSOR.encode())

    written_back = written(load(file).agreement)

    # The places have been there since the first agreement, and belong to both.
    assert written_back == contents.AgreementFile(
        **{**vars(file), "places": read(DOROTEA.read_bytes()).places}
    )


def test_the_file_is_laid_out_for_people(agreement):
    text = write(agreement)

    assert text.startswith(BEGINNING)
    assert text.endswith('\n[[places]]\nname = "Västra Ormsjö"\nkind = "village"\n')
    assert "\\u" not in text


def test_loading_what_was_written_changes_nothing(agreement):
    promise = models.Promise.objects.get(number=3)
    promise.goals.set(agreement.goals.filter(number__lte=2))
    factories.ActivityFactory(promise=promise, place=models.Place.objects.first())

    assert load(written(agreement)).changed_nothing


# --- What the portal has added -------------------------------------------------------------------


def test_what_was_added_in_the_portal_is_written(agreement, snowmobile_promise, police):
    snowmobile_promise.goals.set(agreement.goals.filter(number__in=[2, 3]))
    activity = factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkontroll",
        description="Vid leden.\r\nPå helger.",
        responsible=police,
        place=models.Place.objects.get(name="Borgafjäll"),
        target_count=2,
        target_per="season",
        season_from=2,
        season_to=4,
    )
    factories.MetricFactory(activity=activity, name="Förare", baseline=Decimal("87.50"))
    agreement.registry_number = "KS 2023/17"
    agreement.save()

    file = written(agreement)

    assert file.agreement.registry_number == "KS 2023/17"
    assert file.promises[2].goals == (2, 3)
    assert file.promises[2].activities == (
        contents.Activity(
            title="Skoterkontroll",
            kind="control",
            description="Vid leden.\nPå helger.",
            responsible="polisen",
            place="Borgafjäll",
            target=contents.Target(count=2, per="season", season_from=2, season_to=4),
            metrics=(contents.Metric(name="Förare", unit="förare", baseline=Decimal("87.5")),),
        ),
    )
    assert (
        'target = {count = 2, per = "season", season_from = 2, season_to = 4}\n'
        "\n"
        "[[periods.promises.activities.metrics]]\n"
    ) in write(agreement)


def test_examples_cancelled_activities_and_second_namesakes_are_left_out(snowmobile_promise):
    under = {"promise": snowmobile_promise}
    factories.ActivityFactory(**under, title="Påhittad", is_example=True)
    factories.ActivityFactory(
        **under, title="Inställd", status="cancelled", cancellation_reason="Ingen snö"
    )
    factories.ActivityFactory(**under, title="Kontroll", description="Den första")
    factories.ActivityFactory(**under, title="Kontroll", description="Den andra")

    activities = written(snowmobile_promise.period.agreement).promises[2].activities

    assert [(row.title, row.description) for row in activities] == [("Kontroll", "Den första")]


def test_a_place_that_only_another_agreement_has_activities_at_is_left_out(agreement):
    names = {place.name for place in written(agreement).places}
    theirs = factories.PlaceFactory(name="Exempelfjället")
    factories.ActivityFactory(place=theirs)
    factories.PlaceFactory(name="Nybyn")

    assert {place.name for place in written(agreement).places} == names | {"Nybyn"}


def test_what_no_file_may_say_is_refused_with_the_reason(agreement):
    factories.PromisePeriodFactory(
        agreement=agreement, ends_on=date(2025, 1, 1), starts_on=date(2025, 1, 1)
    )
    with pytest.raises(AgreementFileError) as refused:
        write(agreement)
    assert refused.value.errors == ["periods, nr 2 › promises: är tom."]


# --- The command ---------------------------------------------------------------------------------


def command(*args) -> str:
    output = StringIO()
    call_command("write_agreement", *args, stdout=output)
    return output.getvalue()


def test_the_command_writes_the_agreement_out(agreement):
    assert command("dorotea-2023-2026") == write(agreement)


def test_the_command_writes_to_a_file(agreement, tmp_path):
    file = tmp_path / "ut.toml"

    assert command("dorotea-2023-2026", "--output", str(file)) == (
        f"Överenskommelsen dorotea-2023-2026 är skriven till {file}.\n"
    )
    assert read(file.read_bytes()) == read(DOROTEA.read_bytes())


def test_the_command_says_which_agreements_there_are(agreement):
    with pytest.raises(CommandError) as refused:
        command("dorotea")
    assert str(refused.value) == (
        "Ingen överenskommelse har nyckeln ”dorotea”. De som finns är: dorotea-2023-2026."
    )


def test_the_command_says_when_no_agreement_is_loaded():
    with pytest.raises(CommandError, match="Ingen är inläst"):
        command("dorotea")


def test_the_command_says_why_the_file_cannot_be_written(agreement, tmp_path):
    with pytest.raises(CommandError, match="Det går inte att skriva till"):
        command("dorotea-2023-2026", "--output", str(tmp_path))
    factories.PromisePeriodFactory(
        agreement=agreement, ends_on=date(2025, 1, 1), starts_on=date(2025, 1, 1)
    )
    with pytest.raises(CommandError) as refused:
        command("dorotea-2023-2026")
    assert str(refused.value) == (
        "Överenskommelsen dorotea-2023-2026 går inte att skriva som en fil:\n"
        "- periods, nr 2 › promises: är tom."
    )


# --- Whatever the agreement ----------------------------------------------------------------------

# Everything a file may hold: quotation marks, backslashes, tabs, signs of any alphabet.
SIGNS = st.characters(exclude_categories=("Cc", "Cs"), include_characters="\t")
LINE = st.text(SIGNS, min_size=1, max_size=20).map(str.strip)
PIECES = st.sampled_from(["\n", "\n\n- ", "\\", '"""', "'''", " # ", "å"]) | LINE
RUNNING = st.lists(PIECES, min_size=1, max_size=6).map(lambda pieces: "".join(pieces).strip())


def text(lines: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return lines.filter(lambda line: line and not refusal(line))


def said(values: st.SearchStrategy, but: object = None) -> st.SearchStrategy:
    """Nothing, or something else than what stands when nothing is said."""
    return st.none() | values.filter(lambda value: value != but)


AMOUNT = st.decimals(0, 9_999_999_999, places=2)
MONTH = st.integers(1, 12)
DAY = st.dates(date(2000, 1, 1), date(2040, 1, 1))
TITLE, PROSE = text(LINE), text(RUNNING)

METRIC = st.builds(
    contents.Metric,
    name=TITLE,
    unit=said(TITLE),
    dimension=said(st.sampled_from(models.Metric.Dimension), but="done"),
    rule=said(st.sampled_from(models.Metric.Rule), but="sum"),
    baseline=said(AMOUNT),
    target_value=said(AMOUNT),
    lower_is_better=st.sampled_from([None, True]),
)
SEASON = st.builds(
    contents.Target,
    count=st.integers(1, 9_999),
    per=st.just(models.Activity.TargetPer.SEASON),
    season_from=MONTH,
    season_to=MONTH,
)
WITHOUT_NUMBER = st.builds(contents.Target, per=st.sampled_from(WITHOUT_COUNT))
TARGET = (
    SEASON
    | WITHOUT_NUMBER
    | st.builds(
        contents.Target,
        count=st.integers(1, 9_999),
        per=st.sampled_from(
            [per for per in models.Activity.TargetPer if per not in ("season", *WITHOUT_COUNT)]
        ),
    )
)


def apart(rows: st.SearchStrategy, by: str, **sizes: int) -> st.SearchStrategy[tuple]:
    """Rows of which no two are known by the same."""
    return st.lists(rows, unique_by=lambda row: getattr(row, by), **sizes).map(tuple)


def numbered(rows: tuple, **changes) -> tuple:
    return tuple(
        type(row)(**{**vars(row), "number": number, **changes})
        for number, row in enumerate(rows, start=1)
    )


@st.composite
def agreement_files(draw) -> contents.AgreementFile:
    """An agreement file in the order that the portal keeps, without what is as by default."""
    keys = st.from_regex(r"[a-z][a-z0-9_-]{0,12}", fullmatch=True)
    parties = draw(
        apart(
            st.builds(
                contents.Party,
                key=keys,
                kind=st.sampled_from(models.Party.Kind),
                name=TITLE,
                short_name=TITLE,
                sami_name=st.just("") | TITLE,
            ),
            "key",
            min_size=2,
            max_size=3,
        )
    )
    party = st.sampled_from([one.key for one in parties])
    several = st.sets(party, min_size=1).map(
        lambda some: tuple(one.key for one in parties if one.key in some)
    )
    places = draw(
        apart(
            st.builds(
                contents.Place,
                name=TITLE,
                kind=st.sampled_from(models.Place.Kind),
                visit_within_days=said(st.integers(1, 9_999)),
            ),
            "name",
            max_size=2,
        )
    )
    activity = st.builds(
        contents.Activity,
        title=TITLE,
        kind=said(st.sampled_from(models.Activity.Kind), but="other"),
        description=said(PROSE),
        responsible=said(party),
        place=st.sampled_from([None, *(place.name for place in places)]),
        target=said(TARGET),
        metrics=apart(METRIC, "name", max_size=2),
    )
    goal = st.builds(
        contents.Goal, number=st.just(1), wording=PROSE, metrics=apart(METRIC, "name", max_size=1)
    )
    goals = numbered(draw(st.lists(goal, max_size=2)))
    undertaking = st.builds(
        contents.Undertaking,
        number=st.just(1),
        wording=PROSE,
        responsible=said(party),
        evidence=said(st.sampled_from(models.Undertaking.Evidence), but="activities"),
        activities=apart(activity, "title", max_size=1),
    )
    towards = [goal.number for goal in goals]
    promise = st.builds(
        contents.Promise,
        number=st.just(1),
        topic=TITLE,
        wording=PROSE,
        responsible=several,
        goals=st.sampled_from([None, tuple(towards) or None]),
        activities=apart(activity, "title", max_size=2),
        metrics=apart(METRIC, "name", max_size=1),
    )
    signatory = st.builds(
        contents.Signatory, name=TITLE, title=TITLE, party=party, signed_on=said(DAY)
    )
    starts = sorted(draw(st.sets(DAY, max_size=2)))
    periods = tuple(
        contents.PromisePeriod(
            title=draw(TITLE),
            letterhead=draw(st.just("") | TITLE),
            introduction=draw(st.just("") | PROSE),
            basis=draw(st.just("") | PROSE),
            starts_on=start,
            ends_on=start + timedelta(days=draw(st.integers(0, 2_000))),
            predecessor=draw(st.sampled_from([None, *starts[: number - 1]])),
            promises=numbered(draw(st.lists(promise, min_size=1, max_size=2))),
            signatories=tuple(draw(st.lists(signatory, max_size=1))),
        )
        for number, start in enumerate(starts, start=1)
    )
    valid_from = draw(DAY)
    texts = ("introduction", "goals_introduction", "foundations", "undertakings_introduction")
    texts += ("letterhead", "followup_clause", "time_plan")
    return contents.AgreementFile(
        agreement=contents.Agreement(
            key=draw(keys),
            title=draw(TITLE),
            valid_from=valid_from,
            valid_to=valid_from + timedelta(days=draw(st.integers(0, 3_000))),
            runs_until_further_notice=draw(st.booleans()),
            followup_interval_years=draw(st.integers(1, 10)),
            registry_number=draw(said(TITLE)),
            group_meetings_per_half_year=draw(said(st.integers(1, 26))),
            council_meetings_per_half_year=draw(said(st.integers(1, 26))),
            **{name: draw(st.just("") | PROSE) for name in texts},
        ),
        parties=parties,
        goals=goals,
        undertakings=numbered(draw(st.lists(undertaking, max_size=2))),
        signatories=tuple(draw(st.lists(signatory, max_size=2))),
        periods=periods,
        places=places,
    )


@settings(max_examples=15)
@given(agreement_files())
def test_any_contents_read_back_from_their_text(file):
    assert read(_text(file, file.agreement.title).encode()) == file


@settings(max_examples=5)
@given(agreement_files())
def test_any_agreement_is_written_back_as_it_was_loaded(file):
    with transaction.atomic():
        written_back = written(load(file).agreement)
        transaction.set_rollback(True)

    assert written_back == file
