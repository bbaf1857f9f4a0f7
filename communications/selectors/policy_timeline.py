"""A pack over time: every version with what it is at an instant, and who last changed a rule of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.foundation.events import Event
from communications.models import PolicyPack, PolicyRule, PolicyVersion, VersionState

OF_STATE = {
    VersionState.DRAFT: "draft",
    VersionState.SUBMITTED: "submitted",
    VersionState.CALLED_OFF: "called_off",
}


WORDS = {
    "draft": VersionState.DRAFT.label,
    "submitted": VersionState.SUBMITTED.label,
    "to_begin": _("begins later"),
    "ruling": _("in force now"),
    "ruled": VersionState.RETIRED.label,
    "called_off": VersionState.CALLED_OFF.label,
}


@dataclass(frozen=True)
class Standing:
    """A version and what it is: draft, submitted, to_begin, ruling, ruled or called_off."""

    version: PolicyVersion
    is_now: str

    @property
    def words(self) -> str:
        return str(WORDS[self.is_now])


def timeline_of(pack: PolicyPack, now: datetime) -> list[Standing]:
    """Every version, the newest first: what is in preparation, what begins later, what rules, what ruled."""
    people = ("maker", "checker", "called_off_by", "back_to", "based_on")
    versions = pack.versions.select_related("pack", *people).order_by("-number")
    return [Standing(version, standing_at(version, now)) for version in versions]


def standing_at(version: PolicyVersion, now: datetime) -> str:
    """What rules is told by the instants, whatever its state has been moved to yet."""
    if version.state in OF_STATE:
        return OF_STATE[VersionState(version.state)]
    if version.begins_after(now):
        return "to_begin"
    return "ruled" if version.has_ruled(now) else "ruling"


def last_edit(rule: PolicyRule) -> Event | None:
    """Who changed a rule last, and when."""
    of_version = Event.objects.filter(subject_type="policyversion", subject_id=rule.version_id, codes__rule=rule.code)
    return of_version.filter(kind="policy_rule.edited").select_related("actor").order_by("-id").first()
