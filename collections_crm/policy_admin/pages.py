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
from collections_crm.policy_admin.forms import ActForm, DraftForm, RuleForm
from communications.models import PolicyPack, PolicyRule, PolicyVersion
from communications.selectors.rule_words import changes_of, example_sentence, numbers_in_words, scope_in_words
from communications.services import policy_versions
from communications.services.policy_lint import faults_of

Context = dict[str, Any]


def pack_page(request: HttpRequest, pack: PolicyPack, context: Context) -> HttpResponse:
    """A pack: its versions over time, and for an administrator the beginning of the next."""
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {"pack_code": pack.code, "note": form.cleaned_data["note"]}
        if draft_id := _done(request, form, "policy.draft", policy_versions.draft_from_live, **said):
            return HttpResponseRedirect(reverse("admin:communications_policyversion_change", args=[draft_id]))
    versions = pack.versions.select_related("maker", "checker").order_by("-number")
    may_draft = request.user.role == Role.ADMIN and not any(v.state in ("draft", "submitted") for v in versions)
    seen = {"pack": pack, "versions": versions, "form": form if may_draft else None, "title": pack.title}
    return render(request, "admin/policy/pack.html", {**context, **seen})


def version_page(request: HttpRequest, version: PolicyVersion, context: Context) -> HttpResponse:
    """A version: what it changes, what is wrong with it, every rule in words, and the acts open to who looks."""
    form = ActForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.is_to_be_confirmed:
        return _ask_once_more(request, version, form, context)
    if request.method == "POST" and form.is_valid() and _act(request, version, form):
        gone = form.cleaned_data["act"] == "drop"
        to = ("policypack", version.pack_id) if gone else ("policyversion", version.pk)
        return HttpResponseRedirect(reverse(f"admin:communications_{to[0]}_change", args=[to[1]]))
    return version_page_with(request, version, form, context)


def version_page_with(request: HttpRequest, version: PolicyVersion, form: ActForm, context: Context) -> HttpResponse:
    """The version as it is, with what the form has to say."""
    language = get_language() or "en"
    rules = [
        {
            "row": rule,
            "sentence": example_sentence(rule, language),
            "numbers": numbers_in_words(rule.kind, rule.params, language),
            "covers": scope_in_words(rule.scope, language),
        }
        for rule in version.rules.select_related("version__pack")
    ]
    seen = {
        "version": version,
        "rules": rules,
        "changes": changes_of(version, language),
        "faults": faults_of(version) if version.is_draft else [],
        "acts": _acts(request.user, version),
        "may_edit": version.is_draft and request.user.role == Role.ADMIN,
        "form": form,
        "title": f"{version.pack.title} {version.number}",
    }
    return render(request, "admin/policy/version.html", {**context, **seen})


def _ask_once_more(request: HttpRequest, version: PolicyVersion, form: ActForm, context: Context) -> HttpResponse:
    """What the act would do, before it is done; an act that isn't open to the person leads back to the version."""
    chosen = [act for act in _acts(request.user, version) if act[0] == form.cleaned_data["act"]]
    if not chosen:
        form.add_error(None, _("This isn't yours to do, or not as things stand."))
        return version_page_with(request, version, form, context)
    name, label, effect = chosen[0]
    changes = changes_of(version, get_language() or "en")
    seen = {"version": version, "act": name, "label": label, "effect": effect, "changes": changes, "form": form}
    return render(request, "admin/policy/confirm.html", {**context, **seen, "title": f"{label}: {version}"})


def rule_page(request: HttpRequest, rule: PolicyRule, context: Context) -> HttpResponse:
    """One rule of a draft as a form; of any other version, to read."""
    may_edit = rule.version.is_draft and request.user.role == Role.ADMIN
    form = RuleForm(request.POST or None, rule=rule)
    if request.method == "POST" and may_edit and form.is_valid():
        said = {"rule_id": rule.pk, "changes": form.changes()}
        if _done(request, form, "policy.edit_rule", policy_versions.edit_rule, **said):
            return HttpResponseRedirect(
                reverse("admin:communications_policyversion_change", args=[rule.version_id]) + f"#{rule.code}"
            )
    seen = {
        "rule": rule,
        "sentence": example_sentence(rule, get_language() or "en"),
        "form": form,
        "may_edit": may_edit,
        "title": rule.code,
    }
    return render(request, "admin/policy/rule.html", {**context, **seen})


def _act(request: HttpRequest, version: PolicyVersion, form: ActForm) -> bool:
    """Do one act; its refusal stands in the form."""
    act = form.cleaned_data["act"]
    services: dict[str, Callable[..., Any]] = {
        "submit": policy_versions.submit,
        "publish": policy_versions.publish,
        "send_back": policy_versions.send_back,
        "drop": policy_versions.drop_draft,
    }
    return _done(request, form, f"policy.{act}", services[act], version_id=version.pk) is not None


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
        return None
    messages.success(request, _("Saved."))
    return subject_id


def _acts(user: Any, version: PolicyVersion) -> list[tuple[str, str, str]]:
    """(act, label, what it does) open to the user in the version's state."""
    drafter, checker = user.role == Role.ADMIN, user.role == Role.COMPLIANCE
    said = {
        "submit": (_("Submit"), _("The rules are fixed and wait for compliance.")),
        "drop": (_("Drop this draft"), _("The draft is thrown away. The version in force stays.")),
        "publish": (_("Publish"), _("In force at once: the next contact is judged by it.")),
        "send_back": (_("Send back"), _("It becomes a draft again.")),
    }
    own = version.maker_id == user.pk
    if version.state == "draft":
        names = ["submit", "drop"] if drafter else []
    elif version.state == "submitted":
        may_publish = checker and not policy_versions.had_a_hand_in(version, user)
        names = (["publish"] if may_publish else []) + (["send_back"] if checker or own else [])
    else:
        names = []
    return [(name, *map(str, said[name])) for name in names]
