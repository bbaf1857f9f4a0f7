"""What becomes of one row of a file: placed, skipped or rejected, with its reason and its warnings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from accounts.placements.phones import Phone


class Result(StrEnum):
    PLACED = "placed"
    SKIPPED = "skipped"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class AdvanceColumns:
    """The terms of an advance besides its purchased amount. `share` is the percentage as a share of one."""

    purchase_price: Decimal
    share: Decimal
    rhythm: str
    remittance: Decimal


@dataclass(slots=True)
class PlacedRow:
    """One account as the creditor describes it. Empty text and None mean that the file doesn't say.

    `due` holds the contractual amounts that are overdue, oldest first. `due_basis` is empty when the file gives the
    past-due date, else the code of how it was estimated.
    """

    reference: str
    name: str
    party_kind: str
    language: str
    birth_date: date | None
    tax_id: str
    phones: list[Phone]
    email: str
    address: str
    city: str
    region: str
    postcode: str
    country: str
    creditor: str
    originated_on: date | None
    lent: Decimal | None
    purchased_amount: Decimal | None
    principal: Decimal
    interest: Decimal
    fees: Decimal
    costs: Decimal
    due: list[tuple[date, Decimal]]
    due_basis: str
    charged_off_on: date | None
    last_paid_on: date | None
    limitation_on: date | None
    terms: AdvanceColumns | None = None
    yearly_rate: Decimal | None = None

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest + self.fees + self.costs


@dataclass(slots=True)
class RowRead:
    """One row, read. `status` is the label of the creditor's status when the mapping knows statuses.

    `reason` is empty for a placed row; `column` names the header that the reason is about. Warnings are pairs of a code
    and a header; a rejected or skipped row keeps the warnings found before its end.
    """

    number: int
    result: Result
    reason: str = ""
    column: str = ""
    status: str = ""
    warnings: list[tuple[str, str]] = field(default_factory=list)
    placed: PlacedRow | None = None


class RowRejected(Exception):
    """Ends the reading of one row."""

    def __init__(self, reason: str, column: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column


class RowSkipped(RowRejected):
    """The row is in order but isn't for us."""
