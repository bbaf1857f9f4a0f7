"""Trying a draft in the admin: begun by a form, watched, cancelled, read with its limits, taken along as a file."""

from __future__ import annotations

import csv

import pytest
from django.urls import reverse

from accounts.models import Event
from communications.models import PolicySimulation
from communications.services.policy_simulations import (
    ask_for_simulation,
    claim_simulation,
    run_simulation,
)
from communications.services.policy_versions import drop_draft, submit
from tests.factories import NOW, make_user
from tests.support.logged_in import as_user
from tests.support.simulations import again, drafted, rung, set_cap, simulated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def page_of(row) -> str:
    return reverse(f"admin:communications_{row._meta.model_name}_change", args=[row.pk])


def shown(user, row, query="") -> str:
    return as_user(user).get(page_of(row) + query).content.decode()


def table_of(answer) -> list[list[str]]:
    return list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize("role", ["admin", "compliance"])
def test_it_is_begun_from_the_page_of_the_draft_and_leads_to_its_own(admin, role):
    rung(2)
    draft = drafted(admin, UK=1)
    client = as_user(make_user(role))

    answer = client.post(page_of(draft), {"act": "simulate", "days": "30"})

    simulation = PolicySimulation.objects.get()
    assert answer.url == page_of(simulation)
    waiting = client.get(answer.url).content.decode()
    assert "0 of 2 decisions judged." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "Look again" in waiting, "without scripts, too, one can see how far it is"


@pytest.mark.parametrize(("days", "says"), [("0", "greater than or equal to 1"), ("91", "less than or equal to 90")])
def test_days_that_are_none_are_refused_beside_their_field(admin, days, says):
    draft = drafted(admin, UK=1)

    answer = as_user(admin).post(page_of(draft), {"act": "simulate", "days": days}).content.decode()

    assert says in answer
    assert not PolicySimulation.objects.exists()


def test_the_same_form_twice_begins_one(admin):
    draft = drafted(admin, UK=1)
    form = {"act": "simulate", "days": "30", "idempotency": "0b1f8c8e-6f0e-4b1e-9b43-4f8a8d3c5e12"}
    client = as_user(admin)
    first = client.post(page_of(draft), form)
    run_simulation(simulation_id=PolicySimulation.objects.get().pk, clock=lambda: NOW)

    second = client.post(page_of(draft), form)

    assert (first.url, PolicySimulation.objects.count()) == (second.url, 1)


def test_the_result_says_in_a_sentence_what_would_have_been_otherwise(admin):
    rung(3)
    rung(4, jurisdiction="MX")
    done = simulated(drafted(admin, UK=1, MX=9), admin)

    text = shown(admin, done)

    assert (
        "Of 7 contacts decided in the last 30 days, 2 would need approval that the policy in force allows: "
        "2 by firm-uk-daily-cap; 1 would be allowed that the policy in force stops: 1 without firm-mx-daily-cap."
    ) in text
    assert "Accounts that were never offered are not." in text
    assert "without any knock-on" in text
    assert "Every decision of the period is judged." in text
    assert done.digest in text


def test_the_sentence_reads_spanish(admin):
    rung(3)
    done = simulated(drafted(admin, UK=1), admin)
    admin.language = "es-mx"
    admin.save(update_fields=["language"])

    text = shown(admin, done)

    assert (
        "De 3 contactos decididos en los últimos 30 días, 2 requerirían autorización y la política vigente los "
        "permite: 2 por firm-uk-daily-cap."
    ) in text


def test_nothing_to_change_is_said_as_such(admin):
    rung(1)

    assert "Of 1 contact decided in the last 30 days, none would be decided otherwise." in shown(
        admin, simulated(drafted(admin, UK=2), admin)
    )


def test_each_change_opens_its_decision_and_its_account(admin):
    decision = rung(2)[-1]
    done = simulated(drafted(admin, UK=1), admin)
    client = as_user(admin)
    text = client.get(page_of(done)).content.decode()
    reference = decision.party.accounts.get().reference

    for address in (reverse("decision", args=[decision.pk]), reverse("account", args=[reference])):
        assert f'href="{address}"' in text
        assert client.get(address).status_code == 200


def test_a_figure_narrows_the_list_to_what_it_counts_and_to_nothing_that_it_does_not_know(admin, agent):
    rung(3, actor=agent)
    rung(2, jurisdiction="MX")
    done = simulated(drafted(admin, UK=1, MX=1), admin)
    client = as_user(admin)

    def listed(query):
        return client.get(page_of(done) + query).context["page"].total

    assert [listed(q) for q in ("", "?rule=firm-mx-daily-cap", f"?agent={agent.pk}", "?agent=system")] == [3, 1, 2, 1]
    assert [listed(q) for q in ("?jurisdiction=UK", "?channel=call", "?pair=allow>needs_override")] == [2, 1, 3]
    assert [listed(q) for q in ("?rule=O'Brien", "?agent=x", "?pair=a>b")] == [3, 3, 3]


