"""What an export holds: one section a table, each with the rows that are a person's and the columns that are told.

Every table of the product is here or in `NOT_EXPORTED` with its reason; a test walks them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as told_as
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import models as book
from arrangements import models as agreed
from collections_crm import models as top
from collections_crm.privacy.holdings import Holdings
from collections_crm.selectors.terms_in_words import term_lines
from collections_crm.selectors.timeline_words import EVENT_WORDS
from collections_crm.selectors.who_looked import page_in_words
from communications import models as contacts
from communications.selectors.told_reasons import told_reasons

Read = Callable[[Any, Holdings], Any]


@dataclass(frozen=True)
class Section:
    """One table: its key in the file, its title, the rows of a person, and the columns. A column is the path of a
    field, or a name with its own reading in `read`."""

    key: str
    title: str | Promise
    model: type[models.Model]
    of_person: Callable[[Holdings], Q]
    columns: tuple[str, ...]
    read: dict[str, Read] = field(default_factory=dict)

    def rows(self, of: Holdings) -> Iterable[Any]:
        bytes_kept = [each.name for each in self.model._meta.fields if isinstance(each, models.BinaryField)]
        found = self.model._default_manager.filter(self.of_person(of)).order_by("pk").defer(*bytes_kept)
        related = {"__".join(path.split("__")[:-1]) for path in self.columns if "__" in path}
        return found.select_related(*related) if related else found


def _account(of: Holdings) -> Q:
    return Q(account__in=of.accounts)


def _party(of: Holdings) -> Q:
    return Q(party__in=of.parties)


def _about(row: contacts.Contact, of: Holdings) -> list[str]:
    """The person's own accounts that a contact was about."""
    own = row.account_contacts.filter(account__in=of.all_accounts).order_by("pk")
    return list(own.values_list("account__reference", flat=True))


def _why(row: contacts.PolicyDecision, _of: Holdings) -> list[str]:
    return [f"{told.sentence} ({told.source})" for told in told_reasons(row)]


def _terms(row: book.Approval, _of: Holdings) -> list[str]:
    return [f"{line.label}: {line.was}" for line in term_lines(row.terms, row.currency)]


def _happened(row: book.Event, _of: Holdings) -> str:
    return str(EVENT_WORDS.get(row.kind, told_as("Recorded")))


def _page(row: book.AccountAccess, _of: Holdings) -> str:
    return page_in_words(row.page)


def _outcome(row: contacts.Contact, _of: Holdings) -> str:
    return row.outcome.label if row.outcome else ""


def _unless_shared(name: str) -> Read:
    def read(row: Any, of: Holdings) -> Any:
        """What was written about an account on which somebody else owes may be about them: a person looks at it."""
        return getattr(row, name) if row.account_id in of.alone else _kept_back()

    return read


def _kept_back() -> str:
    return told_as("kept back: somebody else owes on this account, too; compliance looks at it by hand")


def _finding(row: book.TraceCandidate, of: Holdings) -> str:
    """A value that stands with another party is theirs, not this person's."""
    own = row.other_party_id is None or row.other_party_id in of.parties
    return row.value if own else "•••"


def _reveals(of: Holdings) -> Q:
    points = book.ContactPoint.objects.filter(party__in=of.parties).values("pk")
    notes = book.SensitiveNote.objects.filter(party__in=of.parties).values("pk")
    return Q(subject_type="contactpoint", subject_id__in=points) | Q(subject_type="sensitivenote", subject_id__in=notes)


def _holds(of: Holdings) -> Q:
    return Q(person__in=of.parties) | Q(account__in=of.alone)


def _events(of: Holdings) -> Q:
    return Q(account__in=of.accounts) | Q(subject_type="party", subject_id__in=of.parties)


def _texts(of: Holdings) -> Q:
    return Q(contact__in=of.contacts) | Q(contact=None, sender__in=of.phones)


def _findings(of: Holdings) -> Q:
    return Q(skip_trace__party__in=of.parties) | Q(other_party__in=of.parties)


