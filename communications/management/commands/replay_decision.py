"""Work a stored decision out again, under the policy of its time and under today's."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.foundation import clock
from communications.models import PolicyDecision
from communications.policy.decision import Decision
from communications.selectors.replay import CannotReplay, Replay, replay


class Command(BaseCommand):
    help = "Judge the facts of a stored decision again. Ends with 1 when the stored answer doesn't come out again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("decision", type=int, help="number of the decision")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        decision = PolicyDecision.objects.filter(pk=options["decision"]).first()
        if decision is None:
            raise CommandError(f"no decision {options['decision']}")
        try:
            found = replay(decision, policy_at=clock.now())
        except CannotReplay as missing:
            raise CommandError(str(missing)) from None
        told = json.dumps(found.as_dict(), indent=2, ensure_ascii=False) if options["json"] else _told(found)
        self.stdout.write(told)
        if not found.is_same:
            raise CommandError("the stored answer does not come out again")


def _told(found: Replay) -> str:
    kept = found.decision
    lines = [f"decision {kept.pk}, {kept.at.isoformat()}: {kept.verdict}"]
    if not found.is_whole:
        lines.append("the facts kept are not those of the digest")
    lines += _answer("under its own versions", found.then)
    lines += _answer("under today's versions", found.now) if found.differs_now else ["under today's versions: the same"]
    return "\n".join(lines)


def _answer(title: str, answer: Decision) -> list[str]:
    versions = ", ".join(f"{code} {number}" for code, number in sorted(answer.pack_versions.items()))
    reasons = [f"- {reason.rule} ({reason.action}): {reason.citation}" for reason in answer.reasons]
    again = [f"allowed from {answer.next_allowed_at.isoformat()}"] if answer.next_allowed_at else []
    return [f"{title} ({versions}): {answer.verdict}", *reasons, *again]
