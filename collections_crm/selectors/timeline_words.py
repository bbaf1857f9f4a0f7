"""Each line of the timeline in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.foundation.purposes import Channel, Purpose
from accounts.models import (
    AccountState,
    ContactPointKind,
    ContactPointStatus,
    EvidenceFrom,
    HoldKind,
    NextKind,
    PaymentMethod,
    ReversalReason,
)
from collections_crm.selectors.cases import FINDINGS
from collections_crm.selectors.limitation_words import act_in_words
from collections_crm.selectors.preference_words import told_preference, told_workplace
from collections_crm.selectors.queue_words import NEXT_WORDS
from collections_crm.selectors.timeline import Happening
from collections_crm.ui import words
from collections_crm.ui.erased import tombstone
from communications.models import ContactState, MessageState, Verdict

Facts = dict[str, Any]


def told(happening: Happening) -> tuple[str, str]:
    """(headline, detail) of one line."""
    return TELLERS[happening.source](happening.facts)


def _contact(facts: Facts) -> tuple[str, str]:
    channel = Channel(facts["channel"]).label
    head = _("%(channel)s from them") if facts["direction"] == "in" else "%(channel)s"
    label = facts["es"] if words.in_spanish() else facts["en"]
    if facts["wrote"] is not None:
        label = _erased(facts) or f"“{facts['wrote']}”"
    detail = label or (pgettext("contact", "open") if facts["open"] else ContactState(facts["state"]).label)
    if facts["verdict"] == Verdict.OVERRIDE:
        detail = f"{detail} · {Verdict.OVERRIDE.label}"
    if facts["origin"] == "inherited":
        detail = f"{detail} · {_('from the creditor')}"
    return _upper(head % {"channel": channel}), str(detail)


def _message(facts: Facts) -> tuple[str, str]:
    head = f"{Channel(facts['channel']).label}: {Purpose(facts['purpose']).label}"
    return _upper(
        head
    ), f"{MessageState(facts['state']).label} ({'ES' if facts['language'].startswith('es') else 'EN'})"


def _payment(facts: Facts) -> tuple[str, str]:
    amount = words.money(Decimal(facts["amount"]), facts["currency"])
    method = PaymentMethod(facts["method"]).label
    detail = f"{method}, {_on(facts['on'])}"
    if facts["state"] == "reversed":
        detail += " · " + _("taken back %(day)s") % {"day": _on(facts["reversed_on"])}
    return _("Payment %(amount)s") % {"amount": amount}, detail


def _reversal(facts: Facts) -> tuple[str, str]:
    """The payment's own line stays where it was, marked; this one stands when it was taken back."""
    amount = words.money(Decimal(facts["amount"]), facts["currency"])
    received = _("received %(day)s") % {"day": _on(facts["received_on"])}
    detail = f"{ReversalReason(facts['reason']).label}, {_on(facts['on'])} · {received}"
    return _("Payment %(amount)s taken back") % {"amount": amount}, detail


def _note(facts: Facts) -> tuple[str, str]:
    return _("Note"), _erased(facts) or facts["text"]


def _file(facts: Facts) -> tuple[str, str]:
    return _("File"), _erased(facts) or facts["name"]


def _erased(facts: Facts) -> str:
    return tombstone(parse_date(facts["erased"]), facts["under"]) if facts["erased"] else ""


def _event(facts: Facts) -> tuple[str, str]:
    kind, codes = facts["kind"], facts["codes"]
    if kind.startswith("account.") and codes.get("to") in AccountState.values:
        return _("Account"), f"{AccountState(codes['from']).label} → {AccountState(codes['to']).label}"
    for teller in (EVENT_TELLERS.get(kind), REASON_TELLERS.get(facts["reason"])):
        if teller and (found := teller(facts, codes)):
            return found
    return event_in_words(kind), ""


def step_in_words(kind: str, reason: str, codes: Facts) -> str:
    """What happened in a case, with what its event says besides: `evidence asked for: the creditor, Fri 27 Nov`."""
    teller = EVENT_TELLERS.get(kind)
    told = teller({"reason": reason}, codes) if teller else None
    return f"{told[0]}: {told[1]}" if told else event_in_words(kind)


def event_in_words(kind: str) -> str:
    """What happened, by the kind of its event."""
    return _upper(str(EVENT_WORDS.get(kind, gettext_lazy("Recorded"))))