SECTIONS: list[Section] = [
    Section(
        "parties", _("Who you are"), book.Party, lambda of: Q(pk__in=of.parties),
        ("id", "kind", "name", "birth_date", "tax_id", "language", "stated_zone"),
    ),
    Section("roles", _("Your part in each account"), book.AccountParty, _party, ("account__reference", "role")),
    Section(
        "preferences", _("How you asked to be contacted"), book.ContactPreference, _party,
        ("channel", "contact_point__value", "hours", "media", "not_at_work", "from_on", "until_on", "told_by",
         "noted_at", "withdrawn"),
    ),
    Section(
        "workplaces", _("What we know of contact at your work"), book.Workplace, _party,
        ("employer", "hours", "told_by", "noted_at"),
    ),
    Section(
        "limitation", _("What moves the limitation date"), book.LimitationAct, _account,
        ("account__reference", "kind", "on", "reason", "noted_at"),
    ),
    Section(
        "contact_points", _("How you can be reached"), book.ContactPoint, _party,
        ("kind", "value", "city", "region", "postcode", "country", "zones", "is_work", "status", "provenance",
         "added_at"),
    ),
    Section(
        "consents", _("What you agreed to and opted out of"), book.Consent,
        lambda of: Q(contact_point__party__in=of.parties),
        ("contact_point__value", "channel", "account__reference", "basis", "opted_out", "given_at", "expires_at",
         "revoked_at"),
    ),
    Section(
        "accounts", _("Accounts"), book.Account, lambda of: Q(pk__in=of.accounts),
        ("reference", "external_reference", "portfolio__creditor", "state", "currency", "balance", "principal",
         "interest", "fees", "costs", "due_now", "oldest_due_on", "opened_on", "accelerated_on", "charged_off_on",
         "limitation_on"),
    ),
    Section(
        "origins", _("What the creditor's file said"), book.Origin, _account,
        ("account__reference", "creditor", "status", "originated_on", "lent", "last_paid_on", "city", "region",
         "postcode", "country"),
    ),
    Section(
        "due_items", _("Amounts due"), book.DueItem, _account,
        ("account__reference", "due_on", "amount", "replaced_by__from_on"),
    ),
    Section(
        "ledger", _("Ledger"), book.LedgerEntry, _account,
        ("account__reference", "kind", "effective_on", "recorded_at", "amount", "currency", "principal", "interest",
         "fees", "costs"),
    ),
    Section(
        "payments", _("Payments"), book.Payment, _account,
        ("account__reference", "amount", "currency", "method", "received_on", "clears_on", "state", "reference",
         "reversal_reason", "reversed_on"),
    ),
    Section(
        "contacts", _("Contacts"), contacts.Contact, _party,
        ("about", "channel", "direction", "origin", "purpose", "contact_point__value", "started_at", "connected_at",
         "ended_at", "verified_at", "state", "outcome", "language", "agent__username"),
        {"about": _about, "outcome": _outcome},
    ),
    Section(
        "verifications", _("When we asked who you are"), contacts.VerificationTry, _party, ("asked", "matched", "at"),
    ),
    Section(
        "verification_unlocks", _("When asking was allowed again"), contacts.VerificationUnlock, _party,
        ("reason", "by__username", "at"),
    ),
    Section(
        "messages", _("Messages we wrote"), contacts.Message, _party,
        ("account__reference", "channel", "purpose", "contact_point__value", "language", "subject", "body", "state",
         "queued_at", "sent_at"),
    ),
    Section(
        "received_texts", _("Texts you sent"), contacts.ReceivedText, _texts, ("sender", "body", "received_at")
    ),
    Section(
        "decisions", _("Whether we might contact you, and why"), contacts.PolicyDecision, _party,
        ("at", "channel", "purpose", "verdict", "reasons", "next_allowed_at"), {"reasons": _why},
    ),
    Section(
        "first_notices", _("First notices"), contacts.FirstNotice, _account,
        ("account__reference", "kind", "sent_on", "wait_until"),
    ),
    Section(
        "holds", _("Holds"), book.Hold, _holds,
        ("kind", "scope", "account__reference", "channel", "amount", "state", "from_on", "review_on", "released_at"),
    ),
    Section(
        "disputes", _("Disputes"), book.Dispute, _party,
        ("account__reference", "kind", "state", "amount", "credited", "currency", "received_on", "answer_by", "outcome",
         "answered_on"),
    ),
    Section(
        "dispute_decisions", _("What was decided about your disputes"), book.DisputeDecision,
        lambda of: Q(dispute__party__in=of.parties),
        ("dispute_id", "round", "outcome", "decided_at", "credited", "to_pay_back", "answered_on", "answered_how"),
    ),
    Section(
        "advance_terms", _("Terms of your advance"), book.AdvanceTerms, _account,
        ("account__reference", "version", "currency", "purchase_price", "factor_rate", "purchased_amount", "share",
         "rhythm", "remittance", "from_on", "reason"),
    ),
    Section(
        "interest_terms", _("Interest on your accounts"), book.InterestTerms, _account,
        ("account__reference", "yearly_rate", "from_on", "until_on", "reason"),
    ),
    Section(
        "card_authorities", _("Authorities to charge your card"), book.CardAuthority, _party,
        ("account__reference", "given_on", "in_part", "ended_why", "ended_at"),
    ),
    Section(
        "card_attempts", _("Charges that were tried"), book.CardAttempt, _account,
        ("account__reference", "on", "amount", "currency", "result"),
    ),
    Section(
        "reageings", _("What was overdue and is expected later"), book.ReAgeing, _account,
        ("account__reference", "on", "amount", "moved_to"),
    ),
    Section(
        "signs_set_aside", _("Signs of difficulty that were looked at"), book.SignSetAside, _account,
        ("account__reference", "sign", "on"),
    ),
    Section(
        "reconciliations", _("Reconciliations"), book.Reconciliation, _party,
        ("account__reference", "state", "currency", "asked_on", "period_first", "period_last", "receipts", "due",
         "remitted", "remittance", "answered_on"),
    ),
    Section(
        "merchant_statements", _("Your bank statements, as we counted them"), book.MerchantStatement,
        lambda of: Q(reconciliation__party__in=of.parties),
        ("reconciliation_id", "first", "last", "total", "left_out", "added_at", "taken_out_at"),
    ),
    Section(
        "merchant_receipts", _("Your receipts, line by line"), book.MerchantReceipt,
        lambda of: Q(statement__reconciliation__party__in=of.parties), ("statement_id", "on", "amount"),
    ),
    Section(
        "default_events", _("Defaults declared"), book.DefaultEvent, _account,
        ("account__reference", "facts", "happened_on", "declared_on"),
    ),
    Section(
        "complaints", _("Complaints"), book.Complaint, _party,
        ("account__reference", "category", "way", "state", "received_on", "answer_by", "delayed_until", "outcome",
         "remedies", "answered_on", "referred_on", "authority_reference", "ruling", "ruled_on"),
    ),
    Section(
        "budgets", _("Budgets"), agreed.Budget, _party,
        ("account__reference", "household", "currency", "made_on", "valid_until", "income", "spending", "disposable"),
    ),
    Section(
        "budget_lines", _("Budgets, line by line"), agreed.BudgetLine, lambda of: Q(budget__party__in=of.parties),
        ("budget_id", "category", "amount", "period"),
    ),
    Section(
        "hardship_cases", _("Hardship cases"), agreed.HardshipCase, _party,
        ("account__reference", "state", "noticed_on", "asked_on", "informed_on", "decide_by", "measure", "review_on",
         "renewals", "answered_on", "answered_how", "ending", "ended_at"),
    ),
    Section(
        "arrangements", _("Arrangements"), agreed.Arrangement, _party,
        ("account__reference", "kind", "state", "amount", "currency", "discount", "agreed_on", "ended_at"),
    ),
    Section(
        "instalments", _("Payments agreed"), agreed.Instalment, lambda of: Q(arrangement__party__in=of.parties),
        ("account__reference", "number", "due_on", "amount", "state"),
    ),
    Section(
        "approvals", _("Requests decided about you"), book.Approval, _account,
        ("account__reference", "kind", "state", "terms", "requested_at", "decided_at", "maker__username",
         "checker__username"),
        {"terms": _terms},
    ),
    Section(
        "escalations", _("Escalations"), agreed.Escalation, _account,
        ("account__reference", "kind", "state", "amount", "pay_by", "raised_at", "closed_at"),
    ),
    Section(
        "enforcement_cases", _("Enforcement"), agreed.EnforcementCase, _account,
        ("account__reference", "kind", "state", "opened_on", "filed_on", "file_number", "lapses_on", "closed_on"),
    ),
    Section(
        "notes", _("Notes"), book.Note, _account, ("account__reference", "text", "author__username", "written_at"),
        {"text": _unless_shared("text")},
    ),
    Section(
        "files", _("Files"), book.Attachment, _account,
        ("id", "account__reference", "kind", "name", "media_type", "size", "uploaded_at"),
        {"name": _unless_shared("name")},
    ),
    Section(
        "sensitive_notes", _("What you told us about your situation"), book.SensitiveNote, _party,
        ("category", "support_need", "text", "basis", "consent_way", "consented_at", "written_by__username",
         "written_at", "review_on"),
    ),
    Section(
        "follow_ups", _("Steps planned"), book.FollowUp, _account,
        ("account__reference", "kind", "on", "at", "set_at", "ended_at"),
    ),
    Section(
        "searches", _("Searches for you"), book.SkipTrace, _party,
        ("account__reference", "state", "requested_at", "ended_at"),
    ),
    Section(
        "findings", _("What searches found"), book.TraceCandidate, _findings,
        ("kind", "value", "provider", "confidence", "evidence", "verdict", "decided_at"), {"value": _finding},
    ),
    Section(
        "readings", _("Who opened your account"), book.AccountAccess, _account,
        ("account__reference", "user__username", "page", "at"), {"page": _page},
    ),
    Section(
        "reveals", _("Who looked at your data in full"), book.Reveal, _reveals,
        ("user__username", "subject_type", "field", "reason", "at"),
    ),
    Section(
        "access", _("Who was let in to your account to serve you"), book.AccessGrant, _account,
        ("account__reference", "user__username", "granted_at", "ends_at"),
    ),
    Section(
        "queue", _("How your account stands in our queue"), top.QueueEntry, _account,
        ("account__reference", "tab", "priority", "parts"),
    ),
    Section(
        "events", _("All that was recorded"), book.Event, _events,
        ("at", "kind", "happened", "account__reference", "actor__username", "reason", "codes"),
        {"happened": _happened},
    ),
    Section("erasures", _("Erasures"), book.Erasure, lambda of: Q(person__in=of.parties), ("on", "rule", "counts")),
    Section(
        "exports", _("Earlier exports"), top.DataExport, lambda of: Q(person__in=of.parties),
        ("asked_by__username", "asked_at", "made_at", "removed_at"),
    ),
]  # fmt: skip

