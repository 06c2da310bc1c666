"""Real threads: a refund gets into one file, a file is released once, nothing is posted beside a signature."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cashapp.actions.reconciling import prepare_reconciliation, sign_reconciliation
from cashapp.actions.statements import import_statement
from cashapp.errors import ReconciliationRefused
from cashapp.models import BankReconciliation
from core import clock
from core.models import BankAccount, LegalEntity, User
from ledger.models import Account, JournalEntry
from ledger.posting import DaySigned, EntryDraft, LineDraft, post
from ledger.proofs import prove_ledger
from refunds.actions import prepare_batch, release_batch
from refunds.errors import PaymentRefused
from refunds.models import PaymentBatch, RefundPayment
from tests.ledger.test_two_people_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clerks_and_one_refund(
    approved: Any, paid_to: Any, channel: Any, clerk: User, person: Callable[..., User], uk: LegalEntity,
    finance_manager: User, second_manager: User, may: Callable[[int], date],
) -> None:  # fmt: skip
    refund, other = approved("120.00", paid_to), person("Nils", uk, "ar_specialist")
    day = clock.today(uk) + timedelta(days=3)

    made = at_once(
        *(lambda by=by: prepare_batch(by=by, channel=channel, refunds=[refund], paid_on=day) for by in (clerk, other))
    )

    assert sum(isinstance(result, PaymentBatch) for result in made) == 1, made
    assert sum(isinstance(result, PaymentRefused) for result in made) == 1, made
    batch = PaymentBatch.objects.get()

    released = at_once(
        *(
            lambda by=by: release_batch(by=by, batch=batch, released_on=may(12))
            for by in (finance_manager, second_manager)
        )
    )

    assert {result.released_by_id for result in released} == {PaymentBatch.objects.get().released_by_id}
    assert JournalEntry.objects.filter(key=f"refund-payment:{RefundPayment.objects.get().pk}").count() == 1


def test_a_posting_beside_the_signature(
    books: LegalEntity, bank_account: BankAccount, statement_text: Callable[..., bytes], system: User, clerk: User,
    finance_manager: User, may: Callable[[int], date],
) -> None:  # fmt: skip
    import_statement(by=system, entity=books, name="12.sta", content=statement_text(12, "1000.00", []))
    prepared = prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(12))
    lines = (LineDraft(Account.Role.BANK, credit=Decimal(1)), LineDraft(Account.Role.BANK_CHARGES, debit=Decimal(1)))
    charge = EntryDraft(books, JournalEntry.Kind.TRANSFER, may(12), "GBP", lines, key=None)

    posted, signed = at_once(
        lambda: post(by=system, entries=[charge]),
        lambda: sign_reconciliation(by=finance_manager, reconciliation=prepared),
    )

    if isinstance(signed, BankReconciliation):
        assert isinstance(posted, DaySigned), posted
    else:
        assert isinstance(signed, ReconciliationRefused) and isinstance(posted, list), (signed, posted)
    assert prove_ledger().problems == []
