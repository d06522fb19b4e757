"""Objects with sensible defaults, so that a test names only what it is about."""

from __future__ import annotations

import hashlib
from datetime import date

import factory
from factory.django import DjangoModelFactory

from followup.models import (
    AgendaItem,
    Assessment,
    Attendance,
    CalendarFeed,
    Decision,
    Forecast,
    LawNote,
    LawParagraph,
    Meeting,
    Occasion,
    Reading,
    Reminder,
    ReminderSettings,
    Report,
    Review,
    ReviewComment,
    ReviewText,
    Section,
    Statement,
    Task,
    Wish,
)
from promises.models import (
    AccessibilityFeedback,
    ActionPlan,
    Activity,
    Agreement,
    Appointment,
    Cause,
    Delegation,
    Goal,
    Member,
    Metric,
    Party,
    Place,
    PlannedOccasion,
    Problem,
    Promise,
    PromisePeriod,
    Signatory,
    SituationPicture,
    Source,
    Undertaking,
)
from tests import life


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    key = factory.Sequence(lambda n: f"part-{n}")
    kind = Party.Kind.MUNICIPALITY
    name = factory.Sequence(lambda n: f"Exempelby {n} kommun")
    short_name = "Kommunen"


class AgreementFactory(DjangoModelFactory):
    """An agreement between a municipality and the police, from 2023-01-01 for four years."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    key = factory.Sequence(lambda n: f"exempelby-{n}")
    title = "Samverkansöverenskommelse för Exempelby"
    valid_from = date(2023, 1, 1)
    valid_to = date(2026, 12, 31)
    runs_until_further_notice = True

    @factory.post_generation
    def parties(agreement, create, parties, **kwargs):
        agreement.parties.set(
            parties
            or [
                PartyFactory(),
                PartyFactory(kind=Party.Kind.POLICE, name="Polisen", short_name="Polisen"),
            ]
        )


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    agreement = factory.SubFactory(AgreementFactory)
    number = factory.Sequence(lambda n: n + 1)
    wording = "Tryggheten ska vara hög"


class UndertakingFactory(DjangoModelFactory):
    class Meta:
        model = Undertaking

    agreement = factory.SubFactory(AgreementFactory)
    number = factory.Sequence(lambda n: n + 1)
    wording = "Parterna träffas regelbundet"


class PromisePeriodFactory(DjangoModelFactory):
    class Meta:
        model = PromisePeriod

    agreement = factory.SubFactory(AgreementFactory)
    title = "Medborgarlöfte 2023–2024"
    starts_on = date(2023, 1, 1)
    ends_on = date(2024, 12, 31)


class SignatoryFactory(DjangoModelFactory):
    """Somebody's signature under a löftesperiod, on its first day."""

    class Meta:
        model = Signatory

    period = factory.SubFactory(PromisePeriodFactory)
    party = factory.LazyAttribute(lambda signatory: signatory.period.agreement.parties.first())
    number = factory.LazyAttribute(lambda signatory: signatory.period.signatories.count() + 1)
    name = "Kim Chef"
    title = "Kommunchef"
    signed_on = factory.SelfAttribute("period.starts_on")


def sign(period: PromisePeriod, on: date | None = None) -> None:
    """The signatures of every party of the agreement, by default on the period's first day."""
    for party in period.agreement.parties.all():
        SignatoryFactory(period=period, party=party, signed_on=on or period.starts_on)


class PromiseFactory(DjangoModelFactory):
    class Meta:
        model = Promise

    period = factory.SubFactory(PromisePeriodFactory)
    number = factory.Sequence(lambda n: n + 1)
    topic = "Skoterkörning"
    wording = "Vi ska verka för hänsynsfull skoterkörning."


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"By {n}")


class MemberFactory(DjangoModelFactory):
    """A coordinator with the password "lösenord-för-prov"."""

    class Meta:
        model = Member

    email = factory.Sequence(lambda n: f"ledamot{n}@dorotea.test")
    name = "Lina Ledamot"
    role = Member.Role.COORDINATOR
    party = factory.SubFactory(PartyFactory)
    password = factory.django.Password("lösenord-för-prov")


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    promise = factory.SubFactory(PromiseFactory)
    title = factory.Sequence(lambda n: f"Skoterkontroll {n}")
    kind = Activity.Kind.CONTROL


class MetricFactory(DjangoModelFactory):
    class Meta:
        model = Metric

    activity = factory.SubFactory(ActivityFactory)
    name = factory.Sequence(lambda n: f"Förare kontrollerade {n}")
    unit = "förare"


