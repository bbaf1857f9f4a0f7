"""From a file to live accounts."""

import io
from datetime import date
from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import (
    Account,
    ContactPoint,
    DueItem,
    Event,
    FollowUp,
    Hold,
    LedgerEntry,
    Origin,
    Party,
    Placement,
    StagedRow,
)
from accounts.services.contact_points import add_contact_point
from accounts.services.placements.checking import check_placement, confirm_placement
from accounts.services.placements.importing import import_file, preview_file
from accounts.services.placements.loading import load_batch
from accounts.services.placements.staging import stage_file
from accounts.services.placements.uploads import cancel_placement, receive_file
from tests import factories
from tests.support.placement_files import HEADER, csv_bytes, row

AS_OF = date(2026, 11, 17)
TRACELESS = [Account, Party, ContactPoint, DueItem, LedgerEntry, Hold, FollowUp, Origin, StagedRow]


@pytest.fixture
def portfolio(team):
    return factories.make_portfolio("US")


@pytest.fixture
def place(portfolio, manager, now):
    """Import bytes as a file of our own format."""

    def place_file(content, *, name="accounts.csv", mapping="standard", as_of=AS_OF, into=portfolio):
        return import_file(
            portfolio_id=into.pk,
            stream=io.BytesIO(content),
            file_name=name,
            mapping_name=mapping,
            as_of=as_of,
            actor=manager,
            now=now,
        )

    return place_file


def test_a_placed_account_opens_with_what_the_file_says(place, portfolio, agent, now):
    done = place(csv_bytes())

    account = Account.objects.visible_to(agent).get()
    assert (account.external_reference, account.placement, account.placement_row) == ("A-1", done.placement, 2)
    assert (account.balance, account.principal, account.due_now) == (Decimal("1240.50"),) * 2 + (Decimal("120.00"),)
    assert (account.oldest_due_on, account.due_is_estimated, account.bucket) == (date(2026, 10, 1), False, 2)
    assert (account.next_kind, account.next_on, account.next_team.name) == ("act", factories.TODAY, "Recoveries")


def test_the_customer_and_the_ways_to_reach_them_come_with_the_account(place):
    place(
        csv_bytes(
            header=[*HEADER, "email", "address", "city"], rows=[[*row(), "Ana@Example.com", "18 Oak St", "New York"]]
        )
    )

    party = Account.objects.get().parties.get()
    assert (party.name, party.name_supplied, party.search_name, party.kind) == (
        "Ana Pérez",
        True,
        "ana perez",
        "consumer",
    )
    points = {(point.kind, point.value, point.line_type, point.provenance) for point in party.contact_points.all()}
    assert points == {
        ("phone", "+12125550100", "geographic", "creditor"),
        ("email", "ana@example.com", "unknown", "creditor"),
        ("post", "18 Oak St, New York, NY 10001", "unknown", "creditor"),
    }


def test_each_account_has_one_opening_entry_one_next_step_and_one_event(place, manager):
    done = place(csv_bytes(rows=[row(), row(reference="A-2", principal="10", due_now="10")]))

    entries = LedgerEntry.objects.order_by("account_id").values_list(
        "kind", "amount", "source", "effective_on", "actor"
    )
    digest = done.placement.file_digest
    assert list(entries) == [
        ("opening", Decimal("1240.50"), "placement", AS_OF, manager.pk),
        ("opening", Decimal("10.00"), "placement", AS_OF, manager.pk),
    ]
    assert all(digest in key for key in LedgerEntry.objects.values_list("source_key", flat=True))
    assert FollowUp.objects.filter(kind="act", ended_at=None, reason="placed").count() == 2
    events = Event.objects.filter(kind="account.placed").values_list("account__external_reference", "codes__amount")
    assert set(events) == {("A-1", "1240.50"), ("A-2", "10.00")}


def test_the_placement_keeps_counts_and_control_totals_and_no_copy_of_placed_rows(place):
    done = place(csv_bytes(rows=[row(), row(reference="A-2", principal="x"), row(reference="A-3", due_now="0")]))

    placement = done.placement
    assert placement.state == "live"
    assert [placement.counts[name] for name in ("rows", "placed", "skipped", "rejected")] == [3, 1, 1, 1]
    assert placement.control_totals["opened"] == placement.control_totals["in_book"] == "1240.50"
    assert placement.control_totals["columns"]["principal"]["unreadable"] == 1
    assert set(StagedRow.objects.values_list("result", "reason")) == {
        ("rejected", "amount_unreadable"),
        ("skipped", "not_overdue"),
    }
    moves = Event.objects.filter(subject_type="placement").order_by("id").values_list("kind", flat=True)
    assert list(moves) == [
        "placement.uploaded", "placement.stage", "placement.check_rows", "placement.load", "placement.go_live",
    ]  # fmt: skip


def test_the_same_file_twice_places_nothing_the_second_time(place):
    first = place(csv_bytes())

    second = place(csv_bytes(), name="renamed.csv")

    assert (first.same_file, second.same_file) == (False, True)
    assert second.placement == first.placement
    assert (Account.objects.count(), Party.objects.count(), LedgerEntry.objects.count()) == (1, 1, 1)


def test_another_file_with_the_same_accounts_skips_them(place):
    place(csv_bytes())

    again = place(csv_bytes(rows=[row(name="Ana P."), row(reference="A-2")]))

    assert again.placement.counts["skipped_by"] == {"already_placed": 1}
    assert again.placement.counts["placed"] == 1
    assert again.placement.control_totals["agrees"]
    assert sorted(Account.objects.values_list("external_reference", flat=True)) == ["A-1", "A-2"]


