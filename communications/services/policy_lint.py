"""What is wrong with a draft before it may be submitted: what is missing, doubled, or would never apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from string import Formatter

from accounts.foundation.days import civil_day
from communications.models import PolicyRule, PolicyVersion
from communications.policy.lint import flaws_of
from communications.policy.shipped import CODES, shipped_pack
from communications.selectors.live_policy import live_packs, pack_of, rule_data, rule_of
from communications.selectors.rule_changes import changes_between
from communications.services.policy_faults import FAULTS, WARNINGS, Fault

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
class Lint:
    """What was found: faults keep a draft from being submitted, warnings are shown and it may go."""

    faults: list[Fault]
    warnings: list[Fault]


def lint_of(version: PolicyVersion, *, now: datetime) -> Lint:
    """Everything about a version that is wrong or looks so, by itself, beside the other packs and beside the law."""
    rules = list(version.rules.select_related("version__pack"))
    found = [fault for rule in rules for fault in _faults_of_rule(rule)]
    if not rules:
        found.append(Fault("no_rules"))
    found += _compared_with_live(version, rules)
    if not any(fault.code == "senseless" for fault in found):
        found += _flaws(version, now)
    return Lint([f for f in found if f.code in FAULTS], [f for f in found if f.code in WARNINGS])


def _flaws(version: PolicyVersion, now: datetime) -> list[Fault]:
    """What the gate's own lint finds; the law is the pack as it came with the product."""
    others = [pack for pack in live_packs(now).packs if pack.code != version.pack.code]
    law = shipped_pack(version.pack.code) if version.pack.code in CODES else None
    on = civil_day(now, version.pack.zone)
    flaws = flaws_of(pack_of(version), others=others, law=law, on=on)
    return [Fault(flaw.code, flaw.rule, values=flaw.values) for flaw in flaws]


def _faults_of_rule(rule: PolicyRule) -> list[Fault]:
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
    return found + _unknown_blanks(rule) + _senseless(rule)


def _unknown_blanks(rule: PolicyRule) -> list[Fault]:
    known = BLANKS.get(rule.kind, set())
    asked: set[str] = set()
    for sentence in (rule.sentence_en, rule.sentence_es):
        try:
            asked |= {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}
        except ValueError:
            return [Fault("senseless", rule.code, sentence)]
    return [Fault("blank_unknown", rule.code, "{" + name + "}") for name in sorted(asked - known)]


def _senseless(rule: PolicyRule) -> list[Fault]:
    try:
        rule_of(rule)
    except (ValueError, TypeError) as fault:
        return [Fault("senseless", rule.code, str(fault))]
    return []


def _compared_with_live(version: PolicyVersion, rules: list[PolicyRule]) -> list[Fault]:
    live = version.based_on
    if live is None:
        return []
    before = {rule.code: rule_data(rule) for rule in live.rules.all()}
    after = {rule.code: rule_data(rule) for rule in rules}
    if not any(changes_between(before, after, "en")):
        return [Fault("nothing_changed")]
    kinds = {data["kind"] for data in after.values()}
    gone = [code for code, data in before.items() if code not in after and data["kind"] not in kinds]
    return [Fault("guard_missing", code) for code in gone]
