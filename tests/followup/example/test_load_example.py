"""`manage.py load_example`: two invented years that are true to the domain and to themselves."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import override_settings

from followup.example.loading import PASSWORD
from followup.models import Assessment, Occasion, Reading, Review, ReviewText, SearchEntry
from followup.numbers.agreement import agreement_progress
from followup.review.gathering import contents_of
from followup.time.spans import Span
from promises.models import Activity, Delegation, Goal, Member, Metric, Place, Undertaking
from promises.models.activity import WITHOUT_COUNT

pytestmark = pytest.mark.django_db

STARTS_ON, ENDS_ON, CUTOFF_ON = date(2023, 2, 27), date(2025, 2, 27), date(2025, 3, 31)

# School holidays in Dorotea: sportlov, påsklov, sommarlov, höstlov, jullov.
HOLIDAYS = [
    (date(2023, 3, 6), date(2023, 3, 10)),
    (date(2023, 4, 3), date(2023, 4, 7)),
    (date(2023, 6, 12), date(2023, 8, 18)),
    (date(2023, 10, 30), date(2023, 11, 3)),
    (date(2023, 12, 21), date(2024, 1, 8)),
    (date(2024, 3, 4), date(2024, 3, 8)),
    (date(2024, 3, 25), date(2024, 4, 1)),
    (date(2024, 6, 14), date(2024, 8, 16)),
    (date(2024, 10, 28), date(2024, 11, 1)),
    (date(2024, 12, 20), date(2025, 1, 7)),
]
SCHOOL_ACTIVITIES = [
    "ANDTS på föräldramöten",
    "Samtal om tobak och alkohol i årskurs 7–9",
    "Tobaksfri duo",
    "Trygg skolväg vid terminsstart",
]


def load_example() -> str:
    printed = StringIO()
    call_command("load_example", stdout=printed)
    return printed.getvalue()


def row_counts() -> dict[str, int]:
    models = [*apps.get_app_config("promises").get_models()]
    models += apps.get_app_config("followup").get_models()
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def agreement(settings):
    """The Dorotea agreement on a developer's machine."""
    settings.DEBUG = True
    call_command("load_agreement", stdout=StringIO())


@pytest.fixture(scope="class")
def loaded(copies, django_db_blocker):
    """The example as it was loaded once (tests/copies.py), for those that only look at it."""
    with django_db_blocker.unblock():
        copies.bring_example()
        yield
        copies.bring_tables()


# --- When it is loaded -------------------------------------------------------------------


def test_it_is_refused_without_debug_and_nothing_is_written(agreement, settings):
    settings.DEBUG = False
    before = row_counts()

    with pytest.raises(CommandError) as refusal:
        load_example()

    assert str(refusal.value) == (
        "Exempelloggen läses bara in när DEBUG är på, eftersom den är påhittad och "
        "exempelkontona har ett känt lösenord. På din egen dator: sätt DEBUG=on i filen .env. "
        "Inget har ändrats."
    )
    assert row_counts() == before


def test_it_is_refused_before_the_agreement_is_loaded(settings):
    settings.DEBUG = True

    with pytest.raises(CommandError) as refusal:
        load_example()

    assert str(refusal.value) == (
        "Överenskommelsen som exempelloggen hör till är inte inläst. "
        "Kör `manage.py load_agreement` först. Inget har ändrats."
    )
    assert set(row_counts().values()) == {0}


def test_it_is_not_mixed_with_a_real_log(loaded, settings):
    settings.DEBUG = True
    Review.objects.update(is_example=False)

    with pytest.raises(CommandError) as refusal:
        load_example()

    assert str(refusal.value) == (
        "Det finns redan en riktig logg, och den blandas inte med påhittade exempel. "
        "Läs in exemplet i en tom databas (DATABASE_URL). Inget har ändrats."
    )


def test_a_fault_half_way_leaves_nothing_behind(agreement):
    Undertaking.objects.filter(number=5).delete()
    before = row_counts()

    with pytest.raises(KeyError):
        load_example()

    assert row_counts() == before


# --- Loading it, which takes five seconds ------------------------------------------------


@pytest.fixture(scope="class")
def log_of_the_copy(copies, django_db_blocker) -> list[tuple]:
    """The log as the copies have it, loaded another time by another process."""
    with django_db_blocker.unblock():
        copies.bring_example()
        log = log_as_told()
        copies.bring_tables()
    return log


@pytest.fixture(scope="class")
def printed(copies, django_db_blocker, log_of_the_copy) -> Iterator[str]:
    """What the command printed when it loaded the example beside an agreement without a place."""
    with django_db_blocker.unblock(), override_settings(DEBUG=True):
        call_command("load_agreement", stdout=StringIO())
        Place.objects.filter(name="Storbäck").delete()
        yield load_example()
        copies.bring_tables()


