"""People's computers: one browser context each, watched for errors, with screenshots of what they see."""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Error, Page

WITHIN_MS = 60_000
# What a browser says of requests that we refuse or that find no network on purpose.
REFUSALS = ("Failed to load resource", "net::ERR_", "WebSocket connection to")


class Desk:
    """Opens computers and remembers what went wrong in their pages."""

    def __init__(self, origin: str, browser: Browser, pictures: Path) -> None:
        self.origin = origin
        self.faults: list[str] = []
        self.expected = list(REFUSALS)
        self._browser = browser
        self._pictures = pictures
        self._contexts: list[BrowserContext] = []
        pictures.mkdir(parents=True, exist_ok=True)

    def computer(self, path: str = "/", *, width: int = 1366, height: int = 768) -> Page:
        """Return a page at this path in a new context: a computer that nobody has used."""
        context = self._browser.new_context(
            ignore_https_errors=True, locale="zh-CN", viewport={"width": width, "height": height}, accept_downloads=True
        )
        context.set_default_timeout(WITHIN_MS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", self._note_error)
        page.on("console", self._note_message)
        page.on("dialog", self._note_dialog)
        page.goto(f"{self.origin}{path}")
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep what the page shows, to be looked at by people."""
        page.screenshot(path=self._pictures / f"{name}.png", animations="disabled")

    def close(self, *, has_failed: bool) -> None:
        """Close every computer; what their pages show at the end is kept for whoever must find out what went wrong."""
        for number, context in enumerate(self._contexts, start=1):
            for page in context.pages if has_failed or self.faults else ():
                self.picture(page, f"last-{number}")
            context.close()

    def _note_error(self, error: Error) -> None:
        self.faults.append(f"page error: {error}")

    def _note_dialog(self, dialog: Dialog) -> None:
        # Our pages never ask by a dialog of the browser; the question before leaving is the browser's own.
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        self.faults.append(f"dialog: {dialog.type} {dialog.message}")
        dialog.dismiss()

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in self.expected):
            self.faults.append(f"console: {message.text}")
