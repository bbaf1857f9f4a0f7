"""Databases for one measurement each, cloned from the one that this run migrated."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg2
from django.db import connections
from psycopg2 import sql

# Files are copied as they are: a large book needn't go through the log.
CREATE = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"


@contextmanager
def fresh_database(template: str = "", *, kept: bool = False) -> Iterator[str]:
    """Point Django at a copy of `template`, by default an empty, migrated one; drop it at the end unless it is kept."""
    present = connections["default"].settings_dict["NAME"]
    name = f"bench_{uuid.uuid4().hex[:12]}"
    _point_at(present)
    _administer(CREATE, name, template or present)
    _point_at(name)
    try:
        yield name
    finally:
        _point_at(present)
        if not kept:
            _administer("DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def copied_database() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Keep a copy of the present database as it is now. What is given leads Django there for a while."""
    present = connections["default"].settings_dict["NAME"]
    copy = f"bench_{uuid.uuid4().hex[:12]}"
    connections["default"].close()
    _administer(CREATE, copy, present)

    @contextmanager
    def inside() -> Iterator[None]:
        _point_at(copy)
        try:
            yield
        finally:
            _point_at(present)

    try:
        yield inside
    finally:
        _administer("DROP DATABASE {} WITH (FORCE)", copy)


def _point_at(name: str) -> None:
    connections["default"].close()
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def _administer(statement: str, *names: str) -> None:
    admin = psycopg2.connect(os.environ["DATABASE_URL"], dbname="postgres")
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        admin.close()
