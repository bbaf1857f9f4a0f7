"""Loading a confirmed placement: batches that commit and can be taken up again, visible all at once at the end."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Sum

from accounts.foundation import days
from accounts.foundation.domain_events import AccountsPlaced, publish
from accounts.foundation.errors import Refused
from accounts.foundation.states import move
from accounts.foundation.users import Team
from accounts.models import HOLD_TERMS, Account, HoldKind, Placement, PlacementState
from accounts.services.placements.checking import check_placement
from accounts.services.placements.load_statements import STATEMENTS
from accounts.services.placements.staging import stage_file
from accounts.services.placements.uploads import kept_content

BATCH_END = """
    SELECT max(number) FROM (
        SELECT number FROM accounts_stagedrow
        WHERE placement_id = %s AND result = 'placed' AND number > %s ORDER BY number LIMIT %s
    ) AS batch
"""


def advance_placement(*, placement_id: int, now: datetime) -> bool:
    """Take a placement one step on: read its file, check it, load a batch, go live, tell the other floors.

    Answers whether there may be more to do. Safe to call at any time, by several at once and after any crash: whoever
    comes while another works goes away. Waits for a person where one has to choose a mapping or to confirm.
    """
    placement = Placement.objects.select_related("portfolio").get(pk=placement_id)
    match placement.state:
        case PlacementState.UPLOADED if placement.mapping:
            return _read(placement, now)
        case PlacementState.STAGED:
            return check_placement(placement_id=placement_id, actor=None, now=now).state == PlacementState.CHECKED and False
        case PlacementState.LOADING:
            return load_batch(placement_id=placement_id, now=now)
        case PlacementState.LIVE:
            return announce_batch(placement_id=placement_id, now=now)
    return False
