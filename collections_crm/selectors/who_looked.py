"""Who looked at what: the pages of an account that were opened, and the values that were shown in full."""

from __future__ import annotations

from datetime import date

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.foundation import days
from accounts.foundation.days import ONE_DAY
from accounts.foundation.users import User
from accounts.models import Account, AccountAccess, Reveal
from accounts.services.reveals import RevealReason
from accounts.services.sensitive_notes import ReadingReason

# What a page is called in the log. Any other is told as a page of the account.
PAGES: dict[str, Promise] = {
    "account": _("the account"),
    "account-older": _("older history"),
    "account-act": _("a form"),
    "account-way": _("a contact point"),
    "account-reveal": _("the question why a value is needed"),
    "account-file": _("a file"),
    "account-readers": _("who opened it"),
    "account-why": _("why somebody may be contacted"),
    "account-support": _("the support need"),
    "account-support-text": _("the question why a sensitive note is read"),
    "account-privacy": _("personal data as a whole"),
    "evidence": _("a file"),
    "decision": _("a decision of the gate"),
    "message": _("a message"),
    "message-write": _("a form"),
    "promise": _("a form"),
    "paid-claim": _("a form"),
    "notice-record": _("a form"),
    "escalate": _("a form"),
    "escalation": _("a case"),
    "enforcement-case": _("a case"),
    "complaint": _("a complaint"),
    "complaint-letter": _("the letter about a complaint"),
    "approval": _("a request"),
    "payment": _("a payment"),
    "trace": _("the search for the person"),
}
OTHER_PAGE = _("a page of the account")

# A call that the person took or made, or a message that they wrote, about the account on the same civil day there.
_SPOKE = """
    EXISTS (
        SELECT 1 FROM communications_accountcontact AS about
        JOIN communications_contact AS c ON c.id = about.contact_id
        JOIN accounts_account AS a ON a.id = about.account_id
        JOIN accounts_portfolio AS p ON p.id = a.portfolio_id
        LEFT JOIN communications_message AS m ON m.contact_id = c.id
        WHERE about.account_id = accounts_reveal.account_id
            AND accounts_reveal.user_id IN (c.agent_id, m.queued_by_id)
            AND (c.started_at AT TIME ZONE p.zone)::date = (accounts_reveal.at AT TIME ZONE p.zone)::date
    )
"""


def readings_of(account: Account) -> QuerySet[AccountAccess]:
    """Who opened which page of the account, newest first."""
    return AccountAccess.objects.filter(account=account).select_related("user").order_by("-id")


def page_in_words(name: str) -> str:
    return str(PAGES.get(name, OTHER_PAGE))


def reveals_seen_by(
    user: User, *, first: date, last: date, zone: str, without_contact: bool = True
) -> QuerySet[Reveal]:
    """Values shown in full on the civil days `first` to `last` of `zone`, on accounts that this person may see.

    Each is marked `spoke`: whoever looked was also in contact with the customer about that account on that day.
    `without_contact` leaves out those.
    """
    shown = Reveal.objects.filter(
        account__in=Account.objects.visible_to(user),
        at__gte=days.start_of(first, zone),
        at__lt=days.start_of(last + ONE_DAY, zone),
    ).annotate(spoke=RawSQL(_SPOKE, [], output_field=BooleanField()))  # noqa: S611 (no value is put into it)
    if without_contact:
        shown = shown.filter(spoke=False)
    return shown.select_related("user", "account").order_by("-id")


def reason_in_words(code: str) -> str:
    return str(dict([*RevealReason.choices, *ReadingReason.choices]).get(code, code))
