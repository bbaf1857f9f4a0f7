"""The keys of the product: one meaning each. A key presses the visible button that carries it in `data-key`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class KeyGroup:
    """Where the keys work, and what each does."""

    where: Promise
    keys: tuple[tuple[str, Promise], ...]


EVERYWHERE = KeyGroup(
    _("Everywhere, also while typing"),
    (
        ("Ctrl+K", _("commands")),
        ("Ctrl+Enter", _("the form's main act")),
        ("Ctrl+Shift+Enter", _("save and stay")),
        ("Esc", _("leave the field, then close the top layer")),
    ),
)
NOT_TYPING = KeyGroup(
    _("Everywhere, not while typing"),
    (
        ("/", _("search")),
        ("?", _("these keys")),
        ("N", _("next account")),
        ("G Q", _("go to the queue")),
        ("G I", _("go to the inbox")),
        ("G A", _("go to approvals")),
        ("G C", _("go to the call's account")),
    ),
)
LISTS = KeyGroup(
    _("Lists and timeline"),
    (
        ("J", _("next row")),
        ("K", _("previous row")),
        ("Enter", _("open")),
        ("Space", _("tick")),
        ("Q", _("filters")),
        ("Y", _("why")),
    ),
)
REACH = KeyGroup(
    _("Account: reach"),
    (
        ("C", pgettext_lazy("key", "call")),
        ("T", pgettext_lazy("key", "text")),
        ("M", pgettext_lazy("key", "e-mail")),
        ("U", _("unmask")),
    ),
)
RESOLVE = KeyGroup(
    _("Account: resolve"),
    (
        ("P", pgettext_lazy("key", "promise")),
        ("L", pgettext_lazy("key", "plan")),
        ("H", pgettext_lazy("key", "hardship")),
        ("D", pgettext_lazy("key", "dispute")),
        ("B", _("payment said")),
        ("E", pgettext_lazy("key", "escalate")),
        ("F", _("find person")),
        ("I", pgettext_lazy("key", "note")),
    ),
)
CALL_BAR = KeyGroup(
    _("Call bar"),
    (
        ("V", pgettext_lazy("key", "verify")),
        ("1", _("right party")),
        ("2", _("no answer")),
        ("3", _("voicemail")),
        ("4", _("busy")),
        ("5", _("wrong number")),
        ("6", _("third party")),
        ("7", _("not verified")),
        ("8", _("call back")),
        ("9", _("not in service")),
        ("X", _("hang up")),
    ),
)
APPROVALS = KeyGroup(
    _("Approvals"),
    (
        ("A", pgettext_lazy("key", "approve")),
        ("R", pgettext_lazy("key", "return")),
        ("Z", pgettext_lazy("key", "decline")),
        ("0", pgettext_lazy("key", "claim")),
    ),
)
KEY_GROUPS = (EVERYWHERE, NOT_TYPING, LISTS, REACH, RESOLVE, CALL_BAR, APPROVALS)
