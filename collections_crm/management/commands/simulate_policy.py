"""Try a version of the policy on past decisions, here and now, without a worker."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from collections_crm.selectors.simulation_figures import limits_of, rule_lines, summary_of
from communications.models import PolicySimulation, PolicyVersion
from communications.services.policy_simulations import ask_for_simulation, run_simulation


class Command(BaseCommand):
    help = "Judge the decisions of the last days again, with a draft or submitted version of the policy and without it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", type=int, help="id of the version: the number in its address")
        parser.add_argument("--days", type=int, default=30, help="how many days to look back, 1 to 90 (30)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        simulation = _simulated(options["version"], options["days"])
        if not simulation.is_done:
            raise CommandError(
                f"Simulation {simulation.pk} is {simulation.state}: a worker has it, or it was given up."
            )
        if options["json"]:
            self.stdout.write(json.dumps(_as_dict(simulation), indent=2))
        else:
            self.stdout.write("\n".join(_told(simulation)))


def _simulated(version_id: int, days: int) -> PolicySimulation:
    try:
        asked = ask_for_simulation(version_id=version_id, days=days, actor=None, now=clock.now())
    except PolicyVersion.DoesNotExist:
        raise CommandError(f"no version {version_id}") from None
    except Refused as refusal:
        raise CommandError(str(refusal)) from None
    run_simulation(simulation_id=asked.pk, clock=clock.now)
    return PolicySimulation.objects.select_related("pack").get(pk=asked.pk)


def _as_dict(simulation: PolicySimulation) -> dict[str, Any]:
    return {
        "simulation": simulation.pk,
        "version": str(simulation.version),
        "digest": simulation.digest,
        "against": {code: version["number"] for code, version in simulation.against.items()},
        "from": simulation.from_at.isoformat(),
        "until": simulation.until_at.isoformat(),
        "found": simulation.found,
        "every": simulation.every,
        **simulation.counts,
    }


def _told(simulation: PolicySimulation) -> list[str]:
    lines = [summary_of(simulation)]
    lines += [f"{line.key}: +{line.appeared} -{line.gone} ±{line.otherwise}" for line in rule_lines(simulation)]
    lines += [f"- {limit}" for limit in limits_of(simulation)]
    return [*lines, f"simulation {simulation.pk}, rules {simulation.digest}"]
