"""Reading the rows of a file by a mapping. No row can raise: each ends placed, skipped or rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from accounts.foundation.card_numbers import contains_card_number
from accounts.foundation.regions import region_of
from accounts.foundation.spreadsheets import FORMULA_STARTS, looks_like_formula
from accounts.placements import cells
from accounts.placements.cells import Unreadable
from accounts.placements.fields import AMOUNTS, DAYS
from accounts.placements.mapping import Mapping, Source, folded
from accounts.placements.parties import LENIENT, contact_details
from accounts.placements.raw import RawRow
from accounts.placements.rows import AdvanceColumns, PlacedRow, Result, RowRead, RowRejected, RowSkipped
from accounts.placements.standing import Standing, standing_of
from accounts.placements.table import Table

READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(AMOUNTS, cells.amount),
    "country": cells.country,
    "language": cells.language,
    "party_kind": cells.party_kind,
    "percentage": cells.percentage,
    "rhythm": cells.rhythm,
    "yearly_rate": cells.yearly_rate,
}
ZERO = Decimal("0.00")
OF_TERMS = ("purchase_price", "percentage", "rhythm", "remittance")
TEXT_LIMITS = {"reference": 60, "tax_id": 40, "city": 80, "region": 40, "postcode": 16, "address": 160}
FIGURE = re.compile(r"-?\d{1,12}\.\d+")


class Column(NamedTuple):
    """One field of the mapping in one header: where its cell is, how it is read, and the cell to be taken from it."""

    name: str
    place: int
    read: Callable[[str], Any]
    minus: int | None
    prefix: str


def _text_reader(name: str) -> Callable[[str], str]:
    if name in LENIENT:  # read later, once the country is known
        return str.strip
    limit = TEXT_LIMITS.get(name, 200)
    return lambda text: cells.cleaned(text, limit)


class RowReader:
    """Reads rows of one header by one mapping, as they stood on the day `as_of`, in the portfolio's currency.

    A yearly rate above `most_interest` is warned of and read as that. Refuses, when it is made, a header that lacks a
    needed column.
    """

    def __init__(
        self,
        mapping: Mapping,
        header: list[str],
        *,
        as_of: date,
        currency: str,
        country: str,
        most_interest: Decimal | None = None,
    ) -> None:
        self.mapping = mapping
        self.header = header
        self.as_of = as_of
        self.currency = currency
        self.most_interest = most_interest
        self.defaults = {"country": country, **mapping.defaults}
        self.places = mapping.places(header)
        day = cells.day_reader(mapping.dates, mapping.century_from)
        present = {name: source for name, source in mapping.fields.items() if source.column in self.places}
        self._columns = [self._column(name, source, day) for name, source in present.items()]
        self._used = frozenset(self.places.values())

    def read(self, raw: RawRow) -> RowRead:
        row = RowRead(raw.number, Result.PLACED)
        try:
            self._refuse_card_numbers(raw)
            row.placed = self._placed(raw, row)
        except RowSkipped as end:
            row.result, row.reason, row.column = Result.SKIPPED, end.reason, end.column
        except RowRejected as end:
            row.result, row.reason, row.column = Result.REJECTED, end.reason, end.column
        return row

    def _column(self, name: str, source: Source, day: Callable[[str], date | None]) -> Column:
        read = READERS.get(name) or (day if name in DAYS else _text_reader(name))
        minus = self.places[source.minus] if source.minus else None
        return Column(name, self.places[source.column], read, minus, source.prefix)

    def _placed(self, raw: RawRow, row: RowRead) -> PlacedRow:
        if len(raw.cells) != len(self.header):
            raise RowRejected("wrong_number_of_cells")
        self._refuse_formulas(raw)
        meaning = self._status(raw, row)
        values = {**self.defaults, **self._values(raw, row)}
        self._refuse_other_currency(values)
        self._hold_interest(values, row)
        contact = contact_details(values, row.warnings, self._column_of)
        region = region_of(contact.country, contact.region, contact.postcode)
        standing = standing_of(values, meaning, self.as_of, contact.country, region, row.warnings, self._column_of)
        return _joined(values, contact, standing, _advance_terms(values, row, self._column_of))

    def _hold_interest(self, values: dict[str, Any], row: RowRead) -> None:
        """A day's interest above what the law allows isn't run: the creditor hears of it."""
        rate, most = values.get("yearly_rate"), self.most_interest
        if rate is not None and most is not None and rate > most:
            row.warnings.append(("interest_above_cap", self._column_of("yearly_rate")))
            values["yearly_rate"] = most or None

    def _refuse_card_numbers(self, raw: RawRow) -> None:
        """In no column, read or not: a rejected row is kept as it came, so those cells are emptied first."""
        cards = [place for place, text in enumerate(raw.cells) if len(text) > 12 and _holds_card(text)]
        for place in cards:
            raw.cells[place] = ""
        if cards:
            raise RowRejected("card_number", self.header[cards[0]] if cards[0] < len(self.header) else "")

    def _refuse_formulas(self, raw: RawRow) -> None:
        """What a formula shows is not in the file: it was computed elsewhere, from something we don't see."""
        computed = raw.formulas & self._used
        if computed:
            raise RowRejected("formula_cell", self.header[min(computed)])

    def _status(self, raw: RawRow, row: RowRead):
        if not self.mapping.statuses:
            return None
        column = self.mapping.fields["status"].column
        meaning = self.mapping.statuses.get(folded(raw.cells[self.places[column]]))
        if meaning is None:
            raise RowRejected("status_unknown", column)
        row.status = meaning.label
        if meaning.skip:
            raise RowSkipped(meaning.label, column)
        return meaning

    def _values(self, raw: RawRow, row: RowRead) -> dict[str, Any]:
        """Field -> value of the cells that hold something."""
        values = {}
        for column in self._columns:
            value = self._cell(column, column.place, raw, row)
            if column.minus is not None:
                value = (value or ZERO) - (self._cell(column, column.minus, raw, row) or ZERO)
            if value is not None and value != "":
                values[column.name] = column.prefix + value if column.prefix else value
        self._warn_of_missing(values, row)
        return values

    def _cell(self, column: Column, place: int, raw: RawRow, row: RowRead) -> Any:
        text = raw.cells[place]
        if not text:
            return None
        formula = text[0] in FORMULA_STARTS and looks_like_formula(text)
        try:
            value = column.read(text)
        except Unreadable as problem:
            raise RowRejected("formula_cell" if formula else problem.code, self.header[place]) from problem
        if formula:
            row.warnings.append(("formula_kept_as_text", self.header[place]))
        if "\ufffd" in text:
            row.warnings.append(("damaged_text", self.header[place]))
        return value

    def _warn_of_missing(self, values: dict[str, Any], row: RowRead) -> None:
        for name in self.mapping.expected:
            if name not in values:
                row.warnings.append((f"{name}_missing", self._column_of(name)))

    def _refuse_other_currency(self, values: dict[str, Any]) -> None:
        if values.get("currency", self.currency).upper() != self.currency:
            raise RowRejected("other_currency", self._column_of("currency"))

    def _column_of(self, name: str) -> str:
        source = self.mapping.fields.get(name)
        return source.column if source else ""


