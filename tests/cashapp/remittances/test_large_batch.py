"""A payment of 3,600 invoices with one remittance is booked, in one go and soon."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.management import call_command
from django.db import transaction

from cashapp.actions.remittances import take_in_remittance
from cashapp.models import MatchTask, Receipt
from core.models import LegalEntity, User
from customers.models import Customer
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post

Make = Callable[..., Any]
LINES = 3600
# On two shared cores it takes a few seconds; ten times that means that something asks line by line.
PATIENCE = 60.0


def test_3600_documents_of_one_payment_are_settled(
    system: User, clerk: User, uk: LegalEntity, castle: Customer, bank_line: Make, may: Any
) -> None:
    amounts = [Decimal(1000 + number).scaleb(-2) for number in range(LINES)]
    drafts = []
    for number, amount in enumerate(amounts):
        item = ItemDraft(f"INV-{10000 + number}", OpenItem.Kind.INVOICE, may(1), may(1))
        lines = (
            LineDraft(Account.Role.RECEIVABLES, debit=amount, customer=castle, item=item),
            LineDraft(Account.Role.REVENUE, credit=amount),
        )
        drafts.append(EntryDraft(uk, JournalEntry.Kind.INVOICE, may(1), "GBP", lines, f"invoice:{number}"))
    with transaction.atomic():
        post(by=system, entries=drafts)
    line = bank_line(str(sum(amounts)), "BATCH TR-4711042", on=may(12), payer="CASTLE FIBRE LTD")
    rows = [f"INV-{10000 + number},{amount}" for number, amount in enumerate(amounts)]
    content = "\n".join(
        ["Account,C-10001", "Trace,TR-4711042", "Date paid,2026-05-12", "Invoice,Amount", *rows]
    ).encode()

    began = time.perf_counter()
    take_in_remittance(by=clerk, entity=uk, name="batch.csv", content=content)
    took = time.perf_counter() - began

    assert not OpenItem.objects.filter(kind=OpenItem.Kind.INVOICE, open_amount__gt=0).exists()
    receipt = Receipt.objects.get(line=line)
    assert (receipt.item.open_amount, MatchTask.objects.get(line=line).rule) == (0, "remittance_and_sum")
    assert receipt.item.credit_allocations.count() == LINES
    print(f"took {took:.1f} s")
    assert took < PATIENCE
    call_command("check_ledger", verbosity=0)
