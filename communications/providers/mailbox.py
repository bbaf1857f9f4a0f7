"""The local mailbox: where e-mail goes while no mail server is configured. Nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.foundation import clock
from communications.models import LocalMail


class LocalMailboxBackend(BaseEmailBackend):
    """Keeps each mail in a table; the same Message-ID twice is kept twice, so that a doubled sending can be seen."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        LocalMail.objects.bulk_create(
            LocalMail(
                message_id=mail.extra_headers.get("Message-ID", ""),
                to=", ".join(mail.to),
                subject=mail.subject,
                body=str(mail.body),
                at=clock.now(),
            )
            for mail in email_messages
        )
        return len(email_messages)
