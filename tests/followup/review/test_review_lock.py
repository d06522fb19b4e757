"""What has been handed in or signed never changes, whoever tries and by whatever way.

Not by a model, not in bulk, not by SQL, not by deleting, not in the administration. And no step
in the life of a review can be skipped.
"""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from followup.models import (
    Assessment,
    Report,
    Review,
    ReviewComment,
    ReviewDocument,
    ReviewText,
    Signoff,
    Submission,
)
from followup.models.locks import LockedError, Refusal
from promises.models import Agreement, Member
from tests import factories, life, snapshot
from tests.refusal import sql

pytestmark = pytest.mark.django_db

Status = Review.Status


@pytest.fixture(scope="module")
def agreement(module_db) -> Agreement:
    return snapshot.loaded_agreement()


@pytest.fixture(scope="module")
def coordinator(agreement) -> Member:
    return factories.MemberFactory(party=agreement.parties.first())


@pytest.fixture(scope="module")
def written(agreement, coordinator) -> Review:
    """A draft with one of everything that is written in it."""
    review = factories.ReviewFactory(
        agreement=agreement, created_by=coordinator, registry_number="KS 2025:1"
    )
    factories.ReviewTextFactory(review=review)
    factories.AssessmentFactory(review=review, promise=review.promises().first())
    return review


@pytest.fixture
def review(written) -> Review:
    return Review.objects.get(pk=written.pk)


@pytest.fixture
def signatories(municipality, police) -> list[Member]:
    return [
        factories.MemberFactory(party=party, role=Member.Role.SIGNATORY)
        for party in (municipality, police)
    ]


@pytest.fixture
def submission(review) -> Submission:
    return life.hand_in(review)


@pytest.fixture
def signed(submission, signatories) -> Submission:
    """Handed in and signed by both, but not yet adopted."""
    for signatory in signatories:
        life.sign(submission, signatory)
    return submission


@pytest.fixture
def document(signed) -> ReviewDocument:
    return life.seal(signed)


def refused(message: str):
    return pytest.raises(IntegrityError, match=message)


# --- What is handed in ---------------------------------------------------------------------

CHANGES = [
    ("registry_number", "KS 2025:2"),
    ("ends_on", "2024-12-30"),
    ("cutoff_on", "2025-02-01"),
    ("version", 99),
]


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ADOPTED])
@pytest.mark.parametrize(("field", "value"), CHANGES)
def test_a_review_that_is_handed_in_or_adopted_does_not_change(review, status, field, value):
    life.bring(review, status)

    with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**{field: value})
    with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
        sql(f"UPDATE followup_review SET {field} = %s", value)
    setattr(review, field, value)
    with pytest.raises(LockedError, match=Refusal.REVIEW_CLOSED.label), transaction.atomic():
        review.save()


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ADOPTED])
def test_nor_does_what_is_written_in_it(review, status):
    life.bring(review, status)
    for row, field in ((review.texts.get(), "text"), (review.assessments.get(), "rationale")):
        model = type(row)

        with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**{field: "Ändrat."})
        setattr(row, field, "Ändrat.")
        with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
            model.objects.bulk_update([row], [field])
        with pytest.raises(LockedError, match=Refusal.REVIEW_CLOSED.label), transaction.atomic():
            row.save()
        with refused(Refusal.KEPT), transaction.atomic():
            sql(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ADOPTED])
def test_nothing_is_added_to_it_or_moved_from_or_into_it(review, status, agreement):
    other = factories.ReviewFactory(
        agreement=agreement, starts_on="2025-01-01", ends_on="2025-02-01", cutoff_on="2025-02-01"
    )
    factories.ReviewTextFactory(review=other, kind="method")
    life.bring(review, status)

    with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
        ReviewText.objects.bulk_create([ReviewText(review=review, kind="conclusions")])
    with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
        Assessment.objects.bulk_create([Assessment(review=review, goal=agreement.goals.first())])
    with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
        other.texts.update(review=review)
    with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
        review.texts.update(review=other)


