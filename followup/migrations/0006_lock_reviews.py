"""The life of a review, held by the database itself (see followup/locks.py).

What the model says in followup/models/review.py and signoff.py, and the verbs in
followup/review_life.py, is refused here for whoever comes another way: bulk updates, commands,
the administration, SQL by hand.
"""

from django.db import migrations

from followup.models.locks import KeepRows, LockChildren, LockRows, Refuse

CLOSED = "Uppföljningen är inlämnad eller fastställd, och kan inte ändras."
LIFE = "Uppföljningen kan inte gå till det läget nu."
FROZEN = "Det som har lämnats in ändras aldrig."
NOT_THESE_CONTENTS = "Underskriften gäller inte det innehåll som är inlämnat, eller fel part."
SIGNED_FOR_GOOD = "En underskrift ändras aldrig."
DOCUMENT = "En fastställd handling ändras aldrig."
PARTIES = "Parterna kan inte ändras medan en uppföljning väntar på underskrift."
REPORTED = "En rapport som har lämnats ändras aldrig. Dra tillbaka den om den var fel."
KEPT = "Det här bevaras och tas aldrig bort."


def differs(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in columns) + ")"


OPEN_SUBMISSION = (
    "EXISTS (SELECT 1 FROM followup_submission s"
    " WHERE s.review_id = NEW.id AND s.returned_at IS NULL)"
)


def unsigned(review: str) -> str:
    """A party of the review's agreement has not signed the contents that are handed in.

    Fewer than two have not agreed with anybody.
    """
    return (
        "(SELECT COUNT(*) FROM promises_agreement_parties p"
        f" WHERE p.agreement_id = {review}.agreement_id) < 2"
        " OR EXISTS (SELECT 1 FROM promises_agreement_parties p"
        f" WHERE p.agreement_id = {review}.agreement_id AND NOT EXISTS ("
        "SELECT 1 FROM followup_signoff o JOIN followup_submission s ON s.id = o.submission_id"
        f" WHERE s.review_id = {review}.id AND s.returned_at IS NULL AND o.voided_at IS NULL"
        " AND o.party_id = p.party_id AND o.contents_sha256 = s.contents_sha256))"
    )


REVIEW = [
    Refuse(
        "followup_review",
        "INSERT",
        name="begins_as_draft",
        when=(
            "NEW.status <> 'draft' OR NEW.corrects_id IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM followup_review c WHERE c.id = NEW.corrects_id"
            " AND c.status = 'adopted' AND c.agreement_id = NEW.agreement_id"
            " AND c.starts_on = NEW.starts_on AND c.ends_on = NEW.ends_on"
            " AND c.edition = NEW.edition - 1)"
        ),
        message=LIFE,
    ),
    LockRows(
        "followup_review",
        when=(
            "OLD.status = 'adopted' OR OLD.status = 'submitted'"
            " AND (NEW.status NOT IN ('returned', 'adopted') OR "
            + differs(
                "agreement_id",
                "starts_on",
                "ends_on",
                "cutoff_on",
                "edition",
                "corrects_id",
                "registry_number",
                "created_by_id",
                "created_at",
                "is_example",
            )
            + ")"
        ),
        message=CLOSED,
    ),
    Refuse(
        "followup_review",
        "UPDATE",
        name="life",
        when=(
            "NEW.status <> OLD.status AND NOT ("
            f"NEW.status = 'submitted' AND OLD.status IN ('draft', 'returned') AND {OPEN_SUBMISSION}"
            " OR NEW.status = 'returned' AND OLD.status = 'submitted'"
            f" AND NOT {OPEN_SUBMISSION} AND NOT EXISTS (SELECT 1 FROM followup_signoff o"
            " JOIN followup_submission s ON s.id = o.submission_id"
            " WHERE s.review_id = NEW.id AND o.voided_at IS NULL)"
            " OR NEW.status = 'adopted' AND OLD.status = 'submitted'"
            " AND EXISTS (SELECT 1 FROM followup_reviewdocument d"
            " JOIN followup_submission s ON s.id = d.submission_id"
            " WHERE s.review_id = NEW.id AND s.returned_at IS NULL)"
            f" AND NOT ({unsigned('NEW')}))"
        ),
        message=LIFE,
    ),
    KeepRows("followup_review", when="OLD.status <> 'draft'", message=KEPT),
    *(
        Refuse(
            "promises_agreement_parties",
            event,
            name=f"held_while_signing_{event.lower()}",
            when=(
                "EXISTS (SELECT 1 FROM followup_review r"
                " WHERE r.agreement_id = OLD.agreement_id AND r.status = 'submitted')"
            ),
            message=PARTIES,
        )
        for event in ("UPDATE", "DELETE")
    ),
    *(
        LockChildren(
            table,
            key="review_id",
            parent="followup_review",
            when="status IN ('submitted', 'adopted')",
            message=CLOSED,
            events=("INSERT", "UPDATE", "DELETE"),
        )
        for table in ("followup_reviewtext", "followup_assessment")
    ),
    LockChildren(
        "followup_reviewcomment",
        key="review_id",
        parent="followup_review",
        when="status = 'adopted'",
        message=CLOSED,
        events=("INSERT", "UPDATE", "DELETE"),
    ),
]

