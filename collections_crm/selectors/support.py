"""The sensitive notes about the people of an account, without what they say."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Account, Party, SensitiveNote


def sensitive_notes_about(account: Account) -> QuerySet[SensitiveNote]:
    """Of everybody on the account, on whichever of their accounts it was written. The text isn't read."""
    people = Party.objects.filter(accounts=account).values("person_id")
    about = SensitiveNote.objects.filter(party__person_id__in=people)
    return about.defer("text").select_related("party", "written_by")
