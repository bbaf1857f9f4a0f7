"""Bank files are read right as a whole or refused with place and reason; nothing in between."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.bank.reading import read_bank_file
from accounts.bank.refusals import BankFileRefused
from accounts.bank.statement import ReturnKind
from tests.support import bank_table
from tests.support.shared_data import SHARED, needs

MT940 = """:20:STARTUMSE
:25:12345678/1020304050
:28C:00001/001
:60F:C261116EUR100,00
:61:2611171117C50,00NTRFA-10001//B4E0
:86:Loan of Ana
:61:2611171117D20,00NCHKNONREF
:61:2611171117RC10,00NRTINONREF
:62F:C261117EUR{closing}
-
"""
BAI = """01,BANK,US,261117,0600,1,,,2/
02,US,BANK,1,261116,2359,USD,2/
03,0012345,USD,010,10000,,,015,{closing},,/
16,165,5000,Z,B-1,A-10001,ACH/FROM ANA/
88,SECOND LINE/
16,475,2000,,B-2,,CHECK/
49,{total},5/
98,{total},1,7/
99,{total},1,9/
"""
CAMT = """<?xml version="1.0"?>{doctype}
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S1</Id>
<Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id><Ccy>GBP</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">15.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="GBP">25.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-11-17</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>A-10001</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>Ana Ruiz</Nm></Pty></Dbtr>
</RltdPties><RmtInf><Ustrd>November</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="GBP">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>
<BookgDt><Dt>2026-11-18</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
PAIN = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlPmtInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>A-10001</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>
<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">12.50</InstdAmt></Amt>
<ReqdColltnDt>2026-11-12</ReqdColltnDt></OrgnlTxRef></TxInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>A-2</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""


def refusal_of(content):
    with pytest.raises(BankFileRefused) as refusal:
        read_bank_file(content if isinstance(content, bytes) else content.encode())
    return refusal.value


def au_item(reference, cents, code="6"):
    return f"2062-00012345678 {code}13{cents:010}{'RUIZ ANA':<32}{reference:<18}062-000 87654321{'LENDER':<16}17301234"[
        :120
    ].ljust(120)


def test_a_swift_statement_keeps_its_signs_references_and_days():
    file = read_bank_file(MT940.format(closing="120,00").encode())

    (statement,) = file.statements
    assert (file.format, statement.account, statement.currency) == ("mt940", "12345678/1020304050", "EUR")
    assert [one.amount for one in statement.movements] == [Decimal(50), Decimal(-20), Decimal(-10)]
    first = statement.movements[0]
    assert (first.reference, first.bank_reference, first.text) == ("A-10001", "B4E0", "Loan of Ana")
    assert first.booked_on == date(2026, 11, 17)


@pytest.mark.parametrize("content", [
    MT940.format(closing="120,01"),
    BAI.format(closing=13001, total=30001),
    CAMT.format(doctype="").replace("15.00", "15.01"),
])  # fmt: skip
def test_what_does_not_add_up_is_refused_with_its_figures(content):
    refusal = refusal_of(content)

    assert refusal.code == "bank.not_balanced"
    assert "apart" in str(refusal)


def test_a_bai_record_goes_on_over_lines_and_its_slashes():
    file = read_bank_file(BAI.format(closing=13000, total=30000).encode())

    first, second = file.statements[0].movements
    assert (first.amount, first.reference, first.bank_reference) == (Decimal(50), "A-10001", "B-1")
    assert first.text == "ACH/FROM ANA SECOND LINE"
    assert (second.amount, second.booked_on) == (Decimal(-20), date(2026, 11, 16))


@pytest.mark.parametrize(("content", "code"), [
    (BAI.format(closing=13000, total=31000), "bank.totals_differ"),
    (BAI.format(closing=13000, total=30000).replace("99,30000,1,9/\n", ""), "bank.record_missing"),
    (BAI.format(closing=13000, total=30000).replace("16,475,2000", "16,475,20.00"), "bank.amount_unreadable"),
    (BAI.format(closing=13000, total=30000).replace("261116,2359", "261331,2359"), "bank.day_unreadable"),
    (MT940.format(closing="120,00").replace(":25:12345678/1020304050\n", ""), "bank.no_account"),
    (MT940.format(closing="120,00").replace("C50,00", "C5x0,00"), "bank.movements_unreadable"),
    (CAMT.format(doctype="")[:-40], "bank.damaged"),
    (CAMT.format(doctype='<!DOCTYPE a [<!ENTITY b "c">]>'), "bank.has_doctype"),
    (PAIN.replace("RJCT", "ACSC"), "bank.nothing_returned"),
    ("a,b\n1,2\n", "bank.unknown_format"),
    ("  \n", "bank.empty"),
    (b"\x89PNG\r\n\x1a\n", "bank.unknown_format"),
])  # fmt: skip
def test_each_fault_has_its_own_refusal(content, code):
    assert refusal_of(content).code == code


