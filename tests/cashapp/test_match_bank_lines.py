"""The command that matches a file of bank lines and posts what is sure."""

import json
import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cashapp.models import BankStatementLine, MatchTask, Receipt
from core.models import BankAccount, LegalEntity, User
from ledger.actions import set_up_ledger
from tests.cashapp.generated import load_ledger
from tests.shared import shared_path

HEAD = "id,date,amount,text,name,iban\n"


@pytest.fixture
def euro_books(de: LegalEntity, system: User) -> LegalEntity:
    BankAccount.objects.create(entity=de, name="Sparkasse", currency="EUR", iban="DE89370400440532013000")
    set_up_ledger(by=system, entity=de)
    return de


def match(path: Path, *more: str) -> Any:
    out = StringIO()
    call_command("match_bank_lines", str(path), "--entity", "DE", "--json", *more, stdout=out)
    return json.loads(out.getvalue())


def generate(folder: Path, size: str, seed: int) -> Path:
    generator = shared_path("bench/gen.py")
    command = [sys.executable, str(generator), str(folder), "--size", size, "--seed", str(seed)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def score(folder: Path, answer: Any) -> subprocess.CompletedProcess[str]:
    decisions = folder / "decisions.json"
    decisions.write_text(json.dumps(answer))
    scorer = shared_path("bench/score_matching.py")
    return subprocess.run([sys.executable, scorer, folder, decisions], capture_output=True, text=True, check=False)


def test_a_generated_ledger_is_matched_and_nothing_is_posted_wrongly(
    euro_books: LegalEntity, system: User, tmp_path: Path
) -> None:
    size, seed = os.environ.get("O2C_MATCH_SIZE", "XS"), int(os.environ.get("O2C_MATCH_SEED", "5"))
    folder = generate(tmp_path, size, seed)
    load_ledger(folder, euro_books, system)
    trial = match(folder / "bank_lines.csv", "--dry-run")
    assert not BankStatementLine.objects.exists()

    started = time.monotonic()
    answer = match(folder / "bank_lines.csv")
    print(size, seed, round(len(answer["lines"]) / (time.monotonic() - started)), "lines/s posted,",
          round(len(answer["lines"]) / trial["seconds"]), "lines/s dry")  # fmt: skip
    scored = score(folder, answer)
    print(scored.stdout)

    assert scored.returncode == 0
    assert "wrong document" not in scored.stdout
    assert {line["id"]: line["allocations"] for line in trial["lines"]} == {
        line["id"]: line["allocations"] for line in answer["lines"]
    }
    posted = {"posted", "on_account"}
    assert Receipt.objects.count() == sum(count for kind, count in answer["counts"].items() if kind in posted)
    again = match(folder / "bank_lines.csv")
    assert answer["counts"] == again["counts"]
    assert {line["id"] for line in again["lines"]} == {line["id"] for line in answer["lines"]}


def test_what_is_not_sure_waits_on_the_cash_desk(euro_books: LegalEntity, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(HEAD + "7,2026-05-12,12000,PAYMENT,SOMEBODY,\n")
    (line,) = match(path)["lines"]
    assert (line["decision"], line["customer"], line["allocations"]) == ("unidentified", None, [])
    assert MatchTask.objects.get().state == MatchTask.State.TO_MATCH


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,date\n1,2026-05-12\n", "lacks the columns amount, text, name, iban"),
        (HEAD + "1,12.05.2026,100,,,\n", "row 2: “12.05.2026” and “100” are no date and amount"),
        (HEAD + "1,2026-05-12,1.50,,,\n", "“1.50” are no date and amount in minor units"),
        (HEAD + "1,2026-05-12,1_000,,,\n", "“1_000” are no date and amount in minor units"),
        (HEAD + "1,2026-05-12,100,a\n", "row 2: it has more or fewer cells"),
        (HEAD + "1,2026-05-12,1,,,\n1,2026-05-13,1,,,\n", "the id “1” is missing or names two lines"),
        ("\x00", "is no text file"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(
    content: str, words: str, euro_books: LegalEntity, tmp_path: Path
) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=words):
        match(path)


def test_a_company_without_a_bank_account_is_refused(de: LegalEntity, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(HEAD)
    with pytest.raises(CommandError, match="no such bank account. There is none yet"):
        match(path)
