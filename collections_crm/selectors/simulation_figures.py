"""What a simulation found, in words and figures: the sentence at its top, its tables, and what it can't see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.foundation.days import civil_day
from accounts.foundation.users import User
from collections_crm.ui import words
from communications.models import PolicySimulation, Verdict
from communications.policy.decision import PASSING, REFUSE
from communications.policy.tally import NOBODY, rules_of
from communications.policy.wording import word

# The sentence at the top names so many rules; the table below has them all.
NAMED = 5


@dataclass(frozen=True)
class Line:
    """One line of a table of figures. `key` is what the list below is narrowed to by its link."""

    key: str
    label: str
    changed: int
    judged: int = 0
    appeared: int = 0
    gone: int = 0
    otherwise: int = 0


def summary_of(simulation: PolicySimulation) -> str:
    """One sentence: of how many decisions how many would come out otherwise, which way, and by which rules."""
    told = "; ".join(_parts(simulation.counts)) or _("none would be decided otherwise")
    return f"{_extent(simulation)}, {told}."


def _extent(simulation: PolicySimulation) -> str:
    judged = simulation.counts.get("judged", 0)
    period = ngettext("the last %(days)s day", "the last %(days)s days", simulation.days) % {"days": simulation.days}
    said = {"count": f"{judged:,}", "found": f"{simulation.found:,}", "period": period}
    if simulation.every > 1:
        return _("Of a sample of %(count)s of the %(found)s contacts decided in %(period)s") % said
    text = ngettext("Of %(count)s contact decided in %(period)s", "Of %(count)s contacts decided in %(period)s", judged)
    return text % said


def _parts(counts: dict[str, Any]) -> Iterator[str]:
    for kind, way in WAYS.items():
        count, rules = 0, Counter[str]()
        for pair, figures in counts.get("pairs", {}).items():
            if _kind_of(*pair.split(">")) == kind:
                count += figures["count"]
                rules.update(_behind(figures, way))
        if count:
            yield _told(kind, count) + _named(rules, way)


# Which rules account for a change: those that came, those that went, or both.
WAYS = {"refused": "by", "approval": "by", "allowed": "without", "other": "both"}


def _kind_of(before: str, after: str) -> str:
    if before in PASSING and after not in PASSING:
        return "refused" if after == REFUSE else "approval"
    return "allowed" if after in PASSING and before not in PASSING else "other"


def _behind(figures: dict[str, Any], way: str) -> Counter[str]:
    sides = {"by": ("appeared", "otherwise"), "without": ("gone", "otherwise")}
    found: Counter[str] = Counter()
    for side in sides.get(way, ("appeared", "gone", "otherwise")):
        found.update(figures[side])
    return found


def _told(kind: str, count: int) -> str:
    said = {
        "refused": _("%(count)s would be refused that the policy in force allows"),
        "approval": _("%(count)s would need approval that the policy in force allows"),
        "allowed": _("%(count)s would be allowed that the policy in force stops"),
        "other": _("%(count)s would be answered otherwise, but allowed or stopped as before"),
    }
    return said[kind] % {"count": f"{count:,}"}


def _named(rules: Counter[str], way: str) -> str:
    template = {
        "by": _("%(count)s by %(rule)s"),
        "without": _("%(count)s without %(rule)s"),
        "both": _("%(count)s with %(rule)s"),
    }[way]
    most = rules.most_common(NAMED)
    told = [template % {"count": f"{count:,}", "rule": rule} for rule, count in most]
    return f": {', '.join(told)}{', …' if len(rules) > NAMED else ''}" if told else ""


def pair_lines(simulation: PolicySimulation) -> list[Line]:
    """Before and after, the most frequent first."""
    pairs = simulation.counts.get("pairs", {})
    lines = [Line(pair, _pair_in_words(pair), figures["count"]) for pair, figures in pairs.items()]
    return sorted(lines, key=lambda line: -line.changed)


def verdict_in_words(verdict: str) -> str:
    return str(Verdict(verdict).label)


def _pair_in_words(pair: str) -> str:
    return " → ".join(verdict_in_words(verdict) for verdict in pair.split(">"))


def rule_lines(simulation: PolicySimulation) -> list[Line]:
    """Rule by rule, in how many decisions it newly speaks, no longer does, or does something else."""
    sides = rules_of(simulation.counts)
    rules = set().union(*sides.values())
    lines = [Line(rule, rule, 0, **{side: sides[side][rule] for side in sides}) for rule in rules]
    return sorted(lines, key=lambda line: (-line.appeared - line.gone - line.otherwise, line.key))


def agent_lines(simulation: PolicySimulation) -> list[Line]:
    """By who asked for the contact: those that change, of those judged."""
    found = simulation.counts.get("agents", {})
    people = {str(user.pk): str(user) for user in User.objects.filter(pk__in=[key for key in found if key != NOBODY])}
    return _lines(found, {**people, NOBODY: _("the system")})


def jurisdiction_lines(simulation: PolicySimulation) -> list[Line]:
    return _lines(simulation.counts.get("jurisdictions", {}), {})


def channel_lines(simulation: PolicySimulation) -> list[Line]:
    found, language = simulation.counts.get("channels", {}), get_language() or "en"
    return _lines(found, {channel: word("channel", channel, language) for channel in found})


def _lines(found: dict[str, Any], labels: dict[str, str]) -> list[Line]:
    lines = [Line(key, labels.get(key, key), figures["changed"], figures["judged"]) for key, figures in found.items()]
    return sorted(lines, key=lambda line: (-line.changed, -line.judged, line.label))


def limits_of(simulation: PolicySimulation) -> list[str]:
    """What the figures can't show, and what they rest on. Told beside them, always."""
    return [
        _("Only contacts that somebody asked about are seen. Accounts that were never offered are not."),
        _(
            "Each contact is judged on the facts as they were, without any knock-on: a contact that this version would"
            " have stopped still counts for those after it."
        ),
        _("An exception that was approved changes nothing here: its contact counts as one that needs approval."),
        _sample(simulation),
        *_left_out(simulation.counts.get("left_out", {})),
        *_not_begun(simulation),
    ]


