"""What emergency stops keep waiting, and which have been."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Portfolio
from communications.models import ContactStop, Message, MessageState


def kept_by_a_stop() -> Exists:
    """For a query of messages: true of those over which a stop stands."""
    of_channel = Q(channel="") | Q(channel=OuterRef("channel"))
    of_country = Q(jurisdiction="") | Q(jurisdiction=OuterRef("account__portfolio__jurisdiction"))
    of_portfolio = Q(portfolio__isnull=True) | Q(portfolio=OuterRef("account__portfolio"))
    return Exists(ContactStop.objects.filter(of_channel, of_country, of_portfolio, released_at__isnull=True))


def any_stop_stands() -> bool:
    return ContactStop.objects.filter(released_at__isnull=True).exists()


def portfolios_without_calls(portfolio_ids: Collection[int]) -> list[int]:
    """Of these portfolios, those whose customers may not be called while a stop stands."""
    of_country = Q(jurisdiction="") | Q(jurisdiction=OuterRef("jurisdiction"))
    of_portfolio = Q(portfolio__isnull=True) | Q(portfolio=OuterRef("pk"))
    stops = ContactStop.objects.filter(of_country, of_portfolio, channel__in=["", "call"], released_at__isnull=True)
    return list(Portfolio.objects.filter(Exists(stops), pk__in=list(portfolio_ids)).values_list("pk", flat=True))


def every_stop() -> QuerySet[ContactStop]:
    """All stops, the newest first, with their people."""
    return ContactStop.objects.select_related("portfolio", "stopped_by", "first_yes_by", "released_by")


def waiting_messages() -> dict[str, int]:
    """How many messages in line a stop keeps, by what they are for."""
    kept = Message.objects.filter(kept_by_a_stop(), state=MessageState.QUEUED).order_by()
    return dict(kept.values_list("purpose").annotate(number=Count("pk")))
