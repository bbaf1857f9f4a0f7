"""`bin/test --mutants`: switch each guard off, one at a time, and see that a named test notices.

A guard of the database is switched off in a clone of the migrated database; a guard in Python is replaced when pytest
starts (tests/support/mutations.py). A mutant that no test notices has survived, and that is an error.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
KILLED, SURVIVED = 1, 0  # pytest's own: some test failed, none did

STANDS = "tests/guards/test_what_stands.py::test_what_was_recorded_stands_whatever_is_tried_in_turn"

BLANKED = "tests/guards/test_what_stands.py::test_only_an_erasure_of_the_same_transaction_blanks_and_nobody_undoes_it"


@dataclass(frozen=True)
class Mutant:
    """One guard that is switched off, and the tests of which at least one must then fail."""

    name: str
    guard: str
    tests: tuple[str, ...]
    statement: str = ""
    in_python: bool = False


def trigger_off(table: str, pattern: str) -> str:
    """Switch off the triggers whose name matches; refuses when there is none, so a renamed guard is noticed."""
    return f"""
        DO $$
        DECLARE guard text; found int := 0;
        BEGIN
            FOR guard IN SELECT tgname FROM pg_trigger WHERE tgrelid = '{table}'::regclass AND tgname LIKE '{pattern}'
            LOOP
                EXECUTE format('ALTER TABLE {table} DISABLE TRIGGER %I', guard);
                found := found + 1;
            END LOOP;
            IF found = 0 THEN RAISE EXCEPTION USING MESSAGE = 'no trigger {pattern} on {table}'; END IF;
        END $$
    """


def part_of_trigger_off(table: str, pattern: str, statement: str) -> str:
    """Take one statement, named by how it begins, out of a trigger's function; refuses when it isn't there."""
    return f"""
        DO $$
        DECLARE guard text; without text;
        BEGIN
            SELECT pg_get_functiondef(tgfoid) INTO STRICT guard FROM pg_trigger
                WHERE tgrelid = '{table}'::regclass AND tgname LIKE '{pattern}';
            without := regexp_replace(guard, '{statement}[^;]*;', '');
            IF without = guard THEN RAISE EXCEPTION USING MESSAGE = 'no such statement in {pattern}'; END IF;
            EXECUTE without;
        END $$
    """


OWN_SCHEMA_OFF = """
    DO $$
    DECLARE guard regprocedure;
    BEGIN
        FOR guard IN SELECT DISTINCT p.oid::regprocedure FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND p.proconfig IS NOT NULL
        LOOP
            EXECUTE format('ALTER FUNCTION %s RESET search_path', guard);
        END LOOP;
    END $$