def _sample(simulation: PolicySimulation) -> str:
    if simulation.every == 1:
        return _("Every decision of the period is judged.")
    said = {"every": simulation.every, "found": f"{simulation.found:,}"}
    text = _("The period has %(found)s decisions. Those whose number divides by %(every)s are judged, and no others.")
    return text % said


def _left_out(found: dict[str, int]) -> list[str]:
    said = {
        "not_kept": _("facts not kept"),
        "not_whole": _("facts are not those that were decided on"),
        "unreadable": _("facts can't be read"),
        "no_policy": _("no policy where it was"),
    }
    if not found:
        return []
    total = sum(found.values())
    text = ngettext(
        "%(count)s decision could not be judged again and is in no figure: %(why)s.",
        "%(count)s decisions could not be judged again and are in no figure: %(why)s.",
        total,
    )
    why = ", ".join(f"{said[code]} {count:,}" for code, count in found.items())
    return [text % {"count": f"{total:,}", "why": why}]


def _not_begun(simulation: PolicySimulation) -> list[str]:
    """Rules that begin within the period or after it say nothing about what came before."""
    begins = civil_day(simulation.from_at, simulation.pack.zone)
    late = [
        f"{rule['id']} ({words.civil(date.fromisoformat(rule['effective_from']))})"
        for rule in simulation.rules
        if rule["effective_from"] and date.fromisoformat(rule["effective_from"]) > begins
    ]
    if not late:
        return []
    return [_("Rules say nothing before the day on which they begin: %(rules)s.") % {"rules": ", ".join(late)}]


def standing_in_words(standing: str) -> str:
    """Why a simulation's figures no longer hold; empty while they do."""
    return {
        "": "",
        "edited": _("Void: the draft changed since."),
        "dropped": _("Void: the draft was thrown away since."),
        "overtaken": _("Void: another version came into force since."),
        "decided": _("This version was published since. The figures are those from before."),
    }[standing]
