"""Panels of the account page that other rooms bring: each adds a line to `PANELS`, nobody edits the page's template.

A panel has a slot (`reach`, `timeline` or `resolve`), a template, and a function that gives its context from the page
(`collections_crm.selectors.account_page.AccountPage`). The template also sees `page`, `account` and `user`. Panels are
drawn in the order given, and none of them while nobody has been verified, unless they say that they disclose nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.foundation.purposes import Channel
from accounts.foundation.users import Role
from accounts.models import OWES
from accounts.selectors.advances import advance_standing
from accounts.services.default_events import WHO_DECLARES
from arrangements.selectors.promises import PromiseSummary, may_promise
from collections_crm.selectors.account_page import AccountPage
from collections_crm.selectors.cases import open_cases_on
from collections_crm.selectors.limitation_words import limitation_told
from collections_crm.selectors.preference_words import work_in_words


def nothing_more(page: AccountPage) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class AccountPanel:
    """One part of the account page. `discloses` False: it may stand there before verification."""

    slot: str
    template: str
    context: Callable[[AccountPage], dict[str, Any]] = nothing_more
    discloses: bool = True


def promise(page: AccountPage) -> dict[str, Any]:
    """The closed panel: what the page knows already, and whether a promise may be taken now."""
    current = page.instalments[0] if page.instalments else None
    return {
        "panel": PromiseSummary(current.arrangement if current else None, current, []),
        "open": False,
        "may_promise": may_promise(page.user, page.account, page.now),
    }


def writing(page: AccountPage) -> dict[str, Any]:
    """By which channels those who owe can be written to; what may be sent the gate says on sending."""
    channels = {answer.channel for way in page.reach.ways if way.role in OWES for answer in way.answers}
    return {"by_text": Channel.TEXT in channels, "by_email": Channel.EMAIL in channels}


def closed(page: AccountPage) -> dict[str, Any]:
    return {"open": False}


def preferences(page: AccountPage) -> dict[str, Any]:
    """What the people asked for and what is known of their work, as the summary of the page has it."""
    told = [work_in_words(work) for work in page.summary.workplaces]
    return {"wishes": page.wishes, "works": [words for words in told if words]}


def limitation(page: AccountPage) -> dict[str, Any]:
    """The limitation date and how it came about, as the summary of the page has it."""
    facts = page.summary.limitation
    may_set = page.user.role in (Role.MANAGER, Role.COMPLIANCE)
    return {"told": limitation_told(facts, page.on), "acts": facts.acts, "may_set": may_set}


def advance(page: AccountPage) -> dict[str, Any]:
    """How an advance stands, worked out from its ledger and due items; other products have no such panel."""
    account, role = page.account, page.user.role
    if not page.is_advance:
        return {"standing": None}
    standing = advance_standing(account, on=page.on)
    return {
        "standing": standing,
        "may_ask": account.is_open and standing.terms is not None and role not in (Role.FINANCE,),
        "may_set": account.is_open and role == Role.MANAGER,
        "may_declare": account.is_open and account.default_declared_on is None and role in WHO_DECLARES,
    }


PANELS: list[AccountPanel] = [
    AccountPanel("resolve", "account/partials/_advance.html", advance),
    AccountPanel("reach", "account/partials/_preferences.html", preferences),
    AccountPanel("resolve", "arrangements/partials/_promise.html", promise),
    AccountPanel("reach", "messages/_compose.html", writing),
    AccountPanel("resolve", "arrangements/partials/_escalate.html", open_cases_on),
    AccountPanel("reach", "trace/_panel.html", closed),
    AccountPanel("resolve", "account/partials/_limitation.html", limitation),
]


def panels_of(page: AccountPage, slot: str) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of each panel of a slot that may be drawn now."""
    shown = [panel for panel in PANELS if panel.slot == slot and (page.silence is None or not panel.discloses)]
    return [(panel.template, panel.context(page)) for panel in shown]
