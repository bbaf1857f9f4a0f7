"""What a person is given when they ask what we hold: all of it, nobody else's, for a while, and on record."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import Event
from collections_crm.models import DataExport
from collections_crm.privacy.export_file import table_of
from collections_crm.privacy.exports import ask_export, make_export
from collections_crm.privacy.holdings import holdings_of
from collections_crm.privacy.sections import LABELS, NOT_EXPORTED, SECTIONS
from collections_crm.tasks import make_exports
from tests.factories import NOW, make_party, make_user
from tests.privacy.people import PERSON, SECRETS, YEARS_LATER, co_borrower, sister_with_helper
from tests.privacy.test_erasure import erase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
FLOORS = ("accounts", "communications", "arrangements", "collections_crm")


def asked(client, officer, account):
    client.force_login(officer)
    client.post(reverse("account-export", args=[account.reference]))
    make_exports()
    return DataExport.objects.latest("pk")


def taken(client, export):
    answer = client.get(reverse("export-file", args=[export.pk]))
    archive = zipfile.ZipFile(BytesIO(answer.content))
    return archive, json.loads(archive.read("data.json"))


def test_every_table_is_exported_or_left_out_for_a_reason():
    """A new table is either told to the person whom it is about, or somebody says here why not."""
    every = {m._meta.label_lower for floor in FLOORS for m in apps.get_app_config(floor).get_models(
        include_auto_created=True)}  # fmt: skip
    exported = {section.model._meta.label_lower for section in SECTIONS}

    assert exported | set(NOT_EXPORTED) == every
    assert exported & set(NOT_EXPORTED) == set()
    assert all(NOT_EXPORTED.values())
    assert {column for section in SECTIONS for column in section.columns} <= set(LABELS)


def test_all_that_is_held_about_a_person_is_in_the_file(client, officer, account):
    archive, told = taken(client, asked(client, officer, account))

    everything = json.dumps(told, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret not in everything] == []
    assert [row["amount"] for row in told["ledger"]] == ["400.00", "-400.00"]
    assert next(row["outcome"] for row in told["contacts"]) == "No answer"
    assert told["decisions"][0]["verdict"] == "allow"
    assert told["parties"][0]["birth_date"] == "1985-04-12"
    page = archive.read("index.html").decode()
    assert [secret for secret in SECRETS if secret not in page] == []
    assert any(name.startswith("files/") for name in archive.namelist())


def test_the_page_is_in_the_persons_language(client, officer, account):
    party = account.parties.get()
    party.language = "es-mx"
    party.save(update_fields=["language"])

    archive, told = taken(client, asked(client, officer, account))

    page = archive.read("index.html").decode()
    assert "Lo que conservamos de usted" in page
    assert [heading for heading in ("Who you are", "Messages we wrote", "began") if f">{heading}<" in page] == []
    assert told["contacts"][0]["channel"] == "call"


def test_the_values_of_other_people_are_not_this_persons_data(client, officer, account):
    sister_with_helper(account)
    co_borrower(account)

    archive, told = taken(client, asked(client, officer, account))

    everything = json.dumps(told, ensure_ascii=False) + archive.read("index.html").decode()
    assert [word for word in ("Marta Helper", "+442079460999", "Carlos Other") if word in everything] == []
    assert "kept back" in told["notes"][0]["text"]
    assert not [name for name in archive.namelist() if name.startswith("files/")]


def test_asking_and_each_download_are_on_record(client, officer, account):
    export = asked(client, officer, account)

    taken(client, export), taken(client, export)

    about = Event.objects.filter(subject_type="dataexport", subject_id=export.pk)
    assert about.filter(kind="data_export.asked", actor=officer).count() == 1
    assert about.filter(kind="data_export.downloaded", actor=officer).count() == 2


@pytest.mark.parametrize("role", ["agent", "manager", "finance", "admin"])
def test_nobody_else_takes_the_file(client, officer, team, account, role):
    export = asked(client, officer, account)
    client.force_login(make_user(role, team))

    assert client.get(reverse("export-file", args=[export.pk])).status_code == 403


def test_after_three_days_the_file_is_gone_and_its_row_says_so(client, officer, account, settings):
    export = asked(client, officer, account)
    settings.FROZEN_NOW = NOW + timedelta(days=3, minutes=1)

    too_late = client.get(reverse("export-file", args=[export.pk]))
    make_exports()

    export.refresh_from_db()
    assert too_late.status_code == 404
    assert (export.state, export.content) == ("removed", None)
    assert export.removed_at == settings.FROZEN_NOW


def test_asked_twice_it_is_one_export_and_made_once(client, officer, account):
    first = asked(client, officer, account)
    second = asked(client, officer, account)
    made_at = second.made_at
    make_export(export_id=first.pk, now=NOW + timedelta(hours=1))

    assert first == second
    assert DataExport.objects.get().made_at == made_at
    assert second.done == second.parts == len(SECTIONS)


def test_what_a_lost_worker_had_is_made_again(officer, account, settings):
    export = ask_export(account_id=account.pk, actor=officer, now=NOW)
    DataExport.objects.filter(pk=export.pk).update(state="making", claimed_at=NOW)
    settings.FROZEN_NOW = NOW + timedelta(minutes=16)

    make_exports()

    assert DataExport.objects.get().state == "ready"


def test_after_an_erasure_the_file_is_gone_and_the_next_one_shows_tombstones(client, officer, account, settings):
    settings.FROZEN_NOW = YEARS_LATER
    old = asked(client, officer, account)

    erase(client, officer, make_user("compliance"), account)

    old.refresh_from_db()
    assert old.state == "removed"
    archive, told = taken(client, asked(client, officer, account))
    everything = json.dumps(told, ensure_ascii=False) + archive.read("index.html").decode()
    assert [secret for secret in SECRETS if secret in everything] == []
    assert told["notes"][0]["erased"] == {"on": YEARS_LATER.date().isoformat(), "rule": "uk-gdpr-erasure"}
    assert "The person asked to be erased" in archive.read("index.html").decode()


def test_a_stranger_has_an_empty_table(account):
    """Rows are found by the person alone: somebody without accounts has none but their own party."""
    of = holdings_of(make_party("Carlos Other").pk)

    found = {section.key for section in SECTIONS if table_of(section, of).told}

    assert found == {"parties"}
    assert PERSON not in str([table_of(section, of).told for section in SECTIONS])
