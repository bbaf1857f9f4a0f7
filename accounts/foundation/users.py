"""Who works here."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who may log in."""
