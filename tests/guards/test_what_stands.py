"""What was recorded stands: every way of rewriting it in several steps is tried, as pages and as the owner would."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from accounts.foundation.approvals import Approval
from accounts.foundation.receipts import Receipt
from accounts.foundation.runs import Run
from accounts.models import Account, ContactPoint, Erasure, Note
from accounts.services.approvals import approve
from accounts.services.attachments import keep_file
from accounts.services.complaints import tell_of_delay
from accounts.services.contact_points import record_consent
from accounts.services.default_events import ask_default
from accounts.services.disputes import reject_dispute
from accounts.services.placements.importing import import_file
from collections_crm.services.web_role import grant_web_role
from communications.models import Contact, Message, PolicyVersion, ReceivedText
from communications.services.messages import queue_message
from communications.services.received_texts import receive_text
from communications.services.send import claim, confirm, put_back
from tests.communications.calls import caller, conclude, ring, verify
from tests.complaints.steps import answered, looked_into, referred
from tests.disputes.steps import under_review
from tests.factories import NOW, TODAY, again, make_portfolio, make_team, make_user, place_account
from tests.support.advances import advance, proposed
from tests.support.hardship import paused, refused
from tests.support.placement_files import HEADER, csv_bytes, row
from tests.support.promises import promise
from tests.support.world import build_world

pytestmark = pytest.mark.django_db
WEB = f"crm_web_of_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"

# What is looked at before and after; then the steps, each of which may be refused or may do nothing to it.
STANDS = {
    "what an agent wrote": (
        "SELECT text, erased_on, erased_under FROM accounts_note",
        "UPDATE accounts_note SET text = 'forged', erased_on = current_date",
        "UPDATE accounts_note SET text = 'forged', erased_on = current_date, erased_under = 'a rule'",
        "UPDATE accounts_note SET text = '', erased_on = current_date",
        "UPDATE accounts_note SET erased_under = 'a rule'",
        "UPDATE accounts_note SET text = 'forged', erased_on = NULL, erased_under = ''",
    ),
    "what a customer wrote": (
        "SELECT body, sender, erased_on FROM communications_receivedtext",
        "UPDATE communications_receivedtext SET body = 'forged', erased_on = current_date, erased_under = 'a rule'",
        "UPDATE communications_receivedtext SET body = '', erased_on = current_date, erased_under = 'a rule'",
        "UPDATE communications_receivedtext SET sender = '', erased_on = current_date, erased_under = 'a rule'",
        "UPDATE communications_receivedtext SET erased_on = NULL, body = 'forged'",
    ),
    "what was stopped, why and by whom": (
        "SELECT channel, jurisdiction, cause, note, stopped_by_id, stopped_at, state FROM communications_contactstop",
        "UPDATE communications_contactstop SET channel = 'text'",
        "UPDATE communications_contactstop SET cause = 'other', note = 'forged'",
        "UPDATE communications_contactstop SET stopped_by_id = stopped_by_id + 1",
        "UPDATE communications_contactstop SET stopped_at = stopped_at + interval '1 day'",
        "UPDATE communications_contactstop SET state = 'released'",
        "UPDATE communications_contactstop SET state = 'released', first_yes_by_id = stopped_by_id,"
        " first_yes_at = stopped_at, released_by_id = stopped_by_id, released_at = stopped_at",
        "DELETE FROM communications_contactstop",
    ),
    "what somebody told of their health": (
        "SELECT text, category, support_need, basis, consented_at, review_on > '2026-01-01', written_by_id"
        " FROM accounts_sensitivenote",
        "UPDATE accounts_sensitivenote SET text = 'forged'",
        "UPDATE accounts_sensitivenote SET category = 'other'",
        "UPDATE accounts_sensitivenote SET basis = 'legal_duty', consent_way = '', consented_at = NULL",
        "UPDATE accounts_sensitivenote SET text = '', category = '', support_need = ''",
        "DELETE FROM accounts_sensitivenote",
    ),
    "a file that was kept": (
        "SELECT name, content, digest, size, kind, account_id FROM accounts_attachment",
        "UPDATE accounts_attachment SET name = 'forged'",
        "UPDATE accounts_attachment SET content = 'forged'",
        "UPDATE accounts_attachment SET digest = 'forged'",
        "UPDATE accounts_attachment SET name = '', content = ''",
        "DELETE FROM accounts_attachment",
    ),
    "which note is which": (
        "SELECT id, text FROM accounts_note ORDER BY text",
        "UPDATE accounts_note SET id = id + 1000000",
        "UPDATE accounts_note SET id = 2000001 - id",
    ),
    "what was sent": (
        "SELECT id, body, subject, sent_at, account_id, contact_point_id, contact_id, decision_id, provider_reference"
        " FROM communications_message WHERE sent_at IS NOT NULL ORDER BY id",
        "UPDATE communications_message SET sent_at = NULL",
        "UPDATE communications_message SET body = 'forged', subject = 'forged'",
        "UPDATE communications_message SET tries = 0",
        "UPDATE communications_message SET state = 'queued', tries = 0, sent_at = NULL, body = 'forged'",
        "UPDATE communications_message SET state = 'sending' WHERE state = 'sent'",
        "UPDATE communications_message SET contact_id = NULL",
        "UPDATE communications_message SET decision_id = NULL",
        "UPDATE communications_message SET provider_reference = ''",
        "UPDATE communications_message SET account_id = account_id + 1",
        "UPDATE communications_message SET sent_at = sent_at - interval '1 day'",
    ),
    "what a busy provider is to be given again": (
        "SELECT body, tries FROM communications_message WHERE state = 'queued' AND tries > 0",
        "UPDATE communications_message SET body = 'forged'",
        "UPDATE communications_message SET tries = 0",
        "UPDATE communications_message SET body = 'forged' WHERE tries > 0",
    ),
    "whose contact it was and on which day": (
        "SELECT id, person_id, party_id, local_on, agent_id, under_consent, language FROM communications_contact"
        " ORDER BY id",
        "UPDATE communications_contact SET person_id = person_id + 1",
        "UPDATE communications_contact SET local_on = local_on - 30",
        "UPDATE communications_contact SET agent_id = NULL",
        "UPDATE communications_contact SET under_consent = NOT under_consent",
        "UPDATE communications_contact SET decision_id = NULL, local_on = local_on - 30",
    ),
    "what a contact counts for": (
        "SELECT id, counts_attempt, counts_conversation, misdirected FROM communications_contact ORDER BY id",
        "UPDATE communications_contact SET counts_attempt = false WHERE counts_attempt",
        "UPDATE communications_contact SET counts_conversation = NOT counts_conversation",
        "UPDATE communications_contact SET counts_attempt = true WHERE NOT counts_attempt",
        "UPDATE communications_contact SET state = 'not_attempted' WHERE wrapped_up_at IS NOT NULL",
        "UPDATE communications_contact SET wrapped_up_at = NULL",
        "UPDATE communications_contact SET wrapped_up_at = NULL, counts_conversation = NOT counts_conversation",
        "UPDATE communications_contact SET counts_attempt = false WHERE counts_attempt",
    ),
    "that a number was somebody else's": (
        "SELECT id FROM communications_contact WHERE misdirected AND NOT counts_attempt ORDER BY id",
        "UPDATE communications_contact SET misdirected = false",
        "UPDATE communications_contact SET misdirected = false, counts_attempt = true",
        "UPDATE communications_contact SET counts_attempt = true",
    ),
    "who decided a dispute in each round, and what was taken off": (
        "SELECT round, outcome, asked_by_id, decided_by_id, decided_at, reasons_id, credited, to_pay_back"
        " FROM accounts_disputedecision ORDER BY id",
        "UPDATE accounts_disputedecision SET outcome = 'upheld'",
        "UPDATE accounts_disputedecision SET round = round + 1",
        "UPDATE accounts_disputedecision SET asked_by_id = decided_by_id, decided_by_id = NULL",
        "UPDATE accounts_disputedecision SET decided_by_id = NULL",
        "UPDATE accounts_disputedecision SET decided_at = decided_at - interval '1 day'",
        "UPDATE accounts_disputedecision SET reasons_id = NULL",
        "UPDATE accounts_disputedecision SET credited = 1, to_pay_back = 1",
        "DELETE FROM accounts_disputedecision",
    ),
    "when a customer told us of hardship, and what was decided": (
        "SELECT id, account_id, party_id, jurisdiction, noticed_on, opened_by_id, decided_by_id, decided_at,"
        " decided_on, measure, review_on, renewals, helped_since, budget_id, reasons_id, answered_on, ending"
        " FROM arrangements_hardshipcase ORDER BY id",
        "UPDATE arrangements_hardshipcase SET noticed_on = noticed_on - 30",
        "UPDATE arrangements_hardshipcase SET jurisdiction = 'MX'",
        "UPDATE arrangements_hardshipcase SET account_id = (SELECT min(id) FROM accounts_account)",
        "UPDATE arrangements_hardshipcase SET opened_by_id = NULL",
        "UPDATE arrangements_hardshipcase SET decided_by_id = opened_by_id WHERE state = 'declined'",
        "UPDATE arrangements_hardshipcase SET decided_at = decided_at - interval '1 day' WHERE decided_at IS NOT NULL",
        "UPDATE arrangements_hardshipcase SET decided_on = decided_on - 30 WHERE decided_at IS NOT NULL",
        "UPDATE arrangements_hardshipcase SET answered_on = decided_on - 1 WHERE state = 'declined'",
        "UPDATE arrangements_hardshipcase SET measure = 'referral' WHERE state = 'granted'",
        "UPDATE arrangements_hardshipcase SET review_on = review_on + 300 WHERE state = 'granted'",
        "UPDATE arrangements_hardshipcase SET renewals = 7, helped_since = '2020-01-01' WHERE state = 'granted'",
        "UPDATE arrangements_hardshipcase SET budget_id = NULL WHERE decided_at IS NOT NULL",
        "UPDATE arrangements_hardshipcase SET state = 'ended', ended_at = now(), ending = 'withdrawn'",
        "UPDATE arrangements_hardshipcase SET state = 'ended', ended_at = now(), ending = 'answered'"
        " WHERE state = 'declined'",
        "DELETE FROM arrangements_hardshipcase",
    ),
    "what a budget was made of": (
        "SELECT b.id, income, spending, disposable, category, amount, period FROM arrangements_budget b"
        " JOIN arrangements_budgetline l ON l.budget_id = b.id ORDER BY l.id",
        "UPDATE arrangements_budgetline SET amount = 1",
        "UPDATE arrangements_budgetline SET category = 'savings'",
        "UPDATE arrangements_budget SET txid = txid_current()",
        "INSERT INTO arrangements_budgetline (budget_id, category, amount, period)"
        " SELECT id, 'savings', 1, 'monthly' FROM arrangements_budget",
        "DELETE FROM arrangements_budgetline",
        "DELETE FROM arrangements_budget",
    ),
    "what was disputed, until when, and what was decided": (
        "SELECT id, kind, amount, original, received_on, acknowledge_by, answer_by, said_id, about_agent_id,"
        " raised_by_id, decided_by_id, decided_at, reasons_id, credited, outcome, state"
        " FROM accounts_dispute ORDER BY id",
        "UPDATE accounts_dispute SET kind = 'paid' WHERE kind <> 'unsaid'",
        "UPDATE accounts_dispute SET amount = 1",
        "UPDATE accounts_dispute SET answer_by = answer_by + 30",
        "UPDATE accounts_dispute SET acknowledge_by = acknowledge_by + 30",
        "UPDATE accounts_dispute SET received_on = received_on - 30",
        "UPDATE accounts_dispute SET decided_at = decided_at - interval '1 day' WHERE decided_at IS NOT NULL",
        "UPDATE accounts_dispute SET decided_by_id = raised_by_id WHERE decided_by_id IS NOT NULL",
        "UPDATE accounts_dispute SET reasons_id = said_id WHERE reasons_id IS NOT NULL",
        "UPDATE accounts_dispute SET credited = 1 WHERE decided_at IS NOT NULL",
        "UPDATE accounts_dispute SET outcome = 'upheld' WHERE decided_at IS NOT NULL",
        "UPDATE accounts_dispute SET state = 'upheld' WHERE state = 'rejected'",
        "UPDATE accounts_dispute SET state = 'closed', ended_at = raised_at WHERE state = 'raised'",
        "DELETE FROM accounts_dispute",
    ),
    "what was complained of, until when, and what was decided": (
        "SELECT id, category, way, received_on, acknowledge_by, answer_by, said_id, wanted_id, about_agent_id,"
        " raised_by_id, hold_id, delayed_until, delay_reasons_id, decided_by_id, decided_at, reasons_id, remedies,"
        " outcome, answered_on, referred_on, authority_reference, ruling, ruled_on, ended_at, state"
        " FROM accounts_complaint ORDER BY id",
        "UPDATE accounts_complaint SET category = 'other'",
        "UPDATE accounts_complaint SET way = 'representative'",
        "UPDATE accounts_complaint SET received_on = received_on - 30",
        "UPDATE accounts_complaint SET acknowledge_by = acknowledge_by + 30",
        "UPDATE accounts_complaint SET answer_by = answer_by + 30",
        "UPDATE accounts_complaint SET about_agent_id = raised_by_id WHERE about_agent_id IS NULL",
        "UPDATE accounts_complaint SET hold_id = NULL",
        "UPDATE accounts_complaint SET delayed_until = delayed_until - 1",
        "UPDATE accounts_complaint SET delayed_until = NULL, delayed_on = NULL, delay_reasons_id = NULL",
        "UPDATE accounts_complaint SET delay_reasons_id = said_id WHERE delayed_until IS NOT NULL",
        "UPDATE accounts_complaint SET decided_at = decided_at - interval '1 day' WHERE decided_at IS NOT NULL",
        "UPDATE accounts_complaint SET decided_by_id = raised_by_id WHERE decided_by_id IS NOT NULL",
        "UPDATE accounts_complaint SET reasons_id = said_id WHERE reasons_id IS NOT NULL",
        "UPDATE accounts_complaint SET remedies = '{money}' WHERE outcome <> ''",
        "UPDATE accounts_complaint SET outcome = 'withdrawn' WHERE outcome <> ''",
        "UPDATE accounts_complaint SET answered_on = answered_on + 1",
        "UPDATE accounts_complaint SET referred_on = referred_on + 1",
        "UPDATE accounts_complaint SET authority_reference = 'X' WHERE referred_on IS NOT NULL",
        "UPDATE accounts_complaint SET ended_at = ended_at + interval '1 day'",
        "UPDATE accounts_complaint SET state = 'closed', ended_at = raised_at WHERE state IN ('raised', 'referred')",
        "UPDATE accounts_complaint SET state = 'upheld' WHERE state = 'rejected'",
        "DELETE FROM accounts_complaint",
    ),
    "what a hold forbids, and whom": (
        "SELECT id, person_id, account_id, channel, amount, kind, scope, permits, from_on, review_on, placed_at,"
        " self_ending, reason FROM accounts_hold ORDER BY id",
        "UPDATE accounts_hold SET channel = 'text'",
        "UPDATE accounts_hold SET amount = 1",
        "UPDATE accounts_hold SET person_id = (SELECT max(id) FROM accounts_party WHERE id <> person_id)",
        "UPDATE accounts_hold SET account_id = NULL",
        "UPDATE accounts_hold SET permits = ARRAY['demand']",
        "UPDATE accounts_hold SET kind = 'pause'",
        "UPDATE accounts_hold SET scope = 'person'",
        "UPDATE accounts_hold SET from_on = from_on + 1, review_on = review_on + 1",
        "UPDATE accounts_hold SET review_on = review_on + 1",
        "UPDATE accounts_hold SET self_ending = NOT self_ending",
        "UPDATE accounts_hold SET placed_at = placed_at - interval '1 day'",
    ),
    "what was promised": (
        "SELECT id, account_id, party_id, kind, amount, currency, discount, agreed_on, made_by_id, made_at, contact_id"
        " FROM arrangements_arrangement ORDER BY id",
        "UPDATE arrangements_arrangement SET state = 'draft', amount = 1",
        "UPDATE arrangements_arrangement SET state = 'draft'",
        "UPDATE arrangements_arrangement SET amount = 1",
        "UPDATE arrangements_arrangement SET agreed_on = agreed_on + 1",
        "UPDATE arrangements_arrangement SET made_by_id = (SELECT max(id) FROM accounts_user)",
        "UPDATE arrangements_arrangement SET contact_id = NULL",
    ),
    "what is due of a promise, and when": (
        "SELECT id, arrangement_id, account_id, number, due_on, judged_on, amount FROM arrangements_instalment"
        " ORDER BY id",
        "UPDATE arrangements_instalment SET due_on = due_on + 30",
        "UPDATE arrangements_instalment SET judged_on = judged_on + 30",
        "UPDATE arrangements_instalment SET amount = 1",
        "UPDATE arrangements_instalment SET number = number + 1",
        "DELETE FROM arrangements_instalment",
    ),
    "what was escalated, by whom": (
        "SELECT id, account_id, kind, raised_by_id, raised_at, approval_id, note_id"
        " FROM arrangements_escalation ORDER BY id",
        "UPDATE arrangements_escalation SET raised_by_id = (SELECT max(id) FROM accounts_user)",
        "UPDATE arrangements_escalation SET raised_at = raised_at - interval '1 day'",
        "UPDATE arrangements_escalation SET kind = 'fraud'",
        "UPDATE arrangements_escalation SET approval_id = NULL WHERE state <> 'returned'",
        "UPDATE arrangements_escalation SET note_id = NULL WHERE state <> 'returned'",
    ),
    "the terms of a case that didn't come back": (
        "SELECT id, amount, pay_by, reason_code, checks FROM arrangements_escalation WHERE state <> 'returned'"
        " ORDER BY id",
        "UPDATE arrangements_escalation SET amount = 1",
        "UPDATE arrangements_escalation SET state = 'returned', amount = 1 WHERE state = 'in_progress'",
        "UPDATE arrangements_escalation SET amount = 1 WHERE state <> 'returned'",
        "UPDATE arrangements_escalation SET reason_code = 'x' WHERE state <> 'returned'",
        "UPDATE arrangements_escalation SET checks = '[]'::jsonb || '[1]' WHERE state <> 'returned'",
    ),
    "what the contract asks for": (
        "SELECT id, account_id, due_on, amount FROM accounts_dueitem ORDER BY id",
        "UPDATE accounts_dueitem SET amount = 1",
        "UPDATE accounts_dueitem SET due_on = due_on + 90",
        "UPDATE accounts_dueitem SET account_id = (SELECT max(id) FROM accounts_account)",
        "DELETE FROM accounts_dueitem",
    ),
    "how somebody was reached": (
        "SELECT id, party_id, kind, value, provenance, added_at FROM accounts_contactpoint ORDER BY id",
        "UPDATE accounts_contactpoint SET value = '+442079460999' WHERE kind = 'phone'",
        "UPDATE accounts_contactpoint SET provenance = 'customer', added_at = added_at - interval '1 day'",
        "UPDATE accounts_contactpoint SET party_id = (SELECT max(id) FROM accounts_party)",
        "DELETE FROM accounts_consent",
        "DELETE FROM accounts_contactpoint",
    ),
    "the words of a published template": (
        "SELECT id, code, version, subject_en, body_en, body_es, published_at FROM communications_template ORDER BY id",
        "UPDATE communications_template SET body_en = 'forged'",
        "UPDATE communications_template SET subject_es = 'forged'",
        "UPDATE communications_template SET published_at = NULL",
        "UPDATE communications_template SET published_at = NULL, body_en = 'forged'",
        "UPDATE communications_template SET version = version + 100",
        "DELETE FROM communications_template",
    ),
    "which policy ruled when": (
        "SELECT id, pack_id, number, digest, checker_id, published_at, effective_from, effective_to"
        " FROM communications_policyversion ORDER BY id",
        "UPDATE communications_policyversion SET effective_to = effective_from + interval '1 day'",
        "UPDATE communications_policyversion SET state = 'retired', effective_to = effective_from - interval '1 day'",
        "UPDATE communications_policyversion SET effective_from = effective_from + interval '1 day'",
        "UPDATE communications_policyversion SET state = 'draft', digest = ''",
        "UPDATE communications_policyversion SET digest = 'x'",
        "UPDATE communications_policyversion SET number = number + 100",
        "DELETE FROM communications_policyrule",
        "DELETE FROM communications_policyversion",
    ),
    "until when a decision could be made": (
        "SELECT id, expires_at, requested_at FROM accounts_approval ORDER BY id",
        "UPDATE accounts_approval SET expires_at = expires_at + interval '30 days'",
        "UPDATE accounts_approval SET requested_at = requested_at - interval '30 days'",
    ),
    "who decided, when and why": (
        "SELECT id, checker_id, decided_at, decision_code, terms_digest FROM accounts_approval"
        " WHERE decided_at IS NOT NULL ORDER BY id",
        "UPDATE accounts_approval SET decided_at = decided_at - interval '1 day'",
        "UPDATE accounts_approval SET decided_at = NULL",
        "UPDATE accounts_approval SET checker_id = NULL WHERE state = 'returned'",
        "UPDATE accounts_approval SET terms_digest = 'x'",
        "UPDATE accounts_approval SET decision_code = 'x' WHERE state = 'executed'",
    ),
    "which account is which": (
        "SELECT id, reference, external_reference, portfolio_id, currency FROM accounts_account ORDER BY id",
        "UPDATE accounts_account SET reference = 'A-99999' WHERE id = (SELECT min(id) FROM accounts_account)",
        "UPDATE accounts_account SET external_reference = 'forged'",
        "UPDATE accounts_account SET portfolio_id = (SELECT max(id) FROM accounts_portfolio)",
    ),
    "where a payment was posted": (
        "SELECT id, account_id, entry_id, reference, clears_on FROM accounts_payment ORDER BY id",
        "UPDATE accounts_payment SET account_id = (SELECT max(id) FROM accounts_account)",
        "UPDATE accounts_payment SET entry_id = NULL",
        "UPDATE accounts_payment SET reference = 'forged', clears_on = clears_on + 10",
    ),
    "what a form did": (
        "SELECT id, key, act, actor_id, subject_id FROM accounts_receipt ORDER BY id",
        "UPDATE accounts_receipt SET subject_id = 1",
        "DELETE FROM accounts_receipt",
    ),
    "that a day was closed": (
        "SELECT id, job, scope, period, counts, ended_at FROM accounts_run ORDER BY id",
        "UPDATE accounts_run SET ended_at = NULL",
        "UPDATE accounts_run SET counts = '{\"x\": 1}'",
        "UPDATE accounts_run SET period = 'never'",
        "DELETE FROM accounts_run",
    ),
    "when somebody took consent back": (
        "SELECT id, revoked_at, expires_at FROM accounts_consent WHERE revoked_at IS NOT NULL ORDER BY id",
        "UPDATE accounts_consent SET revoked_at = NULL",
        "UPDATE accounts_consent SET expires_at = '2027-01-01'",
    ),
    "which file was placed": (
        "SELECT id, portfolio_id, file_digest, as_of, uploaded_by_id FROM accounts_placement ORDER BY id",
        "UPDATE accounts_placement SET file_digest = 'x'",
        "UPDATE accounts_placement SET as_of = as_of + 1",
    ),
    "what a file added up to": (
        "SELECT counts, control_totals, mapping, mapping_terms FROM accounts_placement WHERE state = 'live'",
        "UPDATE accounts_placement SET counts = '{}' WHERE state = 'live'",
        "UPDATE accounts_placement SET control_totals = '{}' WHERE state = 'live'",
        "UPDATE accounts_placement SET mapping = 'other', mapping_terms = '{}' WHERE state = 'live'",
        "UPDATE accounts_placement SET state = 'checked', counts = '{}' WHERE state = 'live'",
    ),
    "which rows of a file were refused, and why": (
        "SELECT id, placement_id, number, result, reason, cells FROM accounts_stagedrow ORDER BY id",
        "UPDATE accounts_stagedrow SET result = 'skipped' WHERE result = 'rejected'",
        "UPDATE accounts_stagedrow SET result = 'placed'",
        "UPDATE accounts_stagedrow SET reason = 'forged'",
        "UPDATE accounts_stagedrow SET number = number + 1000",
        "UPDATE accounts_stagedrow SET placement_id = (SELECT min(id) FROM accounts_placement)",
        "UPDATE accounts_stagedrow SET cells = '[\"forged\"]'",
        "DELETE FROM accounts_stagedrow",
    ),
    "on which terms receipts were bought": (
        "SELECT id, account_id, version, purchased_amount, share, remittance, from_on FROM accounts_advanceterms"
        " ORDER BY id",
        "UPDATE accounts_advanceterms SET remittance = 1",
        "UPDATE accounts_advanceterms SET share = 1",
        "UPDATE accounts_advanceterms SET version = version + 7",
        "DELETE FROM accounts_advanceterms",
    ),
    "which remittances were expected, and are no more": (
        "SELECT id, due_on, amount, terms_id, replaced_by_id FROM accounts_dueitem ORDER BY id",
        "UPDATE accounts_dueitem AS d SET replaced_by_id = (SELECT max(t.id) FROM accounts_advanceterms AS t"
        " WHERE t.account_id = d.account_id) WHERE replaced_by_id IS NULL AND terms_id IS NOT NULL",
        "UPDATE accounts_dueitem SET replaced_by_id = NULL",
        "UPDATE accounts_dueitem SET terms_id = NULL",
    ),
    "what a reconciliation was made of": (
        "SELECT id, state, asked_on, statements_by, true_up_by, receipts, due, remitted, remittance, proposed_by_id,"
        " decided_by_id, decided_at, before_id, after_id, ended_at FROM accounts_reconciliation"
        " WHERE decided_at IS NOT NULL",
        "UPDATE accounts_reconciliation SET remittance = 1",
        "UPDATE accounts_reconciliation SET receipts = 1, due = 1, remitted = 1",
        "UPDATE accounts_reconciliation SET true_up_by = true_up_by + 30",
        "UPDATE accounts_reconciliation SET asked_on = asked_on - 30, statements_by = statements_by - 30",
        "UPDATE accounts_reconciliation SET decided_by_id = proposed_by_id",
        "UPDATE accounts_reconciliation SET state = 'withdrawn'",
        "UPDATE accounts_reconciliation SET ended_at = NULL",
        "UPDATE accounts_reconciliation SET after_id = before_id",
        "DELETE FROM accounts_reconciliation",
    ),
    "what a merchant took in": (
        "SELECT r.id, r.on, r.amount, s.total, s.first, s.last, s.taken_out_at FROM accounts_merchantreceipt AS r"
        " JOIN accounts_merchantstatement AS s ON s.id = r.statement_id WHERE s.taken_out_at IS NULL ORDER BY r.id",
        "UPDATE accounts_merchantreceipt SET amount = 1",
        "UPDATE accounts_merchantstatement SET total = 1",
        "UPDATE accounts_merchantstatement SET first = first - 30",
        "DELETE FROM accounts_merchantreceipt",
    ),
    "that an advance is in default, and why": (
        "SELECT a.id, a.default_declared_on, e.facts, e.happened_on, e.agreed_by_id FROM accounts_account AS a"
        " LEFT JOIN accounts_defaultevent AS e ON e.account_id = a.id ORDER BY a.id",
        "UPDATE accounts_account SET default_declared_on = '2026-11-18' WHERE default_declared_on IS NULL",
        "UPDATE accounts_account SET default_declared_on = NULL",
        "UPDATE accounts_account SET default_declared_on = default_declared_on - 30",
        "UPDATE accounts_defaultevent SET facts = '{false}'",
        "DELETE FROM accounts_defaultevent",
    ),
    "what the creditor said of an account": (
        "SELECT account_id, creditor, status, last_paid_on, lent, city, region, postcode FROM accounts_origin",
        "UPDATE accounts_origin SET creditor = 'Forged'",
        "UPDATE accounts_origin SET status = 'forged', lent = 1",
        "UPDATE accounts_origin SET last_paid_on = '2026-11-01'",
        "UPDATE accounts_origin SET region = 'TX'",
        "UPDATE accounts_origin SET city = '', region = '', postcode = ''",
        "UPDATE accounts_origin SET account_id = (SELECT min(id) FROM accounts_account)",
        "DELETE FROM accounts_origin",
    ),
    "that the whole balance may be asked for, since when": (
        "SELECT id, charged_off_on FROM accounts_account WHERE charged_off_on IS NOT NULL",
        "UPDATE accounts_account SET charged_off_on = NULL",
        "UPDATE accounts_account SET charged_off_on = charged_off_on - 30",
    ),
    "until when a debt may be taken to court": (
        "SELECT id, limitation_on FROM accounts_account ORDER BY id",
        "UPDATE accounts_account SET limitation_on = NULL",
        "UPDATE accounts_account SET limitation_on = '2040-01-01'",
        "UPDATE accounts_account SET limitation_on = limitation_on + 365 WHERE limitation_on IS NOT NULL",
    ),
    "who owes an account": (
        "SELECT id, account_id, party_id, role FROM accounts_accountparty ORDER BY id",
        "UPDATE accounts_accountparty SET party_id = (SELECT max(id) FROM accounts_party)",
        "UPDATE accounts_accountparty SET account_id = (SELECT max(id) FROM accounts_account)",
        "UPDATE accounts_accountparty SET role = 'guarantor'",
        "DELETE FROM accounts_accountparty",
    ),
    "who proved who they are, and when": (
        "SELECT id, verified_at FROM communications_contact ORDER BY id",
        "UPDATE communications_contact SET verified_at = NULL",
        "UPDATE communications_contact SET verified_at = verified_at - interval '1 hour'",
        "UPDATE communications_contact SET verified_at = started_at WHERE verified_at IS NULL",
        "INSERT INTO communications_verificationtry (contact_id, party_id, asked, matched, at, local_on)"
        " SELECT id, party_id, '[]', true, started_at, local_on FROM communications_contact"
        " WHERE wrapped_up_at IS NOT NULL",
        "UPDATE communications_contact SET verified_at = started_at"
        " WHERE verified_at IS NULL AND wrapped_up_at IS NOT NULL",
    ),
}

RULE = "uk-gdpr-erasure"
# What blanks each table, and a forgery afterwards.
BLANKED = {
    "accounts_party": (
        "name = '', search_name = '', birth_date = NULL, tax_id = '', stated_zone = ''",
        "name = 'Forged'",
    ),
    "accounts_contactpoint": ("value = '', city = '', region = '', postcode = ''", "value = 'forged'"),
    "accounts_tracecandidate": ("value = ''", "value = 'forged'"),
    "accounts_attachment": ("name = '', content = ''", "content = 'forged'"),
    "accounts_sensitivenote": ("category = '', support_need = '', text = ''", "text = 'forged'"),
    "communications_message": ("subject = '', body = ''", "body = 'forged'"),
}

EMPTIED = [
    "accounts_accountparty",
    "accounts_origin",
    "accounts_stagedrow",
    "accounts_sensitivenote",
    "accounts_note",
    "accounts_dueitem",
    "accounts_advanceterms",
    "accounts_merchantreceipt",
    "accounts_merchantstatement",
    "accounts_defaultevent",
    "accounts_reconciliation",
    "accounts_contactpoint",
    "accounts_receipt",
    "accounts_run",
    "communications_template",
    "communications_policyrule",
    "communications_policyversion",
]

# A column and a state that no service writes into a new row.
COPIED_AS = {
    "accounts_account": "paid",
    "accounts_reconciliation": "approved",
    "accounts_approval": "executed",
    "accounts_hold": "released",
    "accounts_payment": "cleared",
    "accounts_placement": "live",
    "accounts_retentionreport": "superseded",
    "accounts_skiptrace": "verified",
    "arrangements_arrangement": "completed",
    "arrangements_instalment": "kept",
    "arrangements_escalation": "approved",
    "arrangements_enforcementcase": "filed",
    "communications_contact": "handed_over",
    "communications_message": "sent",
    "communications_policyversion": "published",
    "collections_crm_dataexport": "removed",
}


@pytest.fixture(scope="module")
def lived(real_db, django_db_blocker):
    """Written once for all that is tried here: each try is undone."""
    with django_db_blocker.unblock(), override_settings(FROZEN_NOW=NOW):
        return live()


@pytest.fixture
def history(lived, frozen):
    return again(lived)


def live():
    """One of everything that the record is made of."""
    world = build_world()
    agent = world.people["agent"]
    account = place_account(email="juana@example.com", owner=agent)
    promise(account, agent, "50.00")
    talk(account, agent)
    write(account)
    receive_text(sender=phone_of(account).value, body="I will pay.", provider_reference="in-1", now=NOW)
    wrong = place_account(owner=agent, phone="020 7946 0777")
    conclude(ring(wrong, agent), agent, "wrong_number")
    doubted = under_review(place_account(owner=agent), agent)
    reject_dispute(dispute_id=doubted.pk, reasons="It is owed.", actor=world.people["manager"], now=NOW)
    reconciled_and_declared(agent, world.people["manager"])
    complain(agent, world.people["manager"])
    paused(place_account(owner=agent), agent)
    refused(place_account(owner=agent), agent, world.people["manager"])
    phone_of(account).consents.create(channel="text", given_at=NOW, revoked_at=NOW)
    Receipt.objects.create(key="form-1", act="test.note", actor=agent, at=NOW)
    Run.objects.create(job="close_day", scope="uk", period="2026-11-18", started_at=NOW, ended_at=NOW, counts={"a": 1})
    place_file(world.people["manager"])
    return account


def reconciled_and_declared(agent, manager):
    """Advances of which one was reconciled and another one is in default."""
    other = make_user("manager", manager.team)
    made = proposed(advance(owner=agent), agent)
    approve(
        approval_id=Approval.objects.get(subject_type="reconciliation", subject_id=made.pk).pk, actor=other, now=NOW
    )
    account = advance(owner=agent)
    file = keep_file(
        account_id=account.pk, kind="default_evidence", name="a.txt", content=b"Elsewhere.", actor=manager, now=NOW
    )
    asked = ask_default(
        account_id=account.pk, facts=["diverted"], happened_on=TODAY, said="Elsewhere.", evidence=[file.pk],
        actor=manager, now=NOW,
    )  # fmt: skip
    approve(approval_id=asked.pk, actor=other, now=NOW)


def complain(agent, manager):
    """One complaint that takes longer, one that was answered, one that is with the authority since."""
    delayed = looked_into(place_account(owner=agent), agent)
    until = delayed.answer_by + timedelta(days=7)
    tell_of_delay(complaint_id=delayed.pk, reasons="A recording.", until=until, actor=manager, now=NOW)
    answered(place_account(owner=agent), agent, manager)
    referred(answered(place_account(owner=agent), agent, manager), agent)


def place_file(manager):
    """A file that went live: a row was placed, long charged off, and another one refused."""
    rows = [[*row(), "2026-08-15"], [*row(reference="A-2", principal="x"), ""]]
    portfolio = make_portfolio("US", code="placed")
    make_team(portfolio)
    import_file(
        portfolio_id=portfolio.pk,
        stream=BytesIO(csv_bytes(rows=rows, header=[*HEADER, "charged_off_on"])),
        file_name="placed.csv",
        mapping_name="standard",
        as_of=TODAY,
        actor=manager,
        now=NOW,
    )


def talk(account, agent):
    """A conversation with whoever called, verified."""
    contact = caller(account, agent)
    verify(contact, agent)
    conclude(contact, agent, "refuses")


def write(account):
    """One e-mail that went out, and one that a busy provider gave back."""
    mail = ContactPoint.objects.get(party__accounts=account, kind="email")
    record_consent(contact_point_id=mail.pk, channel="email", basis="given", actor=None, now=NOW)
    claim(message_id=queued(account, mail, "sent"), now=NOW)
    confirm(message_id=Message.objects.get(dedupe_key="sent").pk, reference="taken-1", now=NOW)
    claim(message_id=queued(account, mail, "busy"), now=NOW)
    put_back(message_id=Message.objects.get(dedupe_key="busy").pk, now=NOW)


def queued(account, point, key):
    return queue_message(
        account_id=account.pk,
        contact_point_id=point.pk,
        channel="email",
        template_code="promise-reminder",
        values={"amount": Decimal("50.00"), "day": TODAY},
        actor=None,
        now=NOW,
        dedupe_key=key,
    ).pk


def phone_of(account):
    return ContactPoint.objects.get(party__accounts=account, kind="phone")


def columns_of(table):
    """But the key, the state, and the sums that the ledger keeps."""
    query = f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped"
    kept_elsewhere = {"id", "state", "balance", "principal", "interest", "fees", "costs", "credited"}
    return [name for (name,) in rows(query) if name not in kept_elsewhere]


def rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def sql(statement, role=None):
    """As the web role, or as whoever owns everything."""
    with transaction.atomic(), connection.cursor() as cursor:
        if role:
            cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("RESET ROLE")


def attempt(*steps, role=None):
    """Take each step, whatever became of the one before."""
    for step in steps:
        with suppress(DatabaseError):
            sql(step, role)


@pytest.mark.parametrize("what", STANDS)
def test_what_was_recorded_stands_whatever_is_tried_in_turn(history, what):
    query, *steps = STANDS[what]
    grant_web_role(name=WEB, password="not-used-here")
    before = rows(query)
    assert before

    attempt(*steps, role=WEB)
    attempt(*steps)

    assert rows(query) == before


@pytest.mark.parametrize("table", EMPTIED)
def test_no_record_is_emptied_at_once(history, table):
    attempt(f"TRUNCATE {table} CASCADE")

    assert rows(f"SELECT 1 FROM {table} LIMIT 1")


@pytest.mark.parametrize("table", COPIED_AS)
def test_no_record_begins_at_its_end(history, table):
    """Nobody writes a request that is approved, a message that is sent or a promise that is kept."""
    promise(place_account(), history.owner)
    columns = columns_of(table)
    names = ", ".join(f'"{name}"' for name in columns)

    with pytest.raises(DatabaseError, match="cannot begin"):
        sql(f"INSERT INTO {table} (state, {names}) SELECT '{COPIED_AS[table]}', {names} FROM {table}")


def test_a_note_is_erased_once_and_stays_erased(history):
    erased("accounts_note", "text = ''")

    attempt(
        "UPDATE accounts_note SET erased_on = NULL, erasure_id = NULL",
        "UPDATE accounts_note SET erased_on = NULL, erased_under = '', erasure_id = NULL, text = 'forged'",
        "UPDATE accounts_note SET text = 'forged'",
        "UPDATE accounts_note SET erased_on = '2026-11-21'",
        "UPDATE accounts_note SET erased_under = 'another rule'",
    )

    assert set(Note.objects.values_list("text", "erased_under")) == {("", RULE)}
    assert set(Note.objects.values_list("erased_on", flat=True)) == {TODAY}


def test_a_received_text_is_erased_with_its_sender_and_stays_erased(history):
    erased("communications_receivedtext", "body = '', sender = ''")

    attempt("UPDATE communications_receivedtext SET erased_on = NULL, body = 'forged', sender = '+441'")
    attempt("UPDATE communications_receivedtext SET body = 'forged'")

    assert set(ReceivedText.objects.values_list("body", "sender", "erased_under")) == {("", "", RULE)}


@pytest.mark.parametrize("table", BLANKED)
def test_only_an_erasure_of_the_same_transaction_blanks_and_nobody_undoes_it(history, table):
    """Neither by hand nor under an erasure of yesterday; blanked by one, it stays blank."""
    blanks, forged = BLANKED[table]
    old = erasure_of(history).pk
    columns = ", ".join(part.split(" = ")[0] for part in blanks.split(", "))
    seen = f"SELECT {columns}, erased_on, erasure_id FROM {table} ORDER BY id"
    stone = f"erased_on = '{TODAY}', erased_under = '{RULE}', erasure_id = {old}"
    before = rows(seen)
    # As after a commit: nothing is pending, and this session's next transaction is another one.
    sql("SELECT 1")
    sql("ALTER TABLE accounts_erasure DISABLE TRIGGER USER")
    sql("UPDATE accounts_erasure SET txid = txid - 1")
    sql("ALTER TABLE accounts_erasure ENABLE TRIGGER USER")

    attempt(
        f"UPDATE {table} SET {blanks}, {stone}",
        f"UPDATE {table} SET {blanks}, erased_on = '{TODAY}', erased_under = '{RULE}'",
        f"UPDATE {table} SET erased_on = '{TODAY}', erased_under = '{RULE}'",
    )

    assert rows(seen) == before
    erased(table, blanks)
    after = rows(seen)
    attempt(f"UPDATE {table} SET {forged}", f"UPDATE {table} SET {forged}, erased_on = NULL, erasure_id = NULL")
    assert rows(seen) == after != before


def test_an_erasure_is_neither_rewritten_nor_agreed_to_by_its_maker(history):
    erasure = erasure_of(history)

    attempt("UPDATE accounts_erasure SET rule = 'other'", "DELETE FROM accounts_erasure")
    with pytest.raises(DatabaseError, match="erasure_maker_is_not_checker"), transaction.atomic():
        Erasure.objects.create(
            person_id=erasure.person_id, on=TODAY, at=NOW, rule=RULE, approval=erasure.approval,
            maker=erasure.maker, checker=erasure.maker,
        )  # fmt: skip

    assert again(erasure).rule == RULE


def erasure_of(account):
    approval = Approval.objects.filter(checker__isnull=False).first()
    return Erasure.objects.create(
        person=account.parties.get(), on=TODAY, at=NOW, rule=RULE, approval=approval,
        maker=approval.maker, checker=approval.checker,
    )  # fmt: skip


def erased(table, blanks):
    """As the service does it: an erasure and the blanking under it, in one transaction."""
    with transaction.atomic():
        erasure = erasure_of(Account.objects.filter(parties__isnull=False).order_by("pk").first())
        stone = f"erased_on = '{TODAY}', erased_under = '{RULE}', erasure_id = {erasure.pk}"
        sql(f"UPDATE {table} SET {blanks}, {stone} WHERE erased_on IS NULL")


def test_a_number_that_was_somebody_elses_takes_out_earlier_calls(history):
    """What services do to a concluded contact stays possible."""
    contact = Contact.objects.filter(direction="out", channel="call", misdirected=False).first()

    sql("UPDATE communications_contact SET misdirected = true, counts_attempt = false, counts_conversation = false"
        f" WHERE id = {contact.pk}")  # fmt: skip

    assert again(contact).misdirected


def test_a_returned_request_has_no_other_decider_before_it_is_asked_again(history):
    returned = Approval.objects.get(state="returned")
    other = f"(SELECT max(id) FROM accounts_user WHERE id NOT IN ({returned.maker_id}, {returned.checker_id}))"

    attempt(
        f"UPDATE accounts_approval SET checker_id = {other} WHERE state = 'returned'",
        "UPDATE accounts_approval SET decided_at = decided_at - interval '1 day' WHERE state = 'returned'",
        f"UPDATE accounts_approval SET checker_id = {other}, state = 'expired' WHERE state = 'returned'",
    )

    assert (again(returned).checker_id, again(returned).decided_at) == (returned.checker_id, returned.decided_at)


def test_policy_that_a_person_publishes_never_rules_the_past(history):
    live = PolicyVersion.objects.get(pack__code="UK")
    draft = PolicyVersion.objects.create(pack=live.pack, number=2, maker=history.owner, made_at=NOW)
    row = PolicyVersion.objects.filter(pk=draft.pk)
    row.update(state="submitted", submitted_at=NOW, digest="x")
    checker = type(history.owner).objects.get(role="compliance")

    with pytest.raises(DatabaseError, match="policy_version_never_backdated"), transaction.atomic():
        backdate(live, row, checker, NOW - timedelta(days=30))


def backdate(live, row, checker, begins):
    PolicyVersion.objects.filter(pk=live.pk).update(state="retired", effective_to=begins)
    row.update(state="published", checker=checker, published_at=NOW, effective_from=begins)
