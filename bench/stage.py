"""A database of its own, made for one measurement and dropped after it, and a company in it."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from o2c import celery_app, local

DATABASE = "o2c_bench"
COMPANY, PAYERS = "BENCH", "BANK"


def begin() -> None:
    """Turn this process to the measuring database; its tasks, files and cache stay here."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")
    os.environ.setdefault("O2C_DEBUG", "false")
    local.start_servers_or_exit()
    settings.DATABASES["default"]["NAME"] = DATABASE
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.MEDIA_ROOT = tempfile.mkdtemp(prefix="o2c-bench-")
    settings.ALLOWED_HOSTS = ["localhost"]
    celery_app.conf.update(broker_url="memory://", task_always_eager=False)
    django.setup()


@contextmanager
def own_database() -> Iterator[None]:
    """An empty database with all tables; dropped at the end, whatever happens."""
    _drop()
    _run_on_server("CREATE DATABASE {}")
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("build_ui", verbosity=0, stdout=StringIO())
        yield
    finally:
        connection.close()
        _drop()


def open_company(code: str) -> None:
    """A company in euro with its books."""
    facts = {"name": code.title(), "currency": "EUR", "country": "DE", "tax_number": "DE136695976"}
    call_command("open_company", code, stdout=StringIO(), administrator="bench@o2c.example", **facts)


def _drop() -> None:
    """Whoever is left in it is sent away; a vacuum of the server's own gives way to a plain DROP only."""
    with suppress(psycopg.Error):
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    _run_on_server("DROP DATABASE IF EXISTS {}")


def _run_on_server(statement: str) -> None:
    try:
        _execute(statement)
    except psycopg.Error as error:
        sys.exit(f"Measuring needs a database of its own, {DATABASE}, on the server, and can't make it: {error}")


def _execute(statement: str) -> None:
    where = settings.DATABASES["default"]
    asked = {
        "host": where["HOST"],
        "port": where["PORT"],
        "user": where["USER"],
        "password": where["PASSWORD"],
        "dbname": "postgres",
    }
    given = {name: value for name, value in asked.items() if value}
    with psycopg.connect(autocommit=True, **given) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(DATABASE)))
