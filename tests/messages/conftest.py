import pytest

from accounts.models import ContactPoint
from accounts.services.contact_points import record_consent
from tests.factories import NOW, place_account
from tests.support.texts import running_provider


@pytest.fixture
def provider(tmp_path, settings):
    with running_provider(tmp_path) as running:
        settings.SMS_API_URL = running.url
        yield running


@pytest.fixture
def customer(db):
    """Agreed to texts and e-mails."""
    account = place_account(email="juana@example.com", phone="020 7946 0321")
    for kind, channel in (("phone", "text"), ("email", "email")):
        point = ContactPoint.objects.get(party__accounts=account, kind=kind)
        record_consent(contact_point_id=point.pk, channel=channel, basis="given", actor=None, now=NOW)
    return account
