"""What is read of the real bank files, as docs/bank-files.md tells it: `python -m tests.support.bank_table` writes it.

Movements and sums are compared with what a plain scan of the text counts; each difference has its reason, or the test
that compares the page with the reading fails.
"""

import csv
import sys
from decimal import Decimal
from pathlib import Path

from accounts.bank.reading import read_bank_file
from accounts.bank.refusals import BankFileRefused
from tests.support.shared_data import ROOT, SHARED

PAGE = ROOT / "docs" / "bank-files.md"
BEGINS, ENDS = "<!-- table -->", "<!-- end of table -->"
# Where more or fewer movements are read than the scan counts in the text of a file that is in order.
EXPLAINED = {
    "bai2/sample3.txt": "two records stand behind others on the same line: the scan counts lines",
}


def scanned():
    with (SHARED / "bank" / "SCAN.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def outcome_of(name: str) -> tuple[str, str, str, str]:
    """Outcome, movements, sum, and what to say of it."""
    try:
        file = read_bank_file((SHARED / "bank" / name).read_bytes())
    except BankFileRefused as refusal:
        return "refused", "", "", str(refusal)
    return file.format, str(file.count), f"{file.signed_sum.normalize():f}", ", ".join(file.notes)


def rows() -> list[tuple[str, ...]]:
    found = []
    for row in scanned():
        outcome, count, total, said = outcome_of(row["file"])
        differs = outcome != "refused" and (count != row["movements"] or not same_sum(row["signed_sum"], total))
        reason = EXPLAINED.get(row["file"], "NOT EXPLAINED") if differs else said
        found.append((row["file"], row["movements"], row["signed_sum"], outcome, count, total, reason))
    return found


def same_sum(scanned_sum: str, total: str) -> bool:
    return not scanned_sum or Decimal(scanned_sum) == Decimal(total)


def table() -> str:
    head = "| file | scanned | sum | read as | movements | sum | remark |\n|---|---:|---:|---|---:|---:|---|\n"
    return head + "".join("| " + " | ".join(part.replace("|", "/") for part in row) + " |\n" for row in rows())


def page_with(found: str) -> str:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGINS)
    return f"{before}{BEGINS}\n{found}{ENDS}{rest.split(ENDS)[1]}"


if __name__ == "__main__":
    import django

    django.setup()
    Path(PAGE).write_text(page_with(table()), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written anew.\n")
