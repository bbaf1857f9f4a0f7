"""Direct debits that came back: Bacs ARUDD, ISO 20022 pain.002, Australian direct-entry returns."""

from __future__ import annotations

from decimal import Decimal
from xml.etree.ElementTree import Element

from accounts.bank import values
from accounts.bank.refusals import BankFileRefused
from accounts.bank.statement import ZERO, BankFile, ReturnItem, ReturnKind
from accounts.bank.xml import first_text, parsed, text_of


def read_arudd(content: bytes) -> BankFile:
    """The advice of returned items of Bacs. Refuses totals that don't agree and an advice without an item."""
    root = parsed(content)
    file = BankFile("arudd")
    header = root.find(".//ARUDD/Header")
    on = header.get("currentProcessingDate", "") if header is not None else ""
    for number, record in enumerate(root.iter("OriginatingAccountRecord"), start=1):
        place = f"account {number}"
        listed = enumerate(record.iter("ReturnedDebitItem"), start=1)
        items = [_bacs_item(one, f"{place}, item {at}", on) for at, one in listed]
        totals = record.find("Totals")
        if totals is not None:
            _refuse_other(place, totals.get("numberOf", ""), totals.get("valueOf", ""), items)
        file.returns += items
    if not file.returns:
        raise BankFileRefused("nothing_returned", f"<{root.tag}>")
    return file


def _bacs_item(item: Element, place: str, on: str) -> ReturnItem:
    payer = item.find("PayerAccount")
    said = payer.attrib if payer is not None else {}
    asked_on = item.get("originalProcessingDate", "")
    sort_code = said.get("sortCode", "").replace("-", "")
    return ReturnItem(
        kind=ReturnKind.RETURNED,
        code=item.get("returnCode", ""),
        amount=values.amount(item.get("valueOf", ""), place),
        currency=item.get("currency", "GBP"),
        reference=item.get("ref", ""),
        reason=item.get("returnDescription", ""),
        name=said.get("name", ""),
        account=f"{sort_code} {said.get('number', '')}".strip(),
        returned_on=values.day(on, place) if on else None,
        original_on=values.day(asked_on, place) if asked_on else None,
    )


def _refuse_other(place: str, count: str, total: str, items: list[ReturnItem]) -> None:
    found = sum((one.amount for one in items), ZERO)
    if count.isdigit() and int(count) != len(items):
        raise BankFileRefused("totals_differ", place, expected=count, found=len(items))
    if total and values.amount(total, place) != found:
        raise BankFileRefused("totals_differ", place, expected=total, found=found)


def read_pain002(content: bytes) -> BankFile:
    """A payment status report: what the bank rejected. Refuses one in which nothing was."""
    root = parsed(content)
    file = BankFile("pain.002")
    for number, one in enumerate(root.iter("TxInfAndSts"), start=1):
        if text_of(one, "TxSts") not in ("RJCT", "CANC"):
            continue
        place = f"transaction {number}"
        amount = one.find("OrgnlTxRef/Amt/InstdAmt")
        if amount is None:
            raise BankFileRefused("amount_unreadable", place, found="")
        asked_on = first_text(one, "OrgnlTxRef/ReqdColltnDt", "OrgnlTxRef/ReqdExctnDt/Dt", "OrgnlTxRef/ReqdExctnDt")
        file.returns.append(
            ReturnItem(
                kind=ReturnKind.RETURNED,
                code=first_text(one, "StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry"),
                amount=values.amount(amount.text or "", place),
                currency=amount.get("Ccy", ""),
                reference=first_text(one, "OrgnlEndToEndId", "OrgnlInstrId"),
                reason=text_of(one, "StsRsnInf/AddtlInf"),
                name=first_text(one, "OrgnlTxRef/Dbtr/Nm", "OrgnlTxRef/Dbtr/Pty/Nm"),
                account=first_text(one, "OrgnlTxRef/DbtrAcct/Id/IBAN", "OrgnlTxRef/DbtrAcct/Id/Othr/Id"),
                original_on=values.day(asked_on, place) if asked_on else None,
            )
        )
    if not file.returns:
        raise BankFileRefused("nothing_returned", f"<{root.tag}>")
    return file


AU_REASONS = {
    "1": "invalid BSB number", "2": "payment stopped", "3": "account closed", "4": "customer deceased",
    "5": "no account or incorrect account number", "6": "refer to customer", "7": "deleted", "8": "invalid user number",
    "9": "technically invalid",
}  # fmt: skip
AU_LENGTH = 120


def read_direct_entry(text: str) -> BankFile:
    """Returns of Australian direct entry: a descriptive record (0), returned items (2), a total (7). Refuses records of
    another length or kind, totals that don't agree, and a file of entries that go out."""
    found = [_au_record(raw, f"line {number}") for number, raw in enumerate(text.splitlines(), 1) if raw.strip()]
    items = [_au_item(line, place) for line, place in found if line[0] == "2"]
    if not items:
        out = sum(line[0] == "1" for line, _place in found)
        raise BankFileRefused("only_forward", count=out) if out else BankFileRefused("nothing_returned", "line 1")
    total = next(((line, place) for line, place in found if line[0] == "7"), None)
    if total is None:
        raise BankFileRefused("record_missing", "line 1", expected="7")
    _refuse_other_total(*total, items)
    return BankFile("au_direct_entry", returns=items)


def _au_record(raw: str, place: str) -> tuple[str, str]:
    line = raw.rstrip("\r\n")
    if len(line) != AU_LENGTH:
        raise BankFileRefused("record_length", place, found=len(line), expected=AU_LENGTH)
    if line[0] not in "0127":
        raise BankFileRefused("record_unknown", place, found=line[0])
    return line, place


def _au_item(line: str, place: str) -> ReturnItem:
    return ReturnItem(
        kind=ReturnKind.RETURNED,
        code=line[17],
        amount=values.minor_units(line[20:30], place),
        currency="AUD",
        reference=line[62:80].strip(),
        reason=AU_REASONS.get(line[17], ""),
        name=line[30:62].strip(),
        account=f"{line[1:8]} {line[8:17].strip()}",
    )


def _refuse_other_total(line: str, place: str, items: list[ReturnItem]) -> None:
    found = sum((one.amount for one in items), Decimal(0))
    said = max(values.minor_units(line[30:40], place), values.minor_units(line[40:50], place))
    if said != found or int(line[74:80].strip() or 0) != len(items):
        raise BankFileRefused("totals_differ", place, expected=said, found=found)