def test_the_page_takes_as_many_queries_for_many_changes_as_for_few(admin, agent, django_assert_max_num_queries):
    for _person in range(12):
        rung(3, actor=agent)
    done = simulated(drafted(admin, UK=1), admin)
    client = as_user(admin)
    client.get(page_of(done))

    with django_assert_max_num_queries(14):
        client.get(page_of(done))


def test_an_edit_voids_it_on_every_page_that_shows_it(admin):
    rung(2)
    draft = drafted(admin, UK=1)
    done = simulated(draft, admin)
    assert "Void" not in shown(admin, done) + shown(admin, draft)

    set_cap(draft, admin, "UK", 2)

    assert "Void: the draft changed since." in shown(admin, done)
    assert "Void: the draft changed since." in shown(admin, draft)


def test_a_dropped_draft_leaves_the_page_of_its_simulation(admin):
    draft = drafted(admin, UK=1)
    done = simulated(draft, admin)
    drop_draft(version_id=draft.pk, actor=admin, now=NOW)

    assert "Void: the draft was thrown away since." in shown(admin, done)


def test_whoever_submits_or_publishes_sees_the_figures_or_that_there_are_none(admin, compliance):
    rung(2)
    draft = drafted(admin, UK=1)
    asked = as_user(admin).post(page_of(draft), {"act": "submit"}).content.decode()
    assert "nobody has tried it on past decisions" in asked
    assert f"{page_of(draft)}#simulate" in asked

    done = simulated(draft, admin)
    submitting = as_user(admin).post(page_of(draft), {"act": "submit"}).content.decode()
    submit(version_id=draft.pk, actor=admin, now=NOW)
    publishing = as_user(compliance).post(page_of(draft), {"act": "publish"}).content.decode()

    for page in (submitting, publishing):
        assert "1 would need approval that the policy in force allows: 1 by firm-uk-daily-cap." in page
        assert page_of(done) in page


def test_a_running_one_is_cancelled_by_its_button_once(admin, compliance):
    rung(2)
    simulation = ask_for_simulation(version_id=drafted(admin, UK=1).pk, days=30, actor=admin, now=NOW)
    claim_simulation(simulation_id=simulation.pk, now=NOW)
    client = as_user(compliance)

    answer = client.post(page_of(simulation), {})
    late = client.post(page_of(simulation), {}).content.decode()

    assert (answer.url, again(simulation).state) == (page_of(simulation), "cancelled")
    assert "This simulation has ended already." in late
    assert "Nothing of it was kept." in late


def test_what_htmx_asks_for_is_the_part_and_stops_asking_at_the_end(admin):
    rung(2)
    done = simulated(drafted(admin, UK=1), admin)

    part = as_user(admin).get(page_of(done), headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<article id="simulation">')
    assert "<html" not in part


def test_the_list_is_taken_along_as_a_file_that_computes_nothing_and_that_is_logged(admin):
    decisions = rung(3, actor=make_user("agent", username="=cmd"))
    done = simulated(drafted(admin, UK=1), admin)

    answer = as_user(admin).get(page_of(done) + "?export=csv")

    names, *rows = table_of(answer)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/csv; charset=utf-8", "no-store")
    assert names[:4] == ["Decision", "Decided (UTC)", "Account", "Asked by"]
    assert [row[0] for row in rows] == [str(decision.pk) for decision in reversed(decisions[1:])]
    reference = decisions[0].party.accounts.get().reference
    assert rows[0][1:] == [
        "2026-11-17 15:02:00", reference, "'=cmd", "UK", "text message", "demand", "may contact", "needs approval",
        "firm-uk-daily-cap", "", "", "yes",
    ]  # fmt: skip
    event = Event.objects.get(kind="policysimulation.exported")
    assert (event.actor, event.codes) == (admin, {"rows": 2})


def test_a_long_list_is_exported_whole(admin, monkeypatch):
    monkeypatch.setattr("collections_crm.selectors.simulation_changes.AT_ONCE", 2)
    rung(3)
    rung(3, days_ago=4)
    rung(2, days_ago=5)
    done = simulated(drafted(admin, UK=1), admin)

    _names, *rows = table_of(as_user(admin).get(page_of(done) + "?export=csv"))

    assert sorted(int(row[0]) for row in rows) == sorted(done.changes.values_list("decision_id", flat=True))


@pytest.mark.parametrize("role", ["agent", "manager", "finance"])
def test_nobody_else_reads_or_begins_one(admin, role):
    draft = drafted(admin, UK=1)
    done = simulated(draft, admin)
    client = as_user(make_user(role))

    assert client.get(page_of(done)).status_code == 403
    assert client.post(page_of(draft), {"act": "simulate", "days": "3"}).status_code == 403
    assert PolicySimulation.objects.count() == 1
