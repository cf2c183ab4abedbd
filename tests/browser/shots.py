"""`./crm shots`: every main page as a picture, 1440 and 390 px, Russian and English, light and dark.

Starts `./crm demo` on 24 November 2026 in a folder of its own and walks through it in the system's Chromium.
README shows the pictures that .gitignore lets through; the rest stay on the machine that made them. A page that is
wider than its window, or whose script failed, is named at the end, and the command exits with 1.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from upsell_crm.demo import PASSWORD
from upsell_crm.launch.place import HOME

PICTURES = HOME / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
SIZES = {1440: 900, 390: 844}
LANGUAGES, THEMES = ("ru", "en"), ("light", "dark")
CARD = re.compile(r"^/companies/[0-9a-f-]{36}/$")


@dataclass(frozen=True)
class Shot:
    """One page: who looks at it, where it is, what to press before.

    "…" in the address = the first client of his day; `link` = words of the link on that page which leads to the picture.
    """

    name: str
    login: str
    path: str
    press: str = ""
    link: str = ""


SHOTS = [
    Shot("sign_in", "", "/login/"),
    Shot("my_day", "lisina", "/my-day/"),
    Shot("team_priorities", "gromov", "/priorities/"),
    Shot("company_list", "gromov", "/companies/"),
    Shot("company_card", "lisina", "…"),
    Shot("company_contacts", "lisina", "…contacts/"),
    Shot("company_interactions", "lisina", "…interactions/"),
    Shot("company_contracts", "lisina", "…contracts/"),
    Shot("company_procurement", "lisina", "…procurement/"),
    Shot("log_outcome", "lisina", "…outcome/"),
    Shot("outcome_panel", "lisina", "…", press="[data-panel][href$='/outcome/']"),
    Shot("task_list", "lisina", "/tasks/"),
    Shot("signal_list", "belova", "/signals/"),
    Shot("deal_list", "lisina", "/deals/"),
    Shot("deal_board", "gromov", "/deals/board/"),
    Shot("deal_page", "sotnikova", "/deals/?q=0077143474", link="Мостремсевер"),
    Shot("document_queue", "panov", "/documents/"),
    Shot("document_board", "kotova", "/documents/board/"),
    Shot("document_page", "kotova", "/documents/board/", link="Гранит-Девелопмент"),
    Shot("handover_list", "belova", "/handovers/"),
    Shot("handover_page", "belova", "/handovers/", link="Каскад-Связь Север"),
    Shot(
        "holding_program",
        "sotnikova",
        "/deals/?q=0077102372",
        link="Зареченский",
        press="a[href$='/program/']",
    ),
    Shot(
        "holding_matrix", "sotnikova", "/companies/?q=0077102372", "#company-matrix-title", link="Зареченский"
    ),
    Shot("plan_tasks", "sotnikova", "/plans/?q=0077102372", link="Рамочный договор"),
    Shot(
        "plan_timeline", "sotnikova", "/plans/?q=0077102372", "a[href$='/timeline/']", link="Рамочный договор"
    ),
    Shot("plan_review", "gromov", "/plans/review/", link="Приозёрский Порт"),
    Shot("plan_presentation", "vetrov", "/plans/", "a[href$='/presentation/']", link="Новый договор на 130"),
    Shot("workload", "gromov", "/team/load/"),
    Shot("expertise", "gromov", "/team/expertise/"),
    Shot("training_calendar", "fomin", "/trainings/?view=month"),
    Shot("training_page", "gai", "/trainings/?view=list&state=results", link="Поиск и карточка дела"),
    Shot(
        "training_results",
        "gai",
        "/trainings/?view=list&state=held",
        "a[href$='/results/']",
        link="Введение в Casebook",
    ),
    Shot("company_trainings", "lisina", "…trainings/"),
    Shot("signals", "vetrov", "/signals/"),
    Shot("training_calendar", "gai", "/trainings/?view=month"),
    Shot("training_list", "gai", "/trainings/?view=list"),
    Shot("training_page", "gai", "/trainings/?view=month", link="Центр правовой экспертизы"),
    Shot("training_effect", "gromov", "/trainings/effect/"),
    Shot("company_trainings", "lisina", "…trainings/"),
    Shot("feature_board", "admin", "/features/"),
    Shot("feature_page", "vetrov", "/features/", link="API мониторинга"),
    Shot("feature_report", "belova", "/features/report/"),
    Shot("company_waits", "lisina", "…waits/"),
    Shot("whitespace", "gromov", "/whitespace/"),
    Shot("offer_list", "belova", "/whitespace/offers/"),
    Shot("company_map", "lisina", "…contacts/map/page/"),
    Shot("marketing", "sokolova", "/marketing/"),
    Shot("marketing_activity", "sokolova", "/marketing/", link="Проверка контрагентов"),
    Shot("segment", "sokolova", "/marketing/segment/"),
    Shot("notes", "popova", "/notes/"),
    Shot("note_page", "popova", "/notes/", link="дорого"),
    Shot("sessions", "belova", "/notes/sessions/"),
    Shot("document_calendar", "kotova", "/documents/calendar/"),
    Shot("existing_clients", "belova", "/reports/existing-clients/"),
    Shot("import_list", "titova", "/imports/"),
    Shot("import_new", "titova", "/imports/new/"),
    Shot("job_list", "admin", "/jobs/"),
]


@contextmanager
def demo() -> Iterator[str]:
    """A fresh demo of the golden day; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="crm-shots-") as folder:
        foreign = ("DATABASE_URL", "REDIS_URL", "HOST")
        env = {key: value for key, value in os.environ.items() if key not in foreign}
        process = subprocess.Popen(
            [sys.executable, "-m", "upsell_crm.launch", "demo", "--as-of", "2026-11-24"],
            cwd=HOME, env={**env, "PORT": port, "CRM_DATA_DIR": folder}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        for line in process.stdout or []:
            if "Ctrl-C" in line:
                break
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


class Studio:
    """Opens windows of every kind; each person signs in once."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.cookies: dict[str, list[dict[str, object]]] = {"": []}
        self.cards: dict[str, str] = {}
        self.windows: dict[tuple[str, int, str, str], Page] = {}
        self.faults: list[str] = []

    def window(self, login: str, width: int, language: str, theme: str) -> Page:
        """The one window of this person, size, language and theme."""
        key = (login, width, language, theme)
        if key not in self.windows:
            context = self.browser.new_context(
                base_url=self.site, locale=language, color_scheme=theme, reduced_motion="reduce",  # type: ignore[arg-type]
                viewport={"width": width, "height": SIZES[width]}, has_touch=width < 800,
            )  # fmt: skip
            context.add_cookies(self._cookies_of(login))  # type: ignore[arg-type]
            page = self.windows[key] = context.new_page()
            page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        return self.windows[key]

    def _cookies_of(self, login: str) -> list[dict[str, object]]:
        if login not in self.cookies:
            context = self.browser.new_context(base_url=self.site)
            page = context.new_page()
            page.goto("/login/")
            page.fill("[name=username]", login)
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/login/" not in url)
            self.cookies[login] = context.cookies()  # type: ignore[assignment]
            context.close()
        return self.cookies[login]

    def take(self, shot: Shot, width: int, language: str, theme: str) -> None:
        page = self.window(shot.login, width, language, theme)
        path = shot.path.replace("…", self._card(page, shot.login)) if "…" in shot.path else shot.path
        answer = page.goto(path, wait_until="networkidle")
        if not answer or not answer.ok:
            raise SystemExit(f"{shot.name}: {path} answered {answer and answer.status}")
        if shot.link:
            page.locator("main a", has_text=shot.link).first.click()
            page.wait_for_load_state("networkidle")
        if shot.press:
            page.locator(shot.press).first.click()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(400)  # the panel slides in
        name = f"{shot.name}-{width}-{language}-{theme}"
        if sticks_out := page.evaluate("document.documentElement.scrollWidth - window.innerWidth"):
            self.faults.append(f"{name}: sticks out by {sticks_out} px")
        page.screenshot(path=PICTURES / f"{name}.png")

    def _card(self, page: Page, login: str) -> str:
        """The address of the first client on this person's day."""
        if login not in self.cards:
            page.goto("/my-day/", wait_until="networkidle")
            links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href') || '')")
            self.cards[login] = next(link for link in links if CARD.match(link))
        return self.cards[login]


def main(arguments: list[str]) -> int:
    """Names of shots may be given; all of them otherwise."""
    if not CHROMIUM:
        raise SystemExit("Chromium is not installed: apt install chromium, or name it in CHROMIUM")
    PICTURES.mkdir(parents=True, exist_ok=True)
    chosen = [shot for shot in SHOTS if not arguments or shot.name in arguments]
    started = time.monotonic()
    with demo() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        studio = Studio(browser, site)
        for shot, width, language, theme in product(chosen, SIZES, LANGUAGES, THEMES):
            studio.take(shot, width, language, theme)
        browser.close()
    size = sum(path.stat().st_size for path in Path(PICTURES).glob("*.png")) / 1e6
    print(f"{len(chosen) * 8} pictures, {size:.1f} MB in {PICTURES}, {time.monotonic() - started:.0f} s")
    print(*studio.faults, sep="\n")
    return 1 if studio.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
