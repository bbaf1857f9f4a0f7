"""The page that says what is in force: a contact is made up by choosing words, and all packs answer at that instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.foundation.admin_by_role import READERS, role_of
from collections_crm.policy_admin.inquiry_form import InquiryForm
from collections_crm.ui.words import moment, place
from communications.policy import wording
from communications.policy.decision import VERDICT_OF_ACTION, VERDICTS
from communications.policy.pack import NoPack, Rule
from communications.selectors.inquiry import Answer, answers_to, case_of, rows_of_rules
from communications.selectors.rule_words import value_in_words

Context = dict[str, Any]


def inquiry_page(request: HttpRequest, context: Context) -> HttpResponse:
    """Ask by GET, so that the address of an answer can be handed on. Writes nothing and names nobody."""
    _refuse_others(request)
    form = InquiryForm.asked(request.GET) if request.GET else InquiryForm()
    answers: list[Answer] = []
    if form.is_bound and form.is_valid():
        try:
            answers = answers_to(form.inquiry(), form.draft())
        except NoPack:
            form.add_error("day", _("No version of that country's policy was in force then."))
    seen = {"form": form, "answers": [_told(answer) for answer in answers], "title": _("What is in force")}
    if answers:
        seen["zones"] = _clocks(answers[0])
        query = form.address_query()
        seen["link"] = f"{reverse('admin:policy_inquiry')}?{query}"
        seen["case"] = f"{reverse('admin:policy_inquiry_case')}?{query}"
    return render(request, "admin/policy/inquiry.html", {**context, **seen})


def inquiry_case(request: HttpRequest) -> HttpResponse:
    """The same question as the facts that `explain_contact --facts` takes."""
    _refuse_others(request)
    form = InquiryForm.asked(request.GET)
    if not form.is_valid():
        return HttpResponseBadRequest(form.errors.as_text(), content_type="text/plain; charset=utf-8")
    answer = HttpResponse(case_of(form.inquiry()) + "\n", content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="case.json"'
    return answer


def _refuse_others(request: HttpRequest) -> None:
    if role_of(request) not in READERS:
        raise PermissionDenied


def _clocks(answer: Answer) -> list[str]:
    """The instant by the clock of each zone in which the contact is judged."""
    at = answer.facts.at
    return [f"{moment(at, fact.zone)} {place(fact.zone)}" for fact in answer.facts.party.zones] or [moment(at, "UTC")]


def _told(answer: Answer) -> Context:
    """One answer in words."""
    language = get_language() or "en"
    found, rows = answer.merged, rows_of_rules(answer.packs)
    decision = found.decision
    reasons = sorted(decision.reasons, key=lambda r: -VERDICTS.index(VERDICT_OF_ACTION[r.action]))
    return {
        "heading": _("Under the draft {version}").format(version=answer.draft) if answer.draft else _("In force"),
        "verdict": decision.verdict,
        "verdict_in_words": wording.word("verdict", decision.verdict, language),
        "winners": list(found.winners) if decision.reasons else [],
        "next": _moments(decision.next_allowed_at, answer),
        "passes": decision.passes,
        "closing": answer.outlook.closing and _moments(answer.outlook.closing.at, answer),
        "reasons": [_reason(reason, answer, rows, language) for reason in reasons],
        "silent": [_rule(rule, answer, rows, language) for rule in found.silent],
        "left_out": [
            {**_rule(one.rule, answer, rows, language), "why": _why(one.rule, one.why, language)}
            for one in found.left_out
        ],
        "versions": ", ".join(f"{code} {number}" for code, number in sorted(decision.pack_versions.items())),
    }


def _moments(at: datetime | None, answer: Answer) -> str:
    """An instant by the clocks of all zones; empty when there is none."""
    zones = [fact.zone for fact in answer.facts.party.zones] or ["UTC"]
    return " / ".join(f"{moment(at, zone)} {place(zone)}" for zone in zones) if at else ""


def _rule(rule: Rule, answer: Answer, rows: dict[str, int], language: str) -> Context:
    return {
        "code": rule.id,
        "row": rows.get(rule.id),
        "kind": wording.word("kind", rule.kind, language),
        "action": wording.word("action", rule.action, language),
        "source": rule.citation,
        "force": wording.word("legal_force", rule.legal_force, language),
        "version": f"{rule.pack} {answer.packs.versions[rule.pack]}",
    }


def _reason(reason: Any, answer: Answer, rows: dict[str, int], language: str) -> Context:
    rule = answer.packs.rule(reason.rule)
    template = rule.sentence_es if language.startswith("es") else rule.sentence_en
    return {
        **_rule(rule, answer, rows, language),
        "sentence": wording.sentence(template, reason.code, reason.params, language),
        "until": _moments(reason.retry_at, answer),
        "won": reason.rule in answer.merged.winners,
    }


def _why(rule: Rule, why: str, language: str) -> str:
    """What kept a rule out: `channels: call`, `from: Tue 1 Sep 2026`."""
    label = wording.word("left_out", why, language)
    if why in ("effective_from", "effective_to"):
        return f"{label} {wording.civil_day(getattr(rule, why), language)}"
    if why == "jurisdiction":
        return f"{label}: {wording.word('country', rule.jurisdiction, language)}"
    value = getattr(rule.scope, why, "")
    return f"{label}: {value_in_words(why, value, language)}" if value not in ((), "", True) else label
