"""A browser page that remembers whatever a user would call broken: console errors, CSP violations, missing files."""

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Page, Response, expect

CSRF_COOKIE = settings.CSRF_COOKIE_NAME
# An answer of 4xx to a form is a page like any other; the browser logs it as an error of its own.
OWN_NOISE = "Failed to load resource"


class Complaints(list[str]):
    """What went wrong on a page so far. A test that provokes an error clears it."""

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.append(f"script error: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OWN_NOISE):
            self.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        is_file = response.request.resource_type in {"script", "stylesheet", "image", "font"}
        if response.status >= 500 or (is_file and response.status >= 400):
            self.append(f"{response.status} {response.url}")


def sign_in(page: Page, username: str, password: str) -> None:
    """Log in and stand where that leads. The form is sent without being drawn; `tests/people` and the walks type it."""
    login = reverse("login")
    page.request.get(login)
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == CSRF_COOKIE)
    given = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    answer = page.request.post(login, form=given, max_redirects=0)
    assert answer.status == 302, f"{username} could not log in: {answer.status}"
    page.goto(answer.headers["location"])


def switch_to(page: Page, language: str) -> None:
    """Press English or Spanish in the header."""
    page.click(f"button[name=language][value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)
