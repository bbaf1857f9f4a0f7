"""The queue is what a recomputation says: which tab, how high, and why."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import Account, ContactPreference, HoldKind, NextKind, Team
from accounts.services.contact_points import add_contact_point, set_status
from accounts.services.contact_preferences import note_preference, note_workplace, withdraw_preference
from accounts.services.holds import place_hold, release_hold
from accounts.services.next_step import set_next
from accounts.services.payments import reverse_payment
from collections_crm.models import QueueEntry
from collections_crm.proof.recomputed import wrongly_queued
from collections_crm.work.minute import turn_minute
from collections_crm.work.refresh import refresh_queue, refresh_whole_queue
from collections_crm.work.windows import brought_up_to
from communications.selectors.contact_facts import ContactRequest
from communications.services.authorise import authorise_contact, preview_contact
from communications.services.policy_versions import call_off, draft_from_live, edit_rule, publish, submit
from tests.factories import NOW, TODAY, make_party, make_user, pay, place_account

pytestmark = pytest.mark.django_db


def entry_of(account: Account) -> QueueEntry:
    return QueueEntry.objects.get(account=account)


def codes_of(account: Account) -> list[str]:
    return [part["code"] for part in entry_of(account).parts]


@transaction.atomic
def next_step(account: Account, kind: str, *, on: date = TODAY, at: datetime | None = None, now: datetime = NOW):
    account = Account.objects.lock(account.pk)
    set_next(account=account, kind=kind, on=on, at=at, reason="test", actor=None, now=now)


def picture() -> list[dict]:
    return list(QueueEntry.objects.order_by("pk").values())


def test_a_fresh_overdue_account_is_there_to_be_called_now(team):
    account = place_account(due="400.00")

    entry = entry_of(account)

    assert entry.tab == "now"
    assert entry.lane == entry.window_id
    assert entry.due_now == Decimal("400.00")
    assert "first_call" in codes_of(account)


def test_the_explained_parts_add_up_to_the_priority(team):
    account = place_account(due="400.00")

    entry = entry_of(account)

    assert entry.priority == sum(part["points"] for part in entry.parts)
    assert entry.priority > 0


def test_a_next_step_on_a_later_day_waits_until_that_day_begins(team):
    account = place_account()
    next_step(account, NextKind.ACT, on=TODAY + timedelta(days=2))
    assert entry_of(account).tab == "waiting"

    turn_minute(now=datetime(2026, 11, 19, 23, 59, tzinfo=UTC))
    assert entry_of(account).tab == "waiting"
    turn_minute(now=datetime(2026, 11, 20, 0, 0, tzinfo=UTC))

    assert entry_of(account).tab == "now"
    assert entry_of(account).turns_at is None


def test_a_callback_stands_first_from_its_minute_on(team):
    ordinary = place_account(owed="90000.00", due="90000.00")
    called_back = place_account(due="10.00")
    at = NOW + timedelta(minutes=30)
    next_step(called_back, NextKind.CALLBACK, at=at)
    assert entry_of(called_back).tab == "later"

    turn_minute(now=at)

    entry = entry_of(called_back)
    assert (entry.tab, entry.callback_at) == ("now", at)
    assert entry.priority > entry_of(ordinary).priority


def test_a_hold_that_forbids_asking_for_money_takes_the_account_out_of_now_until_its_release(team, agent):
    account = place_account()
    hold = place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, actor=agent, now=NOW)
    assert entry_of(account).tab == "hold"

    release_hold(hold_id=hold.pk, reason="withdrawn", actor=agent, now=NOW)

    assert entry_of(account).tab == "now"


def test_a_hold_on_a_person_takes_all_their_accounts_out(team, agent):
    party = make_party()
    first, second = place_account(party=party), place_account(party=party)

    place_hold(kind=HoldKind.HARDSHIP, party_id=party.pk, actor=agent, now=NOW)

    assert [entry_of(first).tab, entry_of(second).tab] == ["hold", "hold"]


def test_an_account_without_a_way_to_reach_anybody_stands_under_trace_until_a_phone_is_added(team, agent):
    account = place_account(phone=None, address=False)
    assert entry_of(account).tab == "trace"

    party = account.parties.get()
    add_contact_point(
        party_id=party.pk, kind="phone", value="020 7946 0991", country="GB", provenance="agent", actor=agent, now=NOW
    )

    assert entry_of(account).tab == "now"


def test_a_postal_address_alone_does_not_make_an_account_workable(team):
    assert entry_of(place_account(phone=None)).tab == "trace"


def test_a_dead_phone_sends_the_account_to_trace(team, agent):
    account = place_account(address=False)
    phone = account.parties.get().contact_points.get(kind="phone")

    set_status(contact_point_id=phone.pk, status="dead", reason="not_in_service", actor=agent, now=NOW)

    assert entry_of(account).tab == "trace"


def test_a_closed_account_leaves_the_queue_and_a_dishonour_brings_it_back(team, finance):
    account = place_account(owed="400.00", due="400.00")
    payment = pay(account, "400.00")
    assert not QueueEntry.objects.filter(account=account).exists()

    reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=finance, now=NOW)

    assert entry_of(account).tab == "now"
    assert "payment_returned" in codes_of(account)


def test_work_that_needs_no_phone_needs_no_open_window(team):
    account = place_account()

    next_step(account, NextKind.CHECK_PROMISE)

    assert (entry_of(account).tab, entry_of(account).lane) == ("now", 0)


def test_refreshing_twice_changes_nothing(team):
    accounts = [place_account(), place_account(phone=None, address=False)]
    before = picture()

    refresh_queue([a.pk for a in accounts] * 2, now=NOW)

    assert picture() == before


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_queue_equals_its_recomputation(team, agent, finance, seed):
    dice = random.Random(seed)
    parties = [make_party(f"Person {n}") for n in range(3)]
    accounts = [place_account(owed="500.00", party=dice.choice(parties), owner=agent) for _ in range(6)]
    now = NOW
    for _ in range(25):
        now += timedelta(minutes=dice.choice([1, 7, 600]))
        account = Account.objects.get(pk=dice.choice(accounts).pk)
        happen(dice, account, agent, finance, now)
        turn_minute(now=now)

        incremental = picture()
        QueueEntry.objects.all().delete()
        refresh_whole_queue(now=now)
        assert picture() == incremental


def happen(dice: random.Random, account: Account, agent, finance, now: datetime) -> None:
    """One random thing that may happen to an account in a day."""
    if dice.random() < 0.3:
        money_moves(dice, account, finance, now)
    elif dice.random() < 0.4:
        wish_moves(dice, account, agent, now)
    elif dice.random() < 0.4:
        hold_moves(dice, account, agent, now)
    elif account.is_open:
        kind = dice.choice([NextKind.ACT, NextKind.CALLBACK, NextKind.CHECK_PROMISE, NextKind.AWAIT_VENDOR])
        at = now + timedelta(minutes=dice.randrange(300)) if kind == NextKind.CALLBACK else None
        next_step(account, kind, on=now.date() + timedelta(days=dice.randrange(4)), at=at, now=now)


def wish_moves(dice: random.Random, account: Account, agent, now: datetime) -> None:
    """The person asks for something else, takes it back, tells of their work or is called."""
    party = account.parties.get()
    told = {"told_by": "call", "actor": agent, "now": now}
    standing = ContactPreference.objects.current().filter(party=party).first()
    phone = party.contact_points.filter(kind="phone").first()
    act = dice.randrange(4)
    if act == 0 and standing:
        withdraw_preference(preference_id=standing.pk, **told)
    elif act == 1:
        note_workplace(party_id=party.pk, employer="forbids", hours=dice.choice([[], ["09:00-15:00"] * 7]), **told)
    elif act == 2 and account.is_open:
        called(account, agent, now)
    else:
        hours = dice.choice([[], ["17:00-24:00"] * 7, ["22:00-02:00"] * 7, [""] * 5 + ["10:00-12:00", ""]])
        wish = {"hours": hours} if hours else dice.choice([{"media": ["email"]}, {"not_at_work": True}])
        until = dice.choice([None, now.date() + timedelta(days=2)])
        point_id = dice.choice([None, phone.pk]) if phone else None
        replaces = standing.pk if standing else None
        note_preference(
            party_id=party.pk, contact_point_id=point_id, until_on=until, replaces_id=replaces, **wish, **told
        )


def hold_moves(dice: random.Random, account: Account, agent, now: datetime) -> None:
    hold = account.holds.filter(state="active").first()
    if hold:
        release_hold(hold_id=hold.pk, reason="test", actor=agent, now=now)
    elif account.is_open:
        kind = dice.choice([HoldKind.DISPUTE, HoldKind.PAUSE])
        place_hold(kind=kind, account_id=account.pk, actor=agent, now=now)


def money_moves(dice: random.Random, account: Account, finance, now: datetime) -> None:
    payment = account.payments.filter(state="posted").first()
    if payment:
        reverse_payment(payment_id=payment.pk, reason="dishonour", on=now.date(), actor=finance, now=now)
    else:
        pay(account, dice.choice(["20.00", "500.00"]), now=now)


def test_the_minute_is_turned_once_however_many_ask(team):
    account = place_account()
    next_step(account, NextKind.CALLBACK, at=NOW + timedelta(minutes=1))
    turn_minute(now=NOW)

    again = turn_minute(now=NOW)

    assert again == {"windows": 0, "policy": 0, "entries": 0}


def test_an_account_belongs_to_its_next_steps_owner_else_to_the_team(team, agent):
    owned, pooled = place_account(owner=agent), place_account()

    assert entry_of(owned).owner == agent
    assert (entry_of(pooled).owner, entry_of(pooled).team) == (None, Team.objects.get(pk=team.pk))
    assert make_user("agent", team).queue_entries.count() == 0


def called(account: Account, agent, now: datetime = NOW) -> str:
    party = account.parties.get()
    point = party.contact_points.filter(kind="phone").first()
    asked = authorise_contact(
        account_ids=[account.pk],
        party_id=party.pk,
        contact_point_id=point.pk,
        channel="call",
        purpose="demand",
        actor=None,
        now=now,
    )
    return asked.decision.verdict


def test_a_person_tried_as_often_as_the_policy_lets_waits_until_the_gate_would_say_yes_again(team, agent):
    account = place_account()
    while (verdict := called(account, agent)) in ("allow", "warn"):
        pass
    assert verdict in ("needs_override", "refuse")

    entry = entry_of(account)
    assert entry.tab == "waiting"
    assert entry.blocked_until > NOW
    turn_minute(now=entry.blocked_until)

    assert entry_of(account).tab == "now"
    assert called(account, agent, entry.blocked_until.replace(hour=12)) in ("allow", "warn")


def test_narrower_hours_close_the_window_within_a_minute_of_their_publishing(team, admin, compliance):
    account = place_account()
    assert entry_of(account).window.is_open(NOW)
    draft = draft_from_live(pack_code="UK", note="mornings only", actor=admin, now=NOW)
    rule = draft.rules.get(code="uk-policy-hours")
    edit_rule(rule_id=rule.pk, changes={"params": dict.fromkeys(rule.params, "08:00-09:00")}, actor=admin, now=NOW)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    publish(version_id=draft.pk, actor=compliance, now=NOW)
    assert wrongly_queued(NOW) == []  # on its way, not wrong

    turn_minute(now=NOW + timedelta(minutes=1))

    assert not entry_of(account).window.is_open(NOW + timedelta(minutes=1))
    assert wrongly_queued(NOW + timedelta(minutes=1)) == []


def test_an_entry_that_somebody_changed_by_hand_is_found(team):
    account, _other = place_account(), place_account()

    QueueEntry.objects.filter(pk=account.pk).update(priority=1)

    assert wrongly_queued(NOW) == [account.pk]


def ask(account: Account, agent, *, now: datetime = NOW, **wish):
    return note_preference(party_id=account.parties.get().pk, told_by="call", actor=agent, now=now, **wish)


def open_at(account: Account, moment: datetime) -> bool:
    """Whether the queue would offer the account at that minute."""
    turn_minute(now=moment)
    entry = entry_of(account)
    return entry.tab == "now" and entry.window.is_open(moment)


def test_an_account_is_offered_only_in_the_hours_that_the_person_gave(team, agent):
    account, other = place_account(), place_account()
    assert open_at(account, NOW)

    ask(account, agent, hours=["17:00-20:00"] * 7)

    assert not open_at(account, NOW + timedelta(minutes=1))
    assert open_at(other, NOW + timedelta(minutes=2))
    assert open_at(account, NOW.replace(hour=17))
    assert open_at(account, NOW.replace(hour=19, minute=59))
    assert not open_at(account, NOW.replace(hour=20, minute=1))


def test_a_wish_taken_back_opens_the_account_at_once(team, agent):
    account = place_account()
    wish = ask(account, agent, hours=[""] * 5 + ["10:00-12:00", ""])
    assert not open_at(account, NOW)

    withdraw_preference(preference_id=wish.pk, told_by="call", actor=agent, now=NOW)

    assert entry_of(account).window.is_open(NOW)


def test_a_wish_about_one_of_two_phones_leaves_the_account_where_it_was(team, agent):
    account = place_account()
    party = account.parties.get()
    phone = party.contact_points.get(kind="phone")
    add_contact_point(
        party_id=party.pk, kind="phone", value="020 7946 0992", country="GB", provenance="agent", actor=agent, now=NOW
    )

    ask(account, agent, hours=["20:00-21:00"] * 7, contact_point_id=phone.pk)

    assert open_at(account, NOW)


def test_who_wants_nothing_but_e_mail_is_offered_when_e_mail_may_be_written(team, agent):
    written, unreachable = place_account(email="ana@example.com"), place_account()

    ask(written, agent, media=["email"])
    ask(unreachable, agent, media=["email"])

    assert open_at(written, NOW)
    assert not open_at(unreachable, NOW + timedelta(minutes=1))


@pytest.mark.parametrize("seed", range(4))
def test_the_queue_is_never_earlier_than_the_gate(team, agent, seed):
    dice = random.Random(seed)
    account = place_account(email="ana@example.com", jurisdiction=dice.choice(["UK", "AU", "MX"]))
    party = account.parties.get()
    ways = [(point, channel) for point in party.contact_points.all() for channel in ("call", "text", "email")]
    ways = [(point.pk, channel) for point, channel in ways if channel in [str(each) for each in point.channels]]
    now = NOW
    for _ in range(40):
        wish_moves(dice, account, agent, now)
        now += timedelta(minutes=dice.choice([1, 45, 300, 700]))
        if open_at(account, now):
            asked = [ContactRequest((account.pk,), party.pk, point_id, channel, "demand") for point_id, channel in ways]
            answers = [preview.answer for preview in preview_contact(requests=asked, now=now)]
            against = [{reason.kind for reason in answer.reasons if reason.action != "warn"} for answer in answers]
            assert any(not kinds & {"hours", "holidays", "preference", "frequency", "cool_down"} for kinds in against)


@pytest.fixture
def mornings_ahead(team, admin, compliance):
    """Published at three to begin at half past four: calls in the morning only."""
    draft = draft_from_live(pack_code="UK", note="mornings only", actor=admin, now=NOW)
    rule = draft.rules.get(code="uk-policy-hours")
    edit_rule(rule_id=rule.pk, changes={"params": dict.fromkeys(rule.params, "08:00-09:00")}, actor=admin, now=NOW)
    submit(version_id=draft.pk, actor=admin, now=NOW)

    def published(begins: datetime):
        return publish(version_id=draft.pk, actor=compliance, now=NOW, begins=begins)

    return published


def verdicts(account: Account, at: datetime) -> tuple[bool, bool]:
    """Whether the queue and whether the gate would let the account be called at an instant."""
    party = account.parties.get()
    point = party.contact_points.get(kind="phone")
    asked = ContactRequest((account.pk,), party.pk, point.pk, "call", "demand")
    window = entry_of(account).window
    (current,) = brought_up_to(at, [window])
    return current.is_open(at), preview_contact(requests=[asked], now=at)[0].answer.passes


def test_the_queue_closes_at_the_very_instant_at_which_narrower_hours_begin(mornings_ahead):
    account, begins = place_account(), NOW + timedelta(minutes=90)
    mornings_ahead(begins)

    before, after = (verdicts(account, at) for at in (begins - timedelta(seconds=1), begins))

    assert (before, after) == ((True, True), (False, False))


def test_nobody_has_to_publish_again_for_the_queue_to_follow_a_version_that_begins(mornings_ahead):
    account, begins = place_account(), NOW + timedelta(minutes=90)
    mornings_ahead(begins)
    stood = entry_of(account).window_id

    turn_minute(now=begins)

    assert entry_of(account).window_id != stood
    assert entry_of(account).window.opens_at == datetime(2026, 11, 19, 8, tzinfo=UTC)
    followed = picture()
    refresh_whole_queue(now=begins)
    assert picture() == followed


def test_a_window_made_while_a_version_waits_ends_where_that_begins(mornings_ahead):
    begins = NOW + timedelta(minutes=90)
    mornings_ahead(begins)

    account = place_account()

    assert entry_of(account).window.closes_at == begins


def test_when_the_version_is_called_off_the_queue_stays_open_as_long_as_before(mornings_ahead, compliance):
    account, begins = place_account(), NOW + timedelta(minutes=90)
    ahead = mornings_ahead(begins)

    call_off(version_id=ahead.pk, reason="not yet", actor=compliance, now=NOW)

    assert verdicts(account, begins) == (True, True)


def test_hours_narrowed_at_once_close_the_window_before_the_minute_turns(mornings_ahead):
    account = place_account()

    mornings_ahead(None)

    assert verdicts(account, NOW) == (False, False)


def test_another_number_of_contacts_reaches_the_queue_too(team, agent, admin, compliance):
    account = place_account()
    while called(account, agent) in ("allow", "warn"):
        pass
    assert entry_of(account).blocked_until
    draft = draft_from_live(pack_code="firm", note="more calls", actor=admin, now=NOW)
    rule = draft.rules.get(code="firm-uk-daily-cap")
    edit_rule(rule_id=rule.pk, changes={"params": {**rule.params, "limit": 90}}, actor=admin, now=NOW)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    begins = NOW + timedelta(minutes=5)
    publish(version_id=draft.pk, actor=compliance, now=NOW, begins=begins)

    turn_minute(now=begins)

    assert entry_of(account).blocked_until is None