def test_a_draft_and_a_returned_review_can_be_changed(review):
    assert review.texts.update(text="Först.") == 1
    life.bring(review, Status.RETURNED)

    assert review.texts.update(text="Sedan.") == 1
    assert Review.objects.update(registry_number="KS 2025:2") == 1


def test_a_comment_can_be_written_until_the_review_is_adopted(review):
    life.bring(review, Status.SUBMITTED)
    factories.ReviewCommentFactory(review=review)
    submission = review.submissions.get()
    for party in review.agreement.parties.all():
        life.sign(submission, factories.MemberFactory(party=party))
    life.seal(submission)

    with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
        factories.ReviewCommentFactory(review=review)
    with refused(Refusal.REVIEW_CLOSED), transaction.atomic():
        ReviewComment.objects.update(text="Något annat.")


@pytest.mark.parametrize("field", ["contents", "contents_sha256"])
def test_frozen_contents_do_not_change(submission, field):
    with refused(Refusal.SUBMISSION_FROZEN), transaction.atomic():
        Submission.objects.update(**{field: "x"})
    setattr(submission, field, "x")
    with pytest.raises(LockedError, match=Refusal.SUBMISSION_FROZEN.label), transaction.atomic():
        submission.save()


def test_a_returned_submission_stays_as_it_was(review):
    life.bring(review, Status.RETURNED)

    with refused(Refusal.SUBMISSION_FROZEN), transaction.atomic():
        Submission.objects.update(return_note="En annan orsak.")
    with refused(Refusal.SUBMISSION_FROZEN), transaction.atomic():
        Submission.objects.update(returned_at=None, returned_by=None, return_note="")


def test_an_adopted_submission_is_not_returned(document, coordinator):
    with refused(Refusal.SUBMISSION_FROZEN), transaction.atomic():
        Submission.objects.update(
            returned_at=timezone.now(), returned_by=coordinator, return_note="Ångrar oss."
        )


# --- No step is skipped --------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.ADOPTED])
def test_a_review_begins_as_a_draft(agreement, coordinator, status):
    review = factories.ReviewFactory.build(
        agreement=agreement, created_by=coordinator, status=status
    )

    with pytest.raises(LockedError, match=Refusal.REVIEW_LIFE.label), transaction.atomic():
        review.save()


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.ADOPTED, "signed"])
def test_a_draft_goes_nowhere_by_having_its_status_set(review, status):
    with refused(Refusal.REVIEW_LIFE), transaction.atomic():
        Review.objects.update(status=status)
    with refused(Refusal.REVIEW_LIFE), transaction.atomic():
        sql("UPDATE followup_review SET status = %s", status)


def test_a_review_is_not_adopted_without_signatures(submission):
    with pytest.raises(LockedError, match=Refusal.ADOPTED_FOR_GOOD.label), transaction.atomic():
        life.seal(submission)
    with refused(Refusal.REVIEW_LIFE), transaction.atomic():
        Review.objects.update(status=Status.ADOPTED)


@pytest.mark.parametrize("signing", [0, 1])
def test_nor_with_the_signature_of_one_party(submission, signatories, signing):
    life.sign(submission, signatories[signing])

    with pytest.raises(LockedError, match=Refusal.ADOPTED_FOR_GOOD.label), transaction.atomic():
        life.seal(submission)
    with refused(Refusal.REVIEW_LIFE), transaction.atomic():
        Review.objects.update(status=Status.ADOPTED)


def test_nor_by_taking_away_the_party_that_has_not_signed(submission, signatories, police):
    life.sign(submission, signatories[0])

    with refused(Refusal.PARTIES_HELD), transaction.atomic():
        submission.review.agreement.parties.remove(police)


def test_nor_when_there_is_but_one_party(review, signatories, police):
    review.agreement.parties.remove(police)
    submission = life.hand_in(review)
    life.sign(submission, signatories[0])

    with pytest.raises(LockedError, match=Refusal.ADOPTED_FOR_GOOD.label), transaction.atomic():
        life.seal(submission)