class OccasionFactory(DjangoModelFactory):
    """An occasion on 2024-03-12, logged the day after."""

    class Meta:
        model = Occasion

    activity = factory.SubFactory(ActivityFactory)
    date = date(2024, 3, 12)
    party = factory.SubFactory(PartyFactory)
    member = factory.SubFactory(MemberFactory)
    done = "Kontroll vid leden."


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    metric = factory.SubFactory(MetricFactory)
    date = date(2024, 3, 12)
    value = 14


class ReviewFactory(DjangoModelFactory):
    class Meta:
        model = Review

    agreement = factory.SubFactory(AgreementFactory)
    starts_on = date(2023, 1, 1)
    ends_on = date(2024, 12, 31)
    cutoff_on = date(2025, 1, 31)
    created_by = factory.SubFactory(MemberFactory)

    @classmethod
    def _create(cls, model, *args, status: str = Review.Status.DRAFT, **values) -> Review:
        """A review begins as a draft; one of another status is brought there step by step."""
        review = super()._create(model, *args, **values)
        life.bring(review, status)
        return review


class AssessmentFactory(DjangoModelFactory):
    class Meta:
        model = Assessment

    review = factory.SubFactory(ReviewFactory)
    promise = factory.SubFactory(PromiseFactory)


class ReviewTextFactory(DjangoModelFactory):
    class Meta:
        model = ReviewText

    review = factory.SubFactory(ReviewFactory)
    kind = ReviewText.Kind.SUMMARY
    text = "Åren var lugna."


class ReviewCommentFactory(DjangoModelFactory):
    class Meta:
        model = ReviewComment

    review = factory.SubFactory(ReviewFactory)
    section = Section.SUMMARY
    text = "Nämn byarna också."
    member = factory.SubFactory(MemberFactory)


class StatementFactory(DjangoModelFactory):
    """That there were four meetings in 2023."""

    class Meta:
        model = Statement

    undertaking = factory.SubFactory(UndertakingFactory)
    party = factory.SubFactory(PartyFactory)
    last_date = date(2023, 12, 31)
    date = date(2023, 1, 1)
    known_by = "year"
    meetings = 4
    source = "Kommunens uppföljning av 2023"
    noted_by = factory.SubFactory(MemberFactory)


class LawNoteFactory(DjangoModelFactory):
    class Meta:
        model = LawNote

    agreement = factory.SubFactory(AgreementFactory)
    paragraph = LawParagraph.COUNCIL
    value = LawNote.Value.MET
    rationale = "Rådet för sina protokoll i kommunens ärendesystem."
    noted_by = factory.SubFactory(MemberFactory)
    noted_on = date(2024, 3, 1)


class ReportFactory(DjangoModelFactory):
    """The year 2023, handed over to fullmäktige on 2024-02-12."""

    class Meta:
        model = Report

    agreement = factory.SubFactory(AgreementFactory)
    kind = Report.Kind.COUNCIL
    starts_on = date(2023, 1, 1)
    ends_on = date(2023, 12, 31)
    body = "Kommunfullmäktige"
    reported_on = date(2024, 2, 12)
    pdf = b"%PDF"
    pdf_sha256 = hashlib.sha256(b"%PDF").hexdigest()
    noted_by = factory.SubFactory(MemberFactory)


class DelegationFactory(DjangoModelFactory):
    """From one signatory to a coordinator of the same party, for the spring of 2024."""

    class Meta:
        model = Delegation

    signatory = factory.SubFactory(MemberFactory, role=Member.Role.SIGNATORY)
    delegate = factory.SubFactory(MemberFactory, party=factory.SelfAttribute("..signatory.party"))
    starts_on = date(2024, 3, 1)
    ends_on = date(2024, 5, 31)
    created_by = factory.SelfAttribute("signatory")


class AppointmentFactory(DjangoModelFactory):
    """A member of the samverkansgrupp from 2023-03-01, still."""

    class Meta:
        model = Appointment

    agreement = factory.SubFactory(AgreementFactory)
    function = Appointment.Function.GROUP
    member = factory.SubFactory(MemberFactory)
    party = factory.SelfAttribute("member.party")
    starts_on = date(2023, 3, 1)


class PlannedOccasionFactory(DjangoModelFactory):
    """Planned for 2024-06-12."""

    class Meta:
        model = PlannedOccasion

    activity = factory.SubFactory(ActivityFactory)
    date = date(2024, 6, 12)


