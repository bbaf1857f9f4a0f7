"""The fields that a mapping may fill."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """`required`: a file has its column, whatever stands in it. `aliases` are headers seen in the wild, in lower case
    without spaces and signs."""

    label: str | Promise
    required: bool = False
    aliases: tuple[str, ...] = ()


FIELDS = {
    "reference": Field(
        _("creditor's reference"),
        True,
        ("accountnumber", "accountno", "account", "loanid", "loannumber", "id", "cuenta", "credito", "referencia"),
    ),
    "status": Field(_("creditor's status"), aliases=("loanstatus", "accountstatus", "estado", "estatus")),
    "currency": Field(_("currency"), aliases=("ccy", "moneda")),
    "name": Field(
        _("name"), aliases=("fullname", "customer", "customername", "debtor", "borrower", "cliente", "nombre")
    ),
    "party_kind": Field(_("kind of party"), aliases=("customertype", "partytype")),
    "language": Field(_("language"), aliases=("preferredlanguage", "idioma")),
    "birth_date": Field(_("birth date"), aliases=("dob", "dateofbirth", "birthdate", "fechadenacimiento")),
    "tax_id": Field(_("tax identifier"), aliases=("taxid", "rfc", "ein", "abn", "ssn")),
    "phone": Field(_("phone"), aliases=("phonenumber", "mobile", "telephone", "telefono", "celular")),
    "phone_2": Field(_("second phone"), aliases=("phone2", "homephone", "otherphone", "telefono2")),
    "email": Field(_("e-mail"), aliases=("emailaddress", "mail", "correo", "correoelectronico")),
    "address": Field(_("street address"), aliases=("street", "address1", "addressline1", "direccion", "domicilio")),
    "city": Field(_("city"), aliases=("town", "suburb", "ciudad", "municipio")),
    "region": Field(_("state or region"), aliases=("state", "province", "county", "estadoderesidencia")),
    "postcode": Field(_("post code"), aliases=("zip", "zipcode", "postalcode", "cp", "codigopostal")),
    "country": Field(_("country"), aliases=("countrycode", "pais")),
    "creditor": Field(_("original creditor"), aliases=("originalcreditor", "bank", "lender", "acreedor")),
    "originated_on": Field(
        _("credit given on"), aliases=("disbursementdate", "issuedate", "opendate", "originationdate")
    ),
    "lent": Field(_("amount lent"), aliases=("loanamount", "originalamount", "disbursementgross", "montooriginal")),
    "purchased_amount": Field(_("purchased amount"), aliases=("purchasedreceivables", "rtrbalance")),
    "purchase_price": Field(_("purchase price of the advance"), aliases=("purchaseprice", "fundedamount")),
    "percentage": Field(_("specified percentage"), aliases=("specifiedpercentage", "holdback", "retrievalrate")),
    "rhythm": Field(_("remitted daily or weekly"), aliases=("paymentfrequency", "remittancefrequency")),
    "remittance": Field(_("estimated remittance"), aliases=("dailyremittance", "weeklyremittance", "specifieddaily")),
    "principal": Field(
        # Without it every account would open with interest and fees alone.
        _("principal"),
        True,
        ("balance", "principalbalance", "outstanding", "amountowed", "capital", "saldo"),
    ),
    "interest": Field(_("interest"), aliases=("accruedinterest", "intereses")),
    "yearly_rate": Field(_("interest a year, %"), aliases=("interestrate", "annualrate", "tasaanual", "tasadeinteres")),
    "fees": Field(_("fees"), aliases=("latefees", "charges", "comisiones")),
    "costs": Field(_("costs"), aliases=("collectioncosts", "gastos")),
    "due_now": Field(_("due now"), aliases=("arrears", "pastdue", "amountdue", "pastdueamount", "importevencido")),
    "instalment": Field(_("instalment"), aliases=("installment", "monthlypayment", "parcialidad")),
    "past_due_on": Field(
        _("past due since"), aliases=("pastduedate", "duedate", "delinquencydate", "defaultdate", "fechadevencimiento")
    ),
    "charged_off_on": Field(_("charged off on"), aliases=("chargeoffdate", "chgoffdate", "fechadecastigo")),
    "last_paid_on": Field(_("last paid on"), aliases=("lastpaymentdate", "lastpaid", "ultimopago")),
}
PARTS = ("principal", "interest", "fees", "costs")
AMOUNTS = (*PARTS, "due_now", "instalment", "lent", "purchased_amount", "purchase_price", "remittance")
DAYS = ("birth_date", "originated_on", "past_due_on", "charged_off_on", "last_paid_on")
