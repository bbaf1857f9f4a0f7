"""An imported book keeps every invariant, and is what the services would have made of it."""

import io
from datetime import date

import pytest

from accounts.models import Account
from accounts.services.due import accounts_out_of_date
from accounts.services.placements.importing import import_file
from collections_crm.models import QueueEntry
from collections_crm.proof.invariants import INVARIANTS, violators
from collections_crm.work.refresh import refresh_whole_queue
from tests import factories
from tests.support.placement_files import HEADER, csv_bytes, row

ROWS = [
    row(),
    row(reference="A-2", phone=""),
    row(reference="A-3", past_due_on="2015-01-31"),
    row(reference="A-4", phone="", past_due_on="2015-01-31"),
    row(reference="A-5", due_now="1,240.50", past_due_on="2026-11-17"),
    row(reference="A-6", due_now=""),
    row(reference="A-7", past_due_on="", due_now=""),
]
MORE = [["", ""], ["", ""], ["", ""], ["", ""], ["", ""], ["500", ""], ["", "2026-08-01"]]


@pytest.fixture
def book(team, manager, now):
    portfolio = factories.make_portfolio("US")
    header = [*HEADER, "instalment", "charged_off_on"]
    rows = [[*cells, *more] for cells, more in zip(ROWS, MORE, strict=True)]
    import_file(
        portfolio_id=portfolio.pk,
        stream=io.BytesIO(csv_bytes(header=header, rows=rows)),
        file_name="a.csv",
        mapping_name="standard",
        as_of=date(2026, 11, 17),
        actor=manager,
        now=now,
    )
    return portfolio


def test_an_imported_book_breaks_no_invariant(book):
    assert Account.objects.live().count() == len(ROWS)

    assert {invariant.name: violators(invariant) for invariant in INVARIANTS if violators(invariant)} == {}


def test_what_is_due_needs_no_correction_on_the_day_of_loading(book):
    assert accounts_out_of_date(portfolio_id=book.pk, on=factories.TODAY) == []


def test_the_queue_has_every_placed_account_as_a_recomputation_would_make_it(book, now):
    entries = list(QueueEntry.objects.order_by("pk").values())

    refresh_whole_queue(now=now)

    assert len(entries) == len(ROWS)
    assert list(QueueEntry.objects.order_by("pk").values()) == entries
    assert QueueEntry.objects.filter(tab="trace").count() == 2
