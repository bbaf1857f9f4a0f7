"""Exports: asked for by compliance, made by a worker, there for three days, and every step on record."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import Account
from accounts.services.door import lock_account_with_people
from collections_crm.models import DataExport, ExportState
from collections_crm.privacy.erasure import person_of
from collections_crm.privacy.export_file import make_file
from collections_crm.privacy.holdings import holdings_of
from collections_crm.privacy.sections import SECTIONS

KEPT_FOR = timedelta(days=3)
LOST_AFTER = timedelta(minutes=15)

register_sentences(
    {
        "export.not_yours": _("Compliance gives people their data."),
        "export.not_there": _("This file isn't there: it isn't made yet, or was removed."),
    }
)


@retrying
def ask_export(*, account_id: int, actor: User, now: datetime) -> DataExport:
    """Ask for the file of an account's primary person; one that isn't removed yet is answered as it is."""
    if actor.role != Role.COMPLIANCE:
        raise Refused("export.not_yours")
    account = lock_account_with_people(account_id)
    person = person_of(account)
    running = DataExport.objects.filter(person=person).exclude(state=ExportState.REMOVED).defer("content").first()
    if running is not None:
        return running
    language = account.account_parties.get(role="primary").party.language
    export = DataExport.objects.create(person=person, account=account, language=language, asked_by=actor, asked_at=now)
    record("data_export.asked", subject=export, actor=actor, at=now)
    return export


def exports_to_make() -> list[int]:
    return list(DataExport.objects.filter(state=ExportState.ASKED).order_by("pk").values_list("pk", flat=True))


def make_export(*, export_id: int, now: datetime) -> None:
    """Make the file of one export. What another worker has, or what is made or removed, is left as it is."""
    if not _begin(export_id, now):
        return
    export = DataExport.objects.select_related("account__portfolio").get(pk=export_id)

    def tick() -> None:
        DataExport.objects.filter(pk=export_id).update(done=F("done") + 1)

    zone = export.account.portfolio.zone
    content = make_file(export, holdings_of(export.person_id), zone=zone, now=now, tick=tick)
    _finish(export_id, content, now)


@retrying
def _begin(export_id: int, now: datetime) -> bool:
    asked = DataExport.objects.filter(pk=export_id, state=ExportState.ASKED)
    export = asked.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
    if export is None:
        return False
    move(export, "begin", actor=None, at=now, given={"at": now, "parts": len(SECTIONS)})
    return True


@retrying
def _finish(export_id: int, content: bytes, now: datetime) -> None:
    export = DataExport.objects.lock(export_id)
    if export.state != ExportState.MAKING:
        return  # Removed meanwhile, by an erasure.
    given = {
        "content": content,
        "digest": hashlib.sha256(content).hexdigest(),
        "counts": {},
        "at": now,
        "until": now + KEPT_FOR,
    }
    move(export, "finish", actor=None, at=now, given=given, codes={"size": len(content)})


@retrying
def download_export(*, export_id: int, actor: User, now: datetime) -> DataExport:
    """The export with its file, and on record who took it. Refuses other roles, and files that aren't there."""
    if actor.role != Role.COMPLIANCE:
        raise Refused("export.not_yours")
    export = DataExport.objects.lock(export_id)
    if export.state != ExportState.READY or export.expires_at <= now:
        raise Refused("export.not_there")
    record("data_export.downloaded", subject=export, actor=actor, at=now)
    return export


@retrying
def tidy_exports(*, now: datetime) -> None:
    """Remove files whose time is over; give back what a lost worker had."""
    over = DataExport.objects.filter(state=ExportState.READY, expires_at__lte=now).order_by("pk")
    for export in over.locked():
        move(export, "remove", actor=None, at=now, reason="expired", given={"at": now})
    lost = DataExport.objects.filter(state=ExportState.MAKING, claimed_at__lt=now - LOST_AFTER).order_by("pk")
    for export in lost.locked():
        move(export, "give_back", actor=None, at=now, reason="worker_lost")


def exports_about(account: Account) -> list[DataExport]:
    """The exports of an account's person, newest first, without their files."""
    return list(DataExport.objects.filter(person=person_of(account)).defer("content").select_related("asked_by"))
