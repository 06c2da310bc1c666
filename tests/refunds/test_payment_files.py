"""A refund from its approval to the bank line: the file is made by Nora, released by Finn, and may come back."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from cashapp.models import LinePosting
from core import clock
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from core.money import money
from customers.actions import end_bank_account
from customers.models import Customer, CustomerBankAccount
from invoicing.actions.item_changes import ChangeRefused
from invoicing.models import Refund
from ledger.actions import end_claim, open_claim
from messaging.models import Message
from refunds.actions import cancel_batch, clear_payments, fail_payment, prepare_batch, release_batch, take_batch
from refunds.errors import BatchRefused, PaymentRefused
from refunds.models import PaymentBatch, PaymentChannel
from refunds.queries.payable import refunds_to_pay
from tests.cashapp.queues.test_query_ceilings import asked
from tests.cashapp.receipts.conftest import t_account

Approved = Callable[..., Refund]


@pytest.fixture
def pay_on(uk: LegalEntity) -> date:
    """A day on which the bank can still carry something out."""
    return clock.today(uk) + timedelta(days=3)


@pytest.fixture
def made(
    approved: Approved, paid_to: CustomerBankAccount, channel: PaymentChannel, clerk: User, pay_on: date
) -> PaymentBatch:
    """Nora's file of one refund of 120.00."""
    return prepare_batch(by=clerk, channel=channel, refunds=[approved("120.00", paid_to)], paid_on=pay_on)


@pytest.fixture
def released(made: PaymentBatch, finance_manager: User, may: Callable[[int], date]) -> PaymentBatch:
    return release_batch(by=finance_manager, batch=made, released_on=may(12))


# Making --------------------------------------------------------------------------------------------------------------


def test_the_file_says_who_is_paid_and_its_hash_is_kept(made: PaymentBatch, books: LegalEntity) -> None:
    content = made.file.read()

    assert sha256(content).hexdigest() == made.file_hash
    (record,) = [line for line in content.decode().splitlines() if line.startswith("20000055779911099")]
    assert "00000012000" in record and made.payments.get().reference in record
    assert made.money == money("120.00 GBP")
    assert not refunds_to_pay(books).exists()
    assert t_account(books)["refunds_payable"] == "-120.00", "nothing is paid before the release"


def test_a_refund_is_in_one_file_only(made: PaymentBatch, channel: PaymentChannel, clerk: User, pay_on: date) -> None:
    refund = made.payments.get().refund

    with pytest.raises(PaymentRefused, match=f"{refund} is on its way already"):
        prepare_batch(by=clerk, channel=channel, refunds=[refund], paid_on=pay_on)


def test_a_file_is_refused_for_the_past_for_nothing_and_by_whoever_may_not(
    approved: Approved, paid_to: CustomerBankAccount, channel: PaymentChannel, clerk: User, pay_on: date, manager: User
) -> None:
    refund = approved("120.00", paid_to)
    with pytest.raises(BatchRefused, match="carries nothing out in the past"):
        prepare_batch(by=clerk, channel=channel, refunds=[refund], paid_on=pay_on - timedelta(days=30))
    with pytest.raises(BatchRefused, match="Choose refunds to pay"):
        prepare_batch(by=clerk, channel=channel, refunds=[], paid_on=pay_on)
    with pytest.raises(NotAllowed):
        prepare_batch(by=manager, channel=channel, refunds=[refund], paid_on=pay_on)


def test_without_verified_details_nothing_is_asked_or_paid(
    approved: Approved, paid_to: CustomerBankAccount, channel: PaymentChannel, clerk: User, pay_on: date, manager: User
) -> None:
    refund = approved("100.00", paid_to)
    end_bank_account(by=manager, account=paid_to)

    with pytest.raises(PaymentRefused, match="isn't verified by a second person, or not in use"):
        prepare_batch(by=clerk, channel=channel, refunds=[refund], paid_on=pay_on)
    paid_to.refresh_from_db()
    with pytest.raises(ChangeRefused, match="isn't verified for this customer"):
        approved("20.00", paid_to)


