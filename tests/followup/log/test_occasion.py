"""The log's own rules: what an occasion and a reading may say, and what happens to them."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from followup.models import Occasion, Reading
from promises.models import Activity, Member, Metric
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    MemberFactory,
    MetricFactory,
    OccasionFactory,
    PromiseFactory,
    PromisePeriodFactory,
    ReadingFactory,
    UndertakingFactory,
)
from tests.refusal import constraint_broken_by, refusal_of

pytestmark = pytest.mark.django_db

NOON = datetime(2024, 5, 15, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture
def occasion() -> Occasion:
    return OccasionFactory()


@pytest.fixture
def member() -> Member:
    return MemberFactory()


def altered(occasion: Occasion, **values) -> Occasion:
    for name, value in values.items():
        setattr(occasion, name, value)
    return occasion


# --- What an occasion may say -------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (-1, "Kontrollera att detta värde är större än eller lika med 0."),
        (10_001, "Talet är för stort. Högst 10000 godtas."),
    ],
)
def test_the_time_is_between_0_and_10_000_minutes(occasion, minutes, sentence):
    altered(occasion, minutes=minutes)

    assert refusal_of(occasion) == [sentence]
    assert constraint_broken_by(occasion) == ["Tiden ska vara mellan 0 och 10 000 minuter."]


@pytest.mark.parametrize(
    ("participants", "sentence"),
    [
        (-1, "Kontrollera att detta värde är större än eller lika med 0."),
        (10_001, "Talet är för stort. Högst 10000 godtas."),
    ],
)
def test_the_participants_are_between_0_and_10_000(occasion, participants, sentence):
    altered(occasion, participants=participants)

    assert refusal_of(occasion) == [sentence]
    assert constraint_broken_by(occasion) == ["Antalet deltagare ska vara mellan 0 och 10 000."]


@pytest.mark.parametrize("number", [None, 0, 10_000])
def test_an_unknown_number_and_the_smallest_and_largest_are_taken(occasion, number):
    altered(occasion, minutes=number, participants=number)

    occasion.full_clean()
    occasion.save()
    occasion.refresh_from_db()
    assert (occasion.minutes, occasion.participants) == (number, number)


def test_an_occasion_says_what_was_done(occasion):
    altered(occasion, done="")

    assert refusal_of(occasion) == ["Detta fält får inte vara tomt."]
    assert constraint_broken_by(occasion) == ["Skriv kort vad som gjordes."]


@pytest.mark.parametrize("field", ["done", "outcome", "internal_note"])
def test_a_text_holds_4_000_characters(occasion, field):
    altered(occasion, **{field: "å" * 4_000}).full_clean()

    with pytest.raises(ValidationError) as refused:
        altered(occasion, **{field: "å" * 4_001}).full_clean()

    assert refused.value.message_dict == {
        field: [
            "Texten är för lång: 4001 tecken. Högst 4000 får plats. Korta den eller dela upp den."
        ]
    }


def test_an_occasion_is_not_published_without_a_sentence_to_the_citizens(occasion):
    altered(occasion, is_published=True, public_sentence="")

    assert refusal_of(occasion) == ["Skriv meningen till medborgarna innan tillfället publiceras."]


def test_a_sentence_of_spaces_is_no_sentence(occasion):
    with pytest.raises(ValidationError) as refused:
        altered(occasion, is_published=True, public_sentence="  ").full_clean()

    assert refused.value.message_dict == {
        "public_sentence": ["Skriv meningen till medborgarna innan tillfället publiceras."]
    }


@pytest.mark.parametrize("given", ["nothing", "withdrawn_by", "withdrawal_reason"])
def test_a_withdrawn_occasion_has_a_reason_and_a_person(occasion, member, given):
    values = {"withdrawn_by": member, "withdrawal_reason": "Dubblett."}
    altered(occasion, withdrawn_at=NOON, **{given: values[given]} if given in values else {})

    assert refusal_of(occasion) == ["Skriv varför tillfället dras tillbaka."]


def test_an_entry_from_a_client_is_saved_once(occasion):
    again = OccasionFactory.build(
        activity=occasion.activity,
        party=occasion.party,
        member=occasion.member,
        client_id=occasion.client_id,
    )

    assert refusal_of(again) == ["Tillfälle med detta Klientens id finns redan."]


def test_every_occasion_has_a_client_id_of_its_own(occasion):
    assert isinstance(occasion.client_id, uuid.UUID)
    assert OccasionFactory().client_id != occasion.client_id


# --- Saving -------------------------------------------------------------------------------


def test_the_first_occasion_starts_a_planned_activity():
    activity = ActivityFactory(status=Activity.Status.PLANNED)

    OccasionFactory(activity=activity)

    activity.refresh_from_db()
    assert activity.status == Activity.Status.ONGOING


@pytest.mark.parametrize("status", ["ongoing", "carried_out", "cancelled"])
def test_an_occasion_leaves_an_activity_that_is_not_planned_as_it_is(status):
    activity = ActivityFactory(status=status, cancellation_reason="Ingen snö.")

    OccasionFactory(activity=activity)

    activity.refresh_from_db()
    assert activity.status == status


def test_an_occasion_starts_no_other_activity():
    other = ActivityFactory()

    OccasionFactory()

    other.refresh_from_db()
    assert other.status == Activity.Status.PLANNED


# --- Inside and outside the löftesperiod --------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_outside"),
    [
        (date(2022, 12, 31), True),
        (date(2023, 1, 1), False),
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
    ],
)
def test_an_occasion_outside_the_period_of_its_promise_is_remarked_on(day, is_outside):
    period = PromisePeriodFactory(starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    activity = ActivityFactory(promise=PromiseFactory(period=period))

    occasion = OccasionFactory(activity=activity, date=day)

    occasion.full_clean()
    assert occasion.is_outside_period is is_outside


def test_an_undertaking_has_no_period_to_be_outside_of():
    activity = ActivityFactory(promise=None, undertaking=UndertakingFactory())

    assert not OccasionFactory(activity=activity, date=date(2030, 1, 1)).is_outside_period


# --- Withdrawing --------------------------------------------------------------------------


def test_a_withdrawn_occasion_stays_with_who_when_and_why(today, occasion, member):
    occasion.withdraw(by=member, reason="  Loggat två gånger.  ")

    occasion = Occasion.objects.get(pk=occasion.pk)
    assert occasion.is_withdrawn
    assert (occasion.withdrawn_at, occasion.withdrawn_by) == (NOON, member)
    assert occasion.withdrawal_reason == "Loggat två gånger."
    assert occasion.done == "Kontroll vid leden."


def test_withdrawing_takes_the_occasion_off_the_public_page(member):
    occasion = OccasionFactory(is_published=True, public_sentence="Vi var i Borgafjäll.")

    occasion.withdraw(by=member, reason="Dubblett.")

    assert not occasion.is_published
    assert occasion.public_sentence == "Vi var i Borgafjäll."


def test_withdrawing_is_a_change_that_an_older_copy_cannot_overwrite(occasion, member):
    occasion.withdraw(by=member, reason="Dubblett.")

    assert occasion.version == 2


@pytest.mark.parametrize("reason", ["", " \n "])
def test_an_occasion_is_not_withdrawn_without_a_reason(occasion, member, reason):
    with pytest.raises(ValidationError) as refused:
        occasion.withdraw(by=member, reason=reason)

    assert refused.value.messages == ["Skriv varför tillfället dras tillbaka."]
    assert not Occasion.objects.get(pk=occasion.pk).is_withdrawn


def test_an_occasion_is_withdrawn_once(occasion, member):
    copy = Occasion.objects.get(pk=occasion.pk)
    occasion.withdraw(by=member, reason="Dubblett.")

    with pytest.raises(ValidationError) as refused:
        copy.withdraw(by=MemberFactory(), reason="Fel dag.")

    assert refused.value.messages == ["Någon annan har redan dragit tillbaka tillfället."]
    occasion.refresh_from_db()
    assert (occasion.withdrawn_by, occasion.withdrawal_reason) == (member, "Dubblett.")


# --- Reading the log ----------------------------------------------------------------------


def test_carried_out_is_what_stands(occasion, member):
    OccasionFactory().withdraw(by=member, reason="Dubblett.")

    assert list(Occasion.objects.carried_out()) == [occasion]


def test_carried_out_within_two_dates_has_both_in_it():
    for day in (11, 12, 13, 14):
        OccasionFactory(date=date(2024, 3, day))

    within = Occasion.objects.carried_out(within=(date(2024, 3, 12), date(2024, 3, 13)))

    assert sorted(occasion.date.day for occasion in within) == [12, 13]


def test_published_is_what_stands_with_a_sentence(member):
    published = OccasionFactory(is_published=True, public_sentence="Vi var i Borgafjäll.")
    OccasionFactory(is_published=False, public_sentence="Inte än.")
    withdrawn = OccasionFactory(is_published=True, public_sentence="Fel.")
    withdrawn.withdraw(by=member, reason="Fel dag.")

    assert list(Occasion.objects.published()) == [published]


def test_the_newest_come_first_and_of_a_day_the_last_logged():
    days = (date(2024, 3, 12), date(2024, 3, 13), date(2024, 3, 12))
    first, second, third = (OccasionFactory(date=day) for day in days)

    assert list(Occasion.objects.newest_first()) == [second, third, first]


def test_an_occasion_is_found_by_its_promise_or_its_undertaking(occasion):
    undertaking = UndertakingFactory()
    meeting = OccasionFactory(activity=ActivityFactory(promise=None, undertaking=undertaking))

    assert list(Occasion.objects.of_promise(occasion.activity.promise)) == [occasion]
    assert list(Occasion.objects.of_undertaking(undertaking)) == [meeting]


def test_a_member_sees_the_log_of_the_agreements_of_their_party(occasion):
    agreement = occasion.activity.promise.period.agreement
    meeting = OccasionFactory(
        activity=ActivityFactory(promise=None, undertaking=UndertakingFactory(agreement=agreement))
    )
    ours = MemberFactory(party=agreement.parties.first())
    theirs = MemberFactory(party=AgreementFactory().parties.first())
    administrator = MemberFactory(role=Member.Role.ADMINISTRATOR, party=None)

    assert set(Occasion.objects.visible_to(ours)) == {occasion, meeting}
    assert set(Occasion.objects.visible_to(theirs)) == set()
    assert set(Occasion.objects.visible_to(administrator)) == {occasion, meeting}


# --- Searching ----------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["done", "outcome", "public_sentence"])
def test_every_open_text_of_an_occasion_is_searched(field):
    found = OccasionFactory(**{field: "Samtal med skoterklubben."})
    OccasionFactory()

    assert list(Occasion.objects.containing("skoterklubben")) == [found]


def test_nobody_can_guess_at_an_internal_note_by_searching_for_its_words():
    OccasionFactory(internal_note="Samtal med skoterklubben.")

    assert list(Occasion.objects.containing("skoterklubben")) == []


@pytest.mark.parametrize("text", ["åkte", "ÅKTE", "ängersjö", "ÄNGERSJÖ", "ÖVERLÄMNADE", "Överl"])
def test_case_does_not_matter_not_even_that_of_swedish_letters(text):
    found = OccasionFactory(done="Åkte till Ängersjö och ÖVERLÄMNADE kartor.")
    OccasionFactory(done="Akte till Angersjo och overlamnade kartor.")

    assert list(Occasion.objects.containing(text)) == [found]


def test_every_word_must_be_there_in_any_order_and_any_of_the_texts():
    found = OccasionFactory(done="Kontroll vid leden.", outcome="Två förare saknade hjälm.")
    OccasionFactory(done="Kontroll vid leden.")

    assert list(Occasion.objects.containing("  hjälm   kontroll ")) == [found]


def test_words_of_two_texts_do_not_run_together():
    OccasionFactory(done="Kontroll vid led", outcome="arbete")

    assert list(Occasion.objects.containing("ledarbete")) == []


def test_searching_for_nothing_finds_everything(occasion):
    assert list(Occasion.objects.containing(" ")) == [occasion]


@pytest.mark.parametrize("text", ["100%", "100_", "100\\"])
def test_a_sign_in_the_text_means_itself(text):
    activity = ActivityFactory(title="Skoterkontroll")  # without the factory's number
    found = OccasionFactory(activity=activity, done=f"{text} hade hjälm.")
    OccasionFactory(activity=activity, done="1000 hade hjälm.")

    assert list(Occasion.objects.containing(text)) == [found]


def test_an_edited_text_is_found_by_its_new_words_only(occasion):
    altered(occasion, done="Föreläsning på seniordagen.").save()

    assert list(Occasion.objects.containing("föreläsning")) == [occasion]
    assert list(Occasion.objects.containing("leden")) == []


# --- Readings -----------------------------------------------------------------------------


@pytest.fixture
def share() -> Metric:
    return MetricFactory(rule=Metric.Rule.SHARE)


def reading(metric: Metric, **values) -> Reading:
    return Reading(**{"metric": metric, "date": date(2024, 3, 12), "value": 14} | values)


def test_a_metric_is_read_once_at_an_occasion(occasion):
    first = ReadingFactory(occasion=occasion)

    again = reading(first.metric, occasion=occasion)

    assert refusal_of(again) == ["Mätetalet har redan ett värde för tillfället."]


def test_a_metric_read_elsewhere_may_be_read_many_times_a_day():
    first = ReadingFactory(occasion=None)

    reading(first.metric).full_clean()
    reading(first.metric).save()
    assert Reading.objects.count() == 2


def test_a_reading_is_not_negative():
    negative = reading(MetricFactory(), value=-1)

    assert refusal_of(negative) == ["Värdet ska vara 0 eller större."]
    assert constraint_broken_by(negative) == ["Värdet ska vara 0 eller större."]


def test_a_share_is_no_larger_than_its_whole(share):
    assert refusal_of(reading(share, value=14, out_of=13)) == [
        "Andelen kan inte vara större än det hela."
    ]
    reading(share, value=14, out_of=14).full_clean()


def test_a_share_says_of_how_many(share):
    with pytest.raises(ValidationError) as refused:
        reading(share, out_of=None).full_clean()

    assert refused.value.message_dict == {"out_of": ["Ange hur många av."]}


@pytest.mark.parametrize("rule", ["sum", "latest", "mean"])
def test_only_a_share_says_of_how_many(rule):
    with pytest.raises(ValidationError) as refused:
        reading(MetricFactory(rule=rule), out_of=20).full_clean()

    assert refused.value.message_dict == {"out_of": ["Bara en andel har ett antal av."]}


def test_the_readings_of_a_withdrawn_occasion_stand_no_more(member):
    withdrawn = ReadingFactory(occasion=OccasionFactory())
    standing = [ReadingFactory(occasion=OccasionFactory()), ReadingFactory(occasion=None)]
    withdrawn.occasion.withdraw(by=member, reason="Dubblett.")

    assert list(Reading.objects.standing()) == standing
