"""What the demo book's people were written, and what some of them wrote back: judged by the gate at its time, as ever.

No provider is asked: that fortnight is past. E-mails lie in the local mailbox, texts count as delivered.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from communications.models import LocalMail, Message, MessageState
from communications.services.messages import record_delivery
from communications.services.received_texts import receive_text
from communications.services.send import claim, confirm

# Of so many texts that arrive, one is answered.
ONE_ANSWERS_OF = 6
ANSWERS = {
    "en": ["I get paid on Friday, can it wait until then?", "Paid yesterday at the branch", "Who is this?"],
    "es": ["Cobro el viernes, ¿me esperan?", "Ya pagué ayer en la sucursal", "¿De qué deuda me hablan?"],
}


def send_what_is_due(on: date) -> None:
    """Every message that falls due on the day leaves the line, each at its own minute."""
    due = Message.objects.filter(state=MessageState.QUEUED, due_at__date__lte=on).order_by("due_at", "pk")
    for place, pk in enumerate(_ids(due)):
        message = Message.objects.get(pk=pk)
        claimed = claim(message_id=pk, now=message.due_at)
        if claimed is not None and claimed.state == MessageState.SENDING:
            _arrive(claimed, is_answered=place % ONE_ANSWERS_OF == 0)


def _ids(messages: QuerySet[Message]) -> list[int]:
    return list(messages.values_list("pk", flat=True))


def _arrive(message: Message, *, is_answered: bool) -> None:
    at, reference = message.due_at + timedelta(seconds=20), f"demo-{message.provider_key}"
    confirm(message_id=message.pk, reference=reference, now=at)
    if message.channel == "email":
        to, subject, body = message.contact_point.value, message.subject, message.body
        LocalMail.objects.create(message_id=f"<{reference}@example.com>", to=to, subject=subject, body=body, at=at)
        return
    record_delivery(provider_reference=reference, status="delivered", now=at)
    if is_answered:
        words = ANSWERS["es" if message.language.startswith("es") else "en"]
        receive_text(
            sender=message.contact_point.value,
            body=words[message.pk % len(words)],
            provider_reference=f"answer-{message.pk}",
            now=at + timedelta(minutes=25),
        )
