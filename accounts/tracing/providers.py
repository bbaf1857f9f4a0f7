"""The providers that are asked, in this order. A vendor with an interface of its own is one more line here."""

from accounts.tracing.number_intelligence import NumberIntelligence
from accounts.tracing.own_book import OwnBook
from accounts.tracing.provider import Provider

PROVIDERS: tuple[Provider, ...] = (OwnBook(), NumberIntelligence())
