"""Where a hardship case may stand, what help may be, and how a case ends."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class HardshipState(models.TextChoices):
    SIGNALLED = "signalled", pgettext_lazy("hardship", "signalled")
    RECORDED = "recorded", pgettext_lazy("hardship", "recorded")
    INFORMATION_REQUESTED = "information_requested", pgettext_lazy("hardship", "information asked for")
    ASSESSED = "assessed", pgettext_lazy("hardship", "assessed")
    GRANTED = "granted", pgettext_lazy("hardship", "help granted")
    DECLINED = "declined", pgettext_lazy("hardship", "declined")
    UNDER_REVIEW = "under_review", pgettext_lazy("hardship", "under review")
    ENDED = "ended", pgettext_lazy("hardship", "ended")


class HardshipMeasure(models.TextChoices):
    PAUSE = "pause", pgettext_lazy("hardship", "nothing is asked for a while")
    ARRANGEMENT = "arrangement", pgettext_lazy("hardship", "a plan or token payments")
    REFERRAL = "referral", pgettext_lazy("hardship", "referred to free debt advice")


class HardshipEnding(models.TextChoices):
    ANSWERED = "answered", pgettext_lazy("hardship ending", "the refusal was sent")
    REVIEWED = "reviewed", pgettext_lazy("hardship ending", "the help was looked at again and ended")
    WITHDRAWN = "withdrawn", pgettext_lazy("hardship ending", "the customer withdrew it")
    IN_ERROR = "in_error", pgettext_lazy("hardship ending", "it was opened in error")
    TOLD_AGAIN = "told_again", pgettext_lazy("hardship ending", "the customer told us again: a new case goes on")
    ACCOUNT_CLOSED = "account_closed", pgettext_lazy("hardship ending", "the account closed")


S = HardshipState
UNDECIDED_HARDSHIP = [S.SIGNALLED, S.RECORDED, S.INFORMATION_REQUESTED, S.ASSESSED]
# One of these for a person and place at a time. A refusal that waits to be sent leaves room for a new notice.
STANDING_HARDSHIP = [*UNDECIDED_HARDSHIP, S.GRANTED, S.UNDER_REVIEW]
OPEN_HARDSHIP = [*STANDING_HARDSHIP, S.DECLINED]
