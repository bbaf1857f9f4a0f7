"""The forms of the workbench: what the customer can do, and what becomes of an offer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.errors import Refused
from accounts.foundation.money import ZERO
from accounts.models import Account
from accounts.services.accounts import today_of
from arrangements.models import Acceptance, Arrangement, PlanRhythm
from arrangements.schedules.plan import MOST_PAYMENTS
from arrangements.schedules.rhythms import LAST_OF_MONTH, Rhythm
from arrangements.selectors.alternatives import Wish
from arrangements.services.escalation_kinds.offer import OfferReason
from arrangements.services.offers import papers_of
from collections_crm.pages.promise_forms import debtors_of
from collections_crm.ui.fields import CivilDateField, MoneyField
from collections_crm.ui.forms import PageForm

MOST_SETTLING = 12
TURN_DOWN_REASONS = [
    ("customer_refused", _("The customer doesn't want it")),
    ("cannot_afford", _("The customer can't afford it")),
    ("made_in_error", _("It was made by mistake")),
]


class PayDaysField(forms.CharField):
    """Days of the month, typed as `15, 31`; the last day of any month is 31."""

    def to_python(self, value: Any) -> tuple[int, ...]:
        parts = [part for part in str(value or "").replace(",", " ").split() if part]
        if not all(part.isdecimal() and 1 <= int(part) <= LAST_OF_MONTH for part in parts):
            raise ValidationError(_("Write days of the month, such as 15, 31."))
        return tuple(sorted({int(part) for part in parts}))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, tuple) else value


class WishForm(PageForm):
    """What the customer can do. Every figure is theirs: nothing is offered that isn't in the columns beside it."""

    refused_heading = _("Not worked out")

    def __init__(self, account: Account, *args: Any, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.today = today = today_of(account, now)
        money = {"currency": account.currency, "required": False}
        zone, debtors = account.portfolio.zone, debtors_of(account)
        own = {
            "affordable": MoneyField(label=_("Can afford a month"), **money),
            "rhythm": forms.ChoiceField(label=_("Pays"), choices=PlanRhythm.choices, initial=PlanRhythm.MONTHLY),
            "each": MoneyField(label=_("Each time"), **money),
            "count": forms.IntegerField(
                label=_("or in so many payments"), required=False, min_value=1, max_value=MOST_PAYMENTS
            ),
            "first_on": CivilDateField(label=_("First on"), zone=zone, initial=today + timedelta(days=7)),
            "pay_days": PayDaysField(label=_("Pay days"), required=False, help_text=_("15, 31: the 15th and the last")),
            "down": MoneyField(label=_("Something at once"), **money),
            "down_on": CivilDateField(label=_("at once means"), zone=zone, required=False),
            "settle_for": MoneyField(label=_("Settles for"), **money),
            "settle_in": forms.IntegerField(
                label=_("in payments"), required=False, min_value=1, max_value=MOST_SETTLING
            ),
            "freezes_interest": forms.BooleanField(label=_("Interest is frozen while it is kept"), required=False),
            "party": forms.TypedChoiceField(label=_("Offered to"), coerce=int, choices=debtors),
        }
        self.fields = own | self.fields
        if len(debtors) == 1:
            self.fields["party"].widget = forms.HiddenInput()
            self.fields["party"].initial = debtors[0][0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("first_on", "down_on"):
            day = given.get(name)
            if day and day < self.today:
                self.add_error(name, str(Refused("day_has_passed", day=day)))
        if given.get("rhythm") == PlanRhythm.PAY_DAYS and not given.get("pay_days") and "pay_days" not in self.errors:
            self.add_error("pay_days", _("Write the days of the month on which they are paid, such as 15, 31."))
        if given.get("settle_for") and given["settle_for"] >= self.account.balance:
            refusal = Refused(
                "settlement_not_below_balance", balance=self.account.balance, currency=self.account.currency
            )
            self.add_error("settle_for", str(refusal))
        if given.get("down") and not given.get("down_on") and "down_on" not in self.errors:
            self.add_error("down_on", _("Say on which day the first sum is paid."))
        return given

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        once = given["rhythm"] == PlanRhythm.ONCE
        return Wish(
            rhythm=Rhythm(given["rhythm"]),
            first_on=given["first_on"],
            each=ZERO if once else given.get("each") or ZERO,
            count=1 if once else given.get("count") or 0,
            down=given.get("down") or ZERO,
            down_on=given.get("down_on"),
            pay_days=given.get("pay_days") or (),
            settle_for=given.get("settle_for") or ZERO,
            settle_in=given.get("settle_in") or 1,
            affordable=given.get("affordable") or ZERO,
            freezes_interest=given.get("freezes_interest") or False,
        )


class AskOfferForm(PageForm):
    """Why somebody should approve what the agent may not offer alone. Part of the workbench's form, with its key."""

    takes_key = False

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "---------"), *OfferReason.choices])
    note = forms.CharField(
        label=_("What should the person who decides know?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class AcceptForm(PageForm):
    """How the customer said yes, to exactly the terms on the page; in writing, on which paper."""

    how = forms.ChoiceField(
        label=pgettext_lazy("offer", "Accepted"),
        choices=[(way, way.label) for way in (Acceptance.VERBAL, Acceptance.WRITTEN)],
        widget=forms.RadioSelect,
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, offer: Arrangement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = [(file.pk, file.name) for file in papers_of(offer)]
        self.fields["paper"] = forms.TypedChoiceField(
            label=_("what was signed or written"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", "---------"), *files],
            help_text=_("In writing only: a file kept on the account since the offer."),
        )


class TurnDownForm(PageForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "---------"), *TURN_DOWN_REASONS])
