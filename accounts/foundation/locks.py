"""Row locks, taken once at the door, in one order: party, accounts, arrangement, approval, payment, message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.db import OperationalError, models, transaction
from psycopg2 import errorcodes

from accounts.foundation.domain_events import gathering

Answer = TypeVar("Answer")
M = TypeVar("M", bound=models.Model)

WORTH_ANOTHER_TRY = {errorcodes.DEADLOCK_DETECTED, errorcodes.SERIALIZATION_FAILURE}
TRIES = 3


class LockableQuerySet(models.QuerySet[M]):
    def locked(self) -> models.QuerySet[M]:
        """For update without blocking inserts that refer to the row."""
        return self.select_for_update(no_key=True, of=("self",))

    def lock(self, pk: int) -> M:
        """One row, fresh from the database, held until the end of the transaction."""
        return self.locked().get(pk=pk)

    def lock_all(self, pks: Iterable[int]) -> list[M]:
        """Many rows, held in the order of their ids so that two callers can't wait for each other."""
        return list(self.locked().filter(pk__any=set(pks)).order_by("pk"))

    def lock_ids(self, pks: Iterable[int]) -> list[int]:
        """The same for who works by the set: the ids of the rows that are held, the rows themselves unread."""
        return list(self.locked().filter(pk__any=set(pks)).order_by("pk").values_list("pk", flat=True))


def retrying(use_case: Callable[..., Answer]) -> Callable[..., Answer]:
    """Run a use-case in its own transaction, again (three times at most) after a deadlock or serialisation failure.

    Inside a transaction of the caller it runs once: only the outermost can begin anew.
    """

    @wraps(use_case)
    def run(*args: Any, **kwargs: Any) -> Answer:
        if transaction.get_connection().in_atomic_block:
            with transaction.atomic(), gathering():
                return use_case(*args, **kwargs)
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic(), gathering():
                    return use_case(*args, **kwargs)
            except OperationalError as failure:
                code = getattr(failure.__cause__, "pgcode", None)
                if code not in WORTH_ANOTHER_TRY or attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    return run
