"""Payments that came twice are found with what shows it, and kept or refunded."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cashapp.actions.receipts import post_receipt
from cashapp.models import Receipt
from cashapp.money_in import Incoming
from core.errors import NotAllowed
from core.models import LegalEntity, User
from core.money import money
from customers.models import Customer
from refunds.actions import find_duplicates, keep_duplicate
from refunds.duplicates import Came, Found, Settled, duplicates_in
from refunds.errors import DuplicateRefused
from refunds.models import DuplicatePayment
from refunds.queries.duplicates import duplicates
from tests.cashapp.receipts.conftest import pays

FIRST = date(2026, 5, 4)


def came(pk: int, after: int = 0, **other: Any) -> Came:
    facts: dict[str, Any] = {
        "number": f"RC-{pk}",
        "customer": 1,
        "money": money("120.00 GBP"),
        "received_on": FIRST + timedelta(days=after),
        "payer": "Castle Fibre Ltd",
        "payer_account": "",
        "text": "INV-1",
        "is_unused": pk > 1,
    }
    return Came(pk=pk, **{**facts, **other})


@pytest.mark.parametrize(
    ("second", "is_found"),
    [
        (came(2, 0), True),
        (came(2, 45), True),
        (came(2, 46), False),
        (came(2, 1, money=money("121.00 GBP")), False),
        (came(2, 1, text="INV-2"), False),
        (came(2, 1, text="inv 1"), True),
        (came(2, 1, text=""), False),
        (came(2, 1, payer="CASTLE FIBRE LIMITED"), True),
        (came(2, 1, payer="Somebody else"), False),
        (came(2, 1, is_unused=False), False),
    ],
)
def test_same_payer_amount_and_reference_within_45_days(second: Came, is_found: bool) -> None:
    found = list(duplicates_in([came(1), second], []))

    assert [(one.receipt, one.twin) for one in found] == ([(2, 1)] if is_found else [])


def test_accounts_say_more_than_names() -> None:
    one, other = came(1, payer_account="GB1"), came(2, 1, payer_account="GB2")

    assert list(duplicates_in([one, other], [])) == []


def test_money_for_a_document_that_was_settled_before() -> None:
    paid = Settled(9, "INV-1", 1, money("120.00 GBP"), FIRST)

    assert list(duplicates_in([came(2, 3)], [paid])) == [
        Found(2, "It names INV-1 of 120.00 GBP, which was settled on 04 May 2026.", document=9)
    ]
    later = Settled(9, "INV-1", 1, money("120.00 GBP"), FIRST + timedelta(days=9))
    assert list(duplicates_in([came(2, 3)], [later])) == []


@pytest.fixture
def twice(
    clerk: User, castle: Customer, invoice: Any, bank_line: Any, may: Callable[[int], date]
) -> tuple[Receipt, Receipt]:
    """Castle pays INV-1 on the fifth, and again on the seventh."""
    bill = invoice(castle, "INV-1", "120.00", may(1))
    first = bank_line("120.00", "INV-1", on=may(5), payer="CASTLE FIBRE LTD")
    paid = post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(first), pays=pays({bill: "120.00"}))
    second = bank_line("120.00", "INV-1", on=may(7), payer="CASTLE FIBRE LTD")
    return paid, post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(second))


def test_it_is_put_on_the_list_once(
    twice: tuple[Receipt, Receipt], clerk: User, books: LegalEntity, may: Callable[[int], date]
) -> None:
    (found,) = find_duplicates(by=clerk, entity=books, as_of=may(12))

    assert (found.receipt_id, found.twin_id) == (twice[1].pk, twice[0].pk)
    assert "sent 120.00 GBP with “INV-1” 2 days before as RC-2026-000001" in found.evidence
    assert find_duplicates(by=clerk, entity=books, as_of=may(13)) == []


def test_kept_with_consent_it_leaves_the_list(
    twice: tuple[Receipt, Receipt], clerk: User, collector: User, books: LegalEntity, may: Callable[[int], date]
) -> None:
    (found,) = find_duplicates(by=clerk, entity=books, as_of=may(12))
    with pytest.raises(DuplicateRefused, match="Write who at the customer agreed"):
        keep_duplicate(by=clerk, duplicate=found, note=" ")
    with pytest.raises(NotAllowed):
        keep_duplicate(by=collector, duplicate=found, note="Ms Low, by mail of 12 May")

    kept = keep_duplicate(by=clerk, duplicate=found, note="Ms Low, by mail of 12 May")

    assert keep_duplicate(by=clerk, duplicate=found, note="Again").kept_note == kept.kept_note
    assert (duplicates(books).count(), duplicates(books, "kept").count()) == (0, 1)


def test_a_refund_of_it_leaves_the_list_and_cannot_be_kept(
    twice: tuple[Receipt, Receipt], approved: Any, paid_to: Any, clerk: User, books: LegalEntity,
    may: Callable[[int], date],
) -> None:  # fmt: skip
    (found,) = find_duplicates(by=clerk, entity=books, as_of=may(12))
    approved("120.00", paid_to, of=twice[1])

    assert (duplicates(books).count(), duplicates(books, "refunded").count()) == (0, 1)
    with pytest.raises(DuplicateRefused, match="was asked for already"):
        keep_duplicate(by=clerk, duplicate=found, note="Stays")


def test_the_page_shows_the_evidence_and_what_can_be_done(
    twice: tuple[Receipt, Receipt], clerk: User, auditor: User, signed_in: Any, books: LegalEntity,
    may: Callable[[int], date],
) -> None:  # fmt: skip
    find_duplicates(by=clerk, entity=books, as_of=may(12))
    found = DuplicatePayment.objects.get()
    page = signed_in(clerk).get("/duplicate-payments/").content.decode()
    assert found.evidence.split("“")[0] in page and f"/refunds/items/{twice[1].pk}/" in page
    assert signed_in(clerk).get("/duplicate-payments/?format=xlsx").status_code == 200
    assert (
        f"/duplicate-payments/{found.pk}/keep/" not in signed_in(auditor).get("/duplicate-payments/").content.decode()
    )
    signed_in(clerk).post(f"/duplicate-payments/{found.pk}/keep/", {"note": "Ms Low agreed"})
    found.refresh_from_db()
    assert found.kept_by == clerk
