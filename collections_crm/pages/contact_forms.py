"""The forms of a call: who is calling, the answers that prove who somebody is, and the wrap-up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.models import ConsentWay, PartyRole, SensitiveBasis, SensitiveKind, SupportNeed
from accounts.selectors.askable import may_be_asked
from accounts.services.sensitive_notes import SensitiveSaid
from collections_crm.selectors.callbacks import closed_then
from collections_crm.services.finish_call import PromiseSaid
from collections_crm.ui.fields import CivilDateField, ClockField, MoneyField
from collections_crm.ui.forms import PageForm
from communications.models import UnlockReason
from communications.services.wrap_up import WrapUp

RIGHT_PARTY = "right_party"
VULNERABLE = "vulnerable"
BLANK = [("", "---------")]
QUESTION_LABELS = {
    "birth_date": _("Birth date"),
    "postcode": pgettext_lazy("verification", "Post code"),
    "tax_tail": _("Last 4 of the tax identifier"),
    "reference_tail": _("Last 4 of the creditor's reference"),
}


class StartCallForm(PageForm):
    """Which number to ring, and about which accounts beside the one on the page. What for isn't asked: it follows."""

    contact_point = forms.IntegerField()
    also = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, others: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["also"].choices = [(account.pk, account.reference) for account in others]


class ExceptionForm(PageForm):
    """Which number to ring in spite of a rule, and why."""

    contact_point = forms.IntegerField()
    why = forms.CharField(
        max_length=1000,
        error_messages={
            "required": _("Say why this call should be made in spite of the rule: a manager decides by it.")
        },
    )


class CallerForm(PageForm):
    """Who says to be calling."""

    role = forms.ChoiceField(label=_("Who is calling?"), choices=PartyRole.choices)


class VerifyForm(PageForm):
    """One field for each question; what is typed is compared and forgotten."""

    takes_key = False

    def __init__(self, questions: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in questions:
            self.fields[code] = _answer_field(code)

    @property
    def answers(self) -> dict[str, str]:
        said = self.cleaned_data
        return {code: value.isoformat() if isinstance(value, date) else value for code, value in said.items()}


def _answer_field(code: str) -> forms.Field:
    if code == "birth_date":
        field = CivilDateField(label=QUESTION_LABELS[code], past=True)
        field.widget.attrs["placeholder"] = _("12 apr 1985")
        return field
    widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=QUESTION_LABELS[code], max_length=24, widget=widget)


class UnlockForm(PageForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=UnlockReason.choices)


# Fields that are shown only for one outcome.
FIELDS_OF = {
    "callback": ("callback_on", "callback_time"),
    "promise": ("promise_on", "promise_amount"),
    VULNERABLE: ("about", "need", "basis"),
}


