"""Forms of the acts on an account. Those that could overwrite a change carry the version they were drawn at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.foundation.users import User
from accounts.models import CHANNELS_OF, ContactPointKind, ContactPointStatus, Hold, Portfolio, Sign
from accounts.services.reveals import RevealReason
from collections_crm.selectors.account_page import AccountPage
from collections_crm.services.holds_by_hand import HoldReason, kinds_for, may_lift, next_review_on
from collections_crm.ui.fields import CivilDateField, today_here
from collections_crm.ui.forms import PageForm


class ActForm(PageForm):
    """A form about one account. `stale_matters`: saving over somebody's change is refused until it was seen."""

    stale_matters = False

    def __init__(self, *args: Any, page: AccountPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        if self.stale_matters:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=page.version, required=False)

    @classmethod
    def draft_key_of(cls, page: AccountPage) -> str:
        return f"account-{page.account.pk}-{cls.__name__}"

    @property
    def draft_key(self) -> str:
        return self.draft_key_of(self.page)

    @property
    def given(self) -> dict[str, Any]:
        """What the act takes: the fields, unless a form says it in another shape."""
        return self.cleaned_data


def colleagues_on(portfolio: Portfolio) -> list[tuple[int, str]]:
    """Those who work a portfolio, for saying whom something is about."""
    colleagues = User.objects.filter(is_active=True, team__portfolios=portfolio).order_by("username")
    return [(one.pk, one.get_full_name() or one.username) for one in colleagues.distinct()]


class NoteForm(ActForm):
    text = forms.CharField(label=_("note"), max_length=4000, widget=forms.Textarea)


class InterestForm(ActForm):
    """A lower rate, or none. A higher one comes with the loan, never by hand."""

    stale_matters = True
    rate = forms.DecimalField(
        label=_("from today on, a year (%)"),
        min_value=0,
        max_digits=7,
        decimal_places=3,
        help_text=_("0: none any more."),
    )
    note = forms.CharField(label=_("why"), max_length=4000, widget=forms.Textarea)


class ReAgeForm(ActForm):
    """Why the customer can pay from now on; whoever agrees reads it."""

    stale_matters = True
    note = forms.CharField(label=_("why the customer can pay from now on"), max_length=4000, widget=forms.Textarea)


class SetAsideForm(ActForm):
    sign = forms.ChoiceField(label=_("which sign"), choices=Sign.choices)
    note = forms.CharField(
        label=_("what you asked or saw"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("Everybody who opens the account reads this: what they told about health or life goes elsewhere."),
    )


class FileForm(ActForm):
    KINDS = [
        ("proof_of_payment", _("proof of payment")),
        ("letter_of_authority", _("letter of authority")),
        ("identification", _("identification")),
        ("other", _("other")),
    ]
    kind = forms.ChoiceField(label=_("what it is"), choices=KINDS)
    file = forms.FileField(label=_("file"), help_text=_("PDF, PNG, JPEG or plain text, 5 MB at most."))


class HoldForm(ActForm):
    stale_matters = True
    kind = forms.ChoiceField(label=_("kind"))
    reason = forms.ChoiceField(label=_("how we know"), choices=HoldReason.choices[:5])
    review_on = CivilDateField(label=_("review on"), required=False, help_text=_("Empty: the usual time of its kind."))
    from_on = CivilDateField(
        label=_("it began on"),
        past=True,
        required=False,
        help_text=_("A moratorium, an insolvency or a death of an earlier day: interest since then is taken back."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds_for(self.page.user)]


class OneHoldForm(ActForm):
    """About one hold of this account."""

    stale_matters = True
    hold = forms.TypedChoiceField(label=_("hold"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hold"].choices = [(hold.pk, _said(hold)) for hold in self.page.holds if self.fits(hold)]

    def fits(self, hold: Hold) -> bool:
        return hold.placed_for_id is None


def _said(hold: Hold) -> str:
    return f"{hold.get_kind_display()} ({hold.review_on.isoformat()})"


class ExtendHoldForm(OneHoldForm):
    review_on = CivilDateField(label=_("review on"))
    reason = forms.ChoiceField(label=_("how we know"), choices=HoldReason.choices[:5])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = next((hold for hold in self.page.holds if str(hold.pk) == str(self.initial.get("hold"))), None)
        self.initial.setdefault("review_on", next_review_on(chosen, today_here()))


class ReleaseHoldForm(OneHoldForm):
    reason = forms.ChoiceField(label=_("why it ends"), choices=HoldReason.choices[::-1])

    def fits(self, hold: Hold) -> bool:
        return may_lift(self.page.user, hold)


class WayForm(ActForm):
    """A new phone, e-mail, WhatsApp number or postal address of one of the account's people."""

    party = forms.TypedChoiceField(label=_("whose"), coerce=int)
    kind = forms.ChoiceField(label=_("kind"), choices=ContactPointKind.choices)
    value = forms.CharField(label=_("number or address"), max_length=300)
    city = forms.CharField(label=_("city"), max_length=80, required=False)
    region = forms.CharField(label=_("state or region"), max_length=40, required=False)
    postcode = forms.CharField(label=_("post code"), max_length=16, required=False)
    is_work = forms.BooleanField(label=_("at work"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [
            (role.party_id, f"{role.party.name or '-'} ({role.get_role_display()})") for role in self.page.parties
        ]


class OneWayForm(ActForm):
    """About one contact point of this account."""

    point = forms.TypedChoiceField(label=_("contact point"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = [
            (way.point.pk, way.masked) for way in self.page.reach.ways if not way.point.erased_on
        ]


class WayStatusForm(OneWayForm):
    status = forms.ChoiceField(label=_("it is"), choices=ContactPointStatus.choices[1:])


class ChannelForm(OneWayForm):
    """One channel at one contact point: for opt-outs and consents."""

    channel = forms.ChoiceField(label=_("channel"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = {channel for channels in CHANNELS_OF.values() for channel in channels}
        self.fields["channel"].choices = sorted((channel.value, channel.label) for channel in every)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        way = next((way for way in self.page.reach.ways if way.point.pk == given.get("point")), None)
        if way and given.get("channel") not in CHANNELS_OF[ContactPointKind(way.point.kind)]:
            self.add_error("channel", _("That channel can't be used there."))
        return given


class ConsentForm(ChannelForm):
    only_here = forms.BooleanField(
        label=_("about this account only"),
        required=False,
        help_text=_("Without a tick they agreed about all their accounts with us."),
    )


class RevealForm(OneWayForm):
    reason = forms.ChoiceField(label=_("why"), choices=RevealReason.choices)