class TestLoading:
    def test_it_says_what_was_loaded_and_prints_the_accounts_in_columns(self, printed):
        assert (
            printed
            == f"""\
Exempelloggen är inläst: 40 aktiviteter, 200 tillfällen och en tvåårsuppföljning.

Exempelkonton (lösenordet är {PASSWORD} för alla):
E-postadress                 Roll           Titel                      Part
---------------------------  -------------  -------------------------  --------
samordnare@example.test      Samordnare     Samordnare ANDTS och BF    Kommunen
polis@example.test           Samordnare     Områdespolis               Polisen
kommunchef@example.test      Undertecknare  Kommunchef                 Kommunen
lokalpolischef@example.test  Undertecknare  Lokalpolisområdeschef      Polisen
lasare@example.test          Läsare         Ledamot i ledningsgruppen  Kommunen
administrator@example.test   Administratör  Systemförvaltare           Kommunen
"""
        )

    def test_a_second_run_changes_nothing_and_still_prints_the_accounts(self, printed, settings):
        settings.DEBUG = True
        before = row_counts()

        second = load_example()

        assert row_counts() == before
        assert second.splitlines()[0] == "Inget att ändra: exempelloggen är redan inläst."
        assert second.splitlines()[1:] == printed.splitlines()[1:]

    def test_a_place_the_agreement_file_did_not_bring_is_added(self, printed):
        assert Place.objects.get(name="Storbäck").occasions.exists()

    def test_it_is_the_same_each_time(self, printed, log_of_the_copy):
        assert log_as_told() == log_of_the_copy


def log_as_told() -> list[tuple]:
    fields = ("client_id", "date", "minutes", "done", "created_at", "updated_at")
    return list(Occasion.objects.order_by("id").values_list(*fields))


# --- What is loaded: once for every test, which only read ----------------------------------


