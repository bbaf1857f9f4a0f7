"""What bank files say, whatever their format: statements with movements, and payments that came back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came (above zero) or went, on one bank account, on a civil day of the bank.

    `reference` is the payer's, `bank_reference` the bank's. A pending one is only announced: it isn't posted, and not
    part of a balance.
    """

    booked_on: date
    amount: Decimal
    currency: str
    value_on: date | None = None
    reference: str = ""
    bank_reference: str = ""
    text: str = ""
    payer: str = ""
    payer_account: str = ""
    is_pending: bool = False


@dataclass(slots=True)
class Statement:
    """One statement of one bank account. `place` is where in the file it begins, for whoever has to look."""

    account: str
    currency: str
    place: str
    number: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    movements: list[Movement] = field(default_factory=list)

    @property
    def booked(self) -> Decimal:
        return sum((one.amount for one in self.movements if not one.is_pending), ZERO)

    @property
    def is_balanced(self) -> bool:
        """True when it can't be told: without both balances there is nothing to compare."""
        return None in (self.opening, self.closing) or self.opening + self.booked == self.closing  # type: ignore[operator]


class ReturnKind(StrEnum):
    RETURNED = "returned"
    CHANGE = "change"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """A payment that came back, or a change that the payer's bank asks for (`corrected` is what to use from now on).

    `code` is the scheme's own (R01, 1012, AC04). `disputed` ones are between banks: nothing is taken back for them
    again.
    """

    kind: ReturnKind
    code: str
    amount: Decimal
    currency: str
    reference: str
    reason: str = ""
    name: str = ""
    account: str = ""
    returned_on: date | None = None
    original_on: date | None = None
    corrected: str = ""


@dataclass(slots=True)
class BankFile:
    """A whole file, read right. `notes` are codes of what whoever posts it should know."""

    format: str
    statements: list[Statement] = field(default_factory=list)
    returns: list[ReturnItem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def movements(self) -> Iterator[Movement]:
        for statement in self.statements:
            yield from statement.movements

    @property
    def count(self) -> int:
        return sum(len(statement.movements) for statement in self.statements) + len(self.returns)

    @property
    def signed_sum(self) -> Decimal:
        """Of movements; of returns what came back, as the amounts that were asked for."""
        return sum((one.amount for one in self.movements), sum((one.amount for one in self.returns), ZERO))
