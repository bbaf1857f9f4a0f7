"""Say whether a contact may be made at an instant, and why: for a person, or as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.foundation import clock
from accounts.foundation.purposes import Channel, Purpose
from accounts.models import Account, ContactPoint, Party
from communications.policy.pack import NoPack
from communications.policy.schema import facts_schema
from communications.policy.wording import word
from communications.selectors.explanation import Explanation, best_point, explain, explain_facts, facts_from
from communications.selectors.live_policy import live_packs

TITLES = {
    "allow": ("MAY CONTACT", "SE PUEDE CONTACTAR"),
    "warn": ("MAY CONTACT, CARE", "SE PUEDE CONTACTAR CON CUIDADO"),
    "needs_override": ("NEEDS APPROVAL", "REQUIERE AUTORIZACIÓN"),
    "refuse": ("DO NOT CONTACT", "NO CONTACTAR"),
}

AS_SHIPPED = {
    "en": "Judged by the rules that come with the product; --published asks those in force here.",
    "es": "Según las reglas que trae el producto; --published pregunta las vigentes aquí.",
}


class Command(BaseCommand):
    help = (
        "Judge one contact with the policy in force at that instant, without making it; or with --facts the contact "
        "that a file describes (docs/contact-facts.md): by the rules that come with the product, without any database, "
        "or with --published by those in force here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", help="reference of the account")
        parser.add_argument("--channel", choices=Channel.values)
        parser.add_argument("--purpose", choices=Purpose.values)
        parser.add_argument("--facts", type=Path, help="a file with the facts of a contact, instead of an account")
        parser.add_argument("--published", action="store_true", help="judge --facts by the policy in force here")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of such a file")
        parser.add_argument("--at", default="", help="ISO 8601 with its offset, such as 2026-11-23T09:00-06:00; now")
        parser.add_argument("--party", type=int, help="id of the party (the customer)")
        parser.add_argument("--point", type=int, help="id of the contact point (the best one of the channel)")
        parser.add_argument("--language", choices=["en", "es"], default="en")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(facts_schema(), indent=2))
            return
        facts = options["facts"]
        explained = _handed_in(facts, published=options["published"]) if facts else self._asked(options)
        if options["json"]:
            self.stdout.write(json.dumps(explained.as_dict(options["language"]), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_told(explained, options["account"] or "", options["language"])))
            if facts and not options["published"]:
                self.stdout.write(AS_SHIPPED[options["language"]])

    def _asked(self, options: dict[str, Any]) -> Explanation:
        if missing := [name for name in ("account", "channel", "purpose") if not options[name]]:
            raise CommandError(f"say --{' and --'.join(missing)}, or hand in --facts FILE")
        try:
            return explain(
                account=_account(options["account"]),
                channel=options["channel"],
                purpose=options["purpose"],
                at=_instant(options["at"]),
                party=_named(Party, options["party"]),
                point=_point(options),
            )
        except NoPack as missing:
            raise CommandError(f"No policy was in force at that instant: {missing}") from None


def _handed_in(file: Path, *, published: bool) -> Explanation:
    try:
        facts = facts_from(file.read_text(encoding="utf-8"))
        return explain_facts(facts, live_packs(facts.at) if published else None)
    except NoPack as missing:
        raise CommandError(f"No policy was in force at that instant: {missing}") from None
    except OSError as fault:
        raise CommandError(f"{file}: {fault.strerror}") from None
    except (OverflowError, RecursionError):
        raise CommandError(f"{file}: its days lie too far away, or it is nested too deeply") from None
    except ValueError as fault:
        raise CommandError(f"{file}: {fault}") from None


def _account(reference: str) -> Account:
    account = Account.objects.filter(reference=reference).first()
    if account is None:
        raise CommandError(f"no account {reference}")
    return account


def _instant(text: str) -> datetime:
    if not text:
        return clock.now()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is not an instant in ISO 8601") from None
    if instant.tzinfo is None:
        raise CommandError(f"{text} has no offset: add Z or -06:00, a clock time alone is another instant everywhere")
    if not 1900 < instant.year < 9000:
        raise CommandError(f"{text} is in no year that this can be asked about")
    return instant.astimezone(UTC)


def _named(model: Any, pk: int | None) -> Any:
    if pk is None:
        return None
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise CommandError(f"no {model._meta.model_name} {pk}")
    return found


def _point(options: dict[str, Any]) -> ContactPoint | None:
    if options["point"] is not None:
        return _named(ContactPoint, options["point"])
    party = _named(Party, options["party"]) or Party.objects.get(
        account_parties__account__reference=options["account"], account_parties__role="primary"
    )
    try:
        return best_point(party, options["channel"])
    except LookupError as missing:
        raise CommandError(str(missing)) from None


def _told(explained: Explanation, reference: str, language: str) -> list[str]:
    facts, answer = explained.facts, explained.answer
    title = TITLES[answer.verdict][language == "es"]
    lines = [f"{title}  {reference}  {facts.channel}, {facts.purpose}, {facts.at.isoformat()}"]
    lines += [f"  {explained.local_time(zone.zone)}  {zone.zone} ({zone.source})" for zone in facts.party.zones]
    for reason in answer.reasons:
        force = word("legal_force", reason.legal_force, language)
        lines.append(f"- {explained.sentence(reason, language)}")
        lines.append(f"  {reason.rule} ({force}, {reason.action}): {reason.citation}")
        lines.append(f"  {json.dumps({**reason.params, **reason.facts}, ensure_ascii=False)}")
    if answer.next_allowed_at:
        lines.append(f"allowed from {answer.next_allowed_at.isoformat()}")
    if answer.passes and explained.outlook.closing:
        lines.append(f"open until {explained.outlook.closing.at.isoformat()} ({explained.outlook.closing.rule})")
    lines += [f"used {limit.usage.used} of {limit.usage.limit} ({limit.rule})" for limit in explained.outlook.limits]
    versions = ", ".join(f"{code} {number}" for code, number in sorted(answer.pack_versions.items()))
    return [*lines, f"policy: {versions}", f"facts: {answer.facts_digest}"]
