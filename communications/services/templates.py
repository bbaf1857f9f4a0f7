"""The shipped words, and how a message is made from them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from accounts.foundation.errors import Refused
from accounts.models import Account, Party
from accounts.selectors.askable import Askable, may_be_asked
from communications.models import Template
from communications.policy.facts import ELEMENTS
from communications.services.links import PLACE
from communications.services.shipped_templates import SHIPPED

FIELD = re.compile(r"\{(\w+)\}")
KNOWN_FIELDS = {
    *("name", "creditor", "reference", "amount", "day", "due_now", "phone", "opt_out", "disclosure", "agency"),
    *("terms", "link"),
}

# What the law wants said in a written message, by jurisdiction and capacity; empty where nothing is prescribed.
DISCLOSURES = {
    ("US", "third_party_collector"): (
        "This is from a debt collector.",
        "Este mensaje es de un cobrador de deudas.",
    ),
    ("US", "debt_buyer"): ("This is from a debt collector.", "Este mensaje es de un cobrador de deudas."),
    ("UK", ""): (
        "Free, independent debt advice: moneyhelper.org.uk",
        "Asesoría gratuita e independiente sobre deudas: moneyhelper.org.uk",
    ),
    ("MX", ""): (
        "Complaints: CONDUSEF, 55 5340 0999.",
        "Quejas y reclamaciones: CONDUSEF, 55 5340 0999.",
    ),
    ("AU", ""): ("Complaints: AFCA, 1800 931 678.", "Quejas: AFCA, 1800 931 678."),
}
OPT_OUT = {
    "text": ("Reply STOP to opt out.", "Responda BAJA para no recibir más."),
    "email": ("To stop these e-mails, answer with STOP.", "Para no recibir más correos, responda BAJA."),
}


def load_templates(*, now: datetime) -> int:
    """Publish the shipped templates that this installation doesn't have yet. Answers how many were added."""
    added = 0
    for fields in SHIPPED:
        known = Template.objects.filter(code=fields["code"], channel=fields["channel"], jurisdiction="").exists()
        if not known:
            Template.objects.create(**fields, published_at=now)
            added += 1
    return added


def elements_of(template: Template | None) -> tuple[str, ...]:
    """What every message of a template carries; nothing is known to be in words without one. Its fields are its
    declaration, as publishing holds both languages to the same ones."""
    if template is None:
        return ()
    english = set(FIELD.findall(template.subject_en + template.body_en))
    spanish = set(FIELD.findall(template.subject_es + template.body_es))
    return tuple(element for element in ELEMENTS if element in english & spanish)


def published_template(*, code: str, channel: str, jurisdiction: str) -> Template:
    """The newest published version for the jurisdiction, else the one for all. Refuses when there is none."""
    found = (
        Template.objects.filter(
            code=code, channel=channel, jurisdiction__in=[jurisdiction, ""], published_at__isnull=False
        )
        .order_by("-jurisdiction", "-version")
        .first()
    )
    if found is None:
        raise Refused("no_published_template", template=code, channel=channel)
    return found


def names_what_is_due(template: Template) -> bool:
    """The words say how much is due, so they may only be sent while so much may be asked."""
    words = (template.subject_en, template.body_en, template.subject_es, template.body_es)
    return any("{due_now}" in text for text in words)


def render(
    template: Template, *, account: Account, party: Party, values: dict[str, Any], asked: Askable | None = None
) -> tuple[str, str]:
    """(subject, text) in the party's language. Amounts carry their currency, days the name of the month.

    What is due is said without what is in dispute; a caller with many accounts has read `asked` already. Refuses words
    about what is due where all of that is in dispute.
    """
    spanish = party.language.startswith("es")
    due = _due_to_say(template, account, asked)
    words = _standing_words(account, party, template.channel, spanish, due) | {
        name: _written(value, account.currency, spanish) for name, value in values.items()
    }
    subject = template.subject_es if spanish else template.subject_en
    body = template.body_es if spanish else template.body_en
    return tuple(FIELD.sub(lambda match: words[match.group(1)], text).strip() for text in (subject, body))  # type: ignore[return-value]


def _due_to_say(template: Template, account: Account, asked: Askable | None) -> Decimal:
    if not names_what_is_due(template):
        return account.due_now
    asked = asked or may_be_asked(account)
    if asked.disputed and not asked.due:
        raise Refused("message_of_what_is_disputed")
    return asked.due


def _standing_words(account: Account, party: Party, channel: str, spanish: bool, due: Decimal) -> dict[str, str]:
    portfolio = account.portfolio
    disclosures = DISCLOSURES.get((portfolio.jurisdiction, portfolio.capacity)) or DISCLOSURES.get(
        (portfolio.jurisdiction, ""), ("", "")
    )
    return {
        "name": party.name,
        "creditor": portfolio.creditor,
        "reference": account.reference,
        "due_now": _written(due, account.currency, spanish),
        "opt_out": OPT_OUT.get(channel, ("", ""))[spanish],
        "disclosure": disclosures[spanish],
        "agency": "Collections CRM",
        "phone": "",
        "amount": "",
        "day": "",
        "terms": "",
        "link": PLACE,
    }


@lru_cache(maxsize=10_000, typed=True)
def _written(value: Any, currency: str, spanish: bool) -> str:
    locale = "es_MX" if spanish else "en_GB"
    if isinstance(value, Decimal):
        return f"{format_decimal(value, '#,##0.00', locale='en')} {currency}"
    if isinstance(value, date):
        return format_date(value, "long", locale=locale)
    return str(value)