def test_a_refund_to_the_card_is_in_no_file(
    approved: Approved, channel: PaymentChannel, clerk: User, pay_on: date
) -> None:
    with pytest.raises(PaymentRefused, match="goes back to where the money came from"):
        prepare_batch(by=clerk, channel=channel, refunds=[approved("120.00", None)], paid_on=pay_on)


# Claims and debts ----------------------------------------------------------------------------------------------------


def test_never_while_a_claim_at_the_bank_is_open(
    approved: Approved, receipt: Any, paid_to: CustomerBankAccount, channel: PaymentChannel, clerk: User,
    finance_manager: User, pay_on: date, may: Callable[[int], date],
) -> None:  # fmt: skip
    refund = approved("100.00", paid_to)
    batch = prepare_batch(by=clerk, channel=channel, refunds=[refund], paid_on=pay_on)
    facts: dict[str, Any] = {"reference": "DDICA-7", "reason": "Not authorised", "claimed_on": may(12)}
    claim = open_claim(by=clerk, item=receipt.item, **facts)
    assert open_claim(by=clerk, item=receipt.item, **facts) == claim

    with pytest.raises(PaymentRefused, match=r"claims RC-2026-000001 back at their bank \(DDICA-7\)"):
        release_batch(by=finance_manager, batch=batch, released_on=may(12))
    with pytest.raises(ChangeRefused, match=r"claims RC-2026-000001 back at their bank"):
        approved("20.00", paid_to)

    end_claim(by=clerk, claim=claim, ended_on=may(13), outcome="Dropped by the payer")
    assert release_batch(by=finance_manager, batch=batch, released_on=may(13)).released_by == finance_manager


def test_overdue_debt_comes_first(
    approved: Approved, paid_to: CustomerBankAccount, castle: Customer, invoice: Any, may: Callable[[int], date]
) -> None:
    invoice(castle, "INV-7", "60.00", may(1))

    with pytest.raises(ChangeRefused, match=r"owes 60.00 GBP overdue. Set the credit against that first"):
        approved("120.00", paid_to)


# Releasing -----------------------------------------------------------------------------------------------------------


def test_released_it_is_under_way_and_the_payee_is_told(released: PaymentBatch, books: LegalEntity) -> None:
    accounts = t_account(books)
    assert ("refunds_payable" in accounts, accounts["payments_under_way"]) == (False, "-120.00")
    told = Message.objects.get(kind="refund_paid")
    assert told.document == released.payments.get().reference


def test_whoever_made_the_file_does_not_release_it(
    made: PaymentBatch, clerk: User, system: User, channel: PaymentChannel, may: Callable[[int], date]
) -> None:
    with pytest.raises(NotAllowed):
        release_batch(by=clerk, batch=made, released_on=may(12))
    with pytest.raises(IntegrityError, match="does_not_release_it"), transaction.atomic():
        PaymentBatch.objects.filter(pk=made.pk).update(released_by=clerk, released_at=clock.now())


def test_the_system_releases_nothing_that_it_made(
    approved: Approved, paid_to: CustomerBankAccount, channel: PaymentChannel, system: User, pay_on: date,
    may: Callable[[int], date],
) -> None:  # fmt: skip
    batch = prepare_batch(by=system, channel=channel, refunds=[approved("120.00", paid_to)], paid_on=pay_on)

    with pytest.raises(BatchRefused, match="You made .* yourself; somebody else releases it"):
        release_batch(by=system, batch=batch, released_on=may(12))


def test_releasing_twice_posts_once(
    released: PaymentBatch, second_manager: User, books: LegalEntity, may: Callable[[int], date]
) -> None:
    again = release_batch(by=second_manager, batch=released, released_on=may(13))

    assert again.released_by == released.released_by
    assert t_account(books)["payments_under_way"] == "-120.00"


