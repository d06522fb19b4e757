"""How long the log and the search take when the log is long. Run by hand, never as a test:

    DATABASE_URL=sqlite:////tmp/long.sqlite3 DEBUG=on python manage.py migrate -v0
    DATABASE_URL=sqlite:////tmp/long.sqlite3 DEBUG=on python -m tests.benchmarks.long_log 100000

It fills an empty database with so many made-up occasions (never point it at a real one), and then
reads pages of them. Each figure is the median of several readings of the whole page, in ms.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from datetime import date, timedelta

import django

ADDRESSES = {
    "log": "/tillfallen/",
    "log, oldest first": "/tillfallen/?ordning=aldst",
    "log, last logged first": "/tillfallen/?ordning=loggat",
    "log by place": "/tillfallen/?ordning=plats",
    "log, a place": "/tillfallen/?plats={place}",
    "log, common word": "/tillfallen/?sok=kontroller",
    "log, rare word": "/tillfallen/?sok=norrsken",
    "log, common and rare": "/tillfallen/?sok=kontroll+norrsken",
    "search, common word": "/sok/?q=kontroll",
    "search, short beginning": "/sok/?q=s",
    "search, rare word": "/sok/?q=norrskenet",
    "search, two common": "/sok/?q=kontroll+hj%C3%A4lm",
    "search, two that never meet": "/sok/?q=udda+j%C3%A4mn",
    "search, nothing": "/sok/?q=finnsinte",
    "calendar": "/kalender/?manad=2024-05",
    "publish": "/tillfallen/publicera/",
}
WORDS = [
    "kontroll",
    "leden",
    "hjälm",
    "förare",
    "skoter",
    "byn",
    "skolan",
    "samtal",
    "hastighet",
    "patrull",
    "kvällen",
    "sportlov",
    "vägen",
    "information",
    "föreläsning",
    "seniorer",
    "butiken",
    "ungdomar",
    "tillsyn",
    "parkeringen",
]


def fill(number: int):
    from followup.models import Occasion
    from followup.search.index import rebuild
    from tests import factories

    agreement = factories.AgreementFactory(valid_from=date(2020, 1, 1))
    party = agreement.parties.first()
    member = factories.MemberFactory(party=party)
    period = factories.PromisePeriodFactory(agreement=agreement)
    places = [factories.PlaceFactory() for _ in range(20)]
    activities = [
        factories.ActivityFactory(promise=factories.PromiseFactory(period=period))
        for _ in range(40)
    ]
    picked = random.Random(1)

    def text(n: int) -> str:
        some = " ".join(picked.choices(WORDS, k=14))
        return f"{some} {'udda' if n % 2 else 'jämn'} {'norrsken' if n % 5000 == 0 else ''} {n}."

    Occasion.objects.bulk_create(
        (
            Occasion(
                activity=picked.choice(activities),
                date=date(2020, 1, 1) + timedelta(days=picked.randrange(2200)),
                place=picked.choice(places),
                party=party,
                member=member,
                done=text(n),
            )
            for n in range(number)
        ),
        batch_size=2000,
    )
    started = time.perf_counter()
    print(f"{rebuild()} entries made searchable in {time.perf_counter() - started:.1f} s")
    return member, places[0]


def main(number: int) -> None:
    from django.db import connection
    from django.test import Client

    from followup.models import Occasion
    from promises.models import Member, Place

    if Occasion.objects.exists():
        member, place = Member.objects.first(), Place.objects.first()
    else:
        member, place = fill(number)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(member)
    for name, address in ADDRESSES.items():
        times = []
        for _ in range(5):
            started = time.perf_counter()
            assert client.get(address.format(place=place.pk)).status_code == 200
            times.append((time.perf_counter() - started) * 1000)
        print(f"{name:30} {statistics.median(times):8.0f} ms")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dorotea_samverkan.settings")
    django.setup()
    main(int(sys.argv[1]))