"""


def constraint_off(table: str, name: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {name}"


def index_off(name: str) -> str:
    return f"DROP INDEX {name}"


MUTANTS = [
    Mutant(
        "ledger-append-only",
        "trigger: the ledger refuses UPDATE and DELETE",
        ("tests/guards/test_database_guards.py::test_an_entry_of_the_ledger_can_not_be_deleted",),
        trigger_off("accounts_ledgerentry", "%no_change%"),
    ),
    Mutant(
        "ledger-moves-balance",
        "trigger: a new entry moves the balance",
        ("tests/guards/test_database_guards.py::test_a_new_entry_moves_the_balance",),
        trigger_off("accounts_ledgerentry", "%moves_balance%"),
    ),
    Mutant(
        "balance-by-ledger-only",
        "trigger: nobody else writes the balance",
        ("tests/guards/test_database_guards.py::test_nobody_writes_a_balance_but_the_ledger",),
        trigger_off("accounts_account", "%balance_by_ledger_only%"),
    ),
    Mutant(
        "ledger-source-key",
        "unique: one entry per source and key",
        ("tests/guards/test_database_guards.py::test_one_key_of_one_source_can_not_be_posted_twice_by_hand",),
        constraint_off("accounts_ledgerentry", "ledger_source_key_once"),
    ),
    Mutant(
        "account-state",
        "trigger: a state moves by its machine only",
        ("tests/guards/test_database_guards.py::test_an_account_leaves_its_state_only_by_its_machine",),
        trigger_off("accounts_account", "%state_moves_by_machine%"),
    ),
    Mutant(
        "no-orphan",
        "check: an open account has its next step",
        ("tests/guards/test_database_guards.py::test_an_open_account_without_next_step_is_impossible",),
        constraint_off("accounts_account", "account_no_orphan"),
    ),
    Mutant(
        "maker-checker",
        "check: nobody is their own checker",
        ("tests/guards/test_database_guards.py::test_nobody_is_their_own_checker_even_by_hand",),
        constraint_off("accounts_approval", "approval_maker_is_not_checker"),
    ),
    Mutant(
        "receipt",
        "unique: one receipt per form",
        ("tests/guards/test_database_guards.py::test_two_receipts_of_one_form_are_impossible",),
        constraint_off("accounts_receipt", "receipt_once"),
    ),
    Mutant(
        "evidence-kept",
        "trigger: what a contact was about is never taken away",
        ("tests/guards/test_database_guards.py::test_what_happened_is_neither_rewritten_nor_taken_away",),
        trigger_off("communications_accountcontact", "%account_contact_no_change%"),
    ),
    Mutant(
        "evidence-fixed",
        "trigger: the amount of a payment stands as it was recorded",
        ("tests/guards/test_database_guards.py::test_what_happened_is_neither_rewritten_nor_taken_away",),
        trigger_off("accounts_payment", "%payment_fixed%"),
    ),
    Mutant(
        "triggers-for-all",
        "function: no session tells the triggers to look away",
        ("tests/guards/test_database_guards.py::test_no_session_can_tell_the_triggers_to_look_away",),
        "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN"
        " AS 'SELECT true' LANGUAGE sql",
    ),
    Mutant(
        "approval-digest",
        "the terms are those that were asked for",
        ("tests/guards/test_database_guards.py::test_terms_that_were_changed_after_the_request_can_not_be_approved",),
        in_python=True,
    ),
    Mutant(
        "idempotency-key",
        "the key of a form is looked up first",
        ("tests/guards/test_database_guards.py::test_a_form_sent_twice_does_its_work_once",),
        in_python=True,
    ),
    Mutant(
        "person-lock",
        "the gate is asked under the person's lock",
        ("tests/communications/test_cap_race.py",),
        in_python=True,
    ),
    Mutant(
        "contact-as-decided",
        "foreign key: a contact is the one that was decided",
        (
            "tests/communications/test_authorise.py"
            "::test_a_contact_other_than_the_one_decided_is_refused_by_the_database",
        ),
        constraint_off("communications_contact", "contact_as_decided"),
    ),
    Mutant(
        "policy-stands",
        "trigger: rules of a submitted version never change",
        ("tests/communications/test_policy_versions.py::test_published_rules_and_versions_stand_against_any_writer",),
        trigger_off("communications_policyrule", "%drafts_only%"),
    ),
    Mutant(
        "simulation-result-stands",
        "trigger: the changes that a finished simulation found are neither added to nor taken away",
        ("tests/communications/test_policy_simulation.py::test_what_was_found_stands_against_any_writer",),
        trigger_off("communications_simulatedchange", "%results_stand%"),
    ),
    Mutant(
        "simulation-ended-stands",
        "trigger: an ended simulation keeps its counts",
        ("tests/communications/test_policy_simulation.py::test_what_was_found_stands_against_any_writer",),
        trigger_off("communications_policysimulation", "%policy_simulation_ended%"),
    ),
    Mutant(
        "policy-one-at-a-time",
        "exclusion: two versions of a pack never rule at once",
        ("tests/communications/test_policy_versions.py::test_two_versions_of_a_pack_never_rule_at_once",),
        constraint_off("communications_policyversion", "policy_versions_never_overlap"),
    ),
    Mutant(
        "policy-without-gap",
        "trigger: a version of a pack ends only where another begins",
        ("tests/guards/test_database_guards.py::test_a_version_of_the_policy_ends_only_where_another_begins",),
        trigger_off("communications_policyversion", "%ends_only_replaced%"),
    ),
    Mutant(
        "stop-two-people",
        "check: two different people release an emergency stop",
        ("tests/guards/test_database_guards.py::test_one_person_alone_can_not_release_an_emergency_stop",),
        constraint_off("communications_contactstop", "contact_stop_released_by_two"),
    ),
    Mutant(
        "stop-obeyed",
        "the gate obeys an emergency stop whatever policy is in force",
        ("tests/communications/test_stops.py::test_one_person_stops_everything_at_once",),
        in_python=True,
    ),
    Mutant(
        "offer-limits",
        "nobody offers alone what is beyond their limits",
        ("tests/arrangements/test_offers.py::test_no_agent_settles_alone",),
        in_python=True,
    ),
    Mutant(
        "offer-digest",
        "only the terms that were quoted are accepted",
        ("tests/arrangements/test_offers.py::test_only_the_terms_that_were_quoted_can_be_accepted",),
        in_python=True,
    ),
    Mutant(
        "account-lock",
        "money is posted under the account's lock",
        ("tests/accounts/test_money_races.py",),
        in_python=True,
    ),
    Mutant(
        "skip-locked",
        "Next passes over whom somebody else is just taking",
        ("tests/queue/test_next_race.py",),
        in_python=True,
    ),
    Mutant(
        "card-third-attempt",
        "trigger: no third charge after two that failed, none without authority",
        ("tests/cards/test_card_authorities.py::test_the_database_refuses_the_third_whoever_writes_it",),
        trigger_off("accounts_cardattempt", "%card_attempt_allowed%"),
    ),
    Mutant(
        "card-held",
        "nothing is charged against a hold, and no third time",
        ("tests/cards/test_card_authorities.py::test_a_hold_that_forbids_demands_forbids_charging",),
        in_python=True,
    ),
    Mutant(
        "reageing-counted",
        "trigger: re-ageing is counted by the database too",
        ("tests/arrangements/test_reageing.py::test_the_database_counts_too_and_no_item_moves_without_its_row",),
        trigger_off("accounts_reageing", "%reageing_counted%"),
    ),
    Mutant(
        "reageing-turns",
        "trigger: of two re-ageings at once the second waits for the first, and is counted",
        ("tests/arrangements/test_reageing_races.py::test_of_two_at_once_the_second_is_refused",),
        part_of_trigger_off("accounts_reageing", "%reageing_counted%", "PERFORM FROM accounts_account"),
    ),
    Mutant(
        "missed-grows-no-older",
        "what was missed before a hold grows no older while nothing is asked",
        ("tests/arrangements/test_suspended.py::test_a_payment_missed_before_grows_no_older_while_nothing_is_asked",),
        in_python=True,
    ),
    Mutant(
        "agreed-discount",
        "a paid settlement lets go what was agreed, not whatever is left",
        ("tests/arrangements/test_settlements.py::test_what_came_on_top_since_was_priced_by_nobody_and_stays_owed",),
        in_python=True,
    ),
    Mutant(
        "interest-once-a-day",
        "the interest of a day is carried once",
        (
            "tests/interest/test_interest.py::test_a_day_closed_again_or_late_adds_the_same",
            "tests/interest/test_interest.py::test_the_database_adds_a_day_once_whoever_asks",
        ),
        in_python=True,
    ),
    Mutant(
        "interest-frozen",
        "a moratorium freezes interest, and takes back what was charged since its first day",
        (
            "tests/interest/test_interest.py::test_a_moratorium_told_late_takes_back_what_was_charged_since_its_first_day",
        ),
        in_python=True,
    ),
    Mutant(
        "interest-never-raised",
        "trigger: an advance bears none, and no rate is raised",
        ("tests/interest/test_interest.py::test_an_advance_has_no_terms_and_no_rate_is_raised_by_sql_either",),
        trigger_off("accounts_interestterms", "%interest_terms_of_a_loan%"),
    ),
    Mutant(
        "one-live-arrangement",
        "index: one live arrangement an account",
        ("tests/guards/test_database_guards.py::test_a_second_live_arrangement_is_impossible",),
        index_off("arrangement_one_live_per_account"),
    ),
    Mutant(
        "one-open-request",
        "index: one open request a subject and kind",
        ("tests/guards/test_database_guards.py::test_a_second_open_request_about_one_thing_is_impossible",),
        index_off("approval_one_open_per_subject"),
    ),
    Mutant(
        "note-erased-once",
        "trigger: a note is only blanked, once",
        (f"{STANDS}[what an agent wrote]",),
        trigger_off("accounts_note", "%note_only_blanked%"),
    ),
    Mutant(
        "text-erased-once",
        "trigger: a received text is only blanked, once",
        (f"{STANDS}[what a customer wrote]",),
        trigger_off("communications_receivedtext", "%received_text_only_blanked%"),
    ),
    Mutant(
        "message-sent-at",
        "trigger: a message that was sent stays sent",
        (f"{STANDS}[what was sent]",),
        trigger_off("communications_message", "%message_sent_at_fixed%"),
    ),
    Mutant(
        "message-words",
        "trigger: the words of a message stand once its turn came",
        (f"{STANDS}[what a busy provider is to be given again]",),
        trigger_off("communications_message", "%message_only_blanked%"),
    ),
    Mutant(
        "contact-person",
        "trigger: a contact stays with its person and day",
        (f"{STANDS}[whose contact it was and on which day]",),
        trigger_off("communications_contact", "%contact_person_fixed%"),
    ),
    Mutant(
        "contact-counts",
        "trigger: a contact only stops counting",
        (f"{STANDS}[what a contact counts for]",),
        trigger_off("communications_contact", "%contact_counted_fixed%"),
    ),
    Mutant(
        "hold-on",
        "trigger: a hold stays with its person and account",
        (f"{STANDS}[what a hold forbids, and whom]",),
        trigger_off("accounts_hold", "%hold_on_fixed%"),
    ),
    Mutant(
        "triggers-own-schema",
        "triggers ask the tables of the schema, not a session's own",
        ("tests/test_production.py::test_no_temporary_table_stands_in_for_one_that_a_trigger_asks",),
        OWN_SCHEMA_OFF,
    ),
    Mutant(
        "exception-covers",
        "an exception covers only what was asked, and no rule that knows none",
        ("tests/communications/test_authorise.py",),
        in_python=True,
    ),
    Mutant(
        "dispute-clock",
        "trigger: until when a dispute is answered stands",
        (f"{STANDS}[what was disputed, until when, and what was decided]",),
        trigger_off("accounts_dispute", "%dispute_clock_fixed%"),
    ),
    Mutant(
        "dispute-decision",
        "trigger: what was decided about a dispute stands",
        (f"{STANDS}[what was disputed, until when, and what was decided]",),
        trigger_off("accounts_dispute", "%dispute_decided_fixed%"),
    ),
    Mutant(
        "complaint-clock",
        "trigger: until when a complaint is answered stands",
        (f"{STANDS}[what was complained of, until when, and what was decided]",),
        trigger_off("accounts_complaint", "%complaint_clock_fixed%"),
    ),
    Mutant(
        "complaint-decision",
        "trigger: what was decided about a complaint stands",
        (f"{STANDS}[what was complained of, until when, and what was decided]",),
        trigger_off("accounts_complaint", "%complaint_decided_fixed%"),
    ),
    Mutant(
        "complaint-decider",
        "constraint: nobody decides a complaint that is about them",
        ("tests/complaints/test_complaints.py::test_whom_it_is_about_takes_no_step_of_it",),
        constraint_off("accounts_complaint", "complaint_not_decided_by_whom_it_is_about"),
    ),
    Mutant(
        "hardship-clock",
        "trigger: by when hardship is decided stands",
        ("tests/arrangements/test_hardship.py::test_the_database_keeps_what_was_decided_and_until_when",),
        trigger_off("arrangements_hardshipcase", "%hardship_clock_fixed%"),
    ),
    Mutant(
        "hardship-refusal-sent",
        "constraint: a refusal is sent before its case ends",
        ("tests/arrangements/test_hardship.py::test_the_database_keeps_what_was_decided_and_until_when",),
        constraint_off("arrangements_hardshipcase", "hardship_refusal_was_sent"),
    ),
    Mutant(
        "due-item-replaced",
        "trigger: only new terms take an expected remittance away",
        (f"{STANDS}[which remittances were expected, and are no more]",),
        trigger_off("accounts_dueitem", "%due_item_replaced_with_terms%"),
    ),
    Mutant(
        "default-by-event",
        "trigger: a default is declared by its event, and never beside an open reconciliation",
        (f"{STANDS}[that an advance is in default, and why]",),
        trigger_off("accounts_account", "%default_by_event_only%"),
    ),
    Mutant(
        "default-not-slow",
        "slow receipts alone are no default",
        ("tests/remittance/test_default_events.py",),
        in_python=True,
    ),
    Mutant(
        "true-up-as-asked",
        "money that came meanwhile voids the true-up that was asked for",
        ("tests/remittance/test_reconciliation.py",),
        in_python=True,
    ),
    Mutant(
        "hardship-decision",
        "trigger: what was decided about hardship stands",
        ("tests/arrangements/test_hardship.py::test_the_database_keeps_which_help_was_granted_until_when",),
        trigger_off("arrangements_hardshipcase", "%hardship_decided_fixed%"),
    ),
    Mutant(
        "hardship-word",
        "constraint: an undecided notice ends only with a word",
        ("tests/arrangements/test_hardship.py::test_the_database_ends_no_notice_without_a_word",),
        constraint_off("arrangements_hardshipcase", "hardship_undecided_ends_with_a_word"),
    ),
    Mutant(
        "budget-line",
        "trigger: nothing is added to a budget that was kept",
        ("tests/arrangements/test_budgets_stand.py",),
        trigger_off("arrangements_budgetline", "%budget_line_with_its_budget%"),
    ),
    Mutant(
        "hardship-door",
        "a hardship case is decided behind its locks",
        ("tests/arrangements/test_hardship_races.py",),
        in_python=True,
    ),
    Mutant(
        "hardship-days",
        "each place has its own days to decide about hardship",
        ("tests/arrangements/test_hardship.py::test_each_place_has_its_days",),
        in_python=True,
    ),
    Mutant(
        "hardship-sent",
        "a refusal of help was sent on a day that has come",
        (
            "tests/arrangements/test_hardship.py"
            "::test_help_is_refused_by_managers_with_reasons_and_ends_with_the_letter_that_was_sent",
        ),
        in_python=True,
    ),
    Mutant(
        "dispute-part",
        "of a dispute of a part only that part rests",
        ("tests/disputes/test_disputes.py::test_of_a_part_only_that_part_rests_and_the_work_goes_on",),
        in_python=True,
    ),
    Mutant(
        "dispute-about",
        "nobody decides a dispute that is about them",
        ("tests/disputes/test_disputes.py::test_whom_it_is_about_decides_nothing",),
        in_python=True,
    ),
    Mutant(
        "dispute-lock",
        "disputes are decided under the account's lock",
        ("tests/disputes/test_dispute_races.py",),
        in_python=True,
    ),
    Mutant(
        "dispute-credit",
        "what is credited is looked at again when it is",
        ("tests/disputes/test_dispute_credits.py::test_the_credit_is_looked_at_again_when_it_is_carried_out",),
        in_python=True,
    ),
    Mutant(
        "dispute-asked",
        "nothing is decided while somebody is asked to agree",
        ("tests/disputes/test_dispute_steps.py::test_while_somebody_is_asked_nothing_else_is_decided",),
        in_python=True,
    ),
    Mutant(
        "disputed-part-rests",
        "nothing is agreed on what is in dispute",
        ("tests/disputes/test_disputed_part.py::test_no_more_is_promised_than_may_be_asked",),
        in_python=True,
    ),
    Mutant(
        "dispute-round",
        "trigger: what was decided in a round stands",
        (f"{STANDS}[who decided a dispute in each round, and what was taken off]",),
        trigger_off("accounts_disputedecision", "%dispute_decision%_fixed%"),
    ),
    Mutant(
        "complaint-about",
        "whom a complaint is about takes no step of it",
        ("tests/complaints/test_complaints.py::test_whom_it_is_about_takes_no_step_of_it",),
        in_python=True,
    ),
    Mutant(
        "promise-terms",
        "trigger: the terms of a promise stand",
        (f"{STANDS}[what was promised]",),
        trigger_off("arrangements_arrangement", "%arrangement_fixed%"),
    ),
    Mutant(
        "instalment-terms",
        "trigger: an instalment stays what and when it was",
        (f"{STANDS}[what is due of a promise, and when]",),
        trigger_off("arrangements_instalment", "%instalment_fixed%"),
    ),
    Mutant(
        "escalation-raised",
        "trigger: an escalation stays with who raised it",
        (f"{STANDS}[what was escalated, by whom]",),
        trigger_off("arrangements_escalation", "%escalation_fixed%"),
    ),
    Mutant(
        "due-item",
        "trigger: a due item stands",
        (f"{STANDS}[what the contract asks for]",),
        trigger_off("accounts_dueitem", "%due_item_fixed%"),
    ),
    Mutant(
        "contact-point",
        "trigger: a changed number is a new contact point",
        (f"{STANDS}[how somebody was reached]",),
        trigger_off("accounts_contactpoint", "%contact_point_fixed%"),
    ),
    Mutant(
        "template-words",
        "trigger: the words of a published template stand",
        (f"{STANDS}[the words of a published template]",),
        trigger_off("communications_template", "%template_fixed%"),
    ),
    Mutant(
        "policy-in-force",
        "trigger: a version rules from when until when it did",
        (f"{STANDS}[which policy ruled when]",),
        trigger_off("communications_policyversion", "%submitted_version_stands%"),
    ),
    Mutant(
        "approval-term",
        "trigger: a request expires when it was to",
        (f"{STANDS}[until when a decision could be made]",),
        trigger_off("accounts_approval", "%approval_term_fixed%"),
    ),
    Mutant(
        "run-ended",
        "trigger: a run that ended stays ended",
        (f"{STANDS}[that a day was closed]",),
        trigger_off("accounts_run", "%run_ended_fixed%"),
    ),
    Mutant(
        "receipt-stands",
        "trigger: a receipt stands",
        (f"{STANDS}[what a form did]",),
        trigger_off("accounts_receipt", "%receipt_no_change%"),
    ),
    Mutant(
        "never-emptied",
        "trigger: the rules of the policy are never emptied at once",
        ("tests/guards/test_what_stands.py::test_no_record_is_emptied_at_once[communications_policyrule]",),
        trigger_off("communications_policyrule", "%policy_rule_no_emptying%"),
    ),
    *[
        Mutant(
            f"{name}-blanked-by-erasure",
            f"trigger: the values of {table} are blanked by an erasure, and stay blank",
            (f"{BLANKED}[{table}]",),
            trigger_off(table, f"%{name}_{guard}%"),
        )
        for table, name, guard in [
            ("accounts_party", "party", "only_blanked"),
            ("accounts_contactpoint", "contact_point", "only_blanked"),
            ("accounts_tracecandidate", "trace_candidate", "only_blanked"),
            ("accounts_attachment", "attachment", "only_blanked"),
            ("accounts_sensitivenote", "sensitive_note", "erased_now"),
            ("communications_message", "message", "erased_now"),
        ]
    ],
    Mutant(
        "erasure-maker-checker",
        "check: nobody agrees to the erasure that they asked for",
        ("tests/guards/test_what_stands.py::test_an_erasure_is_neither_rewritten_nor_agreed_to_by_its_maker",),
        constraint_off("accounts_erasure", "erasure_maker_is_not_checker"),
    ),
    Mutant(
        "sensitive-note-stands",
        "trigger: the ground on which something was told stands",
        (f"{STANDS}[what somebody told of their health]",),
        trigger_off("accounts_sensitivenote", "%sensitive_note_basis_fixed%"),
    ),
    Mutant(
        "begins-at-first",
        "trigger: no request is written approved",
        ("tests/guards/test_what_stands.py::test_no_record_begins_at_its_end[accounts_approval]",),
        trigger_off("accounts_approval", "%state_begins_at_first%"),
    ),
    Mutant(
        "preference-stands",
        "trigger: what somebody asked for stands",
        ("tests/accounts/test_contact_preferences.py::test_what_was_asked_and_told_stands_in_the_database",),
        trigger_off("accounts_contactpreference", "%contact_preference_no_change%"),
    ),
    Mutant(
        "limitation-stands",
        "trigger: what winds the limitation clock stands",
        ("tests/accounts/test_limitation_dates.py::test_what_was_noted_stands_in_the_database",),
        trigger_off("accounts_limitationact", "%limitation_act_no_change%"),
    ),
    Mutant(
        "contact-verified",
        "trigger: a concluded call is not verified afterwards",
        (f"{STANDS}[who proved who they are, and when]",),
        trigger_off("communications_contact", "%contact_verified_fixed%"),
    ),
    Mutant(
        "placement-totals",
        "trigger: what a live placement added up to stands",
        (f"{STANDS}[what a file added up to]",),
        trigger_off("accounts_placement", "%placement_ended_fixed%"),
    ),
]


def run_mutants(pytest: list[str]) -> int:
    """Run every mutant against the servers named by the environment. `pytest` is the command; answers the exit code."""
    rows = [("(none)", "every guard in place", _unchanged(pytest))]
    rows += [(mutant.name, mutant.guard, _verdict(mutant, pytest)) for mutant in MUTANTS]
    width = max(len(name) for name, _, _ in rows)
    for name, guard, verdict in rows:
        sys.stdout.write(f"{name:<{width}}  {verdict:<9}  {guard}\n")
    wrong = [name for name, _, verdict in rows if verdict not in {"killed", "green"}]
    sys.stdout.write(f"{len(MUTANTS)} guards, {len(wrong)} wrong{': ' if wrong else ''}{', '.join(wrong)}\n")
    return 1 if wrong else 0


def _unchanged(pytest: list[str]) -> str:
    named = sorted({test for mutant in MUTANTS for test in mutant.tests})
    return "green" if _run(pytest, named, {}) == SURVIVED else "NOT GREEN"


def _verdict(mutant: Mutant, pytest: list[str]) -> str:
    home = os.environ["DATABASE_URL"]
    clone = f"mutant_{mutant.name.replace('-', '_')}"
    try:
        _administer(home, sql.SQL("CREATE DATABASE {} TEMPLATE {}"), clone, urlsplit(home).path.strip("/"))
        if mutant.statement:
            _administer(home, sql.SQL(mutant.statement), dbname=clone)
        place = urlsplit(home)._replace(path=f"/{clone}").geturl()
        own = {"DATABASE_URL": place} | ({"MUTANT": mutant.name} if mutant.in_python else {})
        return {KILLED: "killed", SURVIVED: "SURVIVED"}.get(_run(pytest, mutant.tests, own), "BROKEN")
    finally:
        _administer(home, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), clone)


def _run(pytest: list[str], tests: list[str] | tuple[str, ...], environment: dict[str, str]) -> int:
    command = [*pytest, "-q", "--no-header", "--tb=no", *tests]
    quiet = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False, capture_output=True, text=True)
    sys.stderr.write(quiet.stdout[-200:] + quiet.stderr[-500:])
    return quiet.returncode


def _administer(home: str, statement: sql.SQL, *names: str, dbname: str = "postgres") -> None:
    connection = psycopg2.connect(home, dbname=dbname)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(*map(sql.Identifier, names)) if names else statement)
    finally:
        connection.close()
