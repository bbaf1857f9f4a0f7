"""Databases for tests: each is a clone of the one that `bin/test` migrated."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.db import connections
from psycopg2 import sql

ALIAS = "default"


@contextmanager
def cloned(template: str) -> Iterator[str]:
    """Point Django, its later threads included, at a fresh clone of `template`; drop the clone at the end."""
    settings = connections.settings[ALIAS]
    before, clone = settings["NAME"], f"clone_{uuid.uuid4().hex[:12]}"
    _administer("CREATE DATABASE {} TEMPLATE {}", clone, template)
    _point_at(clone)
    try:
        yield clone
    finally:
        _point_at(before)
        _administer("DROP DATABASE {} WITH (FORCE)", clone)


def _point_at(name: str) -> None:
    connections.settings[ALIAS]["NAME"] = name
    connections[ALIAS].close()
    connections[ALIAS].settings_dict["NAME"] = name


def _administer(statement: str, *names: str) -> None:
    admin = psycopg2.connect(os.environ["DATABASE_URL"], dbname="postgres")
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        admin.close()