SUBMISSION = [
    Refuse(
        "followup_submission",
        "INSERT",
        name="of_open_review",
        when=(
            "NEW.returned_at IS NOT NULL OR EXISTS (SELECT 1 FROM followup_review r"
            " WHERE r.id = NEW.review_id AND r.status NOT IN ('draft', 'returned'))"
        ),
        message=CLOSED,
        hold="followup_review WHERE id = NEW.review_id",
    ),
    LockRows(
        "followup_submission",
        when=(
            "OLD.returned_at IS NOT NULL OR NEW.returned_at IS NULL OR "
            + differs("review_id", "contents", "contents_sha256", "submitted_by_id", "submitted_at")
            + " OR EXISTS (SELECT 1 FROM followup_review r"
            " WHERE r.id = OLD.review_id AND r.status <> 'submitted')"
        ),
        message=FROZEN,
    ),
    KeepRows("followup_submission", message=KEPT),
]

SIGNOFF = [
    Refuse(
        "followup_signoff",
        "INSERT",
        name="of_these_contents",
        when=(
            "NEW.voided_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM followup_submission s"
            " JOIN followup_review r ON r.id = s.review_id"
            " JOIN promises_agreement_parties p"
            " ON p.agreement_id = r.agreement_id AND p.party_id = NEW.party_id"
            " JOIN promises_member m ON m.id = NEW.member_id AND m.party_id = NEW.party_id"
            " WHERE s.id = NEW.submission_id AND s.returned_at IS NULL"
            " AND r.status = 'submitted' AND s.contents_sha256 = NEW.contents_sha256)"
        ),
        message=NOT_THESE_CONTENTS,
        hold="followup_submission WHERE id = NEW.submission_id",
    ),
    LockRows(
        "followup_signoff",
        when=(
            "OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL OR "
            + differs(
                "submission_id",
                "party_id",
                "member_id",
                "name",
                "title",
                "is_delegate",
                "contents_sha256",
                "signed_at",
            )
            + " OR EXISTS (SELECT 1 FROM followup_submission s"
            " JOIN followup_review r ON r.id = s.review_id"
            " WHERE s.id = OLD.submission_id AND r.status <> 'submitted')"
        ),
        message=SIGNED_FOR_GOOD,
    ),
    KeepRows("followup_signoff", message=KEPT),
]

ADOPTED = [
    Refuse(
        "followup_reviewdocument",
        "INSERT",
        name="of_what_both_signed",
        when=(
            "NOT EXISTS (SELECT 1 FROM followup_submission s"
            " JOIN followup_review r ON r.id = s.review_id"
            " WHERE s.id = NEW.submission_id AND s.returned_at IS NULL"
            f" AND r.status = 'submitted' AND NOT ({unsigned('r')}))"
        ),
        message=DOCUMENT,
        hold="followup_submission WHERE id = NEW.submission_id",
    ),
    LockRows("followup_reviewdocument", message=DOCUMENT),
    KeepRows("followup_reviewdocument", message=KEPT),
]

REPORTS = [
    LockRows(
        "followup_report",
        when=(
            "OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR "
            + differs(
                "agreement_id",
                "kind",
                "starts_on",
                "ends_on",
                "body",
                "reported_on",
                "registry_number",
                "pdf",
                "pdf_sha256",
                "noted_by_id",
                "created_at",
            )
        ),
        message=REPORTED,
    ),
    KeepRows("followup_report", message=KEPT),
]

MINUTES = [
    KeepRows("followup_meetingdocument", message=KEPT),
    KeepRows("followup_meeting", when="OLD.locked_at IS NOT NULL", message=KEPT),
]


class Migration(migrations.Migration):
    dependencies = [("followup", "0005_review_texts"), ("promises", "0002_collaboration")]

    operations = [*REVIEW, *SUBMISSION, *SIGNOFF, *ADOPTED, *REPORTS, *MINUTES]
