"""The pages of policy in the admin: a pack with its versions, a version with its rules, one rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.models import Role
from collections_crm.policy_admin.forms import FORMS, ActForm, DraftForm, RuleForm, SimulateForm, act_form
from collections_crm.policy_admin.simulations import simulations_seen, trial_seen
from communications.models import PolicyPack, PolicyRule, PolicyVersion
from communications.selectors.live_policy import rule_data
from communications.selectors.policy_impact import impact_on_messages
from communications.selectors.policy_timeline import Standing, last_edit, standing_at, timeline_of
from communications.selectors.rule_changes import changes_between, changes_of
from communications.selectors.rule_words import (
    example_sentence,
    examples_in_words,
    numbers_in_words,
    scope_in_words,
)
from communications.selectors.simulation_standing import PREPARED
from communications.services import policy_versions
from communications.services.policy_lint import lint_of
from communications.services.policy_simulations import ask_for_simulation
from communications.tasks import nudge_simulation

Context = dict[str, Any]
Act = tuple[str, str, str]
# While a version stands so, what is wrong with it is shown to whoever edits, submits and publishes it, and no other is
# drafted.
IN_PREPARATION = ("draft", "submitted", "to_begin")


def pack_page(request: HttpRequest, pack: PolicyPack, context: Context) -> HttpResponse:
    """A pack: its versions over time, and for an administrator the beginning of the next."""
    form, now = DraftForm(request.POST or None), clock.now()
    if request.method == "POST" and form.is_valid():
        said = {"pack_code": pack.code, "note": form.cleaned_data["note"]}
        if draft_id := _done(request, form, "policy.draft", policy_versions.draft_from_live, **said):
            return HttpResponseRedirect(reverse("admin:communications_policyversion_change", args=[draft_id]))
    versions = timeline_of(pack, now)
    may_draft = request.user.role == Role.ADMIN and not any(v.is_now in IN_PREPARATION for v in versions)
    seen = {"pack": pack, "versions": versions, "form": form if may_draft else None, "title": pack.title}
    return render(request, "admin/policy/pack.html", {**context, **seen})


def version_page(request: HttpRequest, version: PolicyVersion, context: Context) -> HttpResponse:
    """A version: what it changes, what is wrong with it, every rule in words, and the acts open to who looks."""
    if request.method == "POST" and request.POST.get("act") == "simulate":
        return _simulate(request, version, context)
    form = act_form(version, request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        if _is_to_be_confirmed(version, form):
            return _ask_once_more(request, version, form, context)
        if (done := _act(request, version, form)) is not None:
            return HttpResponseRedirect(_after(form.cleaned_data["act"], version, done))
    return version_page_with(request, version, form, context)


def _after(act: str, version: PolicyVersion, done: int) -> str:
    if act == "drop":
        return reverse("admin:communications_policypack_change", args=[version.pack_id])
    to = done if act == "way_back" else version.pk
    return reverse("admin:communications_policyversion_change", args=[to])


def _is_to_be_confirmed(version: PolicyVersion, form: ActForm) -> bool:
    """A draft with faults can't be submitted: they are told at once, not after one more question."""
    submits = form.cleaned_data["act"] == "submit" and version.is_draft
    return form.is_to_be_confirmed and not (submits and lint_of(version, now=clock.now()).faults)


def _simulate(request: HttpRequest, version: PolicyVersion, context: Context) -> HttpResponse:
    """Ask for a simulation and go to its page; what is wrong stands in the form."""
    form = SimulateForm(request.POST)
    if form.is_valid():
        said = {"version_id": version.pk, "days": form.cleaned_data["days"]}
        if simulation_id := _done(request, form, "policy.simulate", ask_for_simulation, **said):
            nudge_simulation(simulation_id)
            return HttpResponseRedirect(reverse("admin:communications_policysimulation_change", args=[simulation_id]))
    return version_page_with(request, version, None, context, simulate_form=form)


