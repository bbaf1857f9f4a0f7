"""Every page over a small book: accessible, as wide as the screen, in Spanish without English, strict."""

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from accounts.models import Account
from collections_crm.selectors.suspense import in_suspense
from collections_crm.ui.catalogue import kept
from tests.factories import NOW
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in

SCREENS = [("en", 1440, "light"), ("es-mx", 390, "dark"), ("es-mx", 320, "light")]
OF_AN_ACCOUNT = {
    "agent": ["account", "message-write", "promise", "paid-claim", "escalate", "notice-record", "account-support"],
    "compliance": ["account-support", "account-privacy"],
}
PAGES = {
    "agent": ["queue", "search", "inbox", "approvals", "messages"],
    "manager": ["queue", "approvals", "placement-list", "placement-upload", "verification-locks", "stops", "mailbox"],
    "finance": ["payments", "suspense", "suspense-take"],
    "compliance": ["inbox", "approvals", "privacy"],
}
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const inside = walker.currentNode.parentElement;
    if (inside.closest('[lang]').lang.startsWith('es') && !inside.closest('script, style, template, option, kbd'))
      found.push(walker.currentNode.textContent.replace(/\\s+/g, ' ').trim());
  }
  return found.filter(Boolean);
}"""


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat(), "DEMO": "1"}


@pytest.fixture(scope="module")
def book(real_db, django_db_blocker):
    """Some accounts with a month behind them, and the people of the demonstration."""
    with django_db_blocker.unblock(), override_settings(FROZEN_NOW=NOW, DEMO=True):
        call_command("seed_book", accounts=40)
        return Account.objects.earliest("pk")


@pytest.fixture(scope="module")
def english():
    """Sentences whose Spanish is another one: none of them may stand on a Spanish page."""
    catalogue = [message for message in kept() if isinstance(message.id, str) and message.id]
    spanish = {message.string for message in catalogue}
    # The people of the demonstration are called by their roles.
    return {m.id for m in catalogue if m.id != m.string and m.id not in spanish | set(PAGES)}


def addresses(role: str, account: Account) -> list[str]:
    own = [reverse(name, args=[account.reference]) for name in OF_AN_ACCOUNT.get(role, [])]
    if role == "finance":
        own += [reverse("payment-identify", args=[one.pk]) for one in in_suspense()[:1]]
    return [reverse(name) for name in PAGES[role]] + own


@pytest.mark.parametrize("role", PAGES)
def test_every_page_can_be_used_by_everybody(browser_page, book, english, role):
    sign_in(browser_page, role, f"demo{role}")

    wrong = []
    for language, width, theme in SCREENS:
        browser_page.set_viewport_size({"width": 1440, "height": 900})
        browser_page.goto(reverse("password_change"))
        browser_page.click(f"button[name=language][value={language}]")
        browser_page.emulate_media(color_scheme=theme)
        browser_page.set_viewport_size({"width": width, "height": 800})
        for address in addresses(role, book):
            wrong += [f"{address} {language} {width}: {found}" for found in faults(browser_page, address, english)]

    assert wrong == []


def faults(page, address: str, english: set[str]) -> list[str]:
    answer = page.goto(address)
    found = violations(page)
    if answer.status != 200 or "unsafe" in answer.headers["content-security-policy"]:
        found.append(f"answers {answer.status}")
    if overflows(page):
        found.append("is wider than the screen")
    if page.evaluate("document.documentElement.lang") == "es-mx":
        found += [f"says in English: {text}" for text in page.evaluate(TEXTS) if text in english]
    return found
