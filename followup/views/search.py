"""The search: one question to everything the portal holds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from followup.forms.lists import SearchFilter
from followup.log.pages import page_of
from followup.models import SearchEntry
from followup.words import excerpt, marked, words_of
from promises.access import Action, shows

PAGE_SIZE = 20
COUNTED_UP_TO = 1000


@shows(Action.READ)
def search(request: HttpRequest) -> HttpResponse:
    """What holds every word that is asked for, the newest first, with the words marked."""
    visible = SearchEntry.objects.visible_to(request.user).standing()
    narrowed = SearchFilter(request.GET, queryset=visible, member=request.user)
    count = narrowed.qs.order_by()[: COUNTED_UP_TO + 1].count()
    found = narrowed.qs if count else SearchEntry.objects.none()  # no need to look twice
    page, asked = page_of(request.GET, found, PAGE_SIZE), words_of(narrowed.asked)
    return render(
        request,
        "followup/search/search.html",
        {
            "filter": narrowed,
            "count": min(count, COUNTED_UP_TO),
            "is_more": count > COUNTED_UP_TO,
            "page": page,
            "results": [
                (entry, marked(entry.title, asked), excerpt(entry.text, asked))
                for entry in page.rows
            ],
        },
    )