def version_page_with(
    request: HttpRequest,
    version: PolicyVersion,
    form: ActForm | None,
    context: Context,
    simulate_form: SimulateForm | None = None,
) -> HttpResponse:
    """The version as it is, with what the forms have to say."""
    language = get_language() or "en"
    rules = [
        {
            "row": rule,
            "sentence": example_sentence(rule, language),
            "numbers": numbers_in_words(rule.kind, rule.params, language),
            "examples": examples_in_words(rule, language),
            "covers": scope_in_words(rule.scope, language),
        }
        for rule in version.rules.select_related("version__pack")
    ]
    seen = {
        "version": version,
        "rules": rules,
        "changes": changes_of(version, language),
        "lint": lint_of(version, now=clock.now()) if version.state in IN_PREPARATION else None,
        "acts": [_with_form(act, version, form) for act in _acts(request.user, version)],
        "standing": Standing(version, standing_at(version, clock.now())).words,
        "may_edit": version.is_draft and request.user.role == Role.ADMIN,
        "form": form,
        "simulate_form": (simulate_form or SimulateForm()) if version.state in PREPARED else None,
        "simulations": simulations_seen(version),
        "title": f"{version.pack.title} {version.number}",
    }
    return render(request, "admin/policy/version.html", {**context, **seen})


def _with_form(act: Act, version: PolicyVersion, sent: ActForm | None) -> tuple[str, str, str, ActForm]:
    """The act with the form that it takes: the one that came back, when it is its own."""
    own = FORMS.get(act[0], ActForm)
    form = sent if sent and sent.data.get("act") == act[0] else own(version=version, initial={"act": act[0]})
    return (*act, form)


def _ask_once_more(request: HttpRequest, version: PolicyVersion, form: ActForm, context: Context) -> HttpResponse:
    """What the act would do, before it is done; an act that isn't open to the person leads back to the version."""
    chosen = [act for act in _acts(request.user, version) if act[0] == form.cleaned_data["act"]]
    if not chosen:
        form.add_error(None, _("This isn't yours to do, or not as things stand."))
        return version_page_with(request, version, form, context)
    name, label, effect = chosen[0]
    changes = changes_of(version, get_language() or "en")
    warnings = lint_of(version, now=clock.now()).warnings
    seen = {"version": version, "act": name, "label": label, "effect": effect, "changes": changes, "form": form}
    if name == "publish":
        now = clock.now()
        begins = form.said()["begins"]
        seen |= {"begins": begins, "impact": impact_on_messages(version, begins=begins or now, now=now)}
    seen |= {"warnings": warnings}
    if name in ("submit", "publish"):
        seen["trial"] = trial_seen(version)
    return render(request, "admin/policy/confirm.html", {**context, **seen, "title": f"{label}: {version}"})


def rule_page(request: HttpRequest, rule: PolicyRule, context: Context) -> HttpResponse:
    """One rule of a draft as a form; of any other version, to read."""
    may_edit = rule.version.is_draft and request.user.role == Role.ADMIN
    form, other = RuleForm(request.POST or None, rule=rule), {"differs": None}
    if "look" in request.POST and may_edit:
        return _looked_at(request, rule, form, context)
    if request.method == "POST" and may_edit and form.is_valid():
        said = {"rule_id": rule.pk, "changes": form.changes(), "seen": form.seen}
        if _done(request, form, "policy.edit_rule", policy_versions.edit_rule, **said):
            return HttpResponseRedirect(
                reverse("admin:communications_policyversion_change", args=[rule.version_id]) + f"#{rule.code}"
            )
        other = _changed_by_another(rule, form)
    return _rule_seen(request, rule, form, context | {"may_edit": may_edit} | other)


def _rule_seen(request: HttpRequest, rule: PolicyRule, form: RuleForm, context: Context) -> HttpResponse:
    seen = {"rule": rule, "form": form, "title": rule.code, **_example_of(rule)}
    return render(request, "admin/policy/rule.html", {**context, **seen})


def _looked_at(request: HttpRequest, rule: PolicyRule, form: RuleForm, context: Context) -> HttpResponse:
    """What the rule would answer as it is written in the form, before anything is saved; alone for a page that asks as
    one types. What makes no rule changes nothing of what is shown."""
    written = _as_written(rule, form) if form.is_valid() else rule
    if request.headers.get("HX-Request") == "true":
        return render(request, "admin/policy/_example.html", _example_of(written))
    return _rule_seen(request, written, form, context | {"may_edit": True, "differs": None})


