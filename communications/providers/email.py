"""E-mail through Django's e-mail settings."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from communications.providers.answers import ProviderBusy, ProviderRefused


def send_email(*, to: str, subject: str, body: str, key: str) -> str:
    """Hand one e-mail over. Answers its Message-ID, made from `key`, so that a copy can be recognised.

    Raises ProviderBusy when the server took nothing for now (it can't be found, reached or logged in to, or defers),
    ProviderRefused when it refuses the address or the text for good.
    """
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    message_id = f"<{key}@{domain}>"
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as failure:
        raise ProviderBusy("no connection") from failure
    mail = EmailMessage(subject=subject, body=body, to=[to], headers={"Message-ID": message_id}, connection=server)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        code = max(answer[0] for answer in refusal.recipients.values())
        if code >= 500:
            raise ProviderRefused("address_refused") from refusal
        raise ProviderBusy("recipient deferred") from refusal
    except smtplib.SMTPSenderRefused as refusal:
        raise ProviderBusy("sender refused") from refusal
    except smtplib.SMTPDataError as refusal:
        if refusal.smtp_code >= 500:
            raise ProviderRefused("message_refused") from refusal
        raise ProviderBusy("message deferred") from refusal
    finally:
        server.close()
    return message_id
