"""Load the shipped policy packs that are not in the database yet, or draft what this release ships newer."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.users import User
from communications.models import PolicyPack
from communications.services.policy_news import News, draft_shipped, news_of
from communications.services.policy_packs import load_shipped_packs


class Command(BaseCommand):
    help = (
        "Publish version 1 of every shipped policy pack that is not there yet. With --draft NAME, begin a draft of "
        "each pack of which this release ships something newer, in the name of that administrator."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--draft", metavar="NAME", help="user name of the administrator who drafts")
        parser.add_argument("--look", action="store_true", help="only say what is newer")

    def handle(self, *args: Any, draft: str | None, look: bool, **options: Any) -> None:
        now = clock.now()
        if look or draft:
            self._tell_news(None if look else _named(draft), now)
            return
        loaded = load_shipped_packs(now=now)
        for version in loaded:
            self.stdout.write(f"{version.pack.code} {version.number}: {version.rules.count()} rules")
        if not loaded:
            self.stdout.write("Every shipped pack is there already.")

    def _tell_news(self, actor: User | None, now: datetime) -> None:
        for pack in PolicyPack.objects.order_by("code"):
            news = news_of(pack, now=now)
            self.stdout.write(f"{pack.code}: {_told(news)}")
            if actor and news:
                try:
                    version, _news = draft_shipped(pack_code=pack.code, actor=actor, now=now)
                except Refused as refusal:
                    self.stdout.write(f"  not drafted: {refusal}")
                else:
                    self.stdout.write(f"  drafted as version {version.number}")


def _named(name: str | None) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        raise CommandError(f"no user {name}")
    return found


def _told(news: News) -> str:
    said = {
        "new": news.added,
        "changed": news.changed,
        "changed by this installation, left as they are": news.own,
        "shipped no more, left as they are": news.no_longer_shipped,
    }
    parts = [f"{what}: {', '.join(codes)}" for what, codes in said.items() if codes]
    return "; ".join(parts) or "nothing newer"
