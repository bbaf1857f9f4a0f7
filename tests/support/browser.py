"""A browser page that remembers whatever a user would call broken: console errors, CSP violations, missing files."""

from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Page, Response, expect

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
    """Log in by the form, as a person does."""
    page.goto(reverse("login"))
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: reverse("login") not in url)


def switch_to(page: Page, language: str) -> None:
    """Press English or Spanish in the header."""
    page.click(f"button[name=language][value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)
