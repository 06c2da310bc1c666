"""The stage on which every test plays: two companies and the people who work in them.

Nora bills and posts cash, Colin collects, Maya manages, Finn is the finance manager, Audrey audits and Adam looks after
people and settings, all of them in Brightwater UK. Stella works in Halden DE only and must see nothing of the UK.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from django.test import Client
from hypothesis import HealthCheck, settings

from core.models import LegalEntity, RoleGrant, User
from o2c import celery_app, local

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CACHE = "django.core.cache.backends.locmem.LocMemCache"
# A machine with other work is slow to make up examples; that says nothing about what is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
PASSWORD = "correct horse battery staple"  # noqa: S105 - people of the tests


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded servers, make fonts and styles; tasks run at once and never reach a worker outside."""
    local.start_servers_or_exit()
    if not hasattr(config, "workerinput"):
        call_command("build_ui", verbosity=0)
    celery_app.conf.update(task_always_eager=True, task_eager_propagates=True, broker_url="memory://")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes is begun first, so that no worker is left with it when the others have nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("minutes") is None)


SET_TRUNCATE_GUARDS = """
DO $$
DECLARE guard record;
BEGIN
    FOR guard IN SELECT tgrelid::regclass AS on_table, tgname FROM pg_trigger WHERE tgtype & 32 <> 0 LOOP
        EXECUTE format('ALTER TABLE %s {} TRIGGER %I', guard.on_table, guard.tgname);
    END LOOP;
END $$;
"""
MOST_ROWS = 2000
"""Beyond so many rows in a table TRUNCATE is the faster way, although it makes the files of every table anew."""
CONSTANT = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def flush_guarded_tables() -> Iterator[None]:
    """Let the test runner, which owns the tables, empty those that nobody may truncate; put the system user back."""
    plain = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, statements: Iterable[str]) -> None:
        with self.connection.cursor() as cursor:
            tables = set(self.connection.introspection.django_table_names(only_existing=True)) - CONSTANT
            filled = filled_tables(cursor, sorted(tables))
        if any(count > MOST_ROWS for count in filled.values()):
            statements = [SET_TRUNCATE_GUARDS.format("DISABLE"), *statements, SET_TRUNCATE_GUARDS.format("ENABLE")]
        else:
            statements = emptying(list(filled))
        plain(self, statements)
        User.objects.get_or_create(is_system=True, defaults={"email": "system@o2c.invalid", "name": "o2c itself"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        yield


def filled_tables(cursor: CursorWrapper, tables: Iterable[str]) -> dict[str, int]:
    """Tables with rows, and how many up to one more than the most that are deleted row by row."""
    counted = "SELECT '{0}', (SELECT count(*) FROM (SELECT 1 FROM \"{0}\" LIMIT {1}) row)"
    cursor.execute(" UNION ALL ".join(counted.format(table, MOST_ROWS + 1) for table in tables))
    return {table: count for table, count in cursor.fetchall() if count}


def emptying(tables: Iterable[str]) -> list[str]:
    """Delete the rows past the guards; the foreign keys, which wait for the end, are asked before the guards are on."""
    names = [f'"{table}"' for table in tables]
    return [
        *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names),
        *(f"DELETE FROM {name}" for name in names),
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names),
    ]


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, settings: Any) -> None:
    """Keep the files and the cache of a test to itself."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = {"default": {"BACKEND": CACHE, "LOCATION": str(tmp_path)}}


@pytest.fixture
def system(db: None) -> User:
    return User.objects.get(is_system=True)


@pytest.fixture
def uk(system: User) -> LegalEntity:
    """Brightwater UK keeps its books in pounds."""
    return LegalEntity.objects.create(
        code="UK",
        name="Brightwater",
        legal_name="Brightwater Software Ltd",
        currency="GBP",
        country="GB",
        subdivision="ENG",
        time_zone="Europe/London",
        tax_number="GB123456782",
        registration_number="Company 01234567",
        address_lines="1 Harbour Street\nBristol BS1 4RN",
        email="accounts@brightwater.example",
    )


@pytest.fixture
def de(system: User) -> LegalEntity:
    """Halden DE keeps its books in euro."""
    return LegalEntity.objects.create(
        code="DE",
        name="Halden",
        legal_name="Halden Systeme GmbH",
        currency="EUR",
        country="DE",
        subdivision="HH",
        time_zone="Europe/Berlin",
        language="de",
        tax_number="DE136695976",
        address_lines="Speicherstraße 4\n20457 Hamburg",
        email="buchhaltung@halden.example",
    )


@pytest.fixture
def person(system: User) -> Callable[..., User]:
    """Make a person with roles: person("Nora", uk, "ar_specialist")."""

    def make(name: str, entity: LegalEntity | None = None, *roles: str) -> User:
        user = User.objects.create_user(f"{name.lower()}@o2c.example", None, name=name)
        user.password = "!unusable"  # noqa: S105 - hashing is slow and most tests sign nobody in by password
        user.save()
        for role in roles:
            assert entity is not None, "a role is held in a company"
            RoleGrant.objects.create(user=user, entity=entity, role=role, granted_by=system)
        return user

    return make


@pytest.fixture
def clerk(person: Callable[..., User], uk: LegalEntity) -> User:
    return person("Nora", uk, "ar_specialist")


@pytest.fixture
def collector(person: Callable[..., User], uk: LegalEntity) -> User:
    return person("Colin", uk, "collector")


@pytest.fixture
def manager(person: Callable[..., User], uk: LegalEntity) -> User:
    return person("Maya", uk, "ar_manager")


@pytest.fixture
def finance_manager(person: Callable[..., User], uk: LegalEntity) -> User:
    return person("Finn", uk, "finance_manager")


@pytest.fixture
def auditor(person: Callable[..., User], uk: LegalEntity) -> User:
    return person("Audrey", uk, "auditor")


@pytest.fixture
def administrator(person: Callable[..., User], uk: LegalEntity) -> User:
    return person("Adam", uk, "administrator")


@pytest.fixture
def stranger(person: Callable[..., User], de: LegalEntity) -> User:
    """Works in the other company."""
    return person("Stella", de, "ar_specialist", "collector")


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """A browser without JavaScript in which somebody has signed in."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def may() -> Callable[[int], date]:
    """A day of May 2026, the month in which most stories play."""
    return lambda day: date(2026, 5, day)