def test_nor_without_its_document(signed):
    with refused(Refusal.REVIEW_LIFE), transaction.atomic():
        Review.objects.update(status=Status.ADOPTED)


def test_nor_by_the_signatures_of_contents_that_were_returned(review, signatories):
    submission = life.hand_in(review)
    for signatory in signatories:
        life.sign(submission, signatory)
    life.give_back(review)
    again = life.hand_in(review)

    with pytest.raises(LockedError, match=Refusal.ADOPTED_FOR_GOOD.label), transaction.atomic():
        life.seal(again)


def test_an_adopted_review_stays_adopted(document, review):
    for status in (Status.DRAFT, Status.SUBMITTED, Status.RETURNED):
        with refused(f"{Refusal.REVIEW_CLOSED}|{Refusal.REVIEW_LIFE}"), transaction.atomic():
            Review.objects.update(status=status)


def test_a_review_is_not_returned_while_its_signatures_stand(signed):
    with refused(Refusal.REVIEW_LIFE), transaction.atomic():
        Review.objects.update(status=Status.RETURNED)


def test_a_correction_follows_the_adopted_version_it_corrects(review, coordinator):
    def correction(**values) -> Review:
        return factories.ReviewFactory.build(
            **{"agreement": review.agreement, "created_by": coordinator, "corrects": review}
            | {"edition": 2}
            | values
        )

    with refused(Refusal.REVIEW_LIFE), transaction.atomic():
        Review.objects.bulk_create([correction()])
    life.adopt(review)
    for wrong in ({"edition": 3}, {"ends_on": "2024-12-30"}):
        with refused(Refusal.REVIEW_LIFE), transaction.atomic():
            Review.objects.bulk_create([correction(**wrong)])
    correction().save()
    assert review.correction.edition == 2


# --- Signatures ----------------------------------------------------------------------------


def test_a_person_does_not_sign_for_both_parties(submission, signatories, police):
    """Not even when an administrator has moved them between the signatures."""
    chief = signatories[0]
    life.sign(submission, chief)
    Member.objects.filter(pk=chief.pk).update(party=police)

    with pytest.raises(IntegrityError), transaction.atomic():
        life.sign(submission, chief, party=police)


def test_nobody_signs_for_a_party_they_do_not_belong_to(submission, signatories, police):
    with pytest.raises(LockedError, match=Refusal.NOT_THESE_CONTENTS.label), transaction.atomic():
        life.sign(submission, signatories[0], party=police)


def test_nobody_signs_for_a_party_outside_the_agreement(submission):
    stranger = factories.MemberFactory()

    with pytest.raises(LockedError, match=Refusal.NOT_THESE_CONTENTS.label), transaction.atomic():
        life.sign(submission, stranger)


