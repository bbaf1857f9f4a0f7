"""A periodic job for one scope and period runs once, whoever starts it and however often."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from accounts.foundation.append_only import fixed, kept


class Run(models.Model):
    """One job, for one scope (a portfolio, or the house), for one period (a civil day, a minute)."""

    job = models.CharField(max_length=60)
    scope = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    step = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["job", "scope", "period"], name="run_once")]
        triggers = [
            *kept("run"),
            fixed("run", "job", "scope", "period", "started_at"),
            fixed("run_ended", "step", "counts", "ended_at", once="OLD.ended_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.scope} {self.period}"


def claim_run(*, job: str, scope: str, period: str, at: datetime) -> tuple[Run, bool]:
    """The run row, and whether this call made it. One that has not ended is to be resumed by its caller."""
    return Run.objects.get_or_create(job=job, scope=scope, period=period, defaults={"started_at": at})
