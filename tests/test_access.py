"""Who reaches which address: every URL of the portal × every persona → status.

A URL that is missing from the table fails the first test, so that nobody can add a page
without saying who may see it.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.http import int_to_base36

from promises.invitations import InvitationTokenGenerator
from promises.models import Activity, Place, Promise
from tests import factories

pytestmark = pytest.mark.usefixtures("quick_pdf")

PERSONAS = ("visitor", "reader", "signatory", "coordinator", "administrator", "stranger")

# 302 for a visitor is the way to sign in. A stranger (a coordinator of another agreement in
# the same portal) gets 404 for what is not theirs, and reaches lists that show only their own.
#                              visitor reader signatory coordinator administrator stranger
GET = {
    "public": (200, 302, 302, 302, 302, 302),
    "health": (200, 200, 200, 200, 200, 200),
    "account": (302, 200, 200, 200, 200, 200),
    "invitation": (200, 200, 200, 200, 200, 200),
    "members": (302, 200, 200, 200, 200, 200),
    "member": (302, 200, 200, 200, 200, 404),
    "member_invite": (302, 403, 403, 403, 200, 403),
    "member_invite_again": (302, 403, 403, 403, 200, 403),
    "member_edit": (302, 403, 403, 403, 200, 403),
    "member_leave": (302, 403, 403, 403, 200, 403),
    "member_return": (302, 403, 403, 403, 200, 403),
    "delegate": (302, 403, 200, 403, 200, 403),
    "delegation_revoke": (302, 403, 200, 403, 200, 403),
    "access_table": (302, 403, 403, 403, 200, 403),
    "help": (302, 200, 200, 200, 200, 200),
    "help_chapter": (302, 200, 200, 200, 200, 200),
    "first_steps": (302, 403, 403, 403, 200, 403),
    "overview": (302, 200, 200, 200, 200, 200),
    "lacks": (302, 200, 200, 200, 200, 200),
    "agreement": (302, 200, 200, 200, 200, 200),
    "agreement_page": (302, 200, 200, 200, 200, 404),
    "agreement_edit": (302, 403, 403, 403, 200, 403),
    "agreement_file": (302, 403, 403, 403, 200, 403),
    "new_agreement": (302, 403, 403, 200, 200, 404),
    "agreement_draft": (302, 200, 200, 200, 200, 404),
    "draft_edit": (302, 403, 403, 200, 200, 404),
    "promises": (302, 200, 200, 200, 200, 200),
    "period": (302, 200, 200, 200, 200, 404),
    "period_edit": (302, 403, 403, 403, 200, 403),
    "new_period": (302, 403, 403, 200, 200, 200),
    "promise": (302, 200, 200, 200, 200, 404),
    "activities": (302, 200, 200, 200, 200, 200),
    "activity": (302, 200, 200, 200, 200, 404),
    "activity_add": (302, 403, 403, 200, 200, 200),
    "activity_edit": (302, 403, 403, 200, 200, 404),
    "undertaking": (302, 200, 200, 200, 200, 404),
    "appointment_add": (302, 403, 403, 200, 200, 404),
    "appointment_edit": (302, 403, 403, 200, 200, 404),
    "statement_add": (302, 403, 403, 200, 200, 404),
    "statement_withdraw": (302, 403, 403, 200, 200, 404),
    "forecast_set": (302, 403, 403, 200, 200, 404),
    "forecast_withdraw": (302, 403, 403, 200, 200, 404),
    "wish_add": (302, 403, 403, 200, 200, 404),
    "wish_edit": (302, 403, 403, 200, 200, 404),
    "wish_withdraw": (302, 403, 403, 200, 200, 404),
    "planned_add": (302, 403, 403, 200, 200, 404),
    "planned_edit": (302, 403, 403, 200, 200, 404),
    "planned_cancel": (302, 403, 403, 200, 200, 404),
    "month": (302, 200, 200, 200, 200, 200),
    "day": (302, 200, 200, 200, 200, 200),
    "year_wheel": (302, 200, 200, 200, 200, 200),
    "plan_next_year": (302, 403, 403, 200, 200, 200),
    "place_edit": (302, 403, 403, 200, 200, 200),
    "log": (302, 403, 403, 200, 200, 200),
    "log_occasion": (302, 403, 403, 200, 200, 404),
    "log_new_activity": (302, 403, 403, 200, 200, 404),
    "log_offline": (302, 403, 403, 200, 200, 200),
    "log_outbox": (302, 403, 403, 200, 200, 200),
    # What a browser fetches for the app, before anybody has signed in too.
    "service_worker": (200, 200, 200, 200, 200, 200),
    "manifest": (200, 200, 200, 200, 200, 200),
    "effects": (302, 200, 200, 200, 200, 200),
    "metrics": (302, 200, 200, 200, 200, 404),
    "metric_add": (302, 403, 403, 200, 200, 404),
    "metric": (302, 200, 200, 200, 200, 404),
    "metric_edit": (302, 403, 403, 200, 200, 404),
    "reading_add": (302, 403, 403, 200, 200, 404),
    "reading_withdraw": (302, 403, 403, 200, 200, 404),
    "search": (302, 200, 200, 200, 200, 200),
    "occasions": (302, 200, 200, 200, 200, 200),
    "publish": (302, 403, 403, 200, 200, 200),
    "log_xlsx": (302, 200, 200, 200, 200, 200),
    "log_csv": (302, 200, 200, 200, 200, 200),
    "log_read_in": (302, 403, 403, 200, 200, 200),
    "plan_xlsx": (302, 200, 200, 200, 200, 200),
    "plan_csv": (302, 200, 200, 200, 200, 200),
    "activities_csv": (302, 200, 200, 200, 200, 200),
    "plan_read_in": (302, 403, 403, 200, 200, 200),
    "occasion": (302, 200, 200, 200, 200, 404),
    "occasion_edit": (302, 403, 403, 200, 200, 404),
    "occasion_move": (302, 403, 403, 200, 200, 404),
    "occasion_withdraw": (302, 403, 403, 200, 200, 404),
    "meetings": (302, 200, 200, 200, 200, 200),
    "meeting_add": (302, 403, 403, 200, 200, 200),
    "meeting_past": (302, 403, 403, 200, 200, 200),
    "meeting": (302, 200, 200, 200, 200, 404),
    "meeting_edit": (302, 403, 403, 200, 200, 404),
    "agenda_item_add": (302, 403, 403, 200, 200, 404),
    "agenda_item_edit": (302, 403, 403, 200, 200, 404),
    "decision_edit": (302, 403, 403, 200, 200, 404),
    "meeting_call": (302, 403, 403, 200, 200, 404),
    "meeting_cancel": (302, 403, 403, 200, 200, 404),
    "meeting_run": (302, 403, 403, 200, 200, 404),
    "meeting_run_item": (302, 403, 403, 200, 200, 404),
    "meeting_close": (302, 403, 403, 200, 200, 404),
    "minutes": (302, 200, 200, 200, 200, 404),
    "minutes_pdf": (302, 200, 200, 200, 200, 404),
    # Nobody but the meeting's chair, here the coordinator.
    "minutes_sign": (302, 403, 403, 200, 403, 404),
    "tasks": (302, 200, 200, 200, 200, 200),
    "task_add": (302, 403, 403, 200, 200, 200),
    "task": (302, 200, 200, 200, 200, 404),
    "task_edit": (302, 403, 403, 200, 200, 404),
    "task_close": (302, 403, 403, 200, 200, 404),
    "situation": (302, 200, 200, 200, 200, 200),
    "situation_start": (302, 403, 403, 200, 200, 200),
    "situation_picture": (302, 200, 200, 200, 200, 404),
    "situation_edit": (302, 403, 403, 200, 200, 404),
    "situation_adopt": (302, 403, 403, 200, 200, 404),
    "source_add": (302, 403, 403, 200, 200, 404),
    "source_edit": (302, 403, 403, 200, 200, 404),
    "problem_add": (302, 403, 403, 200, 200, 404),
    "problem_edit": (302, 403, 403, 200, 200, 404),
    "action_plan": (302, 200, 200, 200, 200, 404),
    "action_plan_add": (302, 403, 403, 200, 200, 200),
    "action_plan_edit": (302, 403, 403, 200, 200, 404),
    "promise_links": (302, 403, 403, 200, 200, 404),
    "red_thread": (302, 200, 200, 200, 200, 200),
    # The stranger's agreement has no löftesperiod to print.
    "red_thread_pdf": (302, 200, 200, 200, 200, 404),
    "year_wheel_pdf": (302, 200, 200, 200, 200, 200),
    "reports": (302, 200, 200, 200, 200, 200),
    "report_preview": (302, 200, 200, 200, 200, 200),
    "report_pdf": (302, 200, 200, 200, 200, 200),
    "report_note": (302, 403, 200, 200, 200, 200),
    "report": (302, 200, 200, 200, 200, 404),
    "report_file": (302, 200, 200, 200, 200, 404),
    "report_withdraw": (302, 403, 200, 200, 200, 404),
    "poster": (302, 200, 200, 200, 200, 200),
    # For anyone to put up; a stranger sees what any citizen does.
    "poster_pdf": (200, 200, 200, 200, 200, 200),
    "law_check": (302, 200, 200, 200, 200, 200),
    "law_note": (302, 403, 200, 200, 200, 200),
    "law_note_withdraw": (302, 403, 200, 200, 200, 404),
    "reviews": (302, 200, 200, 200, 200, 200),
    "review_start": (302, 403, 200, 200, 200, 200),
    "review": (302, 200, 200, 200, 200, 404),
    "review_section": (302, 200, 200, 200, 200, 404),
    "review_text": (302, 403, 200, 200, 200, 404),
    "review_cover": (302, 403, 200, 200, 200, 404),
    "review_comment": (302, 403, 200, 200, 200, 404),
    "review_comment_resolve": (302, 405, 405, 405, 405, 405),
    "assess": (302, 200, 200, 200, 200, 404),
    "assess_comment": (302, 403, 200, 200, 200, 404),
    "review_preview": (302, 200, 200, 200, 200, 404),
    "review_pdf": (302, 200, 200, 200, 200, 404),
    "review_return": (302, 403, 200, 200, 200, 404),
    "review_correct": (302, 403, 200, 200, 200, 404),
    "verify": (200, 200, 200, 200, 200, 200),
    # The key in the address stands for the sign-in; here the coordinator's.
    "calendar_feed": (200, 200, 200, 200, 200, 200),
    "calendar_feeds": (302, 200, 200, 200, 200, 200),
    "calendar_feed_revoke": (302, 404, 404, 200, 404, 404),
    "reminder_settings": (302, 200, 200, 200, 200, 200),
    "accessibility": (200, 200, 200, 200, 200, 200),
    "accessibility_feedback": (200, 200, 200, 200, 200, 200),
}

# Writing with an empty form: 200 is the form again with its errors. GET-only pages say 405.
POST = {
    name: statuses
    for name, statuses in GET.items()
    if name
    in {
        "accessibility_feedback",
        "calendar_feeds",
        "invitation",
        "member_invite",
        "member_edit",
        "member_leave",
        "delegate",
        "activity_add",
        "activity_edit",
        "agreement_edit",
        "period_edit",
        "new_period",
        "new_agreement",
        "agreement_draft",
        "draft_edit",
        "planned_add",
        "planned_edit",
        "planned_cancel",
        "plan_next_year",
        "place_edit",
        "log_occasion",
        "log_new_activity",
        "appointment_add",
        "appointment_edit",
        "statement_add",
        "statement_withdraw",
        "forecast_set",
        "forecast_withdraw",
        "wish_add",
        "wish_edit",
        "wish_withdraw",
        "metric_add",
        "metric_edit",
        "reading_add",
        "reading_withdraw",
        "log_read_in",
        "plan_read_in",
        "occasion_edit",
        "occasion_move",
        "occasion_withdraw",
        "publish",
        "meeting_add",
        "meeting_past",
        "meeting_edit",
        "agenda_item_add",
        "agenda_item_edit",
        "decision_edit",
        "meeting_call",
        "meeting_cancel",
        "meeting_run",
        "meeting_run_item",
        "meeting_close",
        "minutes_sign",
        "task_add",
        "task_edit",
        "task_close",
        "situation_edit",
        "situation_adopt",
        "source_add",
        "source_edit",
        "problem_add",
        "problem_edit",
        "action_plan_add",
        "action_plan_edit",
        "promise_links",
        "law_note",
        "law_note_withdraw",
        "report_note",
        "report_withdraw",
        "review_start",
        "review_return",
        "review_text",
        "review_cover",
        "review_comment",
        "assess",
        "assess_comment",
    }
} | {  # read by all, written by few
    "assess": (302, 403, 200, 200, 200, 404),
    "review_preview": (302, 403, 200, 403, 403, 404),
}

# Sign-in and administration are tested on their own, in test_sign_in.py and test_admin.py.
ELSEWHERE = {"account_", "mfa_", "admin:"}


@pytest.fixture
def address(agreement, coordinator, chief, snowmobile_promise):
    """From the name of a URL to an address of it in Dorotea's part of the portal."""
    activity = factories.ActivityFactory(
        promise=snowmobile_promise, target_count=2, target_per="year"
    )
    forecast = factories.ForecastFactory(activity=activity, made_by=coordinator)
    on_request = factories.ActivityFactory(promise=snowmobile_promise, target_per="on_request")
    wish = factories.WishFactory(activity=on_request, noted_by=coordinator)
    appointment = factories.AppointmentFactory(agreement=agreement, member=coordinator)
    occasion = factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator
    )
    planned = factories.PlannedOccasionFactory(activity=activity)
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator)
    item = factories.AgendaItemFactory(meeting=meeting)
    decision = factories.DecisionFactory(item=item)
    held = factories.MeetingFactory(agreement=agreement, chair=coordinator, status="held")
    task = factories.TaskFactory(agreement=agreement, owner=coordinator)
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    submitted, adopted = (
        factories.ReviewFactory(
            agreement=agreement, created_by=coordinator, starts_on=starts_on, status=status
        )
        for starts_on, status in ((date(2023, 7, 1), "submitted"), (date(2024, 1, 1), "adopted"))
    )
    assessment = factories.AssessmentFactory(review=review, promise=snowmobile_promise)
    comment = factories.ReviewCommentFactory(review=review, member=coordinator)
    report = factories.ReportFactory(agreement=agreement, noted_by=coordinator)
    party = coordinator.party
    past = factories.AgreementFactory(
        parties=agreement.parties.all(), valid_from=date(2018, 1, 1), valid_to=date(2020, 12, 31)
    )
    draft = factories.AgreementFactory(
        parties=agreement.parties.all(), predecessor=past, is_draft=True
    )
    invited = factories.MemberFactory(party=party, invited_at=timezone.now())
    gone = factories.MemberFactory(party=party, is_active=False)
    delegation = factories.DelegationFactory(
        signatory=chief,
        delegate=factories.MemberFactory(party=party),
        ends_on=timezone.localdate(),
    )
    picture = factories.SituationPictureFactory(agreement=agreement, created_by=coordinator)
    source = factories.SourceFactory(picture=picture)
    problem = factories.ProblemFactory(picture=picture)
    action_plan = factories.ActionPlanFactory(picture=picture, period=snowmobile_promise.period)
    metric = factories.MetricFactory(activity=None, promise=snowmobile_promise)
    feed = factories.CalendarFeedFactory(member=coordinator, token="hemlig-nyckel")
    arguments = {
        "calendar_feed": ["hemlig-nyckel"],
        "calendar_feed_revoke": [feed.pk],
        "metrics": ["lofte", snowmobile_promise.pk],
        "metric_add": ["lofte", snowmobile_promise.pk],
        "metric": [metric.pk],
        "metric_edit": [metric.pk],
        "reading_add": [metric.pk],
        "reading_withdraw": [factories.ReadingFactory(metric=metric).pk],
        "situation_picture": [picture.pk],
        "situation_edit": [picture.pk],
        "situation_adopt": [picture.pk],
        "source_add": [picture.pk],
        "source_edit": [picture.pk, source.pk],
        "problem_add": [picture.pk],
        "problem_edit": [picture.pk, problem.pk],
        "action_plan": [action_plan.pk],
        "action_plan_edit": [action_plan.pk],
        "promise_links": [snowmobile_promise.pk],
        "invitation": [int_to_base36(invited.pk), InvitationTokenGenerator().make_token(invited)],
        "member": [coordinator.pk],
        "member_invite_again": [invited.pk],
        "member_edit": [coordinator.pk],
        "member_leave": [coordinator.pk],
        "member_return": [gone.pk],
        "delegate": [chief.pk],
        "delegation_revoke": [delegation.pk],
        "promise": [snowmobile_promise.pk],
        "log_new_activity": [snowmobile_promise.pk],
        "activity": [activity.pk],
        "activity_edit": [activity.pk],
        "agreement_page": [agreement.pk],
        "agreement_edit": [agreement.pk],
        "agreement_file": [agreement.pk],
        "new_agreement": [agreement.pk],
        "agreement_draft": [draft.pk],
        "draft_edit": [draft.pk],
        "period": [snowmobile_promise.period.pk],
        "period_edit": [snowmobile_promise.period.pk],
        "undertaking": [agreement.undertakings.get(number=2).pk],
        "appointment_add": [agreement.undertakings.get(number=2).pk],
        "appointment_edit": [appointment.pk],
        "statement_add": [agreement.undertakings.get(number=5).pk],
        "statement_withdraw": [
            factories.StatementFactory(undertaking=agreement.undertakings.get(number=5)).pk
        ],
        "forecast_set": [activity.pk],
        "forecast_withdraw": [forecast.pk],
        "wish_add": [on_request.pk],
        "wish_edit": [wish.pk],
        "wish_withdraw": [wish.pk],
        "log_occasion": [activity.pk],
        "planned_add": [activity.pk],
        "planned_edit": [planned.pk],
        "planned_cancel": [planned.pk],
        "place_edit": [Place.objects.first().pk],
        "occasion": [occasion.pk],
        "occasion_edit": [occasion.pk],
        "occasion_move": [occasion.pk],
        "occasion_withdraw": [occasion.pk],
        "meeting": [meeting.pk],
        "meeting_edit": [meeting.pk],
        "agenda_item_add": [meeting.pk],
        "agenda_item_edit": [meeting.pk, item.pk],
        "decision_edit": [meeting.pk, decision.pk],
        "meeting_call": [meeting.pk],
        "meeting_cancel": [meeting.pk],
        "meeting_run": [meeting.pk],
        "meeting_run_item": [meeting.pk, item.pk],
        "meeting_close": [meeting.pk],
        "minutes": [held.pk],
        "minutes_pdf": [held.pk],
        "minutes_sign": [held.pk],
        "task": [task.pk],
        "task_edit": [task.pk],
        "task_close": [task.pk],
        "law_note": [13],
        "law_note_withdraw": [factories.LawNoteFactory(agreement=agreement).pk],
        "report_preview": ["arsrapport"],
        "help_chapter": ["logga"],
        "report_pdf": ["fullmaktige"],
        "report_note": ["fullmaktige"],
        "report": [report.pk],
        "report_file": [report.pk],
        "report_withdraw": [report.pk],
        "review": [review.pk],
        "review_section": [review.pk, "summary"],
        "review_text": [review.pk, factories.ReviewTextFactory(review=review).kind],
        "review_cover": [review.pk],
        "review_comment": [review.pk, "summary"],
        "review_comment_resolve": [review.pk, comment.pk],
        "review_preview": [submitted.pk],
        "review_pdf": [review.pk],
        "review_return": [submitted.pk],
        "review_correct": [adopted.pk],
        "assess": [review.pk, assessment.pk],
        "assess_comment": [review.pk, assessment.pk],
    }
    return lambda name: reverse(name, args=arguments.get(name, []))