class SituationPictureFactory(DjangoModelFactory):
    class Meta:
        model = SituationPicture

    agreement = factory.SubFactory(AgreementFactory)
    edition = factory.Sequence(lambda n: n + 1)
    dated_on = date(2024, 1, 31)
    created_by = factory.SubFactory(MemberFactory)


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    picture = factory.SubFactory(SituationPictureFactory)
    kind = Source.Kind.CITIZEN_DIALOGUE
    title = "Medborgardialog i Risbäck"
    dated_on = date(2023, 11, 14)
    summary = "Skoterkörningen oroar."


class ProblemFactory(DjangoModelFactory):
    class Meta:
        model = Problem

    picture = factory.SubFactory(SituationPictureFactory)
    title = factory.Sequence(lambda n: f"Vårdslös skoterkörning {n}")


class CauseFactory(DjangoModelFactory):
    class Meta:
        model = Cause

    problem = factory.SubFactory(ProblemFactory)
    kind = Cause.Kind.SITUATIONAL
    wording = "Leden går genom byn"


class ActionPlanFactory(DjangoModelFactory):
    class Meta:
        model = ActionPlan

    picture = factory.SubFactory(SituationPictureFactory)
    period = factory.SubFactory(PromisePeriodFactory)
    decided_on = date(2024, 2, 20)
    deciding_body = "Kommunstyrelsen"


class MeetingFactory(DjangoModelFactory):
    """A meeting of the samverkansgrupp, planned for 2024-06-04."""

    class Meta:
        model = Meeting

    agreement = factory.SubFactory(AgreementFactory)
    date = date(2024, 6, 4)
    chair = factory.SubFactory(MemberFactory)
    created_by = factory.SelfAttribute("chair")


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Punkt {n + 1}")


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory)
    member = factory.SubFactory(MemberFactory)


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    item = factory.SubFactory(AgendaItemFactory)
    meeting = factory.SelfAttribute("item.meeting")
    wording = "Gruppen ordnar en skoterkväll."


class TaskFactory(DjangoModelFactory):
    """Due on 2024-06-30."""

    class Meta:
        model = Task

    agreement = factory.SubFactory(AgreementFactory)
    title = factory.Sequence(lambda n: f"Boka lokal {n}")
    owner = factory.SubFactory(MemberFactory)
    due_on = date(2024, 6, 30)
    created_by = factory.SelfAttribute("owner")


class CalendarFeedFactory(DjangoModelFactory):
    """The telephone's, read with the token given."""

    class Meta:
        model = CalendarFeed

    class Params:
        token = factory.Sequence(lambda n: f"nyckel-{n}")

    member = factory.SubFactory(MemberFactory)
    name = "telefonen"
    token_sha256 = factory.LazyAttribute(
        lambda feed: hashlib.sha256(feed.token.encode()).hexdigest()
    )


class ReminderFactory(DjangoModelFactory):
    """Of a task; neither attempted nor sent."""

    class Meta:
        model = Reminder

    member = factory.SubFactory(MemberFactory)
    kind = Reminder.Kind.TASK
    key = factory.Sequence(lambda n: f"task-{n}-20240630-before")


class ReminderSettingsFactory(DjangoModelFactory):
    """All kinds wanted, but for those that are named."""

    class Meta:
        model = ReminderSettings

    member = factory.SubFactory(MemberFactory)


class ForecastFactory(DjangoModelFactory):
    """Set by hand for the year 2024."""

    class Meta:
        model = Forecast

    activity = factory.SubFactory(ActivityFactory)
    window_starts_on = date(2024, 1, 1)
    window_ends_on = date(2024, 12, 31)
    value = Forecast.Value.ON_TRACK
    rationale = "Höstens kontroller är bokade."
    made_by = factory.SubFactory(MemberFactory)


class WishFactory(DjangoModelFactory):
    """What a school asks for, unanswered."""

    class Meta:
        model = Wish

    activity = factory.SubFactory(ActivityFactory, target_per="on_request")
    received_on = date(2024, 4, 3)
    asked_by = "Bergvattenskolan"
    wish = "Ett samtal om tobak i årskurs 8."
    noted_by = factory.SubFactory(MemberFactory)


class AccessibilityFeedbackFactory(DjangoModelFactory):
    """A synpunkt nobody has handled, without an address for the answer."""

    class Meta:
        model = AccessibilityFeedback

    message = "Jag kan inte läsa diagrammet med min skärmläsare."
