"""What axe, the accessibility checker, finds wrong with a page as it is shown now."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# All that holds is neither described nor sent over: it would take four times as long.
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
LOOK = "options => axe.run(options).then(found => found.violations)"


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule of WCAG 2.2 AA or axe's best practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(LOOK, OPTIONS)
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def overflows(page: Page) -> bool:
    """True when the page must be scrolled sideways to be read."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")
