"""ISO 20022 cash management: camt.052 (report), camt.053 (statement), camt.054 (notification), versions 1 to 13."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree.ElementTree import Element

from accounts.bank import values
from accounts.bank.refusals import BankFileRefused
from accounts.bank.statement import BankFile, Movement, Statement
from accounts.bank.xml import below, first_text, parsed, text_of

MESSAGES = {"BkToCstmrAcctRpt": "camt.052", "BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054"}
HOLDERS = ("Rpt", "Stmt", "Ntfctn")
# Booked balances at both ends; interim ones of a page stand in for them.
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def read_camt(content: bytes) -> BankFile:
    """Movements booked and pending. Refuses a message without a statement, one without its account, amounts and days
    that are none, and a statement of camt.053 whose balances and movements don't agree."""
    root = parsed(content)
    message = next((child for child in root if _named(child)), None)
    if message is None:
        raise BankFileRefused("no_statement", f"<{root.tag}>")
    kind = MESSAGES[_named(message)]
    held = list(below(message, *HOLDERS))
    if not held:
        raise BankFileRefused("no_statement", f"<{message.tag}>")
    return BankFile(kind, [_statement(one, number) for number, one in enumerate(held, start=1)])


def _named(message: Element) -> str:
    """The first version wrote its number into the name."""
    name = re.sub(r"V\d\d$", "", message.tag)
    return name if name in MESSAGES else ""


def _statement(held: Element, number: int) -> Statement:
    place = f"statement {number} ({text_of(held, 'Id') or '-'})"
    account = first_text(held, *(f"Acct/Id/{kind}" for kind in ("IBAN", "Othr/Id", "PrtryAcct/Id", "BBAN", "UPIC")))
    if not account:
        raise BankFileRefused("no_account", place)
    balances = _balances(held, place)
    made_on = text_of(held, "CreDtTm")
    entries = [_movement(one, f"{place}, entry {at}", made_on) for at, one in enumerate(below(held, "Ntry"), start=1)]
    currency = text_of(held, "Acct/Ccy") or _only_currency(held, place)
    return Statement(
        account,
        currency,
        place,
        number=first_text(held, "LglSeqNb", "ElctrncSeqNb"),
        opening=next((balances[code] for code in OPENING if code in balances), None),
        closing=next((balances[code] for code in CLOSING if code in balances), None),
        movements=entries,
    )


def _balances(held: Element, place: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for balance in below(held, "Bal"):
        code = first_text(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd", "Cd")
        # Several of one kind (an interim and a final one): the first opening and the last closing count.
        if code in OPENING and code in found:
            continue
        found[code] = _signed(balance, place)
    return found


def _signed(element: Element, place: str) -> Decimal:
    amount = values.amount(text_of(element, "Amt"), place)
    return -amount if text_of(element, "CdtDbtInd") == "DBIT" else amount


def _only_currency(held: Element, place: str) -> str:
    amounts = held.findall("Bal/Amt") or held.findall("Ntry/Amt")
    found = next((one.get("Ccy", "") for one in amounts if one.get("Ccy")), "")
    if not found:
        raise BankFileRefused("no_currency", place)
    return found


def _movement(entry: Element, place: str, made_on: str) -> Movement:
    """Neither day is a must in the standard: then it is known on the day of the statement."""
    booked = first_text(entry, "BookgDt/Dt", "BookgDt/DtTm")
    valued = first_text(entry, "ValDt/Dt", "ValDt/DtTm")
    if not booked and not valued and not made_on:
        raise BankFileRefused("day_missing", place)
    details = entry.find("NtryDtls/TxDtls")
    if details is None:
        details = entry.find("TxDtls")
    side = "Dbtr" if text_of(entry, "CdtDbtInd") != "DBIT" else "Cdtr"
    parties = f"RltdPties/{side}"
    unstructured = [one.text.strip() for one in entry.iter("Ustrd") if one.text]
    creditors = first_text(entry, "NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref")
    said = [creditors, *unstructured, text_of(entry, "AddtlNtryInf")]
    return Movement(
        booked_on=values.day(booked or valued or made_on, place),
        amount=_signed(entry, place),
        currency=entry.find("Amt").get("Ccy", ""),  # type: ignore[union-attr]
        value_on=values.day(valued, place) if valued else None,
        reference=first_text(details, "Refs/EndToEndId", "Refs/InstrId", "Refs/MndtId").replace("NOTPROVIDED", ""),
        bank_reference=first_text(entry, "AcctSvcrRef", "NtryRef") or text_of(details, "Refs/AcctSvcrRef"),
        text=" ".join(part for part in said if part),
        payer=first_text(details, f"{parties}/Nm", f"{parties}/Pty/Nm"),
        payer_account=first_text(details, *(f"RltdPties/{side}Acct/Id/{kind}" for kind in ("IBAN", "Othr/Id", "BBAN"))),
        is_pending=first_text(entry, "Sts/Cd", "Sts") in ("PDNG", "INFO", "FUTR"),
    )
