"""Brightwater takes cards through Stripe: its account there, and settlement files of May 2026."""

from collections.abc import Callable
from typing import Any

import pytest

from cashapp.actions.matching import match_statement
from cashapp.actions.statements import import_statement
from cashapp.matching_runs import carry_out
from cashapp.models import BankStatement
from core.models import BankAccount, LegalEntity, Run, User
from tests.cashapp.conftest import bank_account as bank_account
from tests.cashapp.queues.conftest import paid as paid
from tests.cashapp.queues.conftest import payer as payer
from tests.cashapp.queues.conftest import stripe as stripe
from tests.cashapp.receipts.conftest import bank_line as bank_line
from tests.cashapp.receipts.conftest import books as books
from tests.cashapp.receipts.conftest import castle as castle
from tests.cashapp.receipts.conftest import halden as halden
from tests.cashapp.receipts.conftest import invoice as invoice

STRIPE = (
    "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created_utc,available_on_utc,currency,"
    "gross,fee,net,reporting_category,payment_intent_id,description,customer_name,invoice_number\n"
)


def stripe_file(*rows: str) -> bytes:
    """An itemised payout report: each row is "payout transaction day gross fee kind payment [words [invoice]]"."""
    return (STRIPE + "\n".join(_row(*row.split()) for row in rows) + "\n").encode()


def _row(
    payout: str, key: str, day: str, gross: str, fee: str, kind: str, payment: str, words: str = "", number: str = ""
) -> str:
    net = f"{float(gross) - float(fee):.2f}"
    amounts = f"{gross},{fee},{net},{kind},{payment},{words},,{number}"
    return f"{payout},2026-05-14,{key},2026-05-{day} 09:00,2026-05-13,gbp,{amounts}"


@pytest.fixture
def at_stripe(books: LegalEntity) -> BankAccount:
    """Brightwater's balance at Stripe, as one of its accounts."""
    return BankAccount.objects.create(entity=books, name="Stripe balance", currency="GBP", bank_name="Stripe")


@pytest.fixture
def bring(system: User, books: LegalEntity) -> Callable[..., BankStatement]:
    """A file comes in and a worker takes it in: bring(stripe_file(…))."""

    def come(content: bytes, name: str = "settlement.csv") -> BankStatement:
        (imported,) = import_statement(by=system, entity=books, name=name, content=content)
        work_on(match_statement(by=system, statement=imported.statement))
        return imported.statement

    return come


def work_on(run: Run) -> Run:
    """Let a worker carry a run out."""
    carry_out(run)
    run.refresh_from_db()
    return run


def differences(statement: BankStatement) -> list[str]:
    """What nobody could book of a file, in the order of its lines."""
    rows: Any = statement.lines.exclude(settlement__difference="").filter(settlement__isnull=False)
    return [line.settlement.difference for line in rows.order_by("pk")]
