"""Which kept files a person may open."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.foundation.users import User
from accounts.models import Attachment
from accounts.services.attachments import HARDSHIP_LETTER
from arrangements.services.hardship_door import WHO_WORKS


def files_for(user: User) -> QuerySet[Attachment]:
    """Those that aren't erased; letters about hardship only for who works such cases."""
    kept = Attachment.objects.filter(erased_on=None)
    return kept if user.role in WHO_WORKS else kept.exclude(kind=HARDSHIP_LETTER)
