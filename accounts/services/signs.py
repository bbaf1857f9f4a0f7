"""Setting aside a sign of difficulty."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import Role, User
from accounts.models import Account, Sign, SignSetAside
from accounts.services.accounts import today_of
from accounts.services.notes import note_of

WHO_SETS_ASIDE = frozenset({Role.AGENT, Role.MANAGER, Role.COMPLIANCE})
register_sentences(
    {
        "sign_not_your_role": _("Agents, managers and compliance set signs aside."),
        "sign_unknown": _("Say which sign."),
        "sign_said_missing": _("Write what you asked or saw."),
    }
)


@retrying
def set_aside(*, account_id: int, sign: str, said: str, actor: User, now: datetime) -> SignSetAside:
    """Keep that somebody looked at a sign, and what they found. What happens afterwards brings it back."""
    if actor.role not in WHO_SETS_ASIDE:
        raise Refused("sign_not_your_role")
    if sign not in Sign.values:
        raise Refused("sign_unknown")
    account = Account.objects.lock(account_id)
    if not (note := note_of(account, said, actor, now)):
        raise Refused("sign_said_missing")
    on = today_of(account, now)
    kept = SignSetAside.objects.create(account=account, sign=sign, said=note, on=on, by=actor, at=now)
    record("sign.set_aside", subject=kept, actor=actor, at=now, reason=sign)
    return kept
