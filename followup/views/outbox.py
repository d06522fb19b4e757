"""Logging without coverage: the browser's outbox, the page that works offline, and the app's own files.

The outbox (static/js/outbox.js) keeps each occasion in the browser with its `client_id` and sends
it to the address of its form. Sent twice it is the same occasion; refused it stays in the outbox.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from followup.forms.log.occasion import OccasionForm
from followup.log.choices import choices_for, tomorrow
from followup.models import Occasion, Review
from followup.swedish import days_in_words
from promises.access import Action, shows
from promises.known import when_in_words
from promises.models import Agreement, Party

# What the page that works offline is made of, besides itself.
ASSETS = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/rooms/log.css",
    "css/print.css",
    "img/mark.svg",
    "js/store.js",
    "js/moment.js",
    "js/outbox.js",
    "js/log.js",
    "js/forms.js",
    "js/again.js",
    "js/left.js",
    "js/drafts.js",
)
ICONS = (("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"))


def logged_in_words(occasion: Occasion) -> str:
    return f"Loggat: {occasion.activity}, {when_in_words(occasion)}. Tillfället är sparat."


def remarks_on(occasion: Occasion) -> list[str]:
    """What whoever logged the occasion should know about the day it is dated."""
    remarks = []
    if occasion.is_outside_period:
        period = occasion.activity.promise.period
        remarks.append(
            "Datumet ligger utanför löftesperioden "
            f"{days_in_words(period.starts_on, period.ends_on)}. Tillfället är sparat, men "
            "räknas inte mot åtagandenivån."
        )
    if review := Review.objects.missed_by(occasion):
        remarks.append(
            f"Uppföljningen {days_in_words(review.starts_on, review.ends_on)} är "
            "redan inlämnad. Tillfället är sparat och redovisas som sen registrering i nästa."
        )
    return remarks


def answer_to_outbox(form: OccasionForm) -> JsonResponse:
    """Save what the outbox sends and say where it stands, or what is wrong with it (422)."""
    if occasion := form.save_or_explain():
        told = [logged_in_words(occasion), *remarks_on(occasion)]
        return JsonResponse({"address": occasion.get_absolute_url(), "told": told})
    labels = {name: field.label for name, field in form.fields.items()}
    errors = [
        f"{labels[name]}: {sentence}" if name in labels else sentence
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    return JsonResponse({"errors": errors}, status=422)


@never_cache
@shows(Action.LOG)
def outbox(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and what its next form has to carry: the outbox asks before it sends."""
    return JsonResponse({"member": request.user.pk, "token": get_token(request)})


@never_cache
@shows(Action.LOG)
def offline(request: HttpRequest) -> HttpResponse:
    """The page that stands in for every other without coverage: everything needed to log.

    Of the plan it holds no more than what can have been carried out before it is renewed: a
    control to come is secret (OSL 18:1).
    """
    today = timezone.localdate()
    choices = choices_for(request.user, today, planned_until=tomorrow(today))
    forms = [
        (choice, OccasionForm(activity=choice.activity, member=request.user, today=today))
        for choice in choices.all
    ]
    for _, form in forms[:1]:
        # Its fields serve them all; the counters are each activity's own.
        agreements = Agreement.objects.visible_to(request.user)
        form.fields["party"].queryset = Party.objects.filter(agreements__in=agreements).distinct()
    response = render(request, "followup/log/offline.html", {"choices": choices, "forms": forms})
    response["X-Member"] = request.user.pk  # whose it is: people share computers
    return response


@login_not_required
@cache_control(no_cache=True)
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker: what it keeps, and under which name; the rest is static/js/worker.js.

    It is served from the root, since a worker may only look after what lies below its address.
    """
    kept = {
        "version": _version(),
        "assets": [static(asset) for asset in ASSETS],
        "shell": reverse("log_offline"),
        "log": reverse("log"),
        "doors": [reverse("account_login"), reverse("account_logout")],
    }
    script = (
        f"self.KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(static('js/worker.js'))});\n"
    )
    return HttpResponse(script, content_type="text/javascript")


def _version() -> str:
    """Changes with any of the assets, so that browsers fetch them anew.

    In operation they are those that the process started with, as the addresses of them are.
    """
    digest_of = _digest_of if settings.DEBUG else _digest_once
    return digest_of(settings.STATIC_ROOT)


def _digest_of(static_root: str | Path) -> str:
    digest = hashlib.sha256()
    for asset in (*ASSETS, "js/worker.js"):
        path = Path(static_root, asset)
        found = path if path.is_file() else finders.find(asset)
        digest.update(Path(found).read_bytes())
    return digest.hexdigest()[:16]


_digest_once = cache(_digest_of)


@login_not_required
@cache_control(max_age=86400)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to know to put the portal among its apps."""
    return JsonResponse(
        {
            "name": "Dorotea samverkan",
            "short_name": "Samverkan",
            "description": "Samverkan mellan Dorotea kommun och Polisen.",
            "lang": "sv",
            "id": "/",
            "start_url": reverse("overview"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#fbfaf7",
            "theme_color": "#12504c",
            "icons": [
                {
                    "src": static(f"img/app-{purpose}-{sizes.partition('x')[0]}.png"),
                    "sizes": sizes,
                    "type": "image/png",
                    "purpose": purpose,
                }
                for sizes, purpose in ICONS
            ],
            "shortcuts": [{"name": "Logga tillfälle", "url": reverse("log")}],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