class WrapUpForm(PageForm):
    """How the call ended and what comes next. `outcomes` are the open ones, `said` those of the right party.

    `zone` is the customer's: callbacks are at their hour. Promise fields are there only once somebody was verified.
    """

    outcome = forms.ChoiceField(label=_("Outcome"))
    said = forms.ChoiceField(label=_("What they said"), required=False)
    callback_on = CivilDateField(label=_("Call back on"), required=False)
    callback_time = ClockField(label=pgettext_lazy("callback", "At what time"), required=False)
    next_on = CivilDateField(label=_("Next step on another day"), required=False)
    note = forms.CharField(
        label=_("Note"), max_length=4000, required=False, widget=forms.Textarea({"rows": 2, "autocomplete": "off"})
    )
    about = forms.ChoiceField(label=_("What the note is about"), choices=BLANK + SensitiveKind.choices, required=False)
    need = forms.ChoiceField(label=_("Support need"), choices=BLANK + SupportNeed.choices, required=False)
    basis = forms.ChoiceField(label=_("Why we may keep it"), choices=BLANK + SensitiveBasis.choices, required=False)

    def __init__(self, bar: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bar = bar
        self.fields["outcome"].choices = [*((c.code, c.label) for c in bar.outcomes), (RIGHT_PARTY, "")]
        self.fields["said"].choices = [(c.code, c.label) for c in bar.said]
        for name in ("callback_on", "next_on"):
            self.fields[name].zone = bar.zone
        if bar.verification.verified:
            self._add_what_is_said_to_the_verified()

    def _add_what_is_said_to_the_verified(self) -> None:
        account = self.bar.accounts[0]
        self.fields["promise_on"] = CivilDateField(label=_("Pays on"), required=False, zone=self.bar.zone)
        self.fields["promise_amount"] = MoneyField(
            label=pgettext_lazy("promise", "Amount"),
            currency=account.currency,
            required=False,
            initial=may_be_asked(account).usual,
        )
        if self.bar.others:
            self.fields["accounts"] = forms.TypedMultipleChoiceField(
                label=_("Also spoke of"),
                coerce=int,
                required=False,
                choices=[(other.pk, other.reference) for other in self.bar.others],
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self._forget_other_outcomes()
        if said.get("outcome") == RIGHT_PARTY and not said.get("said"):
            self.add_error("said", _("Choose what they said."))
        if self.code == "callback":
            self._clean_callback(said)
        if self.code == "promise":
            self._clean_promise(said)
        if self.code == VULNERABLE and said.get("note"):
            self._clean_sensitive(said)
        return said

    def _forget_other_outcomes(self) -> None:
        """What was typed for an outcome that isn't chosen any more can't be seen, so it can't be wrong."""
        for code, names in FIELDS_OF.items():
            if code != self.code:
                for name in names:
                    self.errors.pop(name, None)

    def _clean_sensitive(self, said: dict[str, Any]) -> None:
        """What is told about somebody's situation is kept apart from other notes, and not without a ground."""
        missing = {
            "about": _("Say what the note is about: it is kept apart, and few may read it."),
            "need": _("Say what the person needs: everybody who works the account sees that."),
            "basis": _("Say why we may keep it."),
        }
        for name, sentence in missing.items():
            if not said.get(name):
                self.add_error(name, sentence)

    def _clean_promise(self, said: dict[str, Any]) -> None:
        missing = {"promise_on": _("Write by which day."), "promise_amount": _("Write how much was promised.")}
        for name, sentence in missing.items():
            if name in self.fields and not said.get(name) and name not in self.errors:
                self.add_error(name, sentence)

    def _clean_callback(self, said: dict[str, Any]) -> None:
        missing = {
            "callback_on": _("Write the day on which the customer wants to be called."),
            "callback_time": _("Write the time of day at the customer's place."),
        }
        for name, sentence in missing.items():
            if not said.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if said.get("callback_on") and said.get("callback_time"):
            try:
                at = instant(said["callback_on"], said["callback_time"], self.bar.zone)
            except ValidationError as wrong:
                self.add_error("callback_time", wrong)
                return
            if at <= clock.now():
                self.add_error("callback_time", str(Refused("callback_in_the_past")))
                return
            if closed := closed_then(self.bar.contact, self.bar.accounts[0].pk, at):
                self.add_error("callback_time", closed)
            said["callback_at"] = at

    @property
    def code(self) -> str:
        """The outcome chosen: of the first list, or of what the right party said."""
        chosen = self.cleaned_data.get("outcome", "")
        return self.cleaned_data.get("said", "") if chosen == RIGHT_PARTY else chosen

    @property
    def wrap_up(self) -> WrapUp:
        said = self.cleaned_data
        return WrapUp(
            outcome=self.code,
            account_ids=tuple(said.get("accounts", ())),
            note="" if self.sensitive else said["note"],
            sensitive=self.sensitive,
            callback_at=said.get("callback_at"),
            next_on=said["next_on"],
        )

    @property
    def sensitive(self) -> SensitiveSaid | None:
        """The note of somebody in a vulnerable situation. What they agreed to they said on this call."""
        said = self.cleaned_data
        if self.code != VULNERABLE or not said["note"]:
            return None
        return SensitiveSaid(
            category=said["about"],
            support_need=said["need"],
            text=said["note"],
            basis=said["basis"],
            consent_way=ConsentWay.CALL if said["basis"] == SensitiveBasis.CONSENT else "",
        )

    @property
    def promise(self) -> PromiseSaid | None:
        said = self.cleaned_data
        if self.code != "promise" or not said.get("promise_on"):
            return None
        return PromiseSaid(said["promise_amount"], said["promise_on"])


def instant(day: date, clock_time: Any, zone: str) -> datetime:
    """The moment at which clocks of the zone show this; a time that its clocks skip is refused."""
    meant = datetime.combine(day, clock_time)
    moment = meant.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != meant:
        raise ValidationError(_("The clocks change on that day: there is no such time there."), code="no_such_time")
    return moment
