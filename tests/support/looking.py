"""Looking at a page as a walk comes by; PICTURES names a folder that keeps what was seen."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.support.axe import overflows, violations

PICTURES = os.environ.get("PICTURES", "")


def looked_at(page: Page, name: str) -> None:
    """Sound, and nothing runs over the edge at the width of a desk and of a phone."""
    # As tall as the page: what the call bar covers just now is no fault of what lies under it.
    page.set_viewport_size({"width": 1280, "height": 2600})
    assert violations(page) == []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page)
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
