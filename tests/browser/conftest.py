"""Chromium of the system, a live server over a database file, and people who have signed in.

`page_of(user)` opens a window; every error of a script or of the content policy in it fails the story.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.factories import Cast
from upsell_crm.core.models import User

DESKTOP, PHONE = (1440, 900), (360, 740)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The server answers in several threads, so SQLite needs a file: its memory is one connection."""
    if django_settings.IS_SQLITE:
        folder = tmp_path_factory.mktemp("live")
        django_settings.DATABASES["default"]["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The people of domain.md §8.1, committed, so that the server's threads see them."""
    return Cast()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; the ORM of the tests may be used beside its event loop."""
    assert CHROMIUM, "Chromium is not installed: apt install chromium, or name it in CHROMIUM"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page_of(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """`page_of(cast.lisina, size=PHONE, theme="dark", language="en")`: a window in which this colleague is signed in."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def opened(
        user: User, *, size: tuple[int, int] = DESKTOP, theme: str = "light", language: str = "ru"
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale=language, color_scheme=theme, has_touch=size == PHONE,
            viewport={"width": size[0], "height": size[1]},
        )  # fmt: skip
        contexts.append(context)
        context.add_cookies([session_cookie(user, live_server.url)])
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if _is_trouble(message) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not troubles, troubles


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """`shot(page, "outcome")` keeps a picture when SHOTS names a folder, for people who want to look."""

    def keep(page: Page, name: str) -> None:
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep


def session_cookie(user: User, url: str) -> dict[str, Any]:
    """The cookie of somebody who has just signed in."""
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


def _is_trouble(message: ConsoleMessage) -> bool:
    """Scripts and the content policy must be silent; a refused request (4xx) is a story's own business."""
    return message.type == "error" and "Failed to load resource" not in message.text