def test_a_camt_statement_tells_who_paid_and_what_is_only_announced():
    file = read_bank_file(CAMT.format(doctype="").encode())

    paid, announced = file.movements
    assert (paid.amount, paid.reference, paid.payer, paid.text) == (Decimal(25), "A-10001", "Ana Ruiz", "November")
    assert (paid.is_pending, announced.is_pending) == (False, True)
    assert file.statements[0].booked == Decimal(25)


def test_what_a_bank_rejected_is_read_with_reference_and_reason():
    (item,) = read_bank_file(PAIN.encode()).returns

    assert (item.reference, item.code, item.amount, item.currency) == ("A-10001", "AM04", Decimal("12.50"), "EUR")
    assert item.original_on == date(2026, 11, 12)


def test_australian_returns_are_read_and_compared_with_their_total():
    head = f"0{'':17}01CBA{'':7}{'LENDER':<26}123456{'RETURNS':<12}171126".ljust(120)
    total = f"7999-999{'':12}{2550:010}{0:010}{2550:010}{'':24}{2:06}".ljust(120)
    content = "\n".join([head, au_item("A-10001", 1250), au_item("A-10002", 1300, "3"), total])

    first, second = read_bank_file(content.encode()).returns
    assert (first.reference, first.amount, first.reason) == ("A-10001", Decimal("12.50"), "refer to customer")
    assert (second.code, second.reason, second.currency) == ("3", "account closed", "AUD")
    assert refusal_of(content.replace(f"{2550:010}", f"{2551:010}")).code == "bank.totals_differ"
    assert refusal_of("\n".join([head, "1" + head[1:], total])).code == "bank.only_forward"


@needs("bank/SCAN.csv")
def test_the_page_tells_what_is_read_of_every_real_file_and_why_it_differs():
    found = bank_table.table()

    assert "NOT EXPLAINED" not in found
    assert bank_table.PAGE.read_text(encoding="utf-8") == bank_table.page_with(found)


@needs("bank/SCAN.csv")
def test_every_file_of_a_folder_is_told_by_the_command(capsys):
    call_command("check_bank_files", str(SHARED / "bank"))

    told = capsys.readouterr().out
    assert "247 files: " in told
    assert "arudd/arudd_example.xml: arudd, 3 movements, sum 225.00" in told
    assert "nacha/ppd-debit.ach: refused. There are no returns in this file" in told


@needs("bank/SCAN.csv")
def test_returns_tell_what_came_back_and_disputes_between_banks_apart():
    folder = SHARED / "bank" / "nacha"

    back = read_bank_file((folder / "return-WEB.ach").read_bytes()).returns
    contested = read_bank_file((folder / "contested-return.ach").read_bytes()).returns
    change = read_bank_file((folder / "cor-example.ach").read_bytes()).returns
    assert [one.code for one in back] == ["R01", "R03"]
    assert {one.kind for one in contested} == {ReturnKind.RETURNED, ReturnKind.DISPUTED}
    assert change[0].kind == ReturnKind.CHANGE
    assert change[0].corrected


@needs("bank/SCAN.csv")
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_real_file_cut_or_changed_anywhere_is_read_or_refused_and_never_breaks(data):
    """Whatever happens to a file on its way, the answer is a file that adds up or a refusal with words."""
    names = [row["file"] for row in bank_table.scanned()]
    content = bytearray((SHARED / "bank" / data.draw(st.sampled_from(names))).read_bytes())
    for _change in range(data.draw(st.integers(1, 4))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    with suppress(BankFileRefused):
        file = read_bank_file(bytes(content))
        assert file.count or all(one.is_balanced for one in file.statements)