@pytest.mark.usefixtures("loaded")
class TestLog:
    def test_every_promise_and_undertaking_has_its_share_of_the_log(self):
        log = Occasion.objects.order_by().values_list(
            "activity__promise__number", "activity__undertaking__number"
        )

        assert Counter(log) == {
            (1, None): 43,
            (2, None): 28,
            (3, None): 29,
            (4, None): 35,
            (5, None): 36,
            (None, 1): 3,
            (None, 2): 7,
            (None, 3): 4,
            (None, 4): 4,
            (None, 5): 11,
        }

    def test_everything_in_it_is_marked_as_an_example(self):
        for model in (Activity, Member, Occasion, Review):
            assert not model.objects.filter(is_example=False).exists()

    def test_there_is_an_account_for_every_role_and_party_with_the_printed_password(self):
        # The others are invited or gone, and nobody can sign in as them.
        accounts = [m for m in Member.objects.order_by("id") if m.has_usable_password()]

        assert [(m.role, m.party.key, m.is_active) for m in accounts] == [
            ("coordinator", "kommunen", True),
            ("coordinator", "polisen", True),
            ("signatory", "kommunen", True),
            ("signatory", "polisen", True),
            ("reader", "kommunen", True),
            ("administrator", "kommunen", True),
        ]
        assert all(member.check_password(PASSWORD) for member in accounts)

    def test_one_member_is_invited_one_has_left_and_a_delegation_has_run_out(self):
        others = [m for m in Member.objects.order_by("id") if not m.has_usable_password()]
        delegations = Delegation.objects.values_list(
            "signatory__title", "delegate__title", "starts_on", "ends_on"
        )

        assert [(m.title, m.status, m.left_on) for m in others] == [
            ("Skolchef", Member.Status.INVITED, None),
            ("Områdespolis", Member.Status.LEFT, date(2023, 8, 31)),
        ]
        assert list(delegations) == [
            ("Kommunchef", "Samordnare ANDTS och BF", date(2024, 7, 1), date(2024, 7, 31))
        ]

    def test_everything_in_it_passes_its_own_validation(self):
        for model in (Activity, Assessment, Member, Metric, Occasion, Reading, Review):
            for row in model.objects.all():
                row.full_clean()

    def test_the_search_text_and_status_are_as_if_logged_by_hand(self):
        assert Occasion.objects.containing("påskaftonen två patruller").get().date == date(
            2023, 4, 8
        )
        planned = Activity.objects.filter(status=Activity.Status.PLANNED)
        assert [(a.title, a.occasions.count()) for a in planned] == [("Mobilt poliskontor", 0)]

    def test_every_occasion_lies_in_the_reviewed_years(self):
        assert not Occasion.objects.exclude(date__range=(STARTS_ON, ENDS_ON)).exists()

    def test_snowmobile_controls_are_made_in_borgafjall_from_february_to_april(self):
        controls = Occasion.objects.filter(activity__title="Skoterkontroll i Borgafjäll")

        assert {(control.date.month, control.place.name) for control in controls} == {
            (2, "Borgafjäll"),
            (3, "Borgafjäll"),
            (4, "Borgafjäll"),
        }

    def test_school_activities_are_carried_out_on_school_days(self):
        occasions = Occasion.objects.filter(activity__title__in=SCHOOL_ACTIVITIES)

        assert {occasion.activity.title for occasion in occasions} == set(SCHOOL_ACTIVITIES)
        for occasion in occasions:
            assert occasion.date.weekday() < 5, occasion
            assert not any(first <= occasion.date <= last for first, last in HOLIDAYS), occasion

    def test_the_senior_day_is_in_october(self):
        days = Occasion.objects.filter(activity__title="Polisen på seniordagen").order_by("date")

        assert [(day.date.year, day.date.month) for day in days] == [(2023, 10), (2024, 10)]

    def test_speed_is_controlled_when_school_starts(self):
        controls = Occasion.objects.filter(activity__title="Hastighetskontroll i centrala Dorotea")

        assert Counter(c.date.year for c in controls.filter(date__month=8)) == {2023: 2, 2024: 2}

    def test_unknown_is_kept_apart_from_zero(self):
        assert Occasion.objects.filter(minutes=None).count() == 6
        assert Occasion.objects.filter(participants=0).count() == 2
        assert Reading.objects.filter(value=0).exists()
        assert set(Metric.objects.filter(readings=None).values_list("name", flat=True)) == {
            "Debutålder för alkohol",
            "Oroar sig för att bli utsatt för bedrägeri",
            "Ungdomar som känner sig trygga i kommunen",
            "Vet hur man når områdespolisen",
        }

    def test_every_rule_and_every_kind_of_target_with_a_number_but_an_average_is_shown(self):
        assert set(Metric.objects.values_list("rule", flat=True)) == set(Metric.Rule)
        per = Activity.objects.exclude(target_per="").values_list("target_per", flat=True)
        assert set(per) == set(Activity.TargetPer) - {"month_in_average", *WITHOUT_COUNT}

    def test_what_went_wrong_is_shown_too(self):
        cancelled = Activity.objects.filter(status=Activity.Status.CANCELLED)
        assert [activity.title for activity in cancelled] == [
            "Utbildning i ansvarsfull alkoholservering 2024"
        ]
        assert [activity.title for activity in Activity.objects.overdue(on=date(2025, 4, 10))] == [
            "Hemtjänsten som budbärare",
            "Mobilt poliskontor",
            "Samtal med A-traktorförare på fritidsgården",
            "Skyltning av förbudsområden",
            "Översyn av övergångsställen och fartdämpning",
        ]
        withdrawn = Occasion.objects.filter(withdrawn_at__isnull=False).order_by("date")
        assert [occasion.date for occasion in withdrawn] == [date(2024, 9, 12), date(2024, 12, 4)]

    def test_all_was_logged_within_a_week_but_one_after_the_cutoff(self):
        days_later = {
            occasion.date: occasion.created_at.date() - occasion.date
            for occasion in Occasion.objects.all()
            if occasion.created_at.date() - occasion.date > timedelta(days=7)
        }

        assert days_later == {date(2025, 2, 26): timedelta(days=47)}
        assert date(2025, 2, 26) + timedelta(days=47) > CUTOFF_ON

    def test_no_two_occasions_of_an_activity_read_the_same(self):
        texts = Counter(Occasion.objects.values_list("activity", "done"))

        assert max(texts.values()) == 1

    def test_about_a_third_has_a_sentence_for_the_citizens(self):
        with_sentence = Occasion.objects.exclude(public_sentence="")

        assert with_sentence.count() == 68
        assert Occasion.objects.published().count() == 66

    def test_no_text_holds_anything_like_a_personal_number_a_phone_or_an_address(self):
        personal = re.compile(r"\d{6}[-+ ]?\d{4}|\b0\d{1,3}[- ]\d{2}|@|\b[A-Z]{3} ?\d{2}[A-Z0-9]\b")
        texts = list(SearchEntry.objects.values_list("text", flat=True))
        texts += Activity.objects.values_list("description", flat=True)
        texts += ReviewText.objects.values_list("text", flat=True)
        for assessment in Assessment.objects.all():
            texts += [assessment.rationale, assessment.obstacles, assessment.lessons]

        assert [text for text in texts if personal.search(text)] == []


