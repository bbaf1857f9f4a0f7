"""The pages of simulations: what a version would have changed, how far a run is, and what it leaves to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.htmx import wants_partial
from accounts.foundation.receipts import once
from collections_crm.selectors.simulation_changes import change_file, changes_of, every_row, narrowed_by, rows_of
from collections_crm.selectors.simulation_figures import (
    agent_lines,
    channel_lines,
    jurisdiction_lines,
    limits_of,
    pair_lines,
    rule_lines,
    standing_in_words,
    summary_of,
)
from collections_crm.ui.forms import PageForm
from collections_crm.ui.paging import keyset_page
from communications.models import PolicySimulation, PolicyVersion
from communications.selectors.simulation_standing import PREPARED, latest_valid, standing_of, standings_of
from communications.services.policy_simulations import cancel_simulation

SHOWN = 5
Context = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """A simulation in a list: itself, and why its figures no longer hold, if so."""

    simulation: PolicySimulation
    void: str
    summary: str


def simulations_seen(version: PolicyVersion) -> list[Seen]:
    """The latest simulations of a version, the last first."""
    found = list(version.simulations.select_related("asked_by", "pack").order_by("-pk")[:SHOWN])
    return [
        Seen(simulation, standing_in_words(standing), summary_of(simulation) if simulation.is_done else "")
        for simulation, standing in zip(found, standings_of(version, found, now=clock.now()), strict=True)
    ]


def trial_seen(version: PolicyVersion) -> dict[str, Any]:
    """The figures that still hold, for who is about to submit or publish; none says that there are none."""
    simulation = latest_valid(version, now=clock.now())
    return {"simulation": simulation, "summary": summary_of(simulation) if simulation else ""}


def simulation_page(request: HttpRequest, simulation: PolicySimulation, context: Context) -> HttpResponse:
    """One simulation: how far it is, or what it found with its limits, and the decisions that would change."""
    form = PageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _cancelled(request, simulation, form):
        return HttpResponseRedirect(reverse("admin:communications_policysimulation_change", args=[simulation.pk]))
    narrowed = narrowed_by(simulation, request.GET)
    if "export" in request.GET and simulation.is_done:
        return _export(request, simulation, narrowed)
    seen = {
        "simulation": simulation,
        "void": standing_in_words(standing_of(simulation, now=clock.now())),
        "may_simulate": simulation.version is not None and simulation.version.state in PREPARED,
        "form": form,
        "limits": limits_of(simulation),
        "title": f"{simulation.pack.title} {simulation.number}",
        **(_result(request, simulation, narrowed) if simulation.is_done else {}),
    }
    template = "admin/policy/_simulation.html" if wants_partial(request) else "admin/policy/simulation.html"
    response = render(request, template, {**context, **seen})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _cancelled(request: HttpRequest, simulation: PolicySimulation, form: PageForm) -> bool:
    now, actor = clock.now(), request.user

    def effect() -> PolicySimulation:
        return cancel_simulation(simulation_id=simulation.pk, actor=actor, now=now)

    try:
        once(key=form.key, act="policy.simulation_cancel", actor=actor, at=now, effect=effect)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _result(request: HttpRequest, simulation: PolicySimulation, narrowed: dict[str, str]) -> Context:
    page = keyset_page(changes_of(simulation, narrowed), order=["-decision_id"], after=request.GET.get("after", ""))
    return {
        "summary": summary_of(simulation),
        "pairs": pair_lines(simulation),
        "rules": rule_lines(simulation),
        "groups": [
            ("agent", agent_lines(simulation)),
            ("jurisdiction", jurisdiction_lines(simulation)),
            ("channel", channel_lines(simulation)),
        ],
        "narrowed": narrowed,
        "page": page,
        "rows": rows_of(page.rows, request.user),
    }


def _export(request: HttpRequest, simulation: PolicySimulation, narrowed: dict[str, str]) -> StreamingHttpResponse:
    """The changes as CSV; the event log keeps who took how many."""
    changes, now = changes_of(simulation, narrowed), clock.now()
    codes = {"rows": changes.count(), **narrowed}
    record("policysimulation.exported", subject=simulation, actor=request.user, at=now, codes=codes)
    name = f"simulation-{simulation.pk}-{timezone.localtime(now):%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        change_file(every_row(changes, request.user)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