OF_NO_PERSON = "settings or work of the house: nothing of a customer stands in it"
NOT_EXPORTED: dict[str, str] = {
    "arrangements.offermessage": "which message told of which arrangement: both are told themselves",
    "arrangements.budgetevidence": "which files were seen: they are told as files",
    "accounts.authoritylimit": OF_NO_PERSON,
    "accounts.settingchange": OF_NO_PERSON,
    "accounts.portfolio": OF_NO_PERSON,
    "accounts.product": OF_NO_PERSON,
    "accounts.team": OF_NO_PERSON,
    "accounts.team_portfolios": OF_NO_PERSON,
    "accounts.teamportfolio": OF_NO_PERSON,
    "accounts.user": "people who work here, not customers",
    "accounts.user_groups": "people who work here, not customers",
    "accounts.user_user_permissions": "people who work here, not customers",
    "accounts.statemove": OF_NO_PERSON,
    "accounts.savedmapping": OF_NO_PERSON,
    "accounts.run": OF_NO_PERSON,
    "accounts.receipt": "keys of forms, without what was in them",
    "accounts.placement": "a creditor's file as a whole; what it said of the person is in accounts and origins",
    "accounts.uploadedpiece": "parts of a creditor's file, gone once it is read",
    "accounts.stagedrow": "rows on their way in: gone once placed, rejected ones belong to no account or party",
    "accounts.retentionreport": "sums over many people; what came of it for the person is in erasures",
    "accounts.retentionline": "a line of a report; what came of it for the person is in erasures",
    "arrangements.escalationevidence": "the same rows under another name",
    "arrangements.escalation_evidence": "which files went with an escalation; the files are told",
    "collections_crm.contactwindow": OF_NO_PERSON,
    "collections_crm.draft": "what somebody types just now and hasn't saved; gone within a day",
    "collections_crm.lease": "who has the person open this minute",
    "collections_crm.savedview": OF_NO_PERSON,
    "communications.accountcontact": "told with each contact",
    "communications.contactstop": OF_NO_PERSON,
    "communications.policysimulation": OF_NO_PERSON,
    "communications.simulatedchange": "what a draft would have changed about a decision; the decisions are told",
    "communications.localmail": "copies of messages where no mail server is set up; the messages are told",
    "communications.outcome": OF_NO_PERSON,
    "communications.policypack": OF_NO_PERSON,
    "communications.policyrule": OF_NO_PERSON,
    "communications.policyversion": OF_NO_PERSON,
    "communications.template": OF_NO_PERSON,
}

