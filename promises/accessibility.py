"""The accessibility statement's dates, and what becomes of what people say about it."""

from __future__ import annotations

import logging
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse

from promises.accounts import may_sign_in
from promises.models import AccessibilityFeedback, Member

logger = logging.getLogger(__name__)

# When the portal was last assessed as a whole, and when the statement was last written about it.
ASSESSED_ON = date(2026, 11, 23)
UPDATED_ON = date(2026, 11, 23)


def own_page(address: str, host: str) -> str:
    """The path of one of the portal's own pages at the address; empty for anything else.

    Without the question after it, which may hold what somebody searched for, and without a page
    whose address is a key, such as an invitation's.
    """
    try:
        parts = urlsplit(address)
        known = resolve(parts.path)
    except (ValueError, Resolver404):
        return ""
    is_ours = parts.netloc in {"", host} and parts.scheme in {"", "http", "https"}
    opens_something = {"key", "token"} & {*known.kwargs}
    return parts.path if is_ours and not opens_something else ""


def tell_administrators(feedback: AccessibilityFeedback) -> None:
    """Send it to everybody who can do something about it. It is stored already, so a letter that
    can't be sent loses nothing.
    """
    administrators = [
        member.email for member in Member.objects.administrators() if may_sign_in(member)
    ]
    if not administrators:
        logger.warning("Ingen administratör att skicka tillgänglighetssynpunkten till.")
        return
    context = {
        "feedback": feedback,
        "link": settings.PORTAL_URL + reverse("admin:promises_accessibilityfeedback_changelist"),
    }
    try:
        EmailMessage(
            subject="Dorotea samverkan: Synpunkt om tillgänglighet",
            body=render_to_string("promises/accessibility_letter.txt", context).strip(),
            to=administrators,
            reply_to=[feedback.email] if feedback.email else None,
        ).send()
    except OSError:
        logger.exception("Brevet om en tillgänglighetssynpunkt kunde inte skickas.")
