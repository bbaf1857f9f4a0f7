"""The demo's house, and a second desk."""

from datetime import timedelta

import pytest

from accounts.models import Portfolio
from collections_crm.demo.people import hire_staff, open_portfolios
from tests import factories


@pytest.fixture(scope="module")
def demo(real_db):
    """The demo's staff, portfolios and limits; the accounts are placed by each day."""
    hire_staff(open_portfolios())
    yesterday = factories.TODAY - timedelta(days=1)
    Portfolio.objects.update(closed_through=yesterday, cash_posted_through=yesterday)


@pytest.fixture
def colleague(browser, live_app, complaints):
    """Another desk: its page, for one person after the other."""
    context = browser.new_context(base_url=live_app.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints.watch(page)
    yield page
    context.close()
