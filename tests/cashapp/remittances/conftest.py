"""The cash desk's stage, and what its customers write about their payments."""

from collections.abc import Callable
from typing import Any

import pytest

from cashapp.actions.matching import match_lines
from cashapp.actions.remittances import take_in_remittance
from cashapp.models import BankStatementLine, Remittance
from cashapp.queries.matching import load_index
from core import clock
from core.models import LegalEntity, User
from tests.cashapp.receipts.conftest import bank_line, books, castle, credit_note, halden, invoice

__all__ = ["bank_line", "books", "castle", "credit_note", "halden", "invoice"]


@pytest.fixture
def told(clerk: User, uk: LegalEntity) -> Callable[..., Remittance]:
    """Take in what a payer writes: told("Invoices: INV-1", payer="Castle Fibre Ltd", total="120.00")."""

    def take(*lines: str, by: User = clerk, **labels: Any) -> Remittance:
        head = {"payer": "Payer", "code": "Account", "trace": "Check number", "total": "Amount paid", "on": "Date paid"}
        written = [f"{head[name]}: {value}" for name, value in labels.items()]
        content = "\n".join([*written, *lines]).encode()
        (taken,) = take_in_remittance(by=by, entity=uk, name="advice.txt", content=content)
        return taken.remittance

    return take


@pytest.fixture
def matched(system: User, uk: LegalEntity) -> Callable[..., None]:
    """The matcher looks at some lines, as its run does."""

    def run(*lines: BankStatementLine) -> None:
        match_lines(by=system, entity=uk, lines=list(lines), index=load_index(uk, clock.today(uk)))

    return run