LABELS: dict[str, str | Promise] = {
    "id": pgettext_lazy("export", "number"),
    "kind": pgettext_lazy("export", "kind"),
    "name": pgettext_lazy("export", "name"),
    "birth_date": pgettext_lazy("export", "birth date"),
    "tax_id": pgettext_lazy("export", "tax identifier"),
    "language": pgettext_lazy("export", "language"),
    "stated_zone": pgettext_lazy("export", "time zone you stated"),
    "account__reference": pgettext_lazy("export", "account"),
    "role": pgettext_lazy("export", "part"),
    "value": pgettext_lazy("export", "number or address"),
    "contact_point__value": pgettext_lazy("export", "number or address"),
    "city": pgettext_lazy("export", "city"),
    "region": pgettext_lazy("export", "state or region"),
    "postcode": pgettext_lazy("export", "post code"),
    "country": pgettext_lazy("export", "country"),
    "zones": pgettext_lazy("export", "possible time zones"),
    "is_work": pgettext_lazy("export", "at work"),
    "status": pgettext_lazy("export", "status"),
    "provenance": pgettext_lazy("export", "from whom we have it"),
    "added_at": pgettext_lazy("export", "added"),
    "hours": pgettext_lazy("export", "hours"),
    "media": pgettext_lazy("export", "only by"),
    "not_at_work": pgettext_lazy("export", "not at work"),
    "until_on": pgettext_lazy("export", "until"),
    "told_by": pgettext_lazy("export", "how it was said"),
    "noted_at": pgettext_lazy("export", "noted"),
    "withdrawn": pgettext_lazy("export", "taken back"),
    "employer": pgettext_lazy("export", "the employer"),
    "channel": pgettext_lazy("export", "channel"),
    "basis": pgettext_lazy("export", "ground"),
    "opted_out": pgettext_lazy("export", "opted out"),
    "given_at": pgettext_lazy("export", "given"),
    "expires_at": pgettext_lazy("export", "ends"),
    "revoked_at": pgettext_lazy("export", "taken back"),
    "reference": pgettext_lazy("export", "reference"),
    "external_reference": pgettext_lazy("export", "creditor's reference"),
    "portfolio__creditor": pgettext_lazy("export", "creditor"),
    "creditor": pgettext_lazy("export", "original creditor"),
    "state": pgettext_lazy("export", "state"),
    "currency": pgettext_lazy("export", "currency"),
    "balance": pgettext_lazy("export", "balance"),
    "principal": pgettext_lazy("export", "principal"),
    "interest": pgettext_lazy("export", "interest"),
    "fees": pgettext_lazy("export", "fees"),
    "costs": pgettext_lazy("export", "costs"),
    "due_now": pgettext_lazy("export", "due now"),
    "oldest_due_on": pgettext_lazy("export", "overdue since"),
    "opened_on": pgettext_lazy("export", "opened on"),
    "accelerated_on": pgettext_lazy("export", "accelerated on"),
    "charged_off_on": pgettext_lazy("export", "charged off on"),
    "limitation_on": pgettext_lazy("export", "limitation date"),
    "originated_on": pgettext_lazy("export", "credit given on"),
    "lent": pgettext_lazy("export", "amount lent"),
    "last_paid_on": pgettext_lazy("export", "last paid on"),
    "due_on": pgettext_lazy("export", "due on"),
    "amount": pgettext_lazy("export", "amount"),
    "effective_on": pgettext_lazy("export", "effective on"),
    "recorded_at": pgettext_lazy("export", "recorded"),
    "method": pgettext_lazy("export", "method"),
    "received_on": pgettext_lazy("export", "received on"),
    "credited": pgettext_lazy("export", "taken off"),
    "dispute_id": pgettext_lazy("export", "dispute"),
    "round": pgettext_lazy("export", "how often it was looked at before"),
    "to_pay_back": pgettext_lazy("export", "paid back of it"),
    "answered_how": pgettext_lazy("export", "how the answer was sent"),
    "noticed_on": pgettext_lazy("export", "told us on"),
    "informed_on": pgettext_lazy("export", "information came on"),
    "renewals": pgettext_lazy("export", "times renewed"),
    "ending": pgettext_lazy("export", "how it ended"),
    "decide_by": pgettext_lazy("export", "decided by"),
    "measure": pgettext_lazy("export", "help"),
    "household": pgettext_lazy("export", "household"),
    "made_on": pgettext_lazy("export", "made on"),
    "valid_until": pgettext_lazy("export", "valid until"),
    "income": pgettext_lazy("export", "income a month"),
    "spending": pgettext_lazy("export", "spending a month"),
    "disposable": pgettext_lazy("export", "left a month"),
    "replaced_by__from_on": pgettext_lazy("export", "no longer expected since"),
    "version": pgettext_lazy("export", "version"),
    "purchase_price": pgettext_lazy("export", "purchase price"),
    "given_on": pgettext_lazy("export", "given on"),
    "in_part": pgettext_lazy("export", "in part as well"),
    "ended_why": pgettext_lazy("export", "why it ended"),
    "result": pgettext_lazy("export", "result"),
    "moved_to": pgettext_lazy("export", "expected on"),
    "sign": pgettext_lazy("export", "sign"),
    "yearly_rate": pgettext_lazy("export", "interest a year, as a share"),
    "factor_rate": pgettext_lazy("export", "factor rate"),
    "purchased_amount": pgettext_lazy("export", "purchased amount"),
    "share": pgettext_lazy("export", "share of the receipts"),
    "rhythm": pgettext_lazy("export", "rhythm"),
    "remittance": pgettext_lazy("export", "estimated remittance"),
    "asked_on": pgettext_lazy("export", "asked on"),
    "period_first": pgettext_lazy("export", "period from"),
    "period_last": pgettext_lazy("export", "period to"),
    "receipts": pgettext_lazy("export", "receipts"),
    "due": pgettext_lazy("export", "share of the receipts"),
    "remitted": pgettext_lazy("export", "remitted"),
    "reconciliation_id": pgettext_lazy("export", "reconciliation"),
    "statement_id": pgettext_lazy("export", "statement"),
    "first": pgettext_lazy("export", "first day"),
    "last": pgettext_lazy("export", "last day"),
    "total": pgettext_lazy("export", "sum"),
    "left_out": pgettext_lazy("export", "rows left out"),
    "taken_out_at": pgettext_lazy("export", "taken out"),
    "facts": pgettext_lazy("export", "what happened"),
    "happened_on": pgettext_lazy("export", "happened on"),
    "declared_on": pgettext_lazy("export", "declared on"),
    "budget_id": pgettext_lazy("export", "budget"),
    "period": pgettext_lazy("export", "how often"),
    "answer_by": pgettext_lazy("export", "answer due by"),
    "answered_on": pgettext_lazy("export", "answered on"),
    "way": pgettext_lazy("export", "how it came"),
    "delayed_until": pgettext_lazy("export", "answer put off until"),
    "remedies": pgettext_lazy("export", "put right"),
    "referred_on": pgettext_lazy("export", "taken to the authority on"),
    "authority_reference": pgettext_lazy("export", "the authority's reference"),
    "ruling": pgettext_lazy("export", "the authority's decision"),
    "ruled_on": pgettext_lazy("export", "decided by the authority on"),
    "clears_on": pgettext_lazy("export", "clears on"),
    "reversal_reason": pgettext_lazy("export", "why taken back"),
    "reversed_on": pgettext_lazy("export", "taken back on"),
    "about": pgettext_lazy("export", "about accounts"),
    "direction": pgettext_lazy("export", "direction"),
    "origin": pgettext_lazy("export", "whose contact"),
    "purpose": pgettext_lazy("export", "purpose"),
    "started_at": pgettext_lazy("export", "began"),
    "connected_at": pgettext_lazy("export", "connected"),
    "ended_at": pgettext_lazy("export", "ended"),
    "verified_at": pgettext_lazy("export", "identity proved"),
    "outcome": pgettext_lazy("export", "outcome"),
    "agent__username": pgettext_lazy("export", "who"),
    "asked": pgettext_lazy("export", "what was asked"),
    "matched": pgettext_lazy("export", "matched"),
    "at": pgettext_lazy("export", "when"),
    "by__username": pgettext_lazy("export", "who"),
    "reason": pgettext_lazy("export", "reason"),
    "reasons": pgettext_lazy("export", "reasons"),
    "subject": pgettext_lazy("export", "subject"),
    "body": pgettext_lazy("export", "text"),
    "text": pgettext_lazy("export", "text"),
    "queued_at": pgettext_lazy("export", "written"),
    "sent_at": pgettext_lazy("export", "sent"),
    "sender": pgettext_lazy("export", "from"),
    "received_at": pgettext_lazy("export", "received"),
    "verdict": pgettext_lazy("export", "answer"),
    "next_allowed_at": pgettext_lazy("export", "allowed from"),
    "sent_on": pgettext_lazy("export", "sent on"),
    "wait_until": pgettext_lazy("export", "waited until"),
    "scope": pgettext_lazy("export", "about"),
    "from_on": pgettext_lazy("export", "from"),
    "review_on": pgettext_lazy("export", "review on"),
    "released_at": pgettext_lazy("export", "released"),
    "discount": pgettext_lazy("export", "discount"),
    "agreed_on": pgettext_lazy("export", "agreed on"),
    "number": pgettext_lazy("export", "number"),
    "terms": pgettext_lazy("export", "what was asked"),
    "requested_at": pgettext_lazy("export", "asked for"),
    "decided_at": pgettext_lazy("export", "decided"),
    "maker__username": pgettext_lazy("export", "who asked"),
    "checker__username": pgettext_lazy("export", "who decided"),
    "pay_by": pgettext_lazy("export", "pay by"),
    "raised_at": pgettext_lazy("export", "raised"),
    "closed_at": pgettext_lazy("export", "closed"),
    "filed_on": pgettext_lazy("export", "filed on"),
    "file_number": pgettext_lazy("export", "file number"),
    "lapses_on": pgettext_lazy("export", "lapses on"),
    "closed_on": pgettext_lazy("export", "closed on"),
    "author__username": pgettext_lazy("export", "who wrote it"),
    "written_by__username": pgettext_lazy("export", "who wrote it"),
    "written_at": pgettext_lazy("export", "written"),
    "media_type": pgettext_lazy("export", "type"),
    "size": pgettext_lazy("export", "bytes"),
    "uploaded_at": pgettext_lazy("export", "kept since"),
    "category": pgettext_lazy("export", "about"),
    "support_need": pgettext_lazy("export", "what you need"),
    "consent_way": pgettext_lazy("export", "how you agreed"),
    "consented_at": pgettext_lazy("export", "when you agreed"),
    "on": pgettext_lazy("export", "on"),
    "set_at": pgettext_lazy("export", "planned"),
    "provider": pgettext_lazy("export", "where it was found"),
    "confidence": pgettext_lazy("export", "how sure, of 100"),
    "evidence": pgettext_lazy("export", "what agreed"),
    "user__username": pgettext_lazy("export", "who"),
    "subject_type": pgettext_lazy("export", "of what"),
    "page": pgettext_lazy("export", "what was opened"),
    "field": pgettext_lazy("export", "what"),
    "granted_at": pgettext_lazy("export", "from"),
    "ends_at": pgettext_lazy("export", "until"),
    "tab": pgettext_lazy("export", "part of the queue"),
    "priority": pgettext_lazy("export", "rank"),
    "parts": pgettext_lazy("export", "what makes the rank"),
    "happened": pgettext_lazy("export", "what happened"),
    "actor__username": pgettext_lazy("export", "who"),
    "codes": pgettext_lazy("export", "codes"),
    "rule": pgettext_lazy("export", "rule"),
    "counts": pgettext_lazy("export", "how many"),
    "asked_by__username": pgettext_lazy("export", "who asked"),
    "asked_at": pgettext_lazy("export", "asked for"),
    "made_at": pgettext_lazy("export", "made"),
    "removed_at": pgettext_lazy("export", "file removed"),
}
