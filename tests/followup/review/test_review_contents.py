"""A review's contents: what the log says and the parties wrote, in a form that can be signed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.archive.canonical import sha256_of, told
from followup.archive.record import Record
from followup.archive.reviews import read_review
from followup.models import Assessment, Occasion, Review
from followup.numbers.agreement import agreement_progress
from followup.numbers.totals import Total
from followup.paper.report_tables import log_csv
from followup.review.contents import Gap
from followup.review.gathering import contents_of
from followup.review.text import text_of
from followup.time.spans import Span
from promises.models import Activity, Agreement, Metric, Undertaking
from tests import life
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    AssessmentFactory,
    GoalFactory,
    MemberFactory,
    MetricFactory,
    OccasionFactory,
    PartyFactory,
    PlaceFactory,
    PromiseFactory,
    PromisePeriodFactory,
    ReadingFactory,
    ReviewFactory,
    ReviewTextFactory,
    UndertakingFactory,
)

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")
PRINTED_ON = date(2025, 2, 10)
IN_TIME = datetime(2025, 1, 31, 23, 59, tzinfo=SWEDEN)
TOO_LATE = datetime(2025, 2, 1, 0, 0, tzinfo=SWEDEN)

# Keys of the fixed review, which are part of what is signed.
GOAL, UNDERTAKING, PROMISE, CONTROLS, MEETINGS = 9001, 9002, 9003, 9004, 9005
WRITTEN = {
    "summary": "Åren var lugna.",
    "decisions": "Bestäm nivån.",
    "method": "Loggen räknades.",
    "situation": "Bilden är oförändrad.",
    "dialogue": "Vi lyssnade i byarna.",
    "cooperation": "Vi möttes ofta.",
    "deviations": "Snön kom sent.",
    "conclusions": "Fortsätt.",
    "improvements": "Börja tidigare.",
}
FIXED_SHA256 = "4babf14a46382b16b1b749d638f6adbe5bed04ec4ff56efa8914e7cc13b868c4"


@pytest.fixture(scope="module")
def made(module_db) -> Review:
    """A small review of 2023 and 2024, every word and number of it fixed."""
    municipality = PartyFactory(
        name="Dorotea kommun", short_name="Kommunen", sami_name="Kraapohken tjïelte"
    )
    police = PartyFactory(kind="police", name="Polisen i Södra Lappland", short_name="Polisen")
    agreement = AgreementFactory(title="Samverkan i Dorotea", parties=[municipality, police])
    goal = GoalFactory(pk=GOAL, agreement=agreement, number=1, wording="Tryggheten är hög.")
    undertaking = UndertakingFactory(
        pk=UNDERTAKING, agreement=agreement, number=1, wording="Parterna möts."
    )
    period = PromisePeriodFactory(agreement=agreement)
    promise = PromiseFactory(pk=PROMISE, period=period, number=3)
    promise.responsible.set([municipality, police])
    member = MemberFactory(name="Sara Samordnare", party=municipality)
    review = ReviewFactory(
        agreement=agreement,
        created_by=member,
        registry_number="KS 2025:1",
    )
    for kind, text in WRITTEN.items():
        ReviewTextFactory(review=review, kind=kind, text=text)
    reason = {"rationale": "Så var det.", "assessed_by": member, "assessed_on": PRINTED_ON}
    for thing, values in (
        ({"goal": goal}, {"value": "achieved", "trend": "unchanged"}),
        ({"undertaking": undertaking}, {"value": "fulfilled"}),
        (
            {"promise": promise},
            {
                "value": "partly_fulfilled",
                "proposal": "change",
                "obstacles": "Snöbrist.",
                "lessons": "Börja tidigare.",
            },
        ),
    ):
        AssessmentFactory(**({"review": review, "promise": None} | thing | reason | values))
    controls = ActivityFactory(
        pk=CONTROLS,
        promise=promise,
        title="Skoterkontroll",
        responsible=police,
        status="ongoing",
        target_count=2,
        target_per="year",
    )
    meetings = ActivityFactory(
        pk=MEETINGS,
        promise=None,
        undertaking=undertaking,
        title="Möten",
        target_count=1,
        target_per="year",
    )
    drivers = MetricFactory(activity=controls, name="Förare", target_value=Decimal("12.50"))
    MetricFactory(
        activity=None, goal=goal, name="Trygga", unit="%", rule="latest", dimension="effect"
    )
    for activity, day, party, minutes in (
        (controls, date(2023, 3, 4), police, 240),
        (controls, date(2024, 3, 9), police, None),
        (controls, date(2024, 4, 6), police, 300),
        (meetings, date(2024, 9, 2), municipality, 90),
    ):
        occasion = OccasionFactory(
            activity=activity,
            date=day,
            party=party,
            member=member,
            minutes=minutes,
            place=PlaceFactory(name=f"By {day}") if activity == controls else None,
            participants=0 if activity == controls else 5,
            done="Vi kontrollerade förare vid leden.",
            outcome="Färre körde fel.",
            created_at=datetime(day.year, day.month, day.day, 12, tzinfo=SWEDEN),
        )
        if activity == controls:
            ReadingFactory(metric=drivers, occasion=occasion, date=day, value=Decimal("6.25"))
    return review


@pytest.fixture
def review(made) -> Review:
    return Review.objects.get()


@pytest.fixture(scope="module")
def before(made) -> str:
    """The checksum of what would be signed."""
    return sha256_of(text_of(contents(made)))


@pytest.fixture
def controls(review) -> Activity:
    return Activity.objects.get(title="Skoterkontroll")


@pytest.fixture
def log(review, controls):
    """Log another control, on 2024-03-12 and in time if nothing else is said."""

    def log_occasion(**values) -> Occasion:
        return OccasionFactory(
            **{
                "activity": controls,
                "party": controls.responsible,
                "member": review.created_by,
                "created_at": IN_TIME,
            }
            | values
        )

    return log_occasion


@pytest.fixture
def signatories(review):
    """One for each party."""
    return [
        MemberFactory(name=name, party=party, role="signatory")
        for name, party in zip(
            ("Kim Kommunchef", "Per Polis"), review.agreement.parties.all(), strict=True
        )
    ]


def contents(review: Review):
    return contents_of(Review.objects.get(pk=review.pk), PRINTED_ON)


def sentences(review: Review) -> list[str]:
    return [gap.sentence for gap in contents(review).gaps if gap.section != "law"]


# --- The numbers ---------------------------------------------------------------------------


def test_its_numbers_are_those_of_the_overview(review, log):
    log(created_at=TOO_LATE)
    log(date=date(2025, 1, 3))

    drafted = contents(review)

    progress = agreement_progress(
        review.agreement,
        Span(review.starts_on, review.ends_on),
        on=review.cutoff_on,
        cutoff_on=review.cutoff_on,
    )
    assert drafted.tally == progress.tally
    assert [section.tally for section in drafted.promises] == [p.tally for p in progress.promises]
    assert [section.tally for section in drafted.undertakings] == [
        undertaking.tally for undertaking in progress.undertakings
    ]
    (promise,), (theirs,) = drafted.promises, progress.promises
    assert [
        (row.title, row.occasions, row.minutes, row.last_on, row.target)
        for row in promise.activities
    ] == [
        (one.activity.title, one.tally.occasions, one.tally.minutes, one.tally.last_on, one.target)
        for one in theirs.activities
    ]
    assert [row.figure for row in promise.metrics] == list(theirs.activities[0].metrics)
    assert [row.figure for row in drafted.goals[0].metrics] == list(progress.goals[0].metrics)


def test_the_log_is_what_is_counted_oldest_first(review, log):
    log(date=date(2024, 12, 31))
    log(date=date(2022, 12, 31))
    log(date=date(2025, 1, 1))

    drafted = contents(review)

    assert [row.date for row in drafted.log] == [
        date(2023, 3, 4),
        date(2024, 3, 9),
        date(2024, 4, 6),
        date(2024, 9, 2),
        date(2024, 12, 31),
    ]
    assert len(drafted.log) == drafted.tally.occasions
    assert [row.under for row in drafted.log] == ["Löfte 3"] * 3 + ["Åtagande 1", "Löfte 3"]
    assert [len(section.log) for section in drafted.promises] == [4]


def test_minutes_nobody_noted_are_not_zero(review):
    assert contents(review).tally.minutes == Total(630, 1)
    assert [row.minutes for row in contents(review).log] == [240, None, 300, 90]


def test_targets_are_counted_over_promises_and_undertakings(review):
    drafted = contents(review)

    # Neither is met: each lacks an occasion in 2023.
    assert (drafted.targets_met, drafted.targets) == (0, 2)


def test_a_promise_of_a_second_period_is_named_with_its_years(review, controls):
    later = PromisePeriodFactory(
        agreement=review.agreement,
        title="Medborgarlöfte 2025",
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
    )
    PromiseFactory(period=later, number=3)
    Review.objects.update(ends_on=date(2025, 2, 27), cutoff_on=date(2025, 3, 31))

    labels = [section.label for section in contents(review).promises]

    assert labels == ["Löfte 3 (2023–2024)", "Löfte 3 (2025)"]


def test_a_review_that_is_not_due_every_second_year_is_not_called_so(review):
    Agreement.objects.filter(pk=review.agreement_id).update(followup_interval_years=1)

    assert contents(review).title == "Uppföljning"


# --- What it leaves out --------------------------------------------------------------------


def test_internal_notes_and_members_of_the_log_are_in_no_part_of_it(review, log):
    log(
        internal_note="HEMLIGT",
        public_sentence="OFFENTLIG",
        member=MemberFactory(name="Lotta Loggare"),
    )

    drafted = contents(review)

    everything = f"{drafted!r}{text_of(drafted)}{log_csv(drafted.log)}"
    assert [word for word in ("HEMLIGT", "OFFENTLIG", "Lotta") if word in everything] == []


def test_another_agreements_log_is_not_in_it(review):
    before = contents(review)
    elsewhere = AgreementFactory()
    OccasionFactory(
        activity=ActivityFactory(
            promise=PromiseFactory(period=PromisePeriodFactory(agreement=elsewhere))
        ),
        created_at=IN_TIME,
    )

    assert contents(review) == before


# --- Deviations ----------------------------------------------------------------------------


def test_an_occasion_logged_by_the_cutoff_counts_and_a_minute_later_not(review, log):
    in_time = log(done="I tid.", created_at=IN_TIME)
    late = log(done="För sent.", created_at=TOO_LATE)

    drafted = contents(review)

    assert in_time.done in [row.done for row in drafted.log]
    assert late.done not in [row.done for row in drafted.log]
    assert [(row.done, row.logged_on) for row in drafted.deviations.late] == [
        ("För sent.", date(2025, 2, 1))
    ]
    assert drafted.tally.occasions == 5


def test_nor_is_it_evidence_for_an_undertaking(review, log):
    Undertaking.objects.update(evidence=Undertaking.Evidence.TIME)
    before = contents(review).undertakings
    log(minutes=420, created_at=TOO_LATE)

    assert contents(review).undertakings == before


def test_a_withdrawn_occasion_is_told_with_its_reason_and_not_counted(review, log):
    log(done="Dubblett.").withdraw(by=review.created_by, reason="Loggat två gånger.")

    drafted = contents(review)

    assert [(row.done, row.withdrawal_reason) for row in drafted.deviations.withdrawn] == [
        ("Dubblett.", "Loggat två gånger.")
    ]
    assert drafted.tally.occasions == len(drafted.log) == 4


def test_what_is_both_late_and_withdrawn_is_told_once(review, log):
    log(created_at=TOO_LATE).withdraw(by=review.created_by, reason="Fel dag.")

    deviations = contents(review).deviations

    assert (len(deviations.withdrawn), len(deviations.late)) == (1, 0)


def test_cancelled_and_overdue_activities_are_told(review, controls):
    ActivityFactory(
        promise=controls.promise,
        title="Kurs",
        status=Activity.Status.CANCELLED,
        cancellation_reason="Ingen anmälde sig.",
    )
    ActivityFactory(promise=controls.promise, title="Skyltning", planned_to=date(2025, 1, 30))
    ActivityFactory(promise=controls.promise, title="I tid", planned_to=date(2025, 1, 31))

    deviations = contents(review).deviations

    assert [(row.title, row.cancellation_reason) for row in deviations.cancelled] == [
        ("Kurs", "Ingen anmälde sig.")
    ]
    assert [(row.title, row.under) for row in deviations.overdue] == [("Skyltning", "Löfte 3")]


def test_missed_targets_name_the_stretches_that_fell_short(review):
    missed = contents(review).deviations.missed_targets

    assert [
        (
            row.under,
            row.activity,
            [(one.label, one.carried_out, one.required) for one in row.windows],
        )
        for row in missed
    ] == [
        ("Åtagande 1", "Möten", [("2023", 0, 1)]),
        ("Löfte 3", "Skoterkontroll", [("2023", 1, 2)]),
    ]


def test_a_review_in_which_all_went_as_planned_has_no_deviations(review):
    Activity.objects.update(target_count=None, target_per="")

    assert contents(review).deviations.is_empty


# What the fixed review's surroundings lack: nobody has adopted a lägesbild.
OF_THE_SURROUNDINGS = (
    Gap("Ingen lägesbild var antagen på brytdatumet.", "situation"),
    Gap("Ingen medborgardialog finns i lägesbildens underlag.", "dialogue"),
)

# --- Gaps ----------------------------------------------------------------------------------


def test_the_gaps_of_a_written_review_are_those_of_its_log(review):
    assert tuple(gap for gap in contents(review).gaps if gap.section != "law") == (
        Gap("1 av 4 tillfällen saknar uppgift om arbetstid.", "method"),
        Gap("Mål 1: mätetalet ”Trygga” saknar mätvärde.", "goals", GOAL),
        *OF_THE_SURROUNDINGS,
    )


def test_an_empty_review_lists_every_gap_in_order(review):
    review.assessments.update(value="", trend="")
    Review.objects.update(registry_number="")
    review.texts.update(text=" ")
    Activity.objects.update(target_count=None, target_per="")
    for occasion in Occasion.objects.all():
        occasion.withdraw(by=review.created_by, reason="Fel.")

    assert sentences(review) == [
        "Diarienummer saknas.",
        "Sammanfattning saknas.",
        "Texten ”Beslut som behövs” är tom.",
        "Texten om underlag och metod är tom.",
        "Åtagande 1 saknar bedömning.",
        "Åtagande 1: inget tillfälle är genomfört.",
        "Åtagande 1: aktiviteten ”Möten” saknar åtagandenivå.",
        "Mål 1 saknar bedömning.",
        "Mål 1: mätetalet ”Trygga” saknar mätvärde.",
        "Löfte 3 saknar bedömning.",
        "Löfte 3 har inget genomfört tillfälle i perioden.",
        "Löfte 3: aktiviteten ”Skoterkontroll” saknar åtagandenivå.",
        "Löfte 3: mätetalet ”Förare” saknar mätvärde.",
        "Ingen lägesbild var antagen på brytdatumet.",
        "Ingen medborgardialog finns i lägesbildens underlag.",
        "Texten om vad ni hörde, gjorde och berättade är tom.",
        "Avvikelserna saknar förklaring.",
        "Slutsatser saknas.",
    ]


def test_a_cancelled_activity_needs_no_target(review, controls):
    before = sentences(review)
    ActivityFactory(
        promise=controls.promise,
        status=Activity.Status.CANCELLED,
        cancellation_reason="Ingen anmälde sig.",
    )

    assert sentences(review) == before


@pytest.mark.parametrize(
    ("about", "field", "sentence"),
    [
        ("promise", "rationale", "Löfte 3 saknar motivering."),
        ("promise", "proposal", "Löfte 3 saknar förslag: fortsätt, ändra eller avsluta."),
        ("goal", "trend", "Mål 1 saknar uppgift om utveckling."),
    ],
)
def test_half_an_assessment_is_a_gap(review, about, field, sentence):
    before = sentences(review)
    # The database refuses a judgement with no reason at all; a blank one is a gap all the same.
    blank = " " if field == "rationale" else ""
    review.assessments.exclude(**{about: None}).update(**{field: blank})

    assert [gap for gap in sentences(review) if gap not in before] == [sentence]


def test_a_goal_that_cannot_be_assessed_needs_no_trend(review):
    before = sentences(review)
    review.assessments.exclude(goal=None).update(value="cannot_assess", trend="")

    assert sentences(review) == before


def test_a_goal_without_a_metric_is_a_gap(review):
    Metric.objects.filter(name="Trygga").delete()

    assert sentences(review)[:2] == [
        "1 av 4 tillfällen saknar uppgift om arbetstid.",
        "Mål 1 har inget mätetal.",
    ]


# --- What is signed ------------------------------------------------------------------------


def test_a_fixed_review_has_the_same_checksum_on_every_machine_and_database(review):
    assert sha256_of(text_of(contents(review))) == FIXED_SHA256


def test_canonical_json_is_compact_sorted_and_plain(review):
    text = text_of(contents(review))

    read = json.loads(text)
    assert text == json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert read["format"] == 5
    assert read["starts_on"] == "2023-01-01"
    assert read["parties"][0]["sami_name"] == "Kraapohken tjïelte"
    (metric,) = read["promises"][0]["metrics"]
    assert (metric["figure"]["value"], metric["figure"]["target_value"]) == ("18.75", "12.5")
    assert (metric["figure"]["text"], metric["figure"]["rule_label"]) == (
        "18,75 förare",
        "Summa",
    )
    (target,) = [row["target"] for row in read["promises"][0]["activities"]]
    assert (target["done_of_required"], target["required"], target["state_label"]) == (
        3,
        4,
        "Ej nådd",
    )
    assert [window["state"] for window in target["windows"]] == ["not_met", "met"]
    assert target["windows"][0]["span"] == ["2023-01-01", "2023-12-31"]


def test_the_contents_are_read_back_from_what_is_signed_as_they_were_told(review):
    drafted = contents(review)

    shown = read_review(text_of(drafted), drafted.standing)

    assert shown.standing is drafted.standing
    assert shown.starts_on == drafted.starts_on
    assert [row.date for row in shown.log] == [row.date for row in drafted.log]
    for section, read in zip(drafted.promises, shown.promises, strict=True):
        assert told_again(read) == told(section)
        assert [row.figure.value for row in read.metrics] == [
            row.figure.value for row in section.metrics
        ]


def told_again(value: object) -> object:
    """A record as plain data again."""
    if isinstance(value, Record):
        return {name: told_again(part) for name, part in vars(value).items()}
    return [told_again(one) for one in value] if isinstance(value, tuple) else told(value)


def test_contents_of_a_format_nobody_wrote_are_refused(review):
    drafted = contents(review)
    later = text_of(drafted).replace('"format":5', '"format":99')

    with pytest.raises(ValueError, match="No reader knows format 99"):
        read_review(later, drafted.standing)


def test_who_signed_and_when_it_is_printed_do_not_change_what_is_signed(review, before):
    life.adopt(review)

    after = contents_of(Review.objects.get(pk=review.pk), date(2026, 1, 1))

    assert [row.name for row in after.standing.signatures] == ["Lina Ledamot"] * 2
    assert sha256_of(text_of(after)) == before
    assert "standing" not in json.loads(text_of(after))


def test_changing_the_registry_number_changes_what_is_signed(review, before):
    Review.objects.update(registry_number="KS 2025:2")

    assert sha256_of(text_of(contents(review))) != before


@pytest.mark.parametrize("kind", WRITTEN)
def test_changing_a_text_of_the_review_changes_what_is_signed(review, before, kind):
    review.texts.filter(kind=kind).update(text="Ändrat.")

    assert sha256_of(text_of(contents(review))) != before


@pytest.mark.parametrize("about", ["goal", "undertaking", "promise"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", Assessment.Value.CANNOT_ASSESS),
        ("rationale", "Ändrat."),
        ("obstacles", "Ändrat."),
        ("lessons", "Ändrat."),
        ("proposal", Assessment.Proposal.END),
        ("assessed_on", date(2025, 2, 11)),
    ],
)
def test_changing_an_assessment_changes_what_is_signed(review, before, about, field, value):
    review.assessments.exclude(**{about: None}).update(**{field: value})

    assert sha256_of(text_of(contents(review))) != before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", date(2023, 3, 5)),
        ("minutes", 241),
        ("participants", None),
        ("done", "Ändrat."),
        ("outcome", "Ändrat."),
        ("place", None),
    ],
)
def test_changing_an_occasion_changes_what_is_signed(review, before, field, value):
    Occasion.objects.filter(date=date(2023, 3, 4)).update(**{field: value})

    assert sha256_of(text_of(contents(review))) != before


def test_changing_an_internal_note_does_not_change_what_is_signed(review, before):
    Occasion.objects.update(internal_note="Bara för oss.", public_sentence="För alla.")

    assert sha256_of(text_of(contents(review))) == before


def test_a_kind_of_value_without_a_canonical_form_is_refused(review):
    with pytest.raises(TypeError) as refused:
        text_of(replace(contents(review), title=object()))

    assert str(refused.value) == "A object has no canonical form."


# --- Signatures ----------------------------------------------------------------------------


def test_it_is_adopted_on_the_day_the_last_party_signed(review, signatories):
    submission = life.hand_in(review)
    chief, deputy = signatories
    life.sign(submission, chief, signed_at=datetime(2025, 4, 1, 12, tzinfo=SWEDEN))
    late = datetime(2025, 4, 3, 0, 30, tzinfo=SWEDEN)
    life.sign(submission, deputy, signed_at=late, is_delegate=True)

    submitted = contents(review).standing
    life.seal(submission)
    adopted = contents(review).standing

    assert (submitted.is_adopted, submitted.adopted_on) == (False, None)
    assert (adopted.is_adopted, adopted.adopted_on) == (True, date(2025, 4, 3))
    assert [(row.party, row.name, row.is_delegate) for row in adopted.signatures] == [
        ("Dorotea kommun", "Kim Kommunchef", False),
        ("Polisen i Södra Lappland", "Per Polis", True),
    ]


def test_a_voided_signature_leaves_a_line_to_sign_on(review, signatories):
    life.sign(life.hand_in(review), signatories[0])
    life.give_back(review)

    rows = contents(review).standing.signatures

    assert [row.signed_at for row in rows] == [None, None]


# --- Late entries --------------------------------------------------------------------------


def test_what_was_logged_too_late_is_told_of_in_the_next_review_and_counted_in_neither(review, log):
    log(done="För sent.", created_at=TOO_LATE)
    life.adopt(review)
    following = ReviewFactory(
        agreement=review.agreement,
        starts_on=date(2025, 1, 1),
        ends_on=date(2026, 12, 31),
        cutoff_on=date(2027, 1, 31),
    )

    told = contents(following)

    assert [(row.done, row.logged_on) for row in told.late_before] == [
        ("För sent.", date(2025, 2, 1))
    ]
    assert told.tally.occasions == 0


def test_the_first_review_has_none_before_it(review):
    assert contents(review).late_before == ()


# --- The cost ------------------------------------------------------------------------------


def test_it_takes_as_many_queries_for_thirty_occasions_as_for_one(review, log, controls):
    def queries() -> int:
        fresh = Review.objects.select_related("agreement").get(pk=review.pk)
        with CaptureQueriesContext(connection) as captured:
            contents_of(fresh, PRINTED_ON)
        return len(captured)

    Occasion.objects.exclude(activity=controls).update(activity=controls)
    at_few = queries()
    for n in range(30):
        log(
            place=PlaceFactory(),
            party=PartyFactory(),
            activity=ActivityFactory(
                promise=controls.promise, target_count=n + 1, target_per="year"
            ),
        )

    assert queries() == at_few