def test_a_file_is_cancelled_before_its_release_only(
    made: PaymentBatch, clerk: User, finance_manager: User, books: LegalEntity, may: Callable[[int], date],
    channel: PaymentChannel, pay_on: date,
) -> None:  # fmt: skip
    cancel_batch(by=clerk, batch=made)
    cancel_batch(by=clerk, batch=made)
    with pytest.raises(BatchRefused, match="was cancelled"):
        release_batch(by=finance_manager, batch=made, released_on=may(12))

    again = prepare_batch(by=clerk, channel=channel, refunds=list(refunds_to_pay(books)), paid_on=pay_on)
    assert again.serial == made.serial + 1
    release_batch(by=finance_manager, batch=again, released_on=may(12))
    with pytest.raises(BatchRefused, match="was released by Finn"):
        cancel_batch(by=clerk, batch=again)


# Fetching ------------------------------------------------------------------------------------------------------------


def test_only_a_released_file_is_fetched_and_the_first_time_is_marked(
    made: PaymentBatch, finance_manager: User, second_manager: User, may: Callable[[int], date]
) -> None:
    with pytest.raises(BatchRefused, match=r"over 120.00 GBP isn't released, so nobody fetches it"):
        take_batch(by=finance_manager, batch=made)
    release_batch(by=finance_manager, batch=made, released_on=may(12))

    first = take_batch(by=second_manager, batch=made)
    again = take_batch(by=finance_manager, batch=made)

    assert (again.taken_by, again.taken_at) == (second_manager, first.taken_at)
    fetched = AuditEvent.objects.filter(event="batch.taken").order_by("pk")
    assert [(event.by, event.after) for event in fetched] == [
        (who, {"total": "120.00 GBP", "sha256": made.file_hash}) for who in (second_manager, finance_manager)
    ]


def test_whoever_made_the_file_or_only_opens_documents_does_not_fetch_it(
    released: PaymentBatch, clerk: User, collector: User, auditor: User
) -> None:
    for who in (clerk, collector, auditor):
        with pytest.raises(NotAllowed):
            take_batch(by=who, batch=released)


def test_other_bytes_than_were_released_are_not_fetched(released: PaymentBatch, finance_manager: User) -> None:
    Path(default_storage.path(released.file.path)).write_bytes(b"pay somebody else")

    with pytest.raises(BatchRefused, match="is not the file that Nora made"):
        take_batch(by=finance_manager, batch=released)


def test_the_file_is_reached_through_its_release_and_by_no_address(
    made: PaymentBatch, signed_in: Any, clerk: User, finance_manager: User, may: Callable[[int], date]
) -> None:
    page, take = f"/refund-payments/files/{made.pk}/", f"/refund-payments/files/{made.pk}/take/"
    nora = signed_in(clerk)
    assert nora.get(f"/files/{made.file_id}/").status_code == 404
    assert nora.post(take).status_code == 403

    finn = signed_in(finance_manager)
    assert "isn&#x27;t released" in finn.post(take, follow=True).content.decode()
    assert take not in finn.get(page).content.decode()
    finn.post(f"{page}release/")
    assert "Fetch the file" in finn.get(page).content.decode()
    answer = finn.post(take)
    assert (answer.content, answer["Content-Disposition"].split(";")[0]) == (made.file.read(), "attachment")
    assert finn.get(f"/files/{made.file_id}/").status_code == 404
    shown = finn.get(page).content.decode()
    assert "Fetch the file again" in shown and "Finn fetched this file" in shown


# The bank's answers --------------------------------------------------------------------------------------------------


def test_the_bank_line_takes_it_off_the_bank(
    released: PaymentBatch, clerk: User, bank_line: Any, books: LegalEntity, may: Callable[[int], date]
) -> None:
    payment, line = released.payments.get(), bank_line("-120.00", "BACS REFUNDS", on=may(14))

    entry = clear_payments(by=clerk, payments=[payment], line=line)

    assert clear_payments(by=clerk, payments=[payment], line=line) == entry
    assert "payments_under_way" not in t_account(books)
    assert LinePosting.objects.get().entry == entry, "the reconciliation of the day knows the line"


