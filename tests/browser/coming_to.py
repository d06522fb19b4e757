"""What a page's own scripts bring about, which no locator of Playwright's can wait for."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

DRAFTS = "Object.keys(localStorage).filter((key) => /^draft/.test(key)).length"

# Milliseconds.
PATIENCE, STEP = 10_000, 50


def expect_value(page: Page, script: str, wanted: Any) -> None:
    """Assert that the script gives what is wanted, at once or within ten seconds."""
    for _ in range(PATIENCE // STEP):
        if page.evaluate(script) == wanted:
            return
        page.wait_for_timeout(STEP)
    assert page.evaluate(script) == wanted


def expect_drafts(page: Page, number: int) -> None:
    """Assert that so many drafts lie in the browser."""
    expect_value(page, DRAFTS, number)
