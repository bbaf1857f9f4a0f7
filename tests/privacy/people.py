"""People about whom there is one of everything, at rest or not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse

from accounts.foundation.approvals import Approval
from accounts.models import Account, ContactPoint, Event, Party, RetentionReport
from accounts.services.contact_points import add_contact_point, record_consent
from accounts.services.notes import write_note
from accounts.services.sensitive_notes import write_sensitive_note
from communications.models import Message
from communications.services.messages import queue_message
from communications.services.received_texts import receive_text
from communications.services.send import claim, confirm
from tests.communications.calls import conclude, ring
from tests.factories import NOW, TODAY, make_party, pay, place_account
from tests.support.cases import keep_file
from tests.support.world import SAID

YEARS_LATER = NOW + timedelta(days=365 * 7)
PERSON = "Beatriz Solórzano"
SECRETS = [PERSON, "beatriz@example.com", "+442079460321", "Works nights.", "In hospital until May.", "I will pay."]


def known_person(agent, *, jurisdiction="UK") -> Account:
    """An account whose person was called, written to, wrote back, told things, and paid everything."""
    party = make_party(PERSON)
    account = place_account(
        "400.00", "400.00", party=party, owner=agent, phone="020 7946 0321", email="beatriz@example.com",
        jurisdiction=jurisdiction,
    )  # fmt: skip
    conclude(ring(account, agent), agent, "no_answer")
    mail = ContactPoint.objects.get(party=party, kind="email")
    record_consent(contact_point_id=mail.pk, channel="email", basis="given", actor=None, now=NOW)
    _write(account, mail)
    receive_text(sender="+442079460321", body="I will pay.", provider_reference=f"in-{account.pk}", now=NOW)
    write_note(account_id=account.pk, text="Works nights.", actor=agent, now=NOW)
    write_sensitive_note(account_id=account.pk, party_id=party.pk, said=SAID, actor=agent, now=NOW)
    keep_file(account, agent)
    pay(account, "400.00")
    return Account.objects.get(pk=account.pk)


def _write(account, mail):
    key = f"sent-{account.pk}"
    queue_message(
        account_id=account.pk,
        contact_point_id=mail.pk,
        channel="email",
        template_code="promise-reminder",
        values={"amount": Decimal("50.00"), "day": TODAY},
        actor=None,
        now=NOW,
        dedupe_key=key,
    )
    message = Message.objects.get(dedupe_key=key)
    claim(message_id=message.pk, now=NOW)
    confirm(message_id=message.pk, reference=key, now=NOW)


def sister_with_helper(account) -> Party:
    """Somebody else on the account, who owes nothing and has a phone of their own."""
    helper = make_party("Marta Helper")
    account.account_parties.create(party=helper, role="third_party")
    add_contact_point(
        party_id=helper.pk, kind="phone", value="020 7946 0999", country="GB", provenance="agent", actor=None, now=NOW
    )
    return helper


def co_borrower(account) -> Party:
    other = make_party("Carlos Other")
    account.account_parties.create(party=other, role="co_borrower")
    return other


def all_events() -> str:
    return " ".join(f"{event.kind} {event.reason} {event.codes}" for event in Event.objects.all())


def release(client, officers) -> RetentionReport:
    """The report that waits is released: the first officer asks, the second says yes."""
    maker, checker = officers
    report = RetentionReport.objects.get(state="reported")
    client.force_login(maker)
    client.post(reverse("retention-release", args=[report.pk]))
    approval = Approval.objects.get(kind="retention_release")
    client.force_login(checker)
    client.post(reverse("approval-act", args=[approval.pk, "approve"]))
    return report
