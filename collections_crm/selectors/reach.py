"""Every way to reach the people of an account, with the gate's answer for each channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.foundation.purposes import Channel
from accounts.models import OWES, Account, AccountParty, ContactPoint, ContactPointKind, PartyRole
from collections_crm.selectors.purposes import judged_now
from collections_crm.ui import masks, words
from collections_crm.ui.erased import name_of, tombstone
from communications.policy import wording
from communications.policy.decision import Reason
from communications.policy.outlook import Limit
from communications.selectors.told_reasons import deciding_zone
from communications.services.authorise import Preview

FOR_EVER = datetime.max.replace(tzinfo=UTC)
RANK = ["allow", "warn", "needs_override", "refuse"]
# Rules whose reasons are about the way and its hours only: they may be read while nobody was verified.
OF_THE_WAY = frozenset(
    {"hours", "holidays", "zone", "contact_point", "consent", "opt_out", "preference", "place", "language", "stop"}
)


@dataclass(frozen=True)
class Answer:
    """What the gate would say now about one channel at one contact point; `whose`, when it isn't the account's own
    person."""

    channel: str
    label: str
    verdict: str
    reason: str
    detail: str
    whose: str = ""
    speaks_of_debt: bool = False

    @property
    def is_written(self) -> bool:
        return self.channel != Channel.CALL


@dataclass(frozen=True)
class Way:
    """One contact point as everybody may see it. `answers` are empty for one that can't be used."""

    point: ContactPoint
    party_name: str
    role: str
    masked: str
    answers: list[Answer]


@dataclass(frozen=True)
class Reach:
    """All ways, the zones in which the person may be, and the best answer for a call or, without a phone, for writing
    (None: nobody to reach)."""

    ways: list[Way]
    zones: list[str]
    badge: Answer | None


def reach_of(account: Account, parties: list[AccountParty], *, now: datetime) -> Reach:
    """Six queries whatever the number of contact points."""
    by_id = {role.party_id: role for role in parties}
    found = ContactPoint.objects.filter(party__in=by_id)
    points = sorted(found, key=lambda point: _nearest_first(point, by_id[point.party_id].role))
    previews = judged_now(account, [(point, channel) for point in points for channel in point.channels], now=now)
    ways = [_way(point, by_id[point.party_id], previews) for point in points]
    owing = [way for way in ways if way.role in OWES]
    return Reach(ways, _zones(account, by_id, previews), _badge(owing))


def _zones(account: Account, by_id: dict[int, AccountParty], previews: list[Preview]) -> list[str]:
    """Where the account's own person may be; without a way to them, whoever else there is; else the portfolio's."""
    theirs = sorted(previews, key=lambda one: by_id[one.request.party_id].role != PartyRole.PRIMARY)
    return [fact.zone for fact in theirs[0].facts.party.zones] if theirs else [account.portfolio.zone]


def _nearest_first(point: ContactPoint, role: str) -> tuple[bool, bool, int, int]:
    """What still works before what doesn't; of that the account's own person before others, and phones before the
    rest."""
    kinds: list[str] = [ContactPointKind.PHONE, ContactPointKind.WHATSAPP, ContactPointKind.EMAIL]
    kind = kinds.index(point.kind) if point.kind in kinds else len(kinds)
    return not point.is_usable, role != PartyRole.PRIMARY, kind, point.pk


def _way(point: ContactPoint, role: AccountParty, previews: list[Preview]) -> Way:
    own = [preview for preview in previews if preview.request.contact_point_id == point.pk]
    whose = "" if role.role == PartyRole.PRIMARY else name_of(role.party)
    return Way(point, role.party.name, role.role, masked(point), [_answer(preview, whose) for preview in own])


def masked(point: ContactPoint) -> str:
    """The value with its middle taken out; of an address, the town; of one that was
    erased, when and why."""
    if point.erased_on:
        return tombstone(point.erased_on, point.erased_under)
    if point.kind == ContactPointKind.EMAIL:
        return masks.masked_email(point.value)
    if point.kind == ContactPointKind.POST:
        return ", ".join(part for part in (point.city, point.region) if part) or masks.masked_post(point.value)
    return masks.masked_phone(point.value)


def _answer(preview: Preview, whose: str) -> Answer:
    channel, answer = preview.request.channel, preview.answer
    worst = _worst(preview) if answer.reasons else None
    reason = _in_words(preview, worst) if worst else ""
    detail = _detail(preview) if answer.passes else _barred_until(preview)
    speaks = worst is not None and worst.kind not in OF_THE_WAY
    return Answer(channel, str(Channel(channel).label), answer.verdict, reason, detail, whose, speaks)


def _worst(preview: Preview) -> Reason:
    """Of the rule that weighs most: of equal ones what has no end, then what ends last."""
    order = {"refuse": 0, "override": 1, "warn": 2}
    lasting = sorted(preview.answer.reasons, key=lambda reason: reason.retry_at or FOR_EVER, reverse=True)
    return min(lasting, key=lambda reason: order[reason.action])


def _in_words(preview: Preview, worst: Reason) -> str:
    rule, language = preview.packs.rule(worst.rule), get_language() or "en"
    template = rule.sentence_es if language.startswith("es") else rule.sentence_en
    return wording.sentence(template, worst.code, worst.params, language)


def _detail(preview: Preview) -> str:
    """`until 22:00 Monterrey (law) · 1 of 3 today (firm)`."""
    parts, outlook, language = [], preview.outlook, get_language() or "en"
    if outlook.closing:
        force = wording.word("legal_force", outlook.closing.legal_force, language)
        clock = words.local_time([outlook.closing.zone], outlook.closing.at)
        parts.append(_("until %(clock)s (%(force)s)") % {"clock": clock, "force": force})
    if outlook.limits:
        parts.append(limit_in_words(outlook.limits[0], language))
    return " · ".join(parts)


def limit_in_words(limit: Limit, language: str) -> str:
    usage, force = limit.usage, wording.word("legal_force", limit.legal_force, language)
    span = _("today") if usage.days == 1 and usage.window == "rolling" else _span(usage.window, usage.days)
    given = {"used": usage.used, "limit": usage.limit, "span": span, "force": force}
    return _("%(used)d of %(limit)d %(span)s (%(force)s)") % given


def _span(window: str, days: int) -> str:
    if window == "week":
        return _("this week")
    return _("this month") if window == "month" else _("in %(count)d days") % {"count": days}


def _barred_until(preview: Preview) -> str:
    """`until Mon 23 Nov 2026 08:00 New York`; nothing when time alone won't change the answer."""
    at = preview.answer.next_allowed_at
    if at is None:
        return ""
    ends = [(reason.retry_at, reason.params.get("zone")) for reason in preview.answer.reasons]
    zone = deciding_zone(ends, [fact.zone for fact in preview.facts.party.zones])
    return _("until %(moment)s") % {"moment": f"{words.moment(at, zone)} {words.place(zone) if zone else ''}".strip()}


def _badge(ways: list[Way]) -> Answer | None:
    """The best answer for a call; without a phone, for writing. Letters and WhatsApp can't be sent from the page."""
    answers = [answer for way in ways for answer in way.answers]
    calls = [answer for answer in answers if answer.channel == Channel.CALL]
    written = [answer for answer in answers if answer.channel in (Channel.TEXT, Channel.EMAIL)]
    return min(calls or written, key=lambda answer: RANK.index(answer.verdict), default=None)
