"""OFX 1 (SGML, tags often unclosed) and OFX 2 (XML): statements of bank and card accounts.

Read by a small reader of our own: the kept libraries refuse files that banks really send (docs/bank-files.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from accounts.bank import values
from accounts.bank.refusals import BankFileRefused
from accounts.bank.statement import BankFile, Movement, Statement

TOKEN = re.compile(r"<(/?)([A-Za-z0-9._]+)\s*/?>([^<]*)")
STATEMENTS = ("STMTRS", "CCSTMTRS", "INVSTMTRS")
INVESTMENTS = re.compile(r"(BUY|SELL)(DEBT|MF|OPT|OTHER|STOCK)|INCOME|REINVEST|TRANSFER|INVEXPENSE|RETOFCAP|SPLIT")


@dataclass(slots=True)
class Node:
    tag: str
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def find(self, path: str) -> Node | None:
        node: Node | None = self
        for tag in path.split("/"):
            node = next((child for child in node.children if child.tag == tag), None) if node else None
        return node

    def said(self, *paths: str) -> str:
        return next((found.text for path in paths if (found := self.find(path)) is not None and found.text), "")

    def every(self, *tags: str) -> list[Node]:
        """All below with one of these names, in order."""
        found = []
        for child in self.children:
            found += [child] if child.tag in tags else []
            found += child.every(*tags)
        return found


def read_ofx(text: str) -> BankFile:
    """Refuses what has no statement, an answer in which the bank refused, an account that isn't named, amounts and days
    that are none, and files with entries of investments only."""
    root = _tree(text)
    found = [_statement(one, number) for number, one in enumerate(root.every(*STATEMENTS), start=1)]
    if not found:
        _refuse_without_statement(root)
    file = BankFile("ofx", found)
    investments = [one for one in root.every("INVTRANLIST") for one in one.children if INVESTMENTS.fullmatch(one.tag)]
    if investments:
        if not file.count:
            raise BankFileRefused("only_investments", f"line {investments[0].line}", count=len(investments))
        file.notes.append("investments_left_out")
    return file


def _refuse_without_statement(root: Node) -> None:
    for status in root.every("STATUS"):
        if status.said("SEVERITY") == "ERROR" or status.said("CODE") not in ("", "0"):
            said = status.said("MESSAGE") or status.said("CODE")
            raise BankFileRefused("sign_on_failed", f"line {status.line}", found=said)
    raise BankFileRefused("no_statement", f"line {root.children[0].line if root.children else 1}")


def _tree(text: str) -> Node:
    """SGML of OFX: what holds a value is closed by the next tag, what holds tags by its own end."""
    begins = text.upper().find("<OFX")
    if begins < 0:
        raise BankFileRefused("record_missing", "line 1", expected="<OFX>")
    root, line, last = Node("", 1), text.count("\n", 0, begins) + 1, begins
    open_nodes = [root]
    for found in TOKEN.finditer(text, begins):
        line += text.count("\n", last, found.start())
        last = found.start()
        ends, tag, value = found[1], found[2].upper(), unescape(found[3]).strip()
        if ends:
            _close(open_nodes, tag)
            continue
        node = Node(tag, line, value)
        open_nodes[-1].children.append(node)
        is_empty = re.search(rf"</{re.escape(found[2])}\s*>", text[found.end() : found.end() + len(found[2]) + 4])
        if not value and not is_empty and not found[0].rstrip().endswith("/>"):
            open_nodes.append(node)
    if len(open_nodes) > 1 and any(node.tag in ("OFX", *STATEMENTS, "BANKTRANLIST") for node in open_nodes):
        raise BankFileRefused("damaged", f"line {open_nodes[-1].line}", problem=f"<{open_nodes[-1].tag}>")
    return root


def _close(open_nodes: list[Node], tag: str) -> None:
    """An end closes the nearest of its name. What stood open inside it held nothing: what it took for its own came
    behind it."""
    for place in range(len(open_nodes) - 1, 0, -1):
        if open_nodes[place].tag == tag:
            while len(open_nodes) > place + 1:
                empty, parent = open_nodes.pop(), open_nodes[-1]
                parent.children += empty.children
                empty.children = []
            open_nodes.pop()
            return


def _statement(held: Node, number: int) -> Statement:
    place = f"statement {number} (line {held.line})"
    account = held.said("BANKACCTFROM/ACCTID", "CCACCTFROM/ACCTID", "INVACCTFROM/ACCTID")
    if not account:
        raise BankFileRefused("no_account", place)
    entries = held.every("STMTTRN")
    currency = held.said("CURDEF") or next((one.said("CURRENCY/CURSYM") for one in entries), "")
    if not currency:
        raise BankFileRefused("no_currency", place)
    closing = held.find("LEDGERBAL/BALAMT")
    return Statement(
        account,
        currency,
        place,
        closing=values.amount(closing.text, f"line {closing.line}") if closing is not None and closing.text else None,
        movements=[_movement(one, currency) for one in entries],
    )


def _movement(entry: Node, currency: str) -> Movement:
    place = f"line {entry.line}"
    posted = entry.said("DTPOSTED", "DTUSER")
    if not posted:
        raise BankFileRefused("day_missing", place)
    said = [entry.said("NAME", "PAYEE/NAME"), entry.said("MEMO")]
    return Movement(
        booked_on=values.day(posted, place),
        amount=values.amount(entry.said("TRNAMT"), place),
        currency=entry.said("CURRENCY/CURSYM", "ORIGCURRENCY/CURSYM") if entry.find("CURRENCY") else currency,
        value_on=values.day(entry.said("DTAVAIL"), place) if entry.said("DTAVAIL") else None,
        reference=entry.said("REFNUM", "CHECKNUM"),
        bank_reference=entry.said("FITID"),
        text=" ".join(dict.fromkeys(part for part in said if part)),
        payer=entry.said("NAME", "PAYEE/NAME"),
        payer_account=entry.said("BANKACCTTO/ACCTID", "CCACCTTO/ACCTID"),
    )
