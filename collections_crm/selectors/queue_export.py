"""The list of the queue as a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.foundation.spreadsheets import BYTE_ORDER_MARK, Line, inert
from accounts.foundation.users import User
from accounts.models import Portfolio
from collections_crm.selectors.queue_lists import Filters, find_entries, lanes_at
from collections_crm.selectors.queue_rows import Row, rows_of
from collections_crm.selectors.queue_scope import Scope

AT_ONCE = 500
AT_MOST = 10_000


def exported_rows(
    user: User, *, scope: Scope, tab: str, filters: Filters, portfolios: list[Portfolio], now: datetime
) -> Iterator[Row]:
    """The rows of the list as the page shows them, names shortened alike; ten thousand at most."""
    lanes, ids = lanes_at(now), [portfolio.pk for portfolio in portfolios]
    after, left = "", AT_MOST
    while left > 0:
        found = find_entries(scope, lanes.of(tab), filters, portfolios=ids, after=after, size=min(AT_ONCE, left))
        yield from rows_of(found.ids, lanes.windows, portfolios, user=user, now=now)
        after, left = found.next, left - len(found.ids)
        if not after:
            return


def export_file(rows: Iterable[Row]) -> Iterator[str]:
    """CSV that a spreadsheet opens as it is: no cell of it is computed there."""
    writer: Any = csv.writer(Line())
    names = [
        _("Reference"), _("Customer"), _("Language"), _("Due now"), _("Balance"), _("Currency"), _("Days past due"),
        _("Last contact"), _("Next step"), _("Why now"),
    ]  # fmt: skip
    yield BYTE_ORDER_MARK + writer.writerow(names)
    for row in rows:
        figures = [row.due_now.replace(",", ""), row.balance.replace(",", ""), row.currency, row.age]
        cells = [row.reference, row.customer, row.language, *figures, row.last, row.next_step, row.why]
        yield writer.writerow(list(map(inert, cells)))