def _next_step(facts: Facts, codes: Facts) -> tuple[str, str] | None:
    if codes.get("kind") not in NextKind.values:
        return None
    why = WHY_NEXT.get(facts["reason"])
    told = f"{NEXT_WORDS[NextKind(codes['kind'])]()}, {_on(codes.get('on'))}"
    return _("Next step"), f"{told}: {why}" if why else told


def _evidence_asked(facts: Facts, codes: Facts) -> tuple[str, str] | None:
    if facts["reason"] not in EvidenceFrom.values or not codes.get("by"):
        return None
    return _("Evidence asked for"), f"{EvidenceFrom(facts['reason']).label}, {_on(codes['by'])}"


def _hold_placed(_facts: Facts, codes: Facts) -> tuple[str, str] | None:
    return (_("Hold placed"), str(HoldKind(codes["kind"]).label)) if codes.get("kind") in HoldKind.values else None


def _limitation_act(_facts: Facts, codes: Facts) -> tuple[str, str] | None:
    return (_("Limitation"), act_in_words(codes["kind"], codes["on"])) if codes.get("on") else None


def _limitation_moved(_facts: Facts, codes: Facts) -> tuple[str, str]:
    return _("Limitation date"), f"{_on(codes['from'])} → {_on(codes['to'])}"


def _way_added(_facts: Facts, codes: Facts) -> tuple[str, str]:
    return _("Added"), str(ContactPointKind(codes["kind"]).label)


def _way_status(_facts: Facts, codes: Facts) -> tuple[str, str]:
    return _("Contact point"), str(ContactPointStatus(codes["to"]).label)


def _assigned(facts: Facts, _codes: Facts) -> tuple[str, str]:
    to = facts["given_to"]
    return (_("Given to an agent"), to) if to else (_("Given back to the team"), "")


def _fraud_answered(facts: Facts, _codes: Facts) -> tuple[str, str]:
    return _("Fraud concern answered"), str(FINDINGS[facts["reason"].removeprefix("fraud_")])


def _on(day: str | date | None) -> str:
    read = parse_date(day[:10]) if isinstance(day, str) else day
    return words.civil(read)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


# Why a step was set that its kind doesn't explain.
WHY_NEXT = {
    "arrangement_asks_too_much": gettext_lazy(
        "a dispute was upheld, and the arrangement still asks for more than is owed"
    ),
}
EventTeller = Callable[[Facts, Facts], "tuple[str, str] | None"]
# Events that say more than their kind does; without it the words below are told.
EVENT_TELLERS: dict[str, EventTeller] = {
    "account.next_step_set": _next_step,
    "account.assigned": _assigned,
    "dispute.ask_evidence": _evidence_asked,
    "account.limitation_moved": _limitation_moved,
    "hold.placed": _hold_placed,
    "limitation.noted": _limitation_act,
    "contact_point.added": _way_added,
    "contact_point.status_set": _way_status,
}
REASON_TELLERS: dict[str, EventTeller] = {"fraud_cleared": _fraud_answered, "fraud_confirmed": _fraud_answered}

TELLERS: dict[str, Callable[[Facts], tuple[str, str]]] = {
    "contact": _contact,
    "message": _message,
    "payment": _payment,
    "reversal": _reversal,
    "note": _note,
    "file": _file,
    "event": _event,
    "preference": told_preference,
    "workplace": told_workplace,
}

