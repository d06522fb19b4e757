"""Whose turn it is at the database, which the test and the threads of a live server share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.core.servers.basehttp import ServerHandler
from django.db.transaction import Atomic


class Turnstile:
    """Lets one at a time through to the database during a test, and nobody between two tests.

    SQLite's database in memory has one connection for all threads, and two transactions in it
    would end each other. A request has its turn from when it begins until all of it is answered,
    and the test for as long as a transaction of its own takes. The scripts of a page may go on
    asking after the test, while the database is emptied: then nobody answers.
    """

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._is_open = False

    @contextmanager
    def before_every_request(self) -> Iterator[None]:
        run = ServerHandler.run

        def run_in_turn(handler: ServerHandler, application) -> None:
            with self._turn:
                if self._is_open:
                    run(handler, application)

        with mock.patch.object(ServerHandler, "run", run_in_turn):
            yield

    @contextmanager
    def open(self) -> Iterator[None]:
        """Let requests in, and wait at the end for the one that is being answered."""
        with self._before_every_transaction():
            self._is_open = True
            yield
            with self._turn:
                self._is_open = False

    @contextmanager
    def _before_every_transaction(self) -> Iterator[None]:
        enter, leave = Atomic.__enter__, Atomic.__exit__

        def enter_in_turn(atomic: Atomic) -> None:
            self._turn.acquire()
            try:
                enter(atomic)
            except BaseException:
                self._turn.release()
                raise

        def leave_in_turn(atomic: Atomic, *raised) -> None:
            try:
                leave(atomic, *raised)
            finally:
                self._turn.release()

        with (
            mock.patch.object(Atomic, "__enter__", enter_in_turn),
            mock.patch.object(Atomic, "__exit__", leave_in_turn),
        ):
            yield