def test_a_party_signs_once(submission, signatories, municipality):
    life.sign(submission, signatories[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        life.sign(submission, factories.MemberFactory(party=municipality))


def test_a_signature_is_of_the_contents_handed_in(submission, signatories):
    with pytest.raises(LockedError, match=Refusal.NOT_THESE_CONTENTS.label), transaction.atomic():
        life.sign(submission, signatories[0], contents_sha256="0" * 64)


def test_what_has_been_returned_is_not_signed(review, signatories):
    submission = life.hand_in(review)
    life.give_back(review)

    with pytest.raises(LockedError, match=Refusal.NOT_THESE_CONTENTS.label), transaction.atomic():
        life.sign(submission, signatories[0])


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Någon annan"), ("title", "Chef"), ("contents_sha256", "0" * 64)],
)
def test_a_signature_does_not_change(signed, field, value):
    with refused(Refusal.SIGNED_FOR_GOOD), transaction.atomic():
        Signoff.objects.update(**{field: value})
    signoff = signed.signoffs.first()
    setattr(signoff, field, value)
    with pytest.raises(LockedError, match=Refusal.SIGNED_FOR_GOOD.label), transaction.atomic():
        signoff.save()


def test_a_void_signature_does_not_become_valid_again(review, signatories):
    life.sign(life.hand_in(review), signatories[0])
    life.give_back(review)

    with refused(Refusal.SIGNED_FOR_GOOD), transaction.atomic():
        Signoff.objects.update(voided_at=None)


def test_the_signatures_of_an_adopted_review_are_not_voided(document):
    with refused(Refusal.SIGNED_FOR_GOOD), transaction.atomic():
        Signoff.objects.update(voided_at=timezone.now())


# --- The adopted document ------------------------------------------------------------------


def test_an_adopted_document_does_not_change(document):
    with refused(Refusal.ADOPTED_FOR_GOOD), transaction.atomic():
        ReviewDocument.objects.update(pdf=b"%PDF annan")
    with refused(Refusal.ADOPTED_FOR_GOOD), transaction.atomic():
        sql("UPDATE followup_reviewdocument SET pdf_sha256 = %s", "0" * 64)
    document.pdf = b"%PDF annan"
    with pytest.raises(LockedError, match=Refusal.ADOPTED_FOR_GOOD.label):
        document.save()


def test_a_document_whose_file_was_changed_past_every_lock_is_not_intact(document):
    assert document.is_intact
    document.pdf = b"%PDF annan"
    assert not document.is_intact


def test_contents_changed_past_every_lock_are_not_intact(document):
    document.submission.contents = document.submission.contents.replace("lugna", "oroliga")
    assert not document.is_intact


# --- Reports -------------------------------------------------------------------------------


def test_a_report_that_was_handed_over_does_not_change():
    report = factories.ReportFactory()

    for change in ({"pdf": b"%PDF annan"}, {"body": "Länsstyrelsen"}):
        with refused(Refusal.REPORTED), transaction.atomic():
            Report.objects.update(**change)
    report.reported_on = "2024-02-13"
    with pytest.raises(LockedError, match=Refusal.REPORTED.label), transaction.atomic():
        report.save()


def test_a_report_is_withdrawn_once_with_its_reason():
    report = factories.ReportFactory()
    report.withdraw(report.noted_by, "Fel period.")

    assert (report.is_intact, Report.objects.standing().count()) == (True, 0)
    with pytest.raises(ValidationError, match="redan dragit tillbaka rapporten"):
        report.withdraw(report.noted_by, "En gång till.")
    with refused(Refusal.REPORTED), transaction.atomic():
        Report.objects.update(withdrawn_at=None, withdrawal_reason="")


# --- Nothing is deleted --------------------------------------------------------------------


def test_nothing_is_deleted_by_the_models(document, review):
    factories.ReviewCommentFactory(
        review=factories.ReviewFactory(agreement=factories.AgreementFactory())
    )
    rows = [review, review.texts.get(), review.assessments.get(), ReviewComment.objects.get()]
    rows += [document, document.submission, document.submission.signoffs.first()]
    rows += [factories.ReportFactory(), factories.LawNoteFactory()]
    for row in rows:
        with pytest.raises(LockedError, match=Refusal.KEPT.label):
            row.delete()
        with pytest.raises(LockedError, match=Refusal.KEPT.label):
            type(row).objects.all().delete()


@pytest.mark.parametrize(
    "table",
    ["reviewdocument", "signoff", "submission", "review", "report", "assessment", "reviewtext"],
)
def test_nothing_signed_or_handed_over_is_deleted_by_sql(document, table):
    factories.ReportFactory()

    with pytest.raises(IntegrityError, match=Refusal.KEPT), transaction.atomic():
        sql(f"DELETE FROM followup_{table}")


def test_the_administration_only_shows_it(administrator, signed_in, document, review):
    client = signed_in(administrator)
    for row in (review, document, document.submission, document.submission.signoffs.first()):
        name = row._meta.model_name
        assert not admin.site._registry[type(row)].has_change_permission(None)
        assert client.post(f"/admin/followup/{name}/{row.pk}/change/", {}).status_code == 403
        assert client.post(f"/admin/followup/{name}/{row.pk}/delete/", {}).status_code == 403