def read_rows(table: Table, reader: RowReader) -> Iterator[tuple[RawRow, RowRead]]:
    """Every row of the table with what became of it. A reference said twice is rejected the second time."""
    seen: set[str] = set()
    for raw in table.rows:
        row = reader.read(raw)
        if row.placed:
            if row.placed.reference in seen:
                row.result, row.reason, row.placed = Result.REJECTED, "reference_repeated", None
                row.column = reader.mapping.fields["reference"].column
            else:
                seen.add(row.placed.reference)
        yield raw, row


def _advance_terms(values: dict[str, Any], row: RowRead, column_of: Callable[[str], str]) -> AdvanceColumns | None:
    """The terms of an advance when all of them are there and can be true together; else none, with a warning."""
    said = {name: values[name] for name in OF_TERMS if name in values}
    if not said:
        return None
    bought = values.get("purchased_amount")
    if len(said) < len(OF_TERMS) or bought is None or not _bought_for_less(said, bought):
        row.warnings.append(("advance_terms_incomplete", column_of(next(iter(said)))))
        return None
    return AdvanceColumns(said["purchase_price"], said["percentage"], said["rhythm"], said["remittance"])


def _bought_for_less(said: dict[str, Any], bought: Decimal) -> bool:
    return 0 < said["purchase_price"] < bought and said["remittance"] >= 0


def _joined(values: dict[str, Any], contact: Any, standing: Standing, terms: AdvanceColumns | None) -> PlacedRow:
    return PlacedRow(
        reference=values.get("reference") or _missing("reference"),
        name=values.get("name", ""),
        party_kind=contact.party_kind,
        language=values.get("language", ""),
        birth_date=values.get("birth_date"),
        tax_id=values.get("tax_id", ""),
        phones=contact.phones,
        email=contact.email,
        address=values.get("address", ""),
        city=values.get("city", ""),
        region=contact.region,
        postcode=contact.postcode,
        country=contact.country,
        creditor=values.get("creditor", ""),
        originated_on=values.get("originated_on"),
        lent=values.get("lent"),
        purchased_amount=values.get("purchased_amount"),
        principal=standing.parts[0],
        interest=standing.parts[1],
        fees=standing.parts[2],
        costs=standing.parts[3],
        due=standing.due,
        due_basis=standing.due_basis,
        charged_off_on=standing.charged_off_on,
        last_paid_on=values.get("last_paid_on"),
        limitation_on=standing.limitation_on,
        terms=terms,
        yearly_rate=values.get("yearly_rate"),
    )


def _missing(name: str) -> str:
    raise RowRejected(f"{name}_missing")


def _holds_card(text: str) -> bool:
    """A figure with decimals is none, however many: files carry rates and shares to the last digit."""
    return FIGURE.fullmatch(text) is None and contains_card_number(text)
