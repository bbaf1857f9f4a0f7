"""What the queue does when something happened on a lower floor: it works out the accounts concerned again,
once at the end of the use-case however many events told it to."""

from __future__ import annotations

from accounts.foundation.domain_events import DomainEvent, at_the_end
from accounts.models import Account, ContactPoint, Hold, Party, Payment
from arrangements.models import Arrangement
from collections_crm.work.refresh import refresh_queue
from collections_crm.work.windows import work_out_windows
from communications.models import Contact


def accounts_changed(event: DomainEvent) -> None:
    at_the_end(refresh_queue, event.ids, now=event.at)


def holds_changed(event: DomainEvent) -> None:
    """A hold on a person concerns all their accounts, one on an account only that."""
    holds = Hold.objects.filter(pk__any=event.ids)
    of_accounts = holds.filter(account__isnull=False).values_list("account_id", flat=True)
    persons = holds.filter(account__isnull=True).values_list("person_id", flat=True)
    at_the_end(refresh_queue, {*of_accounts, *_accounts_of(persons)}, now=event.at)


def contacts_changed(event: DomainEvent) -> None:
    """A contact counts for the person, so every account of theirs may have to wait."""
    persons = Contact.objects.filter(pk__any=event.ids).values_list("person_id", flat=True)
    at_the_end(refresh_queue, _accounts_of(persons), now=event.at)


def contact_points_changed(event: DomainEvent) -> None:
    persons = ContactPoint.objects.filter(pk__any=event.ids).values_list("party__person_id", flat=True)
    at_the_end(refresh_queue, _accounts_of(persons), now=event.at)


def parties_changed(event: DomainEvent) -> None:
    persons = Party.objects.filter(pk__any=event.ids).values_list("person_id", flat=True)
    at_the_end(refresh_queue, _accounts_of(persons), now=event.at)


def payments_changed(event: DomainEvent) -> None:
    accounts = Payment.objects.filter(pk__any=event.ids, account__isnull=False).values_list("account_id", flat=True)
    at_the_end(refresh_queue, accounts, now=event.at)


def arrangements_changed(event: DomainEvent) -> None:
    accounts = Arrangement.objects.filter(pk__any=event.ids).values_list("account_id", flat=True)
    at_the_end(refresh_queue, accounts, now=event.at)


def policy_changed(event: DomainEvent) -> None:
    """No window stays open beyond what the rules allow from now on. The accounts behind it, the minute looks at."""
    work_out_windows(now=event.at)


def _accounts_of(persons) -> list[int]:
    theirs = Account.objects.open().filter(account_parties__party__person_id__any=list(persons))
    return list(theirs.order_by().values_list("pk", flat=True).distinct())
