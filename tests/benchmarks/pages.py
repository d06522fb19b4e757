"""What the main pages cost, as ratios to a bare hello on the same server. Run by hand, never as a test:

    export DATABASE_URL=sqlite:////tmp/pages.sqlite3   # or an empty PostgreSQL database
    DEBUG=on python manage.py migrate -v0 && DEBUG=on python manage.py createcachetable
    DEBUG=on python -m tests.benchmarks.pages 10000

It fills an empty database with so many made-up occasions (never point it at a real one; 0 reads
what is there, such as the example), starts gunicorn with one worker, and asks it for each page.
A figure is the worker's own CPU, per request; PostgreSQL's is not in it, and shows in the wall clock.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import django
from django.core.handlers.wsgi import WSGIHandler

ADDRESS = ("127.0.0.1", int(os.environ.get("PORT", "8017")))
TIMES = 40
GOALS = {
    "list": 15,
    "list, searched": 15,
    "detail": 12,
    "dashboard": 27,
    "form": 14,
    "create": 14,
    "public": 27,
    "public, unchanged": 5,
}


# --- The server -----------------------------------------------------------------------------------


class Hello(WSGIHandler):
    """The least a request can be: the same server and framework, and a view that answers at once."""

    def get_response(self, request):
        from django.http import HttpResponse
        from django.urls import path

        class Bare:
            urlpatterns = (path("hallo/", lambda _: HttpResponse("hallo")),)

        self.bare = getattr(self, "bare", Bare)
        request.urlconf = self.bare
        return super().get_response(request)


def application(environ, start_response):
    """What gunicorn serves: the portal, and the hello beside it."""
    global portal, hello
    if "portal" not in globals():
        from django.conf import settings

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dorotea_samverkan.settings")
        django.setup(set_prefix=False)
        settings.DEBUG = bool(os.environ["WITH_EXAMPLES"])  # whose accounts are let in no other way
        portal = WSGIHandler()
        middleware, settings.MIDDLEWARE = settings.MIDDLEWARE, []
        hello = Hello()
        settings.MIDDLEWARE = middleware
    server = hello if environ["PATH_INFO"] == "/hallo/" else portal
    return server(environ, start_response)


# --- The readers ----------------------------------------------------------------------------------


class Reader:
    """Asks the server, and reads its worker's CPU clock."""

    def __init__(self, worker: int) -> None:
        self.clock = Path(f"/proc/{worker}/schedstat")

    def ask(self, method: str, path: str, body: str = "", **headers: str):
        connection = http.client.HTTPConnection(*ADDRESS)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer, answer.read()

    def measured(self, expected: int, *request: str, **headers: str) -> tuple[float, float]:
        """CPU and wall clock of one request, in ms, after three to warm up."""
        for turn in range(TIMES + 3):
            if turn == 3:
                cpu, started = self.cpu(), time.perf_counter()
            answer, body = self.ask(*request, **headers)
            assert answer.status == expected, (request, answer.status, body[-2000:].decode())
        return (self.cpu() - cpu) / TIMES, (time.perf_counter() - started) * 1000 / TIMES

    def cpu(self) -> float:
        return int(self.clock.read_text().split()[0]) / 1e6


def wait_for(server: subprocess.Popen) -> None:
    """Until it answers. Raises when it stops instead."""
    while True:
        try:
            socket.create_connection(ADDRESS, timeout=1).close()
            return
        except ConnectionRefusedError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise RuntimeError(f"gunicorn stopped with {server.wait(timeout=0.1)}") from None


def main(number: int) -> None:
    from django.db import connection
    from django.test import Client

    from followup.models import Occasion
    from tests.benchmarks.long_log import fill

    if number and not Occasion.objects.exists():
        fill(number)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    occasion = Occasion.objects.carried_out().select_related("member").latest("pk")
    client = Client(SERVER_NAME="localhost")
    client.force_login(occasion.member)
    session = f"sessionid={client.cookies['sessionid'].value}"
    connection.close()

    command = ["-m", "gunicorn", "tests.benchmarks.pages:application", "--workers", "1"]
    server = subprocess.Popen(
        [sys.executable, *command, "--bind", "{}:{}".format(*ADDRESS), "--log-level", "error"],
        env={**os.environ, "WITH_EXAMPLES": "on" if occasion.member.is_example else ""},
    )
    try:
        wait_for(server)
        [worker] = subprocess.run(
            ["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True
        ).stdout.split()
        measure(Reader(int(worker)), occasion, session)
    finally:
        server.terminate()
        server.wait()


def measure(reader: Reader, occasion, session: str) -> None:
    from django.db import connection

    from followup.models import Occasion

    bare, _ = reader.measured(200, "GET", "/hallo/")
    print(
        f"{Occasion.objects.count()} occasions, {connection.vendor}; bare hello {bare:.2f} ms CPU"
    )

    form = f"/logga/{occasion.activity_id}/"
    answer, page = reader.ask("GET", form, Cookie=session)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())[1]
    cookie = f"{session}; {answer.headers['Set-Cookie'].split(';')[0]}"
    entry = {"date": occasion.date, "party": occasion.party_id, "done": "Mätt.", "version": 1}
    body = urlencode(entry | {"csrfmiddlewaretoken": token})
    sent = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    mine = {"Cookie": session}
    pages = {
        "list": (200, ("GET", "/tillfallen/"), mine),
        "list, searched": (200, ("GET", "/tillfallen/?sok=kontroller"), mine),
        "detail": (200, ("GET", occasion.get_absolute_url()), mine),
        "dashboard": (200, ("GET", "/oversikt/"), mine),
        "form": (200, ("GET", form), mine),
        "create": (302, ("POST", form, body), sent),
        "public": (200, ("GET", "/"), {}),
    }
    public, _ = reader.ask("GET", "/")
    if etag := public.headers["ETag"]:
        pages["public, unchanged"] = (304, ("GET", "/"), {"If-None-Match": etag})
    for name, (expected, request, headers) in pages.items():
        cpu, wall = reader.measured(expected, *request, **headers)
        ratio, goal = cpu / bare, GOALS[name]
        print(f"{name:20} {cpu:6.1f} ms CPU {wall:7.1f} ms wall {ratio:6.1f}× (goal {goal}×)")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dorotea_samverkan.settings")
    django.setup()
    main(int(sys.argv[1]))