@pytest.fixture
def clients(signed_in, reader, chief, coordinator, administrator, stranger):
    return {
        "visitor": Client(),
        "reader": signed_in(reader),
        "signatory": signed_in(chief),
        "coordinator": signed_in(coordinator),
        "administrator": signed_in(administrator),
        "stranger": signed_in(stranger),
    }


def url_names(resolver=None, namespace="") -> set[str]:
    names = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names |= url_names(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.add(f"{namespace}{pattern.name}")
    return names


def test_every_address_stands_in_the_table():
    admin.autodiscover()
    ours = {name for name in url_names() if not any(name.startswith(e) for e in ELSEWHERE)}
    assert ours == set(GET)


@pytest.fixture
def unwritten(monkeypatch):
    """Pages of nothing: here only the status is looked at (what they say: tests/test_pages.py)."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")


@pytest.mark.django_db
@pytest.mark.usefixtures("unwritten")
def test_reading_as_every_persona(address, clients, today):
    # All in one test: reading changes nothing, so that the objects are made once.
    statuses = {
        name: tuple(clients[persona].get(address(name)).status_code for persona in PERSONAS)
        for name in GET
    }
    assert statuses == GET


@pytest.mark.django_db
@pytest.mark.usefixtures("unwritten")
def test_writing_as_every_persona(address, clients, today):
    """A form sent empty comes back to those who may write; everybody else is turned away."""
    written, turned_away = {}, {302, 403, 404, 405}
    for name in GET:
        with transaction.atomic():
            written[name] = tuple(
                clients[persona].post(address(name)).status_code for persona in PERSONAS
            )
            transaction.set_rollback(True)  # what one of them does, the next is not to meet
    assert {name: written[name] for name in POST} == POST
    assert {
        name: statuses
        for name, statuses in written.items()
        if name not in POST and not {*statuses} <= turned_away
    } == {}


@pytest.mark.django_db
def test_a_delegate_reaches_what_a_signatory_does_but_cannot_hand_it_on(
    address, clients, chief, reader, today
):
    """For its time a delegation of the same party gives a reader the signatory's addresses."""
    days = {"starts_on": today, "ends_on": today}
    factories.DelegationFactory(signatory=chief, delegate=reader, **days)
    reached = {name: clients["reader"].get(address(name)).status_code for name in GET}
    as_signatory = {name: statuses[PERSONAS.index("signatory")] for name, statuses in GET.items()}
    assert reached == as_signatory | {"delegate": 403, "delegation_revoke": 403}


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in_and_back(address):
    response = Client().get(address("occasions"))
    assert response.url == "/konto/login/?next=/tillfallen/"


@pytest.mark.django_db
def test_a_stranger_sees_nothing_of_another_agreement_in_any_list(address, clients, today):
    for name in ("activities", "occasions", "log", "reviews"):
        page = clients["stranger"].get(address(name)).content.decode()
        for title in Activity.objects.values_list("title", flat=True):
            assert title not in page, name


@pytest.mark.django_db
def test_refusals_say_why_in_swedish(address, clients):
    response = clients["reader"].get(address("log"))
    assert "Din roll, läsare, får inte logga" in response.content.decode()


@pytest.mark.django_db
def test_a_stranger_cannot_plan_under_a_promise_that_is_not_theirs(address, clients):
    promise = Promise.objects.get(number=3)
    response = clients["stranger"].post(
        address("activity_add"), {"title": "Intrång", "kind": "other", "promise": promise.pk}
    )
    assert response.context["form"].errors["promise"] == ["Välj något av alternativen i listan."]
