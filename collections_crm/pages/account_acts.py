"""What may be done on an account without a contact. One form, one service call and one sentence each.

The account page links to them; a refused or mistyped one comes back with all that was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.foundation.errors import Refused, StaleRecord, register_sentences
from accounts.foundation.receipts import once
from accounts.foundation.users import Role
from accounts.models import ConsentBasis, Provenance
from accounts.services.attachments import keep_file
from accounts.services.card_authorities import WHO_CHARGES, WHO_ENDS, WHO_NOTES
from accounts.services.complaints import WHO_TAKES, raise_complaint
from accounts.services.contact_points import add_contact_point, opt_out, record_consent, set_status
from accounts.services.dispute_raising import raise_dispute
from accounts.services.interest import WHO_LOWERS, lower_interest
from accounts.services.notes import write_note
from accounts.services.signs import WHO_SETS_ASIDE, set_aside
from arrangements.services.hardship_opening import open_hardship
from arrangements.services.reageing import WHO_ASKS, ask_reageing
from collections_crm.pages import account_forms as forms
from collections_crm.pages import advance_forms as advance
from collections_crm.pages import card_forms as card
from collections_crm.pages import limitation_forms as clock
from collections_crm.pages import preference_acts as acts
from collections_crm.pages.account import page_in_silence
from collections_crm.pages.complaint_forms import RaiseComplaintForm
from collections_crm.pages.dispute_forms import RaiseDisputeForm
from collections_crm.pages.hardship_forms import OpenHardshipForm
from collections_crm.pages.preference_forms import EndPreferenceForm, PreferenceForm, WorkplaceForm, ZoneForm
from collections_crm.selectors.account_changes import refuse_stale, version_of
from collections_crm.selectors.account_page import AccountPage
from collections_crm.selectors.drafts import draft_of
from collections_crm.services.drafts import forget_draft
from collections_crm.services.holds_by_hand import extend_by_hand, place_by_hand, release_by_hand

register_sentences(
    {
        "account.verify_first": _("Verify the person first: until then nothing is changed on this account."),
        "account.changed_meanwhile": _(
            "Not saved yet: somebody changed it since you opened it ({what}, {who}). Saving again saves anyway."
        ),
    }
)

Effect = Callable[..., Any]
WORKERS = frozenset({Role.AGENT, Role.MANAGER})
DATERS = frozenset({Role.MANAGER, Role.COMPLIANCE})
HOLDERS = WORKERS | {Role.COMPLIANCE, Role.ADMIN}


@dataclass(frozen=True)
class Act:
    """One thing that may be done: its form, its heading, what is said afterwards, who may."""

    form: type[forms.ActForm]
    title: str | Promise
    done: str | Promise
    effect: Effect
    roles: frozenset[str] = frozenset(Role.values)


def _note(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return write_note(account_id=page.account.pk, text=given["text"], **who)


def _file(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    file = given["file"]
    kept = keep_file(account_id=page.account.pk, kind=given["kind"], name=file.name, content=file.read(), **who)
    if kept.uploaded_at != who["now"]:
        raise Refused("file_kept_already", name=kept.name, day=kept.uploaded_at.date())
    return kept


def _hold(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    kept = {"kind": given["kind"], "review_on": given["review_on"], "reason": given["reason"]}
    kept["from_on"] = given["from_on"]
    return place_by_hand(account_id=page.account.pk, **kept, **who)


def _hardship(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return open_hardship(
        account_id=page.account.pk,
        party_id=given["party"],
        received_on=given["received_on"],
        said=given["note"],
        reason=given["reason"],
        **who,
    )


def _dispute(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return raise_dispute(
        account_id=page.account.pk,
        party_id=given["party"],
        kind=given["kind"],
        amount=given["amount"],
        said=given["note"],
        received_on=given["received_on"],
        in_writing=given["in_writing"],
        about_agent_id=given["about_agent"],
        **who,
    )


def _complaint(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    kept = {name: given[name] for name in ("category", "wanted", "way", "received_on", "in_writing")}
    people = {"party_id": given["party"], "about_agent_id": given["about_agent"]}
    return raise_complaint(account_id=page.account.pk, said=given["note"], **kept, **people, **who)


def _interest(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return lower_interest(account_id=page.account.pk, yearly_rate=given["rate"] / 100, why=given["note"], **who)


def _reage(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return ask_reageing(account_id=page.account.pk, said=given["note"], **who)


def _set_aside(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return set_aside(account_id=page.account.pk, sign=given["sign"], said=given["note"], **who)


def _extend(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return extend_by_hand(hold_id=given["hold"], review_on=given["review_on"], reason=given["reason"], **who)


def _release(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return release_by_hand(hold_id=given["hold"], reason=given["reason"], **who)


def _way(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    parts = {name: given[name] for name in ("kind", "value", "city", "region", "postcode", "is_work")}
    return add_contact_point(
        party_id=given["party"],
        provenance=Provenance.AGENT,
        country=page.account.portfolio.country,
        **parts,
        **who,
    )


def _way_status(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return set_status(contact_point_id=given["point"], status=given["status"], reason="by_hand", **who)


def _opt_out(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return opt_out(contact_point_id=given["point"], channel=given["channel"], **who)


def _consent(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    about = {"account_id": page.account.pk if given["only_here"] else None, "basis": ConsentBasis.GIVEN}
    return record_consent(contact_point_id=given["point"], channel=given["channel"], **about, **who)


ACTS: dict[str, Act] = {
    "note": Act(forms.NoteForm, _("Write a note"), _("Note kept."), _note),
    "file": Act(forms.FileForm, _("Keep a file"), _("File kept."), _file),
    "hold": Act(forms.HoldForm, _("Place a hold"), _("Hold placed."), _hold, HOLDERS),
    "dispute": Act(
        RaiseDisputeForm,
        _("The customer disputes it"),
        _("Dispute kept: the disputed amount rests until it is answered."),
        _dispute,
        HOLDERS,
    ),
    "complaint": Act(
        RaiseComplaintForm,
        _("The customer complains"),
        _("Complaint kept: the customer is left in peace until it is answered."),
        _complaint,
        WHO_TAKES,
    ),
    "hardship": Act(
        OpenHardshipForm,
        _("The customer can't pay"),
        _("Hardship kept: nothing is asked of them until it is decided."),
        _hardship,
        WORKERS | {Role.COMPLIANCE},
    ),
    "extend-hold": Act(forms.ExtendHoldForm, _("Move the review of a hold"), _("Review moved."), _extend, HOLDERS),
    "release-hold": Act(forms.ReleaseHoldForm, _("Lift a hold"), _("Hold lifted."), _release, HOLDERS),
    "way": Act(forms.WayForm, _("Add a way to reach somebody"), _("Added."), _way, WORKERS),
    "way-status": Act(forms.WayStatusForm, _("Say what a contact point is"), _("Saved."), _way_status, WORKERS),
    "opt-out": Act(forms.ChannelForm, _("The customer opts out"), _("Opt-out kept, from now on."), _opt_out, WORKERS),
    "consent": Act(forms.ConsentForm, _("The customer agrees"), _("Consent kept."), _consent, WORKERS),
    "reconcile": Act(
        advance.ReconcileForm,
        _("The merchant asks to be reconciled"),
        _("Kept: the estimate rests until it is made. Ask for the bank statements."),
        advance.reconcile,
        HOLDERS,
    ),
    "advance-terms": Act(
        advance.AdvanceTermsForm,
        _("Terms of the advance"),
        _("Kept: what is expected from the next open day on follows them."),
        advance.terms,
        frozenset({Role.MANAGER}),
    ),
    "declare-default": Act(
        advance.DefaultForm,
        _("Declare a default"),
        _("Asked: it is declared when a second person agrees."),
        advance.default,
        DATERS,
    ),
    "interest": Act(
        forms.InterestForm,
        _("Lower the interest"),
        _("Kept: from today on the account bears no more than that."),
        _interest,
        WHO_LOWERS,
    ),
    "card-authority": Act(
        card.AuthorityForm,
        _("The customer lets their card be charged"),
        _("Kept: finance may charge what is due."),
        card.give,
        WHO_NOTES,
    ),
    "card-authority-end": Act(
        card.EndForm, _("The customer takes it back"), _("Ended: nothing is charged any more."), card.end, WHO_ENDS
    ),
    "card-attempt": Act(
        card.AttemptForm, _("A charge was tried"), _("Kept. Collected money is posted."), card.attempt, WHO_CHARGES
    ),
    "re-age": Act(
        forms.ReAgeForm,
        _("Ask for re-ageing"),
        _("Asked: what is overdue moves when a second person agrees."),
        _reage,
        WHO_ASKS,
    ),
    "set-aside": Act(
        forms.SetAsideForm,
        _("Set a sign aside"),
        _("Kept. It comes back with what happens from now on."),
        _set_aside,
        WHO_SETS_ASIDE,
    ),
    "preference": Act(
        PreferenceForm, _("What the customer asks for"), _("Kept, and binding from now on."), acts.prefer, WORKERS
    ),
    "end-preference": Act(
        EndPreferenceForm, _("No longer asked for"), _("It binds no more."), acts.end_preference, WORKERS
    ),
    "work": Act(WorkplaceForm, _("Contact at work"), _("Kept."), acts.work, WORKERS),
    "zone": Act(ZoneForm, _("Where the customer is"), _("Kept."), acts.zone, WORKERS),
    "acknowledgment": Act(
        clock.AcknowledgmentForm, _("Written acknowledgment"), _("Kept."), clock.acknowledge, WORKERS
    ),
    "default": Act(clock.DefaultForm, _("Day of default"), _("Kept."), clock.default, DATERS),
    "limitation": Act(clock.LimitationForm, _("Set the limitation date"), _("Kept."), clock.limitation, DATERS),
    "limitation-undo": Act(clock.TakeBackForm, _("Take back"), _("Taken back."), clock.undo, DATERS),
}


@login_required
@require_http_methods(["GET", "POST"])
def account_act(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The form of one act by itself; posted and right, back to the account, else again with what was typed."""
    act = ACTS.get(name)
    if act is None or request.user.role not in act.roles:
        raise Http404
    page = page_in_silence(request, reference)
    form = act.form(request.POST or None, request.FILES or None, page=page, initial=_initial(request, page, act))
    if form.is_bound and form.is_valid() and _done(request, page, form, act, name):
        messages.success(request, act.done)
        return redirect("account", reference)
    context = {"page": page, "account": page.account, "form": form, "act": act, "name": name}
    return render(request, "account/act.html", context, status=422 if form.is_bound else 200)