@pytest.mark.usefixtures("loaded")
class TestReview:
    def test_the_review_is_a_draft_by_the_coordinator_for_the_first_two_years(self):
        review = Review.objects.get()

        assert (review.starts_on, review.ends_on, review.cutoff_on) == (
            STARTS_ON,
            ENDS_ON,
            CUTOFF_ON,
        )
        assert review.registry_number == "EXEMPEL 2025:1"
        assert review.status == Review.Status.DRAFT
        assert review.created_by.email == "samordnare@example.test"
        assert all(review.texts.values_list("text", flat=True))

    def test_the_review_is_assessed_wholly_each_thing_on_its_own_scale(self):
        review = Review.objects.get()
        assessments = review.assessments.all()

        assert {a.goal for a in assessments if a.goal} == set(Goal.objects.all())
        assert {a.undertaking for a in assessments if a.undertaking} == set(
            Undertaking.objects.all()
        )
        assert {a.promise for a in assessments if a.promise} == set(review.promises())
        for assessment in assessments:
            assert assessment.value in assessment.scale
            assert all(
                [
                    assessment.rationale,
                    assessment.obstacles,
                    assessment.lessons,
                    assessment.proposal,
                ]
            )

    def test_the_goal_without_a_metric_cannot_be_assessed(self):
        without = Goal.objects.get(metrics=None)

        assert Assessment.objects.get(goal=without).value == Assessment.Value.CANNOT_ASSESS

    def test_the_reasons_agree_with_the_log(self):
        review = Review.objects.get()
        progress = agreement_progress(
            review.agreement, Span(STARTS_ON, ENDS_ON), on=CUTOFF_ON, cutoff_on=CUTOFF_ON
        )
        of_promise_or_undertaking = review.assessments.filter(goal=None)

        for assessment in of_promise_or_undertaking:
            theirs = progress.of(assessment.assessed)
            figure = re.search(r"(\d+) tillfällen", assessment.rationale)
            assert int(figure[1]) == theirs.tally.occasions, assessment
            if targets := re.search(r"(\d+) av (\d+) åtagandenivåer", assessment.rationale):
                assert [int(figure) for figure in targets.groups()] == [
                    theirs.targets_met,
                    len(theirs.targets),
                ], assessment
        assert f"{progress.tally.occasions} tillfällen" in review.texts.get(kind="summary").text
        assert progress.tally.minutes.known // 60 == 842  # "drygt 840 timmar"
        assert progress.tally.minutes.unknown_occasions == 6
        assert progress.tally.outside_term == 9

    def test_the_texts_of_the_review_name_the_figures_of_its_contents(self):
        contents = contents_of(Review.objects.get(), date(2025, 4, 15))
        cooperation, texts = contents.cooperation, contents.texts
        group, council = (
            sum(row.held for row in rhythm.half_years) for rhythm in cooperation.rhythms
        )
        by_name = {row.figure.name: row.figure for goal in contents.goals for row in goal.metrics}

        # The ninth meeting is of a half-year that is not whole in the period.
        assert (group, council) == (8, 3)
        assert {row.meetings for row in cooperation.attendance} == {9}
        assert {row.present for row in cooperation.attendance} == {9}
        assert "träffats nio gånger, och båda parter var med varje gång" in texts.cooperation
        assert "Strategiska rådet har träffats tre gånger" in texts.cooperation
        assert (
            f"{cooperation.decisions} beslut och {cooperation.tasks_given} uppdrag, "
            f"varav {cooperation.tasks_done} är klara"
        ) in texts.cooperation
        assert f"{contents.dialogue.published} tillfällen" in texts.dialogue
        assert [source.title for source in contents.dialogue.heard] == [
            "Medborgardialog i Högland",
            "Medborgardialog i centrala Dorotea",
        ]
        assert "197 per år mot 212" in texts.situation
        assert by_name["Anmälda brott i kommunen"].text == "197 per år"
        assert by_name["Anmälda brott i kommunen"].baseline_text == "212 per år"
        assert "257 av 291" in texts.situation

    def test_the_shares_named_in_the_reasons_are_those_of_the_metrics(self):
        review = Review.objects.get()
        progress = agreement_progress(
            review.agreement, Span(STARTS_ON, ENDS_ON), on=CUTOFF_ON, cutoff_on=CUTOFF_ON
        )

        for promise in progress.promises:
            rationale = Assessment.objects.get(promise=promise.promise).rationale
            figures = [*promise.metrics]
            figures += [metric for activity in promise.activities for metric in activity.metrics]
            targets = {(promise.targets_met, len(promise.targets))}
            months = {
                (sum(one.state == "met" for one in target.due), len(target.due))
                for target in promise.targets
                if "månad" in target.label
            }
            known = {(int(m.part), int(m.whole)) for m in figures if m.whole} | targets | months
            named = {(int(n), int(m)) for n, m in re.findall(r"(\d+) av (\d+)", rationale)}
            assert named - known == set(), promise.promise
