"""What is locked: every lock there is, laid after each `migrate` (`followup.models.locks`).

What the models say beside this, and the verbs in followup/review/life.py, is refused here for
whoever comes another way: bulk updates, commands, the administration, SQL by hand.
"""

from __future__ import annotations

from followup.models.locks import (
    Follow,
    Lock,
    Refusal,
    Refuse,
    keep_rows,
    lock_children,
    lock_rows,
)


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
        refusal=Refusal.REVIEW_LIFE,
    ),
    lock_rows(
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
        refusal=Refusal.REVIEW_CLOSED,
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
        refusal=Refusal.REVIEW_LIFE,
    ),
    *(
        Refuse(
            "promises_agreement_parties",
            event,
            name=f"held_while_signing_{event.lower()}",
            when=(
                "EXISTS (SELECT 1 FROM followup_review r"
                " WHERE r.agreement_id = OLD.agreement_id AND r.status = 'submitted')"
            ),
            refusal=Refusal.PARTIES_HELD,
        )
        for event in ("UPDATE", "DELETE")
    ),
    *(
        lock
        for table in ("followup_reviewtext", "followup_assessment")
        for lock in lock_children(
            table,
            key="review_id",
            parent="followup_review",
            when="status IN ('submitted', 'adopted')",
            refusal=Refusal.REVIEW_CLOSED,
        )
    ),
    *lock_children(
        "followup_reviewcomment",
        key="review_id",
        parent="followup_review",
        when="status = 'adopted'",
        refusal=Refusal.REVIEW_CLOSED,
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
        refusal=Refusal.REVIEW_CLOSED,
        hold="followup_review WHERE id = NEW.review_id",
    ),
    lock_rows(
        "followup_submission",
        when=(
            "OLD.returned_at IS NOT NULL OR NEW.returned_at IS NULL OR "
            + differs("review_id", "contents", "contents_sha256", "submitted_by_id", "submitted_at")
            + " OR EXISTS (SELECT 1 FROM followup_review r"
            " WHERE r.id = OLD.review_id AND r.status <> 'submitted')"
        ),
        refusal=Refusal.SUBMISSION_FROZEN,
    ),
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
        refusal=Refusal.NOT_THESE_CONTENTS,
        hold="followup_submission WHERE id = NEW.submission_id",
    ),
    lock_rows(
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
        refusal=Refusal.SIGNED_FOR_GOOD,
    ),
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
        refusal=Refusal.ADOPTED_FOR_GOOD,
        hold="followup_submission WHERE id = NEW.submission_id",
    ),
    lock_rows("followup_reviewdocument", refusal=Refusal.ADOPTED_FOR_GOOD),
]

REPORTS = [
    lock_rows(
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
        refusal=Refusal.REPORTED,
    ),
]

MINUTES = [
    lock_rows("followup_meeting", when="OLD.locked_at IS NOT NULL", refusal=Refusal.MINUTES_SIGNED),
    *(
        lock
        for table in ("followup_agendaitem", "followup_attendance", "followup_decision")
        for lock in lock_children(
            table,
            key="meeting_id",
            parent="followup_meeting",
            when="locked_at IS NOT NULL",
            refusal=Refusal.MINUTES_SIGNED,
        )
    ),
    lock_rows("followup_meetingdocument", refusal=Refusal.MINUTES_KEPT),
]

# Rows that are never deleted, and those whose history is kept with them.
WITH_HISTORY = (
    "occasion",
    "reading",
    "forecast",
    "wish",
    "lawnote",
    "statement",
    "report",
    "meeting",
    "agendaitem",
    "attendance",
    "decision",
    "review",
    "reviewtext",
    "reviewcomment",
    "assessment",
    "submission",
    "signoff",
)
WITHOUT_HISTORY = ("meetingdocument", "reviewdocument")

KEPT = [
    *(
        keep_rows(f"followup_{table}", refusal=Refusal.KEPT)
        for name in WITH_HISTORY
        for table in (name, f"historical{name}")
    ),
    *(keep_rows(f"followup_{name}", refusal=Refusal.KEPT) for name in WITHOUT_HISTORY),
    # Django would take the name off the history when the member is deleted.
    *(
        Refuse(
            f"followup_historical{name}",
            "UPDATE",
            name="by_the_same_member",
            when=f"OLD.history_user_id IS NOT NULL AND {differs('history_user_id')}",
            refusal=Refusal.HISTORY_KEPT,
        )
        for name in WITH_HISTORY
    ),
]

# The agreement of an activity is that of its promise or undertaking.
AGREEMENT = [
    *(
        Refuse(
            "promises_activity",
            event,
            name=f"of_one_agreement_{event.lower()}",
            when=(
                "NEW.promise_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM promises_promise p"
                " JOIN promises_promiseperiod d ON d.id = p.period_id"
                " WHERE p.id = NEW.promise_id AND d.agreement_id = NEW.agreement_id)"
                " OR NEW.undertaking_id IS NOT NULL AND NOT EXISTS ("
                "SELECT 1 FROM promises_undertaking u"
                " WHERE u.id = NEW.undertaking_id AND u.agreement_id = NEW.agreement_id)"
            ),
            refusal=Refusal.OTHER_AGREEMENT,
        )
        for event in ("INSERT", "UPDATE")
    ),
    Refuse(
        "promises_promise",
        "UPDATE",
        name="with_activities_of_one_agreement",
        when=(
            f"{differs('period_id')} AND EXISTS (SELECT 1 FROM promises_activity a"
            " JOIN promises_promiseperiod d ON d.id = NEW.period_id"
            " WHERE a.promise_id = NEW.id AND a.agreement_id <> d.agreement_id)"
        ),
        refusal=Refusal.OTHER_AGREEMENT,
    ),
    Refuse(
        "promises_promiseperiod",
        "UPDATE",
        name="with_activities_of_one_agreement",
        when=(
            f"{differs('agreement_id')} AND EXISTS (SELECT 1 FROM promises_activity a"
            " JOIN promises_promise p ON p.id = a.promise_id"
            " WHERE p.period_id = NEW.id AND a.agreement_id <> NEW.agreement_id)"
        ),
        refusal=Refusal.OTHER_AGREEMENT,
    ),
    Refuse(
        "promises_undertaking",
        "UPDATE",
        name="with_activities_of_one_agreement",
        when=(
            f"{differs('agreement_id')} AND EXISTS (SELECT 1 FROM promises_activity a"
            " WHERE a.undertaking_id = NEW.id AND a.agreement_id <> NEW.agreement_id)"
        ),
        refusal=Refusal.OTHER_AGREEMENT,
    ),
]

