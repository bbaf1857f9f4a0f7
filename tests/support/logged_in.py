"""A browser without scripts, in which somebody has logged in already."""

from django.test import Client

from accounts.models import User


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
