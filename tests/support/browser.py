"""The page at /v2/docs in a real browser, driven by its own controls."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Route, ViewportSize, sync_playwright

# As root, and without asking its maker for anything while we watch what the page asks for.
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_STATUS = re.compile(r"^\s*[1-5][0-9]{2} [A-Z]")
_SIZE: ViewportSize = {"width": 1280, "height": 800}


@dataclass
class ApiPage:
    """The page of the stack at `base_url`. `outside` are requests to other hosts, which get no answer; `complaints`
    what the browser says of errors, for example against the page's own policy.
    """

    page: Page
    base_url: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.page.goto(f"{self.base_url}/v2/docs")
        self.page.get_by_label("Client ID").wait_for()

    def authorize(self, client_id: str, secret: str) -> int:
        """Get a token; the status of the answer."""
        self.page.get_by_label("Client ID").fill(client_id)
        self.page.get_by_label("Client Secret").fill(secret)
        with self.page.expect_response(f"{self.base_url}/v2/auth/token") as answer:
            self.page.get_by_role("button", name="Authorize").click()
        return answer.value.status

    def send(self, tag: str, summary: str, method: str, path: str) -> tuple[int, str]:
        """Try an operation: the status and the beginning of the body that the page shows."""
        group = self.page.get_by_role("button", name=f"Open Group - {tag}", exact=True)
        if group.count():
            group.click()
        self.page.get_by_role("link", name=summary).first.click()
        self.page.get_by_role("button", name=f"Test Request ({method} {path})", exact=True).click()
        client = self.page.get_by_role("dialog", name="API Client")
        client.get_by_role("button", name="Send").first.click()
        status = client.get_by_text(_STATUS).inner_text()
        return int(status.split()[0]), client.locator(".cm-content").last.inner_text()

    def shoot(self, file: Path) -> None:
        """Keep a picture of what is to be seen."""
        self.page.screenshot(path=file)


@contextmanager
def api_page(base_url: str) -> Iterator[ApiPage]:
    """A browser that can reach `base_url` and nothing else, for the time of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_QUIET)
        try:
            yield _watched(browser, base_url)
        finally:
            browser.close()


def _watched(browser: Browser, base_url: str) -> ApiPage:
    context = browser.new_context(viewport=_SIZE)
    watched = ApiPage(context.new_page(), base_url)

    def pass_or_note(route: Route) -> None:
        if route.request.url.startswith(f"{base_url}/"):
            route.continue_()
        else:
            watched.outside.append(route.request.url)
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watched.complaints.append(message.text)

    context.route("**/*", pass_or_note)
    watched.page.on("console", listen)
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched
