"""What is said when somebody asked for a yes: that it was asked, and when nobody may give it as it stands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.foundation.approvals import Approval
from collections_crm.selectors.approvals import who_may_decide


def tell_asked(request: HttpRequest, approval: Approval | None, sentence: str | Promise) -> None:
    """The sentence, and beside it a warning when the request is beyond everybody's limits."""
    messages.success(request, sentence)
    if approval is not None and not who_may_decide(approval):
        messages.warning(
            request,
            _("Nobody may approve this as it stands: it is beyond everybody's limits. Withdraw it and ask for less."),
        )
