"""Several people at the same moment, each with a database connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection
from django.http import HttpResponse


def at_the_same_moment(*actions: Callable[[], HttpResponse]) -> list[HttpResponse]:
    """Run each action in a thread with a database connection of its own."""
    ready = threading.Barrier(len(actions))
    responses = []

    def run(action: Callable[[], HttpResponse]) -> None:
        try:
            ready.wait()
            responses.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return responses
