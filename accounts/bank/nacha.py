"""NACHA files of the United States: what came back (returns) and what banks ask to change. What goes out is neither.

Positions by the NACHA Operating Rules, appendix three; ours, for no kept parser reads returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounts.bank import values
from accounts.bank.refusals import BankFileRefused
from accounts.bank.statement import BankFile, ReturnItem, ReturnKind

LENGTH = 94
# Types of addenda.
CHANGED, CAME_BACK = "98", "99"
# Between banks: a dishonoured return and a contested one go over the same payment again.
DISPUTED = {"R61", "R62", "R67", "R68", "R69", "R70", *(f"R{number}" for number in range(71, 78))}
KNOWN = {f"R{number:02}" for number in (*range(1, 54), *range(61, 78), *range(80, 86))} | {
    f"C{number:02}" for number in (*range(1, 15), *range(61, 70))
}
REASONS = {
    "R01": "insufficient funds", "R02": "account closed", "R03": "no account", "R04": "invalid account number",
    "R05": "unauthorized debit to a consumer account", "R06": "returned at the request of the sending bank",
    "R07": "authorization revoked", "R08": "payment stopped", "R09": "uncollected funds",
    "R10": "not authorized by the customer", "R11": "not in accordance with the authorization",
    "R14": "representative payee deceased", "R15": "beneficiary or account holder deceased", "R16": "account frozen",
    "R17": "file record edit criteria", "R20": "non-transaction account", "R23": "credit refused by receiver",
    "R24": "duplicate entry", "R29": "corporate customer advises not authorized", "R31": "permissible return",
    "R33": "return of an XCK entry",
}  # fmt: skip


@dataclass(slots=True)
class Line:
    number: int
    text: str

    @property
    def kind(self) -> str:
        return self.text[:1]

    @property
    def place(self) -> str:
        return f"line {self.number}"

    def at(self, first: int, last: int) -> str:
        """Positions as the rules count them: from 1, both included."""
        return self.text[first - 1 : last].strip()


@dataclass(slots=True)
class Batch:
    head: Line
    entries: int = 0
    debits: int = 0
    credits: int = 0
    hash: int = 0


def read_nacha(text: str) -> BankFile:
    """Refuses records of another length or out of order, controls that don't agree with what they close, and a file in
    which nothing came back."""
    lines = list(_lines(text))
    if not lines or lines[0].kind != "1":
        raise BankFileRefused("record_missing", "line 1", expected="1 (file header)")
    reading = _Reading()
    control = next((line for line in lines if line.kind == "9"), None)
    for line in lines[1 : lines.index(control) if control else None]:
        reading.take(line)
    reading.refuse_open(control or lines[-1])
    if control is None:
        raise BankFileRefused("record_missing", lines[-1].place, expected="9 (file control)")
    _refuse_other_file(control, reading.batches)
    if not reading.file.returns:
        if reading.entries:
            raise BankFileRefused("only_forward", count=reading.entries)
        raise BankFileRefused("nothing_returned", "line 1")
    return reading.file


def _lines(text: str) -> Iterator[Line]:
    """Records; what only fills the last block of ten, lines of nines, is left out."""
    raws = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(raws) <= 2 and len(raws[0]) > LENGTH and not len(raws[0]) % LENGTH:
        raws = [raws[0][at : at + LENGTH] for at in range(0, len(raws[0]), LENGTH)]
    for number, raw in enumerate(raws, start=1):
        if not raw.strip("9").strip():
            continue
        if len(raw.rstrip()) > LENGTH:
            raise BankFileRefused("record_length", f"line {number}", found=len(raw.rstrip()), expected=LENGTH)
        if raw[:1] not in "156789":
            raise BankFileRefused("record_unknown", f"line {number}", found=raw[:1])
        yield Line(number, raw.rstrip("\n").ljust(LENGTH))


class _Reading:
    """One record after the other: batches of entries, each entry with its addenda, each batch closed by its control."""

    def __init__(self) -> None:
        self.file = BankFile("nacha")
        self.batches: list[Batch] = []
        self.batch: Batch | None = None
        self.entry: Line | None = None
        self.entries = 0

    def take(self, line: Line) -> None:
        acts = {"5": self._begin, "6": self._enter, "7": self._add, "8": self._end}
        if line.kind not in acts:
            raise BankFileRefused("record_misplaced", line.place, found=line.kind)
        acts[line.kind](line)

    def _begin(self, line: Line) -> None:
        self.refuse_open(line)
        self.batch, self.entry = Batch(line), None
        self.batches.append(self.batch)

    def _enter(self, line: Line) -> None:
        if self.batch is None:
            raise BankFileRefused("record_missing", line.place, expected="5 (batch header)")
        self.entry, self.entries = line, self.entries + 1
        _count(self.batch, line)

    def _add(self, line: Line) -> None:
        if self.batch is None or self.entry is None:
            raise BankFileRefused("record_misplaced", line.place, found="7 (addenda)")
        self.batch.entries += 1
        if line.at(2, 3) in (CHANGED, CAME_BACK):
            self.file.returns.append(_item(line, self.entry, self.batch))

    def _end(self, line: Line) -> None:
        if self.batch is None:
            raise BankFileRefused("record_misplaced", line.place, found="8 (batch control)")
        _refuse_other_batch(line, self.batch)
        self.batch = None

    def refuse_open(self, line: Line) -> None:
        if self.batch is not None:
            raise BankFileRefused("record_missing", line.place, expected="8 (batch control)")


def _count(batch: Batch, line: Line) -> None:
    batch.entries += 1
    batch.hash += int(line.at(4, 11)) if line.at(4, 11).isdigit() else 0
    amount = int(values.minor_units(_amount_of(line, batch), line.place, 0))
    if _takes(line.text[2:3], batch):
        batch.debits += amount
    else:
        batch.credits += amount


def _takes(last_digit: str, batch: Batch) -> bool:
    """Transaction codes: 2x to 5x take from 5 on; advices (8x) take where they are even."""
    return last_digit in "2468" if _is_advice(batch) else last_digit in "56789"


def _is_advice(batch: Batch) -> bool:
    return batch.head.at(51, 53) == "ADV"


def _amount_of(line: Line, batch: Batch) -> str:
    return line.at(28, 39) if _is_advice(batch) else line.at(30, 39)


def _item(line: Line, entry: Line, batch: Batch) -> ReturnItem:
    code = line.at(4, 6)
    if code not in KNOWN:
        raise BankFileRefused("code_unknown", line.place, found=code or "-")
    is_change = line.at(2, 3) == CHANGED
    is_international = batch.head.at(51, 53) == "IAT"
    back = ReturnKind.DISPUTED if code in DISPUTED else ReturnKind.RETURNED
    return ReturnItem(
        kind=ReturnKind.CHANGE if is_change else back,
        code=code,
        amount=values.minor_units(_amount_of(entry, batch), entry.place),
        currency="USD",
        reference=line.at(7, 21),
        reason=REASONS.get(code, ""),
        name="" if is_international else entry.at(55, 76),
        account=entry.at(40, 74) if is_international else entry.at(13, 29),
        returned_on=_day(batch.head.at(70, 75), batch.head),
        corrected=line.at(36, 64) if is_change else "",
    )


def _day(text: str, line: Line) -> date | None:
    return values.short_day(text, line.place) if text and text != "000000" else None


def _refuse_other_batch(line: Line, batch: Batch) -> None:
    ends = (21, 40, 41, 60) if _is_advice(batch) else (21, 32, 33, 44)
    said = [line.at(5, 10), line.at(11, 20), line.at(*ends[:2]), line.at(*ends[2:])]
    _refuse_differing(line, said, [batch.entries, batch.hash % 10**10, batch.debits, batch.credits])


def _refuse_other_file(control: Line, batches: list[Batch]) -> None:
    advice = any(_is_advice(batch) for batch in batches)
    ends = (32, 51, 52, 71) if advice else (32, 43, 44, 55)
    said = [control.at(2, 7), control.at(14, 21), control.at(22, 31), control.at(*ends[:2]), control.at(*ends[2:])]
    found = [
        len(batches),
        sum(batch.entries for batch in batches),
        sum(batch.hash for batch in batches) % 10**10,
        sum(batch.debits for batch in batches),
        sum(batch.credits for batch in batches),
    ]
    _refuse_differing(control, said, found)


def _refuse_differing(line: Line, said: list[str], found: list[int]) -> None:
    for written, counted in zip(said, found, strict=True):
        if not written.isdigit() or int(written) != counted:
            raise BankFileRefused("totals_differ", line.place, expected=written or "-", found=counted)