def test_a_file_of_accounts_that_are_all_known_places_nothing(place):
    place(csv_bytes())

    again = place(csv_bytes(rows=[row(name="Ana P.")]))

    assert again.placement.state == "cancelled"
    assert Account.objects.count() == 1


def test_the_same_reference_in_another_portfolio_is_another_account(place, team):
    place(csv_bytes())

    place(csv_bytes(), into=factories.make_portfolio("US", "payday"))

    assert Account.objects.filter(external_reference="A-1").count() == 2


def test_an_account_without_a_way_to_reach_anybody_is_traced_until_a_phone_is_found(place, manager, now):
    place(csv_bytes(rows=[row(phone="")]))
    account = Account.objects.get()
    assert account.next_kind == "trace"

    add_contact_point(
        party_id=account.parties.get().pk,
        kind="phone",
        value="(212) 555-0111",
        provenance="agent",
        actor=manager,
        now=now,
    )

    account = Account.objects.get()
    assert account.next_kind == "act"


def test_a_customer_without_a_name_is_marked_so(place):
    place(csv_bytes(rows=[row(name="")]))

    assert Party.objects.values_list("name", "name_supplied").get() == ("", False)


def test_an_account_whose_limitation_period_has_passed_is_held_and_waits_for_a_review(place):
    content = csv_bytes(rows=[row(past_due_on="2015-01-31"), row(reference="A-2", past_due_on="2025-01-31")])

    place(content)

    old, recent = Account.objects.order_by("external_reference")
    assert (old.limitation_on, recent.limitation_on) == (date(2018, 1, 31), date(2028, 1, 31))
    hold = Hold.objects.get()
    assert (hold.kind, hold.account, hold.state, hold.forbids("demand"), hold.forbids("trace")) == (
        "limitation", old, "active", True, False,
    )  # fmt: skip
    assert (old.next_kind, old.next_subject_type, old.next_subject_id) == ("review_hold", "hold", hold.pk)
    assert recent.next_kind == "act"


def test_a_charge_off_keeps_its_date_and_makes_the_whole_balance_due(place):
    place(csv_bytes(header=[*HEADER, "charged_off_on"], rows=[[*row(), "2026-08-15"]]))

    account = Account.objects.get()
    assert (account.charged_off_on, account.due_now, account.full_balance_is_due) == (
        date(2026, 8, 15),
        account.balance,
        True,
    )


def test_a_dry_run_says_the_same_and_writes_nothing(portfolio, place):
    content = csv_bytes(rows=[row(), row(reference="A-2", principal="x")])

    seen = preview_file(
        portfolio=portfolio, stream=io.BytesIO(content), file_name="a.csv", mapping_name="standard", as_of=AS_OF
    )

    assert not Placement.objects.exists()
    assert all(not model.objects.exists() for model in TRACELESS)
    done = place(content)
    assert seen["counts"] == done.placement.counts


def test_a_file_refused_in_its_last_row_leaves_no_trace_but_its_failure(place):
    done = place(csv_bytes(rows=[row(), row(reference="A-2")])[:-40])

    assert (done.placement.state, done.placement.failure_code) == ("failed", "placement.cut_short")
    assert all(not model.objects.exists() for model in TRACELESS)


def test_a_failed_file_may_be_sent_again(place):
    place(csv_bytes(rows=[row(), row(reference="A-2")])[:-40])

    again = place(csv_bytes(rows=[row(), row(reference="A-2")])[:-40])

    assert again.placement.state == "failed"
    assert Placement.objects.count() == 2


def test_nobody_sees_an_account_before_its_whole_placement_is_live(portfolio, manager, admin, settings, now):
    settings.PLACEMENT_BATCH = 1
    stream = io.BytesIO(csv_bytes(rows=[row(), row(reference="A-2")]))
    placement, _new = receive_file(
        portfolio_id=portfolio.pk, stream=stream, file_name="a.csv", as_of=AS_OF, actor=manager, now=now
    )
    stage_file(placement_id=placement.pk, mapping_name="standard", stream=stream, actor=manager, now=now)
    check_placement(placement_id=placement.pk, actor=manager, now=now)
    confirm_placement(placement_id=placement.pk, actor=manager, now=now)
    seen = []
    while Placement.objects.get().state == "loading":
        load_batch(placement_id=placement.pk, now=now)
        seen.append(
            (Account.objects.count(), Account.objects.visible_to(manager).count(), Account.objects.live().count())
        )

    assert seen == [(1, 0, 0), (2, 0, 0), (2, 2, 2)]


def test_a_placement_that_is_loading_cannot_be_cancelled(portfolio, manager, now):
    stream = io.BytesIO(csv_bytes())
    placement, _new = receive_file(
        portfolio_id=portfolio.pk, stream=stream, file_name="a.csv", as_of=AS_OF, actor=manager, now=now
    )
    stage_file(placement_id=placement.pk, mapping_name="standard", stream=stream, actor=manager, now=now)
    check_placement(placement_id=placement.pk, actor=manager, now=now)
    confirm_placement(placement_id=placement.pk, actor=manager, now=now)

    with pytest.raises(Refused, match="being loaded or are live"):
        cancel_placement(placement_id=placement.pk, actor=manager, now=now)


def test_a_portfolio_that_nobody_works_takes_no_placement(place, portfolio):
    portfolio.teams.clear()

    done = place(csv_bytes())

    assert (done.placement.state, done.placement.failure_code) == ("failed", "portfolio_without_team")
    assert not Account.objects.exists()
