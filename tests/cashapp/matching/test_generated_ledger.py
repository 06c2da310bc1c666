"""A whole ledger, its bank lines in date order, and the truth beside them: how often is the matcher right?"""

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cashapp.matching import BankLine, Decision, KnownCustomer, MatchProposal, OpenDocument, OpenIndex, Side, match_line
from tests.shared import shared_path


@pytest.fixture(scope="module", params=[4, 7])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ledger")
    generator = shared_path("bench/gen.py")
    seed = str(request.param)
    subprocess.run([sys.executable, generator, out, "--size", "XS", "--seed", seed], check=True, capture_output=True)
    return out


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="") as file:
        return list(csv.DictReader(file))


def truth_of(folder: Path) -> dict[str, dict[str, int]]:
    number = {row["id"]: row["number"] for row in rows(folder, "invoices.csv")}
    truth: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(folder, "allocations.csv"):
        if row["kind"] == "receipt":
            truth[row["source_id"]][number[row["invoice_id"]]] = int(row["amount"])
    return truth


def events(folder: Path) -> list[tuple[date, int, object]]:
    """Invoices and credits as they come, and bank lines after them on the same day."""
    happened: list[tuple[date, int, object]] = []
    for row in rows(folder, "invoices.csv"):
        on, due, gross = date.fromisoformat(row["date"]), date.fromisoformat(row["due_date"]), int(row["gross"])
        customer = int(row["customer_id"])
        number = row["number"]
        item = OpenDocument(row["id"], number, customer, "invoice", Side.DEBIT, gross, gross, "EUR", on, due)
        happened.append((on, 0, item))
    for row in rows(folder, "allocations.csv"):
        if row["kind"] == "credit":
            happened.append((date.fromisoformat(row["date"]), 1, (row["invoice_id"], int(row["amount"]))))
    for row in rows(folder, "bank_lines.csv"):
        on, amount = date.fromisoformat(row["date"]), int(row["amount"])
        line = BankLine(row["id"], on, amount, "EUR", row["text"], row["name"], row["iban"])
        happened.append((on, 2, line))
    return sorted(happened, key=lambda event: event[:2])


def deliver(folder: Path) -> Iterator[MatchProposal]:
    """Live through two years of a ledger; what is posted changes what is open for later lines."""
    index = OpenIndex()
    index.add_customers(
        KnownCustomer(int(row["id"]), row["code"], row["name"], (row["iban"],)) for row in rows(folder, "customers.csv")
    )
    for _, _, fact in events(folder):
        if isinstance(fact, OpenDocument):
            index.add(fact)
        elif isinstance(fact, BankLine):
            proposal = match_line(fact, index)
            if proposal.decision is Decision.POSTED:
                index.apply(proposal.applied)
            yield proposal
        elif isinstance(fact, tuple):
            document = index.document(fact[0])
            index.set_open(document.id, max(0, document.open - fact[1]))


def test_nothing_is_posted_wrongly_and_nine_of_ten_lines_are_posted_right(folder: Path) -> None:
    truth = truth_of(folder)
    posted = right = at_first_sight = lines = 0
    for proposal in deliver(folder):
        lines += 1
        said = {each.document.number: each.amount for each in proposal.applied}
        is_right = bool(said) and said == truth[str(proposal.line_id)]
        posted += proposal.decision is Decision.POSTED
        right += is_right and proposal.decision is Decision.POSTED
        at_first_sight += is_right
    assert posted == right
    assert right >= 0.9 * lines
    assert at_first_sight >= 0.94 * lines
