"""What is wrong with a draft before it may be submitted: what is missing, doubled, or would never apply."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from django.utils.translation import gettext_lazy as _

from communications.models import PolicyRule, PolicyVersion
from communications.policy.pack import pack_from
from communications.selectors.live_policy import rule_data

FAULTS = {
    "sentence_missing": _("{rule}: the refusal has no sentence in both languages"),
    "sentence_untranslated": _("{rule}: the Spanish sentence is the English one"),
    "citation_missing": _("{rule}: no source is named"),
    "never_in_force": _("{rule}: it ends before it begins"),
    "always_closed": _("{rule}: the hours open on no day"),
    "senseless": _("{rule}: {detail}"),
    "blank_unknown": _("{rule}: the sentence asks for {detail}, which this kind of rule never fills"),
    "no_rules": _("the version has no rule"),
    "nothing_changed": _("nothing differs from the version in force"),
    "guard_missing": _("{rule} was taken out: nothing else in the pack stops such contacts"),
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BLANKS = {
    "hours": {"hours", "zone", "local_time", "weekday"},
    "holidays": {"day", "zone", "country"},
    "frequency": {"limit", "days", "used"},
    "cool_down": {"talked_on", "free_on", "days"},
    "hold": {"hold", "purpose", "since"},
    "opt_out": {"channel", "since"},
    "consent": {"channel", "days"},
    "third_party": {"role", "purpose", "limit", "used"},
    "verification": {"status"},
    "disclosure": {"element", "channel"},
    "representation": {"days", "warn_days", "purpose"},
    "request": {"since"},
    "spacing": {"minutes"},
    "notice": {"notice", "days", "free_on"},
    "limitation": {"barred_on"},
    "language": {"wanted", "used"},
    "place": {"channel"},
    "reply": {"days"},
    "standing": {"standing", "purpose"},
    "stop": {"stopped", "cause", "since"},
    "contact_point": {"code", "channel", "status"},
    "zone": set(),
    "preference": {"code", "channel", "hours", "media", "weekday", "zone", "local_time"},
}


@dataclass(frozen=True)
class Fault:
    """One fault, told in the reader's language when it is shown."""

    code: str
    rule: str = ""
    detail: str = ""

    def __str__(self) -> str:
        return str(FAULTS[self.code]).format(rule=self.rule, detail=self.detail)


def faults_of(version: PolicyVersion) -> list[Fault]:
    """Everything that stands in the way of submitting a draft; empty when it may go."""
    rules = list(version.rules.all())
    found = [fault for rule in rules for fault in _faults_of_rule(rule, version)]
    if not rules:
        found.append(Fault("no_rules"))
    return found + _compared_with_live(version, rules)


def _faults_of_rule(rule: PolicyRule, version: PolicyVersion) -> list[Fault]:
    found = []
    if not (rule.sentence_en.strip() and rule.sentence_es.strip()):
        found.append(Fault("sentence_missing", rule.code))
    elif rule.sentence_en == rule.sentence_es:
        found.append(Fault("sentence_untranslated", rule.code))
    if not rule.citation.strip():
        found.append(Fault("citation_missing", rule.code))
    if rule.effective_from and rule.effective_to and rule.effective_from >= rule.effective_to:
        found.append(Fault("never_in_force", rule.code))
    if rule.kind == "hours" and not any(rule.params.get(day) for day in DAYS):
        found.append(Fault("always_closed", rule.code))
    return found + _unknown_blanks(rule) + _senseless(rule, version)


def _unknown_blanks(rule: PolicyRule) -> list[Fault]:
    known = BLANKS.get(rule.kind, set())
    asked: set[str] = set()
    for sentence in (rule.sentence_en, rule.sentence_es):
        try:
            asked |= {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}
        except ValueError:
            return [Fault("senseless", rule.code, sentence)]
    return [Fault("blank_unknown", rule.code, "{" + name + "}") for name in sorted(asked - known)]


def _senseless(rule: PolicyRule, version: PolicyVersion) -> list[Fault]:
    pack = version.pack
    head = {"code": pack.code, "version": version.number, "jurisdiction": pack.jurisdiction, "zone": pack.zone}
    try:
        pack_from({**head, "title_en": pack.title_en, "title_es": pack.title_es, "rules": [rule_data(rule)]})
    except (ValueError, TypeError) as fault:
        return [Fault("senseless", rule.code, str(fault))]
    return []


def _compared_with_live(version: PolicyVersion, rules: list[PolicyRule]) -> list[Fault]:
    live = version.based_on
    if live is None:
        return []
    before = {rule.code: rule_data(rule) for rule in live.rules.all()}
    after = {rule.code: rule_data(rule) for rule in rules}
    if before == after:
        return [Fault("nothing_changed")]
    kinds = {data["kind"] for data in after.values()}
    gone = [code for code, data in before.items() if code not in after and data["kind"] not in kinds]
    return [Fault("guard_missing", code) for code in gone]
