"""What the forms about wishes, work and place do."""

from __future__ import annotations

from typing import Any

from accounts.services.contact_preferences import (
    note_preference,
    note_workplace,
    set_point_zone,
    state_zone,
    withdraw_preference,
)
from collections_crm.selectors.account_page import AccountPage


def prefer(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return note_preference(account_id=page.account.pk, **given, **who)


def end_preference(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return withdraw_preference(
        preference_id=given["preference"], told_by=given["told_by"], account_id=page.account.pk, **who
    )


def work(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return note_workplace(account_id=page.account.pk, **given, **who)


def zone(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    if given["point"] is not None:
        return set_point_zone(contact_point_id=given["point"], zone=given["zone"], **who)
    return state_zone(party_id=given["party"], zone=given["zone"], **who)