def test_a_line_of_another_sum_or_a_payment_that_never_left_is_refused(
    released: PaymentBatch, clerk: User, bank_line: Any, may: Callable[[int], date], collector: User
) -> None:
    payment, line = released.payments.get(), bank_line("-119.00", "BACS REFUNDS", on=may(14))

    with pytest.raises(PaymentRefused, match=r"is not the 120.00 GBP of these payments"):
        clear_payments(by=clerk, payments=[payment], line=line)
    with pytest.raises(NotAllowed):
        clear_payments(by=collector, payments=[payment], line=line)


def test_a_payment_that_came_back_is_payable_again(
    released: PaymentBatch, clerk: User, books: LegalEntity, may: Callable[[int], date]
) -> None:
    payment = released.payments.get()
    with pytest.raises(PaymentRefused, match="Say why"):
        fail_payment(by=clerk, payment=payment, failed_on=may(15), reason=" ")

    failed = fail_payment(by=clerk, payment=payment, failed_on=may(15), reason="Account closed")

    assert fail_payment(by=clerk, payment=payment, failed_on=may(16), reason="Again").failed_on == failed.failed_on
    assert (t_account(books)["refunds_payable"], list(refunds_to_pay(books))) == ("-120.00", [payment.refund])


def test_what_is_still_in_an_unreleased_file_cannot_come_back(
    made: PaymentBatch, clerk: User, may: Callable[[int], date]
) -> None:
    with pytest.raises(PaymentRefused, match="has not left yet. Cancel its file instead"):
        fail_payment(by=clerk, payment=made.payments.get(), failed_on=may(15), reason="Account closed")


# Pages ---------------------------------------------------------------------------------------------------------------


def test_the_pages_lead_from_the_list_to_the_released_file(
    approved: Approved, paid_to: CustomerBankAccount, channel: PaymentChannel, signed_in: Any, clerk: User,
    finance_manager: User, pay_on: date,
) -> None:  # fmt: skip
    refund = approved("120.00", paid_to)
    nora = signed_in(clerk)
    assert refund.number in nora.get("/refund-payments/").content.decode()
    assert nora.get("/refund-payments/?format=xlsx").status_code == 200
    facts = {"refund": [refund.pk], "channel": channel.pk, "paid_on": pay_on.isoformat()}
    page = nora.post("/refund-payments/files/make/", facts, follow=True).content.decode()
    batch = PaymentBatch.objects.get()
    assert "Waits for release" in page and batch.file_hash in page
    assert f"/refund-payments/files/{batch.pk}/release/" not in page

    finn = signed_in(finance_manager)
    assert (
        f"/refund-payments/files/{batch.pk}/release/"
        in finn.get(f"/refund-payments/files/{batch.pk}/").content.decode()
    )
    finn.post(f"/refund-payments/files/{batch.pk}/release/")
    batch.refresh_from_db()
    assert batch.released_by == finance_manager
    assert "Under way" in finn.get("/refund-payments/").content.decode()
    assert "Under way" in finn.get(f"/refund-payments/refunds/{refund.pk}/state/").content.decode()
    assert "Released" in finn.get("/refund-payments/files/").content.decode()
    assert finn.get("/refund-payments/channels/").status_code == 200


def test_more_refunds_ask_the_database_no_more_often(
    approved: Approved, paid_to: CustomerBankAccount, channel: PaymentChannel, signed_in: Any, clerk: User,
    finance_manager: User, pay_on: date, may: Callable[[int], date],
) -> None:  # fmt: skip
    def morning() -> None:
        """One refund to the account, one to where the money came from, and one that left in a file."""
        batch = prepare_batch(by=clerk, channel=channel, refunds=[approved("5.00", paid_to)], paid_on=pay_on)
        release_batch(by=finance_manager, batch=batch, released_on=may(12))
        approved("6.00", paid_to)
        approved("7.00", None)

    pages = ("/refund-payments/", "/refund-payments/?format=xlsx", "/refund-payments/files/", "/duplicate-payments/")
    nora = signed_in(clerk)
    morning()
    few = {page: asked(nora, page) for page in pages}
    for _ in range(3):
        morning()

    assert {page: (few[page], often) for page in pages if (often := asked(nora, page)) > few[page]} == {}
