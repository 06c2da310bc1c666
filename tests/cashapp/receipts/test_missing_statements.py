"""The bank's statement doesn't come: whoever takes statements in is told, once a day and account, on business days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from django.test import Client

from cashapp.actions.missing_statements import tell_of_missing_statements
from cashapp.actions.statements import import_statement
from cashapp.models import BankStatement, ProcessingHours
from cashapp.tasks import tell_of_missing_statements as task
from core import clock
from core.actions import mark_day
from core.errors import NotAllowed
from core.models import LegalEntity, User
from messaging.kinds import kind_named
from messaging.models import Message
from messaging.previews import preview_of
from tests.cashapp.conftest import IBAN

Statement = Callable[..., BankStatement]
SignIn = Callable[[User], Client]


def at(day: int, hour: int = 9) -> datetime:
    """A moment in May by UTC; London's clocks are an hour ahead of it."""
    return datetime(2026, 5, day, hour, tzinfo=UTC)


@pytest.fixture
def statement(books: LegalEntity, system: User, statement_text: Callable[..., bytes]) -> Statement:
    """A statement of a day on which nothing moved: statement(13)."""

    def take_in(day: int) -> BankStatement:
        content = statement_text(day, "1000.00", [], opened=day - 1)
        return import_statement(by=system, entity=books, name=f"{day}.sta", content=content)[0].statement

    return take_in


def told(by: User, entity: LegalEntity, moment: datetime) -> list[Message]:
    return tell_of_missing_statements(by=by, entity=entity, at=moment)


def test_who_takes_statements_in_is_told_once_a_day(
    statement: Statement, system: User, clerk: User, collector: User, manager: User, books: LegalEntity
) -> None:
    """Nora imports statements; neither Colin nor Maya does. The twelfth is there, the thirteenth is not."""
    statement(12)
    assert told(system, books, at(13)) == [], "the thirteenth is not over"

    (message,) = told(system, books, at(14))
    assert told(system, books, at(14, 15)) == [message]
    assert (message.to_addresses, message.customer, message.document) == ([clerk.email], None, "Barclays current")

    (second,) = told(system, books, at(15))
    assert second != message
    assert Message.objects.filter(kind="statement_missing").count() == 2


@pytest.mark.parametrize(
    ("moment", "why"),
    [(at(14, 7), "before nine in London"), (at(16), "a Saturday"), (at(25), "the spring bank holiday")],
)
def test_nobody_is_told_before_work_or_on_a_day_off(
    moment: datetime, why: str, statement: Statement, system: User, clerk: User, books: LegalEntity
) -> None:
    statement(12)

    assert told(system, books, moment) == [], why


def test_a_day_off_of_the_company_needs_no_statement(
    statement: Statement, system: User, administrator: User, clerk: User, books: LegalEntity
) -> None:
    statement(12)
    mark_day(by=administrator, entity=books, on=date(2026, 5, 13), is_working=False, name="Moving house")

    assert told(system, books, at(14)) == []


def test_what_came_meanwhile_is_not_asked_for(
    statement: Statement, system: User, clerk: User, books: LegalEntity
) -> None:
    """It says which days are missing when it leaves; once they are there it doesn't leave any more."""
    statement(12)
    (message,) = told(system, books, at(14))
    said = preview_of(message).wording
    assert said.subject == "No statement of Barclays current …5555"
    assert "/bank-statements/days/" in said.text and "bank days of Barclays current …5555 are over" in said.text
    assert kind_named("statement_missing").still_true(message) is None

    until = clock.today(books)
    content = f":20:ALL\n:25:{IBAN}\n:28C:99/1\n:60F:C260512GBP1000,00\n:62F:C{until:%y%m%d}GBP1000,00\n-\n".encode()
    import_statement(by=system, entity=books, name="all.sta", content=content)
    assert kind_named("statement_missing").still_true(message) == "The statements of Barclays current are there."


def test_the_page_of_the_message_names_the_colleague(
    statement: Statement, system: User, clerk: User, manager: User, books: LegalEntity, signed_in: SignIn
) -> None:
    statement(12)
    (message,) = told(system, books, at(14))
    browser = signed_in(manager)

    page = browser.get(f"/messages/{message.pk}/").content.decode()
    assert "to Nora" in page and "Barclays current" in page
    assert "Colleague" in browser.get("/messages/").content.decode()


def test_only_the_schedule_tells(clerk: User, books: LegalEntity) -> None:
    with pytest.raises(NotAllowed, match="tell of missing statements"):
        told(clerk, books, at(14))


def test_the_schedule_asks_every_company(
    statement: Statement, administrator: User, clerk: User, books: LegalEntity, de: LegalEntity
) -> None:
    """On whichever day this is read, Brightwater works around the clock; Halden keeps no account yet."""
    statement(12)
    today = clock.today(books)
    mark_day(by=administrator, entity=books, on=today, is_working=True, name="Month end")
    ProcessingHours.objects.create(entity=books, time_zone="Europe/London", opens_at=time(0), closes_at=time(23, 59))

    assert (task(), task()) == (1, 1)
    assert Message.objects.get(kind="statement_missing").to_addresses == [clerk.email]
