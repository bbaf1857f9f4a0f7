"""What beat starts, and how often. Each periodic job claims its `Run` first, so two beats do it once."""

from datetime import timedelta

BEAT_SCHEDULE = {
    "house.pulse": {"task": "collections_crm.tasks.pulse", "schedule": timedelta(seconds=15)},
    "messages.sweep": {"task": "communications.tasks.sweep_messages", "schedule": timedelta(seconds=15)},
    "policy.turn": {"task": "communications.tasks.turn_policy", "schedule": timedelta(minutes=1)},
    "drafts.forget": {"task": "collections_crm.tasks.forget_drafts", "schedule": timedelta(hours=1)},
    "day.close": {"task": "collections_crm.tasks.close_days", "schedule": timedelta(minutes=1)},
    "approvals.release": {"task": "collections_crm.tasks.release_approvals", "schedule": timedelta(minutes=1)},
    "queue.turn": {"task": "collections_crm.tasks.turn_queue", "schedule": timedelta(minutes=1)},
    "traces.run": {"task": "accounts.tasks.run_due_traces", "schedule": timedelta(seconds=15)},
    "simulations.sweep": {"task": "communications.tasks.sweep_simulations", "schedule": timedelta(seconds=15)},
    "placements.resume": {"task": "accounts.tasks.resume_placements", "schedule": timedelta(seconds=15)},
    "exports.make": {"task": "collections_crm.tasks.make_exports", "schedule": timedelta(seconds=15)},
    "retention.report": {"task": "collections_crm.tasks.report_retention", "schedule": timedelta(hours=1)},
    "retention.carry_out": {"task": "collections_crm.tasks.carry_out_retention", "schedule": timedelta(minutes=1)},
}
