"""On which accounts something was agreed that lets interest stand still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.foundation.days import start_of
from arrangements.models import Arrangement
from arrangements.selectors.standings import ONCE_IN_FORCE


def frozen_by_agreement(account_ids: Iterable[int], *, on: date, zone: str) -> list[int]:
    """Accounts with an arrangement that freezes interest and was in force at the end of a civil day of the zone."""
    over = start_of(on + timedelta(days=1), zone)
    agreed = Arrangement.objects.filter(account_id__any=list(account_ids), freezes_interest=True)
    in_force = agreed.filter(state__in=ONCE_IN_FORCE).annotate(since=Coalesce("accepted_at", "made_at"))
    standing = in_force.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=over), since__lt=over)
    return sorted(set(standing.values_list("account_id", flat=True)))
