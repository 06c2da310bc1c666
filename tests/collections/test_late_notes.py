"""Notes of late charges: nobody is asked for what nobody told them of, and what is put right is put right for each."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from ar_collections.actions.late_books import Excess, LateBooks
from ar_collections.actions.late_interest import NobodyToCharge, charge_late_interest
from ar_collections.actions.late_terms import add_late_terms, set_up_late_interest
from ar_collections.late_interest import Method
from ar_collections.late_source import LateChargeSource
from ar_collections.models import LateCharge, LateTerms
from ar_collections.queries.asked import overdue_to_ask
from ar_collections.queries.cases import house_of, load_cases
from ar_collections.tasks import put_late_charges_right
from core.models import ExchangeRate, LegalEntity, User
from core.money import money
from customers.models import Address, Contact, Customer
from ledger.models import OpenItem
from messaging.actions import resend_message
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.dunning import at, office_hours, switch_all_on
from tests.collections.suspending import clock_at

DUE, PAID, CHARGED = date(2026, 3, 31), date(2026, 8, 15), date(2026, 9, 1)
AUTUMN = date(2026, 10, 20)
Debtor = Callable[..., OpenItem]


@pytest.fixture
def law(books: LegalEntity, system: User) -> LegalEntity:
    set_up_late_interest(by=system, entity=books, valid_from=date(2026, 1, 1))
    return books


@pytest.fixture
def debtor(law: LegalEntity, system: User, new_customer: Callable[..., Customer]) -> Debtor:
    """A customer who owed 12,000 from the last of March on."""

    def make(code: str, **fields: Any) -> OpenItem:
        account = Books(system, new_customer(code, f"{code} Ltd", **fields))
        return account.invoice(f"INV-{code}", "12000.00", date(2026, 3, 1), DUE)

    return make


def charge(by: User, item: OpenItem, on: date = CHARGED) -> LateCharge:
    return charge_late_interest(by=by, customer=item.customer, currency=item.currency, items=[item.pk], charged_on=on)


def pay(by: User, item: OpenItem, on: date = PAID, known_on: date | None = None) -> None:
    account = Books(by, item.customer)
    account.apply(account.receipt(f"RC-{item.pk}", "12000.00", on), item, "12000.00", known_on or on)


def test_a_note_that_reached_nobody_is_not_asked_for_until_a_copy_arrives(
    law: LegalEntity, clerk: User, collector: User, manager: User, system: User, debtor: Debtor
) -> None:
    switch_all_on(manager, law)
    invoice = debtor("HOTEL")
    pay(system, invoice)
    made = charge(clerk, invoice)
    customer, note = invoice.customer, made.item
    assert note is not None

    def asked() -> list[str]:
        return [str(each) for each in overdue_to_ask(customer, AUTUMN)]

    assert asked() == [], "it waits in the outbox"
    Message.objects.update(not_before=at(DUE))
    office_hours(CHARGED)
    assert asked() == ["629.23 GBP"]

    mail = Message.objects.get(kind="late_charge")
    Message.objects.filter(pk=mail.pk).update(state="bounced", reason="550 No such user.")
    assert asked() == []
    [case] = load_cases(house_of(law), [customer.pk], on=AUTUMN)
    [stop] = case.decision.stops.values()
    assert f"{note.number} never arrived" in str(stop)

    mail.refresh_from_db()
    resend_message(by=collector, message=mail, to=["boss@hotels.example"], request_id=uuid4())
    Message.objects.filter(state="queued").update(not_before=at(DUE))
    office_hours(CHARGED, 10)
    assert asked() == ["629.23 GBP"]
    assert LateChargeSource().papers([note.pk]) == {note.pk: made.paper}


def test_nobody_is_charged_who_would_not_hear_of_it(
    law: LegalEntity, clerk: User, finance_manager: User, debtor: Debtor
) -> None:
    nobody, by_post = debtor("MUTE"), debtor("POST", delivery="print")
    contract = LateTerms(
        entity=law, customer=by_post.customer, method=Method.FIXED, percent=Decimal(4), currency="GBP",
        basis="Contract, 7.2", valid_from=date(2026, 1, 1),
    )  # fmt: skip
    add_late_terms(by=finance_manager, terms=contract)
    Contact.objects.filter(customer=nobody.customer).update(is_active=False)
    Address.objects.filter(customer=by_post.customer).update(is_active=False)

    with pytest.raises(NobodyToCharge, match="Nobody at MUTE Ltd has an e-mail address for invoices"):
        charge(clerk, nobody)
    with pytest.raises(NobodyToCharge, match="POST Ltd gets everything by post and has no billing address"):
        charge(clerk, by_post)

    assert not LateCharge.objects.exists() and not Message.objects.exists()
    Address.objects.filter(customer=by_post.customer).update(is_active=True)
    made = charge(clerk, by_post)
    assert made.item is not None and Message.objects.get().channel == "print"
    assert list(LateChargeSource().undelivered([by_post.customer_id])) == [made.item.pk], "not posted yet"


def test_one_customer_at_whom_it_breaks_stops_nobodys_credit(
    law: LegalEntity, clerk: User, system: User, debtor: Debtor, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [debtor(code) for code in ("GOOD", "SICK", "SOUND")]
    charges = [charge(clerk, item) for item in items]
    for item in items:
        pay(system, item, known_on=CHARGED + timedelta(days=9))
    books_credit = LateBooks.credit

    def breaks(self: LateBooks, made: LateCharge, excesses: Sequence[Excess], on: date, reason: str) -> OpenItem | None:
        if made.customer.code == "SICK":
            raise ArithmeticError("no sum")
        return books_credit(self, made, excesses, on, reason)

    monkeypatch.setattr(LateBooks, "credit", breaks)
    with pytest.raises(ExceptionGroup) as trouble:
        put_late_charges_right()

    assert trouble.group_contains(ArithmeticError)
    monkeypatch.setattr(LateBooks, "credit", books_credit)
    left = {each.customer.code: each.item.open_money for each in LateCharge.objects.all() if each.item}
    right, wrong = money("629.23 GBP"), charges[1].money
    assert left == {"GOOD": right, "SICK": wrong, "SOUND": right} and wrong != right
    assert put_late_charges_right() == 1, "what broke is put right an hour later, what is right stays"
    assert put_late_charges_right() == 0


def test_what_cannot_be_worked_out_stays_as_it_is_and_its_page_says_why(
    law: LegalEntity,
    clerk: User,
    system: User,
    new_customer: Callable[..., Customer],
    signed_in: Callable[[User], Client],
) -> None:
    """In Ireland the rate of the day of payment counts, and nobody has written down that of the next half-year."""
    shop = new_customer("DUBLIN", "Dublin Shops", currency="EUR")
    Address.objects.filter(customer=shop).update(country="IE")
    ExchangeRate.objects.create(from_currency="GBP", to_currency="EUR", on=date(2026, 1, 1), rate="1.15", source="x")
    account, winter = Books(system, shop), date(2027, 1, 15)
    item = account.invoice("INV-IE", "12000.00", date(2026, 3, 1), DUE, rate="0.87")
    made = charge(clerk, item, date(2026, 6, 30))
    client = signed_in(clerk)
    with clock_at(date(2026, 6, 30)):
        assert "Nobody can say" not in client.get(f"/late-charges/{made.pk}/").content.decode()

    receipt = account.receipt("RC-IE", "12000.00", winter, rate="0.87")
    account.apply(receipt, item, "12000.00", winter)

    with clock_at(winter):
        assert put_late_charges_right() == 0
        page = client.get(f"/late-charges/{made.pk}/").content.decode()
    assert "Nobody can say whether it is still right. INV-IE: The reference rate of" in page
    assert made.item is not None and made.item.open_amount == Decimal(made.money.amount)