def _initial(request: HttpRequest, page: AccountPage, act: Act) -> dict[str, Any]:
    """What the link said, then what was typed here before and not saved; that may speak of the debt."""
    linked = {key: value for key, value in request.GET.items() if key in act.form.base_fields}
    if page.silence is not None:
        return linked
    key = act.form.draft_key_of(page)
    return linked | draft_of(request.user, key, now=page.now)


def _done(request: HttpRequest, page: AccountPage, form: forms.ActForm, act: Act, name: str) -> bool:
    """True when it is done. A refusal stands in the form; one over a stale page lets the next try through."""
    try:
        _once(request, page, form, act, name)
    except StaleRecord as stale:
        form.add_error(None, str(stale))
        form.data = form.data.copy()
        form.data["version"] = version_of(page.account.pk)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def _once(request: HttpRequest, page: AccountPage, form: forms.ActForm, act: Act, name: str) -> None:
    who = {"actor": request.user, "now": page.now}

    def effect() -> Any:
        if page.silence is not None:
            raise Refused("account.verify_first")
        refuse_stale(page.account, form.cleaned_data.get("version"), by_others_than=request.user)
        return act.effect(page, form.given, who)

    once(key=form.key, act=f"account.{name}"[:60], actor=request.user, at=page.now, effect=effect)
    forget_draft(user_id=request.user.pk, key=form.draft_key)
