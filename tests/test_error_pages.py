"""What somebody reads when a page can't be given: plain words, in the same strict frame."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.urls import path

from collections_crm.urls import urlpatterns as real_urls


def refuse(request):
    raise PermissionDenied


def distrust(request):
    raise SuspiciousOperation


def break_down(request):
    raise ValueError("customer Ana Gómez, +52 81 8345 6789")


def lose_the_database(request):
    raise OperationalError("connection to server at db.internal failed: Ana Gómez")


handler403 = "collections_crm.pages.door.closed"
handler500 = "collections_crm.pages.errors.broken"
urlpatterns = [
    path("refuse", refuse),
    path("distrust", distrust),
    path("break", break_down),
    path("lose", lose_the_database),
    *real_urls,
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/distrust", 400, "not understood"),
        ("/refuse", 403, "Your role does not include this"),
        ("/nowhere", 404, "There is no such page"),
        ("/accounts/A-10001%00/", 404, "There is no such page"),
        ("/queue/?tab=now&after=%00", 404, "There is no such page"),
        ("/break", 500, "The error is in the log"),
        ("/lose", 503, "wait half a minute"),
    ],
)
def test_each_error_has_a_page_that_says_what_happened_and_nothing_private(address, status, words):
    answer = Client(raise_request_exception=False).get(address)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "Ana" not in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_plain_words():
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {})

    assert answer.status_code == 403
    assert "too old" in answer.content.decode()
