"""What need not be looked through again: the very same, by the very same."""

from __future__ import annotations

from tests import faultless
from tests.faultless import Faultless


def test_the_same_thing_is_known_by_all_who_go_by_the_same(tmp_path):
    Faultless(tmp_path, "styles").add("/", "<p>Hej</p>")

    assert Faultless(tmp_path, "styles").has("/", "<p>Hej</p>")


def test_nothing_that_has_changed_is(tmp_path):
    known = Faultless(tmp_path, "styles")
    known.add("/", "<p>Hej</p>")

    assert not known.has("/", "<p>Hej!</p>")
    assert not known.has("/<p>", "Hej</p>")
    assert not known.by("another browser").has("/", "<p>Hej</p>")
    assert not Faultless(tmp_path, "other styles").has("/", "<p>Hej</p>")


def test_only_the_latest_are_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(faultless, "KEPT", 2)
    known = Faultless(tmp_path)
    for number in range(3):
        known.add(str(number))

    known.forget_the_oldest()

    assert sum(known.has(str(number)) for number in range(3)) == 2
