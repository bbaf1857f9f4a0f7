"""Yeses in writing: the signed paper is kept with the account, and the offer is accepted by it."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.services.attachments import keep_file
from arrangements.models import Acceptance, Arrangement
from arrangements.services.offers import accept_offer
from collections_crm.services.agreement_pdf import agreement_pdf


def accept_in_writing(offer: Arrangement, actor: User, now: datetime) -> Arrangement:
    document = {"kind": "agreement", "name": "agreement.pdf", "content": agreement_pdf(offer)}
    paper = keep_file(account_id=offer.account_id, **document, actor=actor, now=now)
    given = {"digest": offer.terms_digest, "how": Acceptance.WRITTEN, "paper_id": paper.pk}
    return accept_offer(offer_id=offer.pk, **given, actor=actor, now=now)
