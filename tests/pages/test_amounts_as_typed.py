"""An amount is the same amount however it is typed: what is asked can be approved."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.services.approvals import return_for_correction
from arrangements.models import Escalation
from tests.factories import NOW, again, make_limit
from tests.support.cases import account_for, raise_case

pytestmark = pytest.mark.django_db

SPELLINGS = ["{n}", "{n}.0", "{n}.00", "{n}.5", "{n}.50", " {n} ", "{n:,}", "{n:,}.00"]
pages = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _frozen(settings, now):
    settings.FROZEN_NOW = now


def page_as(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked(typed):
    form = {"kind": "settlement", "reason": "offered", "note": "Please look at it.", "pay_by": "2026-11-28"}
    return form | {"amount": typed, "idempotency": uuid4()}


def raised(typed, agent, _manager):
    account = account_for("settlement")
    page_as(agent).post(reverse("escalate", args=[account.reference]), asked(typed))
    return Escalation.objects.get(account=account)


def corrected(typed, agent, manager):
    case = raise_case("settlement", agent)
    answer = {"reason": "unclear", "sentence": "How much?", "actor": manager, "now": NOW}
    return_for_correction(approval_id=case.approval_id, **answer)
    page_as(agent).post(reverse("escalation-correct", args=[case.pk]), asked(typed))
    return again(case)


@pytest.mark.parametrize("ask", [raised, corrected])
@pages
@given(amount=st.integers(1, 1199), spelling=st.sampled_from(SPELLINGS))
def test_however_an_amount_is_typed_the_request_can_be_approved(ask, amount, spelling, agent, manager):
    with transaction.atomic():
        request = ask(spelling.format(n=amount), agent, manager).approval
        make_limit("manager", settlement_max_discount=Decimal("1.000"))

        page = page_as(manager).get(reverse("approval", args=[request.pk])).content.decode()
        page_as(manager).post(reverse("approval-act", args=[request.pk, "approve"]), {"idempotency": uuid4()})

        assert "The terms have changed" not in page
        assert again(request).state == "executed"
        transaction.set_rollback(True)
