"""A Chromium for the tests of this folder; without one they are skipped."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (make browser)")
    with playwright.sync_playwright() as driver:
        installed = next(filter(None, map(shutil.which, NAMES)), None)
        try:
            started = driver.chromium.launch(executable_path=installed)
        except playwright.Error as error:
            pytest.skip(f"no Chromium could be started (make browser): {str(error).splitlines()[0]}")
        yield started
        started.close()
