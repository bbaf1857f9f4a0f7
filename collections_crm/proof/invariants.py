"""The invariants of the book that can be asked of the database: each is a question whose right answer is no row."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import ASKS_ANY_SCHEMA
from accounts.models import FREEZES_INTEREST, IN_FORCE, OPEN_STATES, OWES
from arrangements.models import LIVE
from arrangements.services.suspending import SUSPENDING

STATES = {
    "open": tuple(map(str, OPEN_STATES)),
    "in_force": tuple(map(str, IN_FORCE)),
    "live": tuple(map(str, LIVE)),
    "suspending": tuple(map(str, SUSPENDING)),
    "freezing": tuple(map(str, FREEZES_INTEREST)),
    "owes": tuple(map(str, OWES)),
}


@dataclass(frozen=True)
class Invariant:
    """What must hold, and the SQL that finds the ids of the rows for which it doesn't."""

    name: str
    says: str | Promise
    violators: str


INVARIANTS = [
    Invariant(
        "balance_is_ledger",
        _("Every balance, and each of its parts, is the sum of the ledger."),
        """
        SELECT a.id FROM accounts_account a LEFT JOIN (
            SELECT account_id, sum(amount) AS balance, sum(principal) AS principal, sum(interest) AS interest,
                   sum(fees) AS fees, sum(costs) AS costs,
                   -coalesce(sum(amount) FILTER (WHERE meets_due), 0) AS credited
            FROM accounts_ledgerentry GROUP BY account_id
        ) s ON s.account_id = a.id
        WHERE (a.balance, a.principal, a.interest, a.fees, a.costs, a.credited) IS DISTINCT FROM
              (coalesce(s.balance, 0), coalesce(s.principal, 0), coalesce(s.interest, 0), coalesce(s.fees, 0),
               coalesce(s.costs, 0), coalesce(s.credited, 0))
        """,
    ),
    Invariant(
        "reversal_is_opposite",
        _("A reversal takes back exactly its entry, on the same account."),
        """
        SELECT e.id FROM accounts_ledgerentry e JOIN accounts_ledgerentry r ON r.id = e.reverses_id
        WHERE e.account_id <> r.account_id OR (e.principal, e.interest, e.fees, e.costs)
              IS DISTINCT FROM (-r.principal, -r.interest, -r.fees, -r.costs)
        """,
    ),
    Invariant(
        "one_currency",
        _("An account, its portfolio, its ledger and its payments have one currency."),
        """
        SELECT a.id FROM accounts_account a JOIN accounts_portfolio f ON f.id = a.portfolio_id
        WHERE a.currency <> f.currency
           OR EXISTS (SELECT 1 FROM accounts_ledgerentry e WHERE e.account_id = a.id AND e.currency <> a.currency)
           OR EXISTS (SELECT 1 FROM accounts_payment p WHERE p.account_id = a.id AND p.currency <> a.currency)
        """,
    ),
    Invariant(
        "payment_is_in_ledger",
        _("A posted payment has its entry, a reversed one the entry that takes it back."),
        """
        SELECT p.id FROM accounts_payment p
        LEFT JOIN accounts_ledgerentry e ON e.id = p.entry_id
        LEFT JOIN accounts_ledgerentry r ON r.reverses_id = e.id
        WHERE (p.state IN ('posted', 'cleared', 'reversed') AND (e.id IS NULL OR e.amount <> -p.amount))
           OR (p.state = 'reversed' AND r.id IS NULL) OR (p.state IN ('posted', 'cleared') AND r.id IS NOT NULL)
        """,
    ),
    Invariant(
        "interest_by_its_terms",
        _("Interest was added only for days that the terms of its account cover."),
        """
        SELECT e.id FROM accounts_ledgerentry e WHERE e.source = 'accrual' AND NOT EXISTS (
            SELECT 1 FROM accounts_interestterms t WHERE t.account_id = e.account_id AND t.from_on <= e.effective_on
            AND t.through_on >= e.effective_on)
        """,
    ),
    Invariant(
        "nothing_added_in_a_moratorium",
        _("What was charged for days of a moratorium, an insolvency or after a death was taken back."),
        """
        SELECT e.id FROM accounts_ledgerentry e
        JOIN accounts_account a ON a.id = e.account_id JOIN accounts_portfolio f ON f.id = a.portfolio_id
        JOIN accounts_hold h ON h.kind IN %(freezing)s AND h.from_on <= e.effective_on
            AND coalesce((h.released_at AT TIME ZONE f.zone)::date, 'infinity') >= e.effective_on
        WHERE e.kind IN ('interest', 'fee', 'cost') AND e.amount > 0 AND e.reverses_id IS NULL
          AND (h.scope = 'account' AND h.account_id = e.account_id OR h.scope = 'person' AND EXISTS (
              SELECT 1 FROM accounts_accountparty r JOIN accounts_party p ON p.id = r.party_id
              WHERE r.account_id = e.account_id AND r.role IN %(owes)s AND p.person_id = h.person_id))
          AND NOT EXISTS (SELECT 1 FROM accounts_ledgerentry r WHERE r.reverses_id = e.id)
        """,
    ),
    Invariant(
        "no_orphan",
        _("An open account has one next step and somebody to take it, a closed one has none."),
        """
        SELECT id FROM accounts_account
        WHERE (state IN %(open)s) IS DISTINCT FROM
              (next_kind IS NOT NULL AND next_on IS NOT NULL AND coalesce(next_owner_id, next_team_id) IS NOT NULL)
        """,
    ),
    Invariant(
        "next_step_has_its_subject",
        _("What the next step names exists and still waits."),
        """
        SELECT a.id FROM accounts_account a WHERE a.state IN %(open)s AND (
            (a.next_kind = 'check_promise' AND NOT EXISTS (
                SELECT 1 FROM arrangements_arrangement g WHERE a.next_subject_type = 'arrangement'
                AND g.id = a.next_subject_id AND g.account_id = a.id AND g.state IN %(live)s))
            OR (a.next_subject_type = 'hold' AND NOT EXISTS (
                SELECT 1 FROM accounts_hold h WHERE h.id = a.next_subject_id AND h.state IN %(in_force)s))
            OR (a.next_subject_type = 'approval' AND NOT EXISTS (
                SELECT 1 FROM accounts_approval p WHERE p.id = a.next_subject_id
                AND p.state IN ('requested', 'claimed', 'returned', 'approved', 'execution_failed')))
            OR (a.next_subject_type = 'escalation' AND NOT EXISTS (
                SELECT 1 FROM arrangements_escalation s WHERE s.id = a.next_subject_id AND s.account_id = a.id))
        )
        """,
    ),
    Invariant(
        "one_open_follow_up",
        _("The history of next steps has one open line at most, and it is the next step."),
        """
        SELECT f.account_id FROM accounts_followup f JOIN accounts_account a ON a.id = f.account_id
        WHERE f.ended_at IS NULL GROUP BY f.account_id, a.next_kind, a.next_on
        HAVING count(*) > 1 OR min(f.kind) IS DISTINCT FROM a.next_kind OR min(f."on") IS DISTINCT FROM a.next_on
        """,
    ),
    Invariant(
        "live_arrangement_is_held",
        _("A live arrangement has one hold of its own in force, and such a hold has a live arrangement."),
        """
        SELECT g.id FROM arrangements_arrangement g WHERE g.state IN %(live)s AND 1 <> (
            SELECT count(*) FROM accounts_hold h WHERE h.placed_for_type = 'arrangement' AND h.placed_for_id = g.id
            AND h.kind = 'arrangement' AND h.account_id = g.account_id AND h.state IN %(in_force)s)
        UNION ALL
        SELECT h.id FROM accounts_hold h WHERE h.kind = 'arrangement' AND h.state IN %(in_force)s AND NOT EXISTS (
            SELECT 1 FROM arrangements_arrangement g WHERE h.placed_for_type = 'arrangement'
            AND g.id = h.placed_for_id AND g.state IN %(live)s)
        """,
    ),
    Invariant(
        "suspended_is_held",
        _("A suspended arrangement is stopped by a hold in force on its account or its customer."),
        """
        SELECT g.id FROM arrangements_arrangement g JOIN accounts_party p ON p.id = g.party_id
        WHERE g.state = 'suspended' AND NOT EXISTS (
            SELECT 1 FROM accounts_hold h WHERE h.kind IN %(suspending)s AND h.state IN %(in_force)s
            AND (h.scope = 'account' AND h.account_id = g.account_id
                 OR h.scope = 'person' AND h.person_id = p.person_id))
        """,
    ),
    Invariant(
        "open_dispute_is_held",
        _("An open dispute has a hold of its own in force, and such a hold has an open dispute."),
        """
        SELECT d.id FROM accounts_dispute d LEFT JOIN accounts_hold h ON h.id = d.hold_id
        WHERE (d.state <> 'closed') IS DISTINCT FROM coalesce(h.state IN %(in_force)s, false)
           OR (d.state <> 'closed' AND (h.account_id <> d.account_id OR h.kind <> 'dispute'))
        UNION ALL
        SELECT h.id FROM accounts_hold h WHERE h.placed_for_type = 'dispute' AND h.state IN %(in_force)s
        AND NOT EXISTS (SELECT 1 FROM accounts_dispute d WHERE d.hold_id = h.id)
        """,
    ),
    Invariant(
        "open_reconciliation_is_held",
        _("An open reconciliation has its hold in force and its request on record, so that nothing is enforced."),
        """
        SELECT r.id FROM accounts_reconciliation r LEFT JOIN accounts_hold h ON h.id = r.hold_id
        WHERE (r.ended_at IS NULL) IS DISTINCT FROM coalesce(h.state IN %(in_force)s, false)
           OR (r.ended_at IS NULL AND (h.account_id <> r.account_id OR h.kind <> 'reconciliation'))
           OR (r.ended_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM communications_firstnotice n WHERE n.account_id = r.account_id
                AND n.kind = 'reconciliation_request' AND n.sent_on = r.asked_on))
        """,
    ),
    Invariant(
        "no_default_while_reconciling",
        _("No default is declared of an advance whose reconciliation is open, and none without its event."),
        """
        SELECT e.account_id FROM accounts_defaultevent e JOIN accounts_account a ON a.id = e.account_id
        WHERE a.default_declared_on IS DISTINCT FROM e.declared_on OR EXISTS (
            SELECT 1 FROM accounts_reconciliation r
            WHERE r.account_id = e.account_id AND r.asked_at < e.at AND coalesce(r.ended_at, 'infinity') > e.at)
        """,
    ),
    Invariant(
        "remittances_follow_the_terms",
        _("What an advance is expected to remit from its last terms on is what those terms say."),
        """
        SELECT d.id FROM accounts_dueitem d
        JOIN LATERAL (
            SELECT t.id, t.remittance, t.from_on FROM accounts_advanceterms t
            WHERE t.account_id = d.account_id ORDER BY t.version DESC LIMIT 1
        ) AS t ON true
        WHERE d.replaced_by_id IS NULL AND d.due_on >= t.from_on AND (
            d.terms_id IS DISTINCT FROM t.id OR d.amount > t.remittance OR (d.amount < t.remittance AND EXISTS (
                SELECT 1 FROM accounts_dueitem l WHERE l.account_id = d.account_id AND l.replaced_by_id IS NULL
                AND (l.due_on, l.id) > (d.due_on, d.id))))
        """,
    ),
    Invariant(
        "open_complaint_is_held",
        _("An open complaint has a hold of its own in force, and such a hold has an open complaint."),
        """
        SELECT c.id FROM accounts_complaint c LEFT JOIN accounts_hold h ON h.id = c.hold_id
        WHERE (c.state <> 'closed') IS DISTINCT FROM coalesce(h.state IN %(in_force)s, false)
           OR (c.state <> 'closed' AND (h.scope <> 'person' OR h.kind <> 'complaint'))
        UNION ALL
        SELECT h.id FROM accounts_hold h WHERE h.placed_for_type = 'complaint' AND h.state IN %(in_force)s
        AND NOT EXISTS (SELECT 1 FROM accounts_complaint c WHERE c.hold_id = h.id)
        """,
    ),
    Invariant(
        "closed_complaint_was_answered",
        _("A closed complaint was answered, withdrawn or decided by the authority, by nobody whom it is about."),
        """
        SELECT id FROM accounts_complaint
        WHERE (state = 'closed' AND outcome <> 'withdrawn' AND answered_on IS NULL AND ruled_on IS NULL)
           OR (state = 'closed' AND referred_on IS NOT NULL AND ruled_on IS NULL)
           OR decided_by_id = about_agent_id
        """,
    ),
    Invariant(
        "hardship_has_its_hold",
        _("An open hardship case has its hold in force, unless a plan is the help; such a hold has an open case."),
        """
        SELECT c.id FROM arrangements_hardshipcase c LEFT JOIN accounts_hold h ON h.id = c.hold_id
        WHERE c.state <> 'ended' AND NOT (c.state = 'granted' AND c.measure = 'arrangement')
          AND (h.id IS NULL OR h.kind <> 'hardship' OR h.state NOT IN %(in_force)s
               OR (h.placed_for_type, h.placed_for_id) IS DISTINCT FROM ('hardshipcase', c.id))
        UNION ALL
        SELECT h.id FROM accounts_hold h WHERE h.placed_for_type = 'hardshipcase' AND h.state IN %(in_force)s
        AND NOT EXISTS (SELECT 1 FROM arrangements_hardshipcase c WHERE c.hold_id = h.id AND c.state <> 'ended')
        """,
    ),
    Invariant(
        "hardship_plan_is_live",
        _("Help that is a plan has its plan in force, and an open hardship case has an open account."),
        """
        SELECT c.id FROM arrangements_hardshipcase c JOIN accounts_account a ON a.id = c.account_id
        LEFT JOIN arrangements_arrangement g ON g.id = c.arrangement_id
        WHERE c.state <> 'ended' AND (
            a.state NOT IN %(open)s
            OR (c.state = 'granted' AND c.measure = 'arrangement' AND coalesce(g.state, '') NOT IN %(live)s))
        """,
    ),
    Invariant(
        "hardship_refusal_is_known",
        _("A refusal of help that ended its case was sent, and in Australia enforcement waits from that day."),
        """
        SELECT c.id FROM arrangements_hardshipcase c
        WHERE c.ending = 'answered' AND (c.answered_on IS NULL OR c.reasons_id IS NULL OR (
            c.jurisdiction = 'AU' AND NOT EXISTS (
                SELECT 1 FROM communications_firstnotice n
                WHERE n.account_id = c.account_id AND n.kind = 'hardship_refused' AND n.sent_on = c.answered_on)))
        """,
    ),
    Invariant(
        "dispute_credit_is_in_ledger",
        _("What disputes credited is in the ledger, to the cent."),
        """
        SELECT d.account_id FROM accounts_dispute d LEFT JOIN (
            SELECT account_id, -sum(amount) AS amount FROM accounts_ledgerentry
            WHERE source = 'dispute' GROUP BY account_id
        ) e ON e.account_id = d.account_id
        GROUP BY d.account_id, e.amount HAVING sum(d.credited) <> coalesce(e.amount, 0)
        """,
    ),
    Invariant(
        "dispute_decision_is_on_record",
        _("Whatever was decided about a dispute has its event and its row, by whoever decided it, or was agreed to."),
        """
        SELECT d.id FROM accounts_dispute d LEFT JOIN (VALUES
            ('upheld', 'uphold'), ('part_upheld', 'uphold_in_part'), ('rejected', 'reject'), ('withdrawn', 'withdraw')
        ) AS needed (outcome, move) ON needed.outcome = d.outcome
        WHERE (d.state IN ('upheld', 'part_upheld', 'rejected', 'withdrawn') AND d.outcome <> d.state)
           OR (d.state = 'closed' AND needed.move IS NULL)
           OR (d.outcome <> '' AND NOT EXISTS (
                SELECT FROM accounts_disputedecision w
                WHERE w.dispute_id = d.id AND w.round = d.reopened AND w.outcome = d.outcome
                  AND w.reasons_id IS NOT DISTINCT FROM d.reasons_id
                  AND d.decided_by_id IN (w.decided_by_id, w.asked_by_id) IS NOT FALSE
           ))
        UNION
        SELECT w.dispute_id FROM accounts_disputedecision w LEFT JOIN (VALUES
            ('upheld', 'uphold'), ('part_upheld', 'uphold_in_part'), ('rejected', 'reject'), ('withdrawn', 'withdraw')
        ) AS needed (outcome, move) ON needed.outcome = w.outcome
        WHERE NOT EXISTS (
                SELECT FROM accounts_event e
                WHERE e.subject_type = 'dispute' AND e.subject_id = w.dispute_id AND e.kind = 'dispute.' || needed.move
                  AND e.at = w.decided_at AND (w.decided_by_id IS NULL OR e.actor_id = w.decided_by_id))
           OR (w.outcome IN ('upheld', 'part_upheld') AND NOT EXISTS (
                SELECT FROM accounts_approval p
                WHERE p.id = w.approval_id AND p.kind = 'dispute_upheld' AND p.subject_id = w.dispute_id
                  AND p.state = 'executed' AND p.checker_id = w.decided_by_id AND p.maker_id = w.asked_by_id))
        """,
    ),
    Invariant(
        "one_live_arrangement",
        _("An account has one live arrangement at most, and only an open account has one."),
        """
        SELECT g.account_id FROM arrangements_arrangement g JOIN accounts_account a ON a.id = g.account_id
        WHERE g.state IN %(live)s GROUP BY g.account_id, a.state HAVING count(*) > 1 OR a.state NOT IN %(open)s
        """,
    ),
    Invariant(
        "arranged_means_arrangement",
        _("An account is arranged when it has a live arrangement, and only then."),
        """
        SELECT a.id FROM accounts_account a
        LEFT JOIN arrangements_arrangement g ON g.account_id = a.id AND g.state IN %(live)s
        WHERE (a.state = 'arranged' AND g.id IS NULL) OR (a.state IN ('new', 'active') AND g.id IS NOT NULL)
        """,
    ),
    Invariant(
        "instalments_add_up",
        _("The instalments of an arrangement add up to its amount."),
        """
        SELECT g.id FROM arrangements_arrangement g LEFT JOIN arrangements_instalment i ON i.arrangement_id = g.id
        WHERE g.state NOT IN ('draft', 'pending_approval', 'declined', 'withdrawn')
        GROUP BY g.id, g.amount HAVING sum(i.amount) IS DISTINCT FROM g.amount
        """,
    ),
    Invariant(
        "contact_has_its_decision",
        _("Every outbound contact of ours has the decision that allowed exactly it."),
        """
        SELECT c.id FROM communications_contact c LEFT JOIN communications_policydecision d ON d.id = c.decision_id
        WHERE c.direction = 'out' AND c.origin = 'ours' AND (
            d.id IS NULL OR c.verdict NOT IN ('allow', 'warn', 'override') OR d.verdict <> c.verdict
            OR (d.party_id, d.contact_point_id, d.channel, d.purpose)
               IS DISTINCT FROM (c.party_id, c.contact_point_id, c.channel, c.purpose))
        """,
    ),
    Invariant(
        "sent_means_contact",
        _("A message that was sent has its contact and decision."),
        """
        SELECT id FROM communications_message
        WHERE state IN ('sending', 'sent', 'delivered', 'bounced', 'unconfirmed', 'failed')
          AND (contact_id IS NULL OR decision_id IS NULL)
        """,
    ),
    Invariant(
        "triggers_ask_their_own_schema",
        _("Every trigger that asks a table asks the one in the schema, not a session's own of that name."),
        ASKS_ANY_SCHEMA,
    ),
    Invariant(
        "maker_is_not_checker",
        _("Nobody decided their own request, and what was carried out was approved."),
        """
        SELECT id FROM accounts_approval
        WHERE checker_id = maker_id
           OR (state IN ('approved', 'executed') AND (checker_id IS NULL OR decided_at IS NULL))
        """,
    ),
    Invariant(
        "decision_is_on_record",
        _("Whatever was decided about a request has its event, by whoever decided it."),
        """
        SELECT p.id FROM accounts_approval p JOIN (VALUES
            ('approved', 'approve'), ('executed', 'approve'), ('execution_failed', 'approve'), ('executed', 'execute'),
            ('execution_failed', 'fail'), ('declined', 'decline'), ('returned', 'send_back')
        ) AS needed (state, move) ON needed.state = p.state
        WHERE NOT EXISTS (
            SELECT FROM accounts_event e
            WHERE e.subject_type = 'approval' AND e.subject_id = p.id AND e.kind = 'approval.' || needed.move
              AND (needed.move <> 'approve' OR e.actor_id = p.checker_id)
        )
        """,
    ),
    Invariant(
        "reaged_is_expected_later",
        _("What was re-aged is what its due items came to, and it is expected on a later day in one item."),
        """
        SELECT r.id FROM accounts_reageing r
        WHERE r.amount IS DISTINCT FROM (SELECT sum(d.amount) FROM accounts_dueitem d WHERE d.reaged_by_id = r.id)
           OR NOT EXISTS (SELECT FROM accounts_dueitem d
                WHERE d.account_id = r.account_id AND d.due_on = r.moved_to AND d.amount = r.amount)
        """,
    ),
    Invariant(
        "days_closed_without_gaps",
        _("Every day from a portfolio's first closing to its last one was closed to the end."),
        """
        SELECT f.id FROM accounts_portfolio f JOIN accounts_run r ON r.job = 'close_day' AND r.scope = f.code
        GROUP BY f.id, f.closed_through
        HAVING count(*) FILTER (WHERE r.ended_at IS NOT NULL AND r.period::date <= f.closed_through)
               <> f.closed_through - min(r.period::date) + 1
        """,
    ),
]


def violators(invariant: Invariant) -> list[int]:
    """Ids of the rows that break it, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(invariant.violators, STATES)
        return sorted(row[0] for row in cursor.fetchall())