EVENT_WORDS = {
    "limitation.noted": gettext_lazy("limitation: taken back"),
    "contact_preference.noted": gettext_lazy("preference noted"),
    "contact_preference.withdrawn": gettext_lazy("preference ended"),
    "workplace.noted": gettext_lazy("noted about their work"),
    "account.placed": gettext_lazy("account placed"),
    "account.person_erased": gettext_lazy("personal values erased"),
    "data_export.asked": gettext_lazy("data of the person asked for"),
    "data_export.downloaded": gettext_lazy("data of the person downloaded"),
    "account.caller_served": gettext_lazy("opened to serve a caller"),
    "contact_point.opted_out": gettext_lazy("opted out"),
    "contact_point.consent_recorded": gettext_lazy("consent recorded"),
    "hold.release": gettext_lazy("hold released"),
    "hold.extend": gettext_lazy("hold extended"),
    "hold.come_due": gettext_lazy("hold came up for review"),
    "hold.supersede": gettext_lazy("hold superseded"),
    "budget.taken": gettext_lazy("budget taken"),
    "hardshipcase.signalled": gettext_lazy("hardship signalled"),
    "hardshipcase.record": gettext_lazy("hardship recorded"),
    "hardshipcase.ask_information": gettext_lazy("information asked for"),
    "hardshipcase.assess": gettext_lazy("hardship assessed"),
    "hardshipcase.grant": gettext_lazy("help granted"),
    "hardshipcase.decline": gettext_lazy("help refused"),
    "hardshipcase.review": gettext_lazy("help looked at again"),
    "hardshipcase.end": gettext_lazy("hardship: help ended"),
    "hardshipcase.close": gettext_lazy("hardship: the refusal was sent"),
    "hardshipcase.withdraw": gettext_lazy("hardship: the customer took it back"),
    "hardshipcase.void": gettext_lazy("hardship: opened in error"),
    "hardshipcase.give_way": gettext_lazy("hardship: a new case takes its place"),
    "hardshipcase.said_again": gettext_lazy("hardship: told again"),
    "hardshipcase.passed_on": gettext_lazy("hardship: goes on with another account"),
    "hardshipcase.end_with_account": gettext_lazy("hardship case ended with its account"),
    "complaint.raised": gettext_lazy("complaint raised"),
    "complaint.acknowledge": gettext_lazy("complaint acknowledged"),
    "complaint.review": gettext_lazy("complaint taken under review"),
    "complaint.delayed": gettext_lazy("told that the complaint takes longer"),
    "complaint.uphold": gettext_lazy("complaint upheld"),
    "complaint.uphold_in_part": gettext_lazy("complaint upheld in part"),
    "complaint.reject": gettext_lazy("complaint rejected"),
    "complaint.withdraw": gettext_lazy("complaint withdrawn"),
    "complaint.close": gettext_lazy("complaint closed"),
    "complaint.refer": gettext_lazy("complaint taken to the authority"),
    "complaint.asked": gettext_lazy("authority asked about the complaint"),
    "complaint.rule": gettext_lazy("authority decided the complaint"),
    "dispute.raised": gettext_lazy("dispute raised"),
    "dispute.told": gettext_lazy("what is disputed was said"),
    "dispute.acknowledge": gettext_lazy("dispute acknowledged"),
    "dispute.ask_evidence": gettext_lazy("evidence asked for"),
    "dispute.review": gettext_lazy("dispute taken under review"),
    "dispute.uphold": gettext_lazy("dispute upheld"),
    "dispute.uphold_in_part": gettext_lazy("dispute upheld in part"),
    "dispute.reject": gettext_lazy("dispute rejected"),
    "dispute.withdraw": gettext_lazy("dispute withdrawn"),
    "dispute.close": gettext_lazy("dispute closed"),
    "dispute.refund": gettext_lazy("paid back to the customer"),
    "dispute.reopen": gettext_lazy("dispute reopened"),
    "advanceterms.set": gettext_lazy("terms of the advance set"),
    "defaultevent.declared": gettext_lazy("default declared"),
    "reconciliation.asked": gettext_lazy("reconciliation asked for"),
    "reconciliation.receive_statements": gettext_lazy("statement received"),
    "reconciliation.take_statement_out": gettext_lazy("statement taken out"),
    "reconciliation.propose": gettext_lazy("true-up proposed"),
    "reconciliation.approve": gettext_lazy("true-up approved"),
    "reconciliation.make": gettext_lazy("reconciliation made"),
    "reconciliation.refuse": gettext_lazy("reconciliation refused"),
    "reconciliation.withdraw": gettext_lazy("reconciliation withdrawn"),
    "reconciliation.told": gettext_lazy("merchant told of the reconciliation"),
    "account.interest_lowered": gettext_lazy("interest lowered"),
    "account.frozen_interest_taken_back": gettext_lazy("interest of frozen days taken back"),
    "cardauthority.given": gettext_lazy("card authority given"),
    "cardauthority.ended": gettext_lazy("card authority ended"),
    "cardattempt.collected": gettext_lazy("card charged"),
    "cardattempt.failed": gettext_lazy("card could not be charged"),
    "reageing.done": gettext_lazy("re-aged"),
    "sign.set_aside": gettext_lazy("sign of difficulty set aside"),
    "promise.made": gettext_lazy("promise made"),
    "settlement.accepted": gettext_lazy("settlement accepted"),
    "arrangement.offer": gettext_lazy("arrangement offered"),
    "arrangement.accept": gettext_lazy("arrangement accepted"),
    "arrangement.complete": gettext_lazy("arrangement completed"),
    "arrangement.fall_through": gettext_lazy("arrangement broken"),
    "arrangement.cancel": gettext_lazy("arrangement cancelled"),
    "arrangement.replace": gettext_lazy("arrangement replaced"),
    "arrangement.suspend": gettext_lazy("arrangement suspended"),
    "arrangement.resume": gettext_lazy("arrangement resumed"),
    "arrangement.accept_late_money": gettext_lazy("late money accepted"),
    "arrangement.reopen": gettext_lazy("arrangement reopened"),
    "arrangement.breach": gettext_lazy("arrangement breached"),
    "arrangement.expire": gettext_lazy("offer expired"),
    "arrangement.decline": gettext_lazy("arrangement declined"),
    "arrangement.withdraw": gettext_lazy("arrangement withdrawn"),
    "arrangement.ask_approval": gettext_lazy("approval asked for"),
    "instalment.fall_due": gettext_lazy("payment promised falls due"),
    "instalment.keep_provisionally": gettext_lazy("promise kept, money to clear"),
    "instalment.keep": gettext_lazy("promise kept"),
    "instalment.keep_in_part": gettext_lazy("promise kept in part"),
    "instalment.fall_through": gettext_lazy("promise broken"),
    "escalation.raise": gettext_lazy("escalated"),
    "escalation.review": gettext_lazy("escalation under review"),
    "escalation.approve": gettext_lazy("escalation approved"),
    "escalation.begin": gettext_lazy("escalation carried out"),
    "escalation.resolve": gettext_lazy("escalation resolved"),
    "escalation.decline": gettext_lazy("escalation declined"),
    "escalation.send_back": gettext_lazy("escalation returned"),
    "escalation.withdraw": gettext_lazy("escalation withdrawn"),
    "escalation.expire": gettext_lazy("escalation expired"),
    "enforcementcase.open": gettext_lazy("enforcement case opened"),
    "enforcementcase.file": gettext_lazy("enforcement filed"),
    "enforcementcase.close": gettext_lazy("enforcement case closed"),
    "approval.request": gettext_lazy("approval asked for"),
    "approval.claim": gettext_lazy("approval taken up"),
    "approval.unclaim": gettext_lazy("approval put back"),
    "approval.approve": gettext_lazy("approved"),
    "approval.execute": gettext_lazy("approval carried out"),
    "approval.fail": gettext_lazy("approval could not be carried out"),
    "approval.try_again": gettext_lazy("approval tried again"),
    "approval.decline": gettext_lazy("approval declined"),
    "approval.send_back": gettext_lazy("approval returned"),
    "approval.ask_again": gettext_lazy("approval asked for again"),
    "approval.withdraw": gettext_lazy("approval withdrawn"),
    "approval.expire": gettext_lazy("approval expired"),
    "approval.void": gettext_lazy("approval voided"),
    "skiptrace.requested": gettext_lazy("search asked for"),
    "skiptrace.candidate_accepted": gettext_lazy("finding accepted"),
    "skiptrace.candidate_rejected": gettext_lazy("finding rejected"),
    "skiptrace.search": gettext_lazy("search begun"),
    "skiptrace.give_back": gettext_lazy("search put back"),
    "skiptrace.find": gettext_lazy("search found something"),
    "skiptrace.verify": gettext_lazy("search ended: found"),
    "skiptrace.exhaust": gettext_lazy("search ended: nothing found"),
    "payment.post": gettext_lazy("payment posted"),
    "payment.clear": gettext_lazy("payment cleared"),
    "payment.reverse": gettext_lazy("payment taken back"),
    "contact.reserved": gettext_lazy("contact begun"),
    "contact.caller_answered": gettext_lazy("caller answered"),
    "contact.wrapped_up": gettext_lazy("contact wrapped up"),
    "message.confirm_sent": gettext_lazy("message sent"),
    "message.refuse": gettext_lazy("message refused by policy"),
    "note.written": gettext_lazy("note written"),
    "attachment.kept": gettext_lazy("file kept"),
    "account.contacted": gettext_lazy("contacted"),
}