# A draft's words stand still while it is before the signatories. It is a draft until every party
# has signed it, and never one again; only what is before them is signed.
BEFORE_SIGNATORIES = "is_draft AND presented_on IS NOT NULL"

DRAFT = [
    lock_rows(
        "promises_agreement",
        when=(
            "OLD.is_draft AND OLD.presented_on IS NOT NULL AND "
            + differs(
                "key",
                "title",
                "letterhead",
                "introduction",
                "goals_introduction",
                "foundations",
                "undertakings_introduction",
                "followup_clause",
                "time_plan",
                "valid_from",
                "valid_to",
                "runs_until_further_notice",
                "followup_interval_years",
                "registry_number",
                "predecessor_id",
            )
        ),
        refusal=Refusal.AGREEMENT_PRESENTED,
    ),
    Refuse(
        "promises_agreement",
        "UPDATE",
        name="life",
        when=(
            "NEW.is_draft AND NOT OLD.is_draft"
            " OR OLD.is_draft AND NOT NEW.is_draft AND (NEW.presented_on IS NULL"
            " OR EXISTS (SELECT 1 FROM promises_agreement_parties p"
            " WHERE p.agreement_id = NEW.id AND NOT EXISTS (SELECT 1 FROM promises_signatory s"
            " WHERE s.agreement_id = NEW.id AND s.party_id = p.party_id)))"
            " OR NEW.is_draft AND NEW.presented_on IS NULL AND EXISTS ("
            "SELECT 1 FROM promises_signatory s WHERE s.agreement_id = NEW.id)"
        ),
        refusal=Refusal.AGREEMENT_LIFE,
    ),
    *(
        lock
        for table in ("promises_goal", "promises_undertaking", "promises_agreement_parties")
        for lock in (
            *lock_children(
                table,
                key="agreement_id",
                parent="promises_agreement",
                when=BEFORE_SIGNATORIES,
                refusal=Refusal.AGREEMENT_PRESENTED,
            ),
            Refuse(
                table,
                "DELETE",
                name="presented_delete_lock",
                when=(
                    "EXISTS (SELECT 1 FROM promises_agreement"
                    f" WHERE id = OLD.agreement_id AND {BEFORE_SIGNATORIES})"
                ),
                refusal=Refusal.AGREEMENT_PRESENTED,
            ),
        )
    ),
    *lock_children(
        "promises_signatory",
        key="agreement_id",
        parent="promises_agreement",
        when="is_draft AND presented_on IS NULL",
        refusal=Refusal.AGREEMENT_LIFE,
    ),
]

# What can be searched for, by its kind in the index.
SEARCHED = {
    "occasion": "followup_occasion",
    "activity": "promises_activity",
    "meeting": "followup_meeting",
    "decision": "followup_decision",
    "task": "followup_task",
    "promise": "promises_promise",
    "undertaking": "promises_undertaking",
}


def gone(kind: str) -> tuple[str, ...]:
    """What is gone is found no more."""
    entry = f"kind = '{kind}' AND object_id = OLD.id"
    return (
        "DELETE FROM followup_searchword WHERE entry_id IN"
        f" (SELECT id FROM followup_searchentry WHERE {entry})",
        f"DELETE FROM followup_searchentry WHERE {entry}",
    )


FOUND = [
    *(
        Follow(table, "DELETE", name="found_no_more", then=gone(kind))
        for kind, table in SEARCHED.items()
    ),
    *(
        Follow(
            SEARCHED[kind],
            "UPDATE",
            name="found_as_withdrawn",
            then=(
                "UPDATE followup_searchentry SET is_withdrawn = (NEW.withdrawn_at IS NOT NULL)"
                f" WHERE kind = '{kind}' AND object_id = NEW.id"
                " AND is_withdrawn <> (NEW.withdrawn_at IS NOT NULL)",
            ),
        )
        for kind in ("occasion", "decision")
    ),
    *(
        Refuse(
            "followup_searchentry",
            event,
            name=f"of_something_{event.lower()}",
            when="NOT ("
            + " OR ".join(
                f"NEW.kind = '{kind}' AND EXISTS (SELECT 1 FROM {table} t WHERE t.id = NEW.object_id)"
                for kind, table in SEARCHED.items()
            )
            + ")",
            refusal=Refusal.FOUND_NOWHERE,
        )
        for event in ("INSERT", "UPDATE")
    ),
]


LOCKS: list[Lock] = [
    *REVIEW,
    *SUBMISSION,
    *SIGNOFF,
    *ADOPTED,
    *REPORTS,
    *MINUTES,
    *KEPT,
    *AGREEMENT,
    *DRAFT,
    *FOUND,
]
