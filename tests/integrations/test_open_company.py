"""A company is opened with everything that it needs, by one command."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from controls.models import AuthorityLimit
from core.models import LegalEntity, User
from core.permissions import may
from ledger.models import Account


def open_up(code: str, *options: str) -> dict[str, str]:
    out = StringIO()
    words = [
        "--name",
        "Brightwater",
        "--currency",
        "gbp",
        "--country",
        "GB",
        "--administrator",
        "Ada@brightwater.example",
    ]
    call_command("open_company", code, *words, "--json", *options, stdout=out)
    answer: dict[str, str] = json.loads(out.getvalue())
    return answer


def test_a_new_company_has_books_limits_and_an_administrator(system: User) -> None:
    answer = open_up("uk")

    entity = LegalEntity.objects.get(code="UK")
    ada = User.objects.get(email="ada@brightwater.example")
    assert (answer["company"], answer["currency"]) == ("UK", "GBP")
    assert ada.check_password(answer["password"])
    assert may(ada, "core.grant_role", entity)
    assert Account.objects.filter(entity=entity, role=Account.Role.RECEIVABLES).exists()
    assert AuthorityLimit.objects.filter(entity=entity).exists()


def test_a_second_company_goes_to_the_same_administrator(system: User) -> None:
    open_up("uk")
    answer = open_up("fr")

    ada = User.objects.get(email="ada@brightwater.example")
    assert "password" not in answer
    assert len(ada.entity_ids()) == 2


def test_a_code_is_taken_once(system: User) -> None:
    open_up("uk")

    with pytest.raises(CommandError, match="The code UK is taken|The code uk is taken"):
        open_up("uk")