def _example_of(rule: PolicyRule) -> Context:
    language = get_language() or "en"
    return {"sentence": example_sentence(rule, language), "examples": examples_in_words(rule, language)}


def _as_written(rule: PolicyRule, form: RuleForm) -> PolicyRule:
    """The rule with what the valid form says; nothing of it is saved."""
    written = PolicyRule.objects.select_related("version__pack").get(pk=rule.pk)
    for name, value in form.changes().items():
        setattr(written, name, value)
    return written


def _changed_by_another(rule: PolicyRule, form: RuleForm) -> Context:
    """When it was refused because somebody else was faster: what they made of it beside what was written here."""
    if getattr(form, "refused", "") != "policy_rule_changed_meanwhile":
        return {"differs": None}
    now_there = PolicyRule.objects.select_related("version__pack").get(pk=rule.pk)
    written = _as_written(rule, form)
    form.shown_again_over(now_there)
    stands, wants = ({rule.code: rule_data(one)} for one in (now_there, written))
    found = changes_between(stands, wants, get_language() or "en")
    return {"differs": list(found), "edit": last_edit(rule)}


def _act(request: HttpRequest, version: PolicyVersion, form: ActForm) -> int | None:
    """Do one act; its refusal stands in the form. Answers the version that came of it."""
    act = form.cleaned_data["act"]
    services: dict[str, Callable[..., Any]] = {
        "submit": policy_versions.submit,
        "publish": policy_versions.publish,
        "send_back": policy_versions.send_back,
        "drop": policy_versions.drop_draft,
        "call_off": policy_versions.call_off,
        "way_back": policy_versions.draft_way_back,
    }
    return _done(request, form, f"policy.{act}", services[act], version_id=version.pk, **form.said())


def _done(request: HttpRequest, form: Any, act: str, service: Callable[..., Any], **said: Any) -> int | None:
    """Call one service once for this form; None when it refuses, and then the form says why."""
    now: datetime = clock.now()
    actor = request.user

    def effect() -> Any:
        return service(actor=actor, now=now, **said) or said.get("version_id")

    try:
        subject_id, _first = once(key=form.key, act=act, actor=actor, at=now, effect=effect)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        form.refused = refusal.code
        return None
    messages.success(request, _("Saved."))
    return subject_id


def _acts(user: Any, version: PolicyVersion) -> list[Act]:
    """(act, label, what it does) open to the user in the version's state."""
    said = {
        "submit": (_("Submit"), _("The rules are fixed and wait for compliance.")),
        "drop": (_("Drop this draft"), _("The draft is thrown away. The version in force stays.")),
        "publish": (_("Publish"), _("In force at once: the next contact is judged by it.")),
        "send_back": (_("Send back"), _("It becomes a draft again.")),
        "call_off": (_("Call off"), _("It never rules. The version in force goes on without an end.")),
        "way_back": (_("Draft the way back"), _("A new draft with the rules of this version, to submit and publish.")),
    }
    return [(name, *map(str, said[name])) for name in _open_acts(user, version)]


def _open_acts(user: Any, version: PolicyVersion) -> list[str]:
    drafter, checker = user.role == Role.ADMIN, user.role == Role.COMPLIANCE
    own, is_now = version.maker_id == user.pk, standing_at(version, clock.now())
    if is_now == "draft":
        return ["submit", "drop"] if drafter else []
    if is_now == "submitted":
        may_publish = checker and not policy_versions.had_a_hand_in(version, user)
        return (["publish"] if may_publish else []) + (["send_back"] if checker or own else [])
    if is_now == "to_begin":
        return ["call_off"] if checker else []
    return ["way_back"] if drafter and is_now in ("ruled", "called_off") and _is_free(version.pack) else []


def _is_free(pack: PolicyPack) -> bool:
    return not any(one.is_now in IN_PREPARATION for one in timeline_of(pack, clock.now()))
