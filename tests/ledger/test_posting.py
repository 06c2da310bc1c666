"""Posting entries: what comes of it, what is refused, and what happens the second time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db.transaction import TransactionManagementError

from core.currencies import UnknownCurrency
from core.errors import SameKeyOtherContent
from core.models import ExchangeRate, LegalEntity, User
from core.rates import NoRate
from customers.models import Customer
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, LineDraft, NoLedger, NotPostable, NumberTaken, Unbalanced, post
from tests.ledger.conftest import draft_invoice, draft_receipt

Day = Callable[[int], date]
Role = Account.Role


def amounts(entry: JournalEntry) -> list[tuple[str, Decimal]]:
    return [(line.account.code, line.signed_amount) for line in entry.lines.select_related("account")]


def test_an_invoice_becomes_an_entry_with_an_open_item(acme: Customer, system: User, may: Day) -> None:
    entry = post(by=system, entries=[draft_invoice(acme, "INV-1", "120.00", may(1), may(31))])[0]

    assert amounts(entry) == [("1100", 120), ("4000", -100), ("2200", -20)]
    assert entry.open_items[0].pk == entry.lines.get(account__role=Role.RECEIVABLES).pk
    assert entry.open_items[0].open_amount == 120


def test_what_post_gives_back_is_what_the_database_holds(acme: Customer, system: User, may: Day) -> None:
    entry = post(by=system, entries=[draft_invoice(acme, "INV-1", "120.00", may(1), may(31), text="May")])[0]

    for given, kept in ((entry, JournalEntry.objects.get()), (entry.open_items[0], OpenItem.objects.get())):
        for field in kept._meta.concrete_fields:
            assert getattr(given, field.attname) == getattr(kept, field.attname), field.attname


def test_a_thousand_entries_take_as_many_questions_as_one(
    acme: Customer, system: User, may: Day, django_assert_num_queries: Callable[..., object]
) -> None:
    post(by=system, entries=[draft_invoice(acme, "INV-0", "1.20", may(1))])
    for count in (1, 500):
        drafts = [draft_invoice(acme, f"INV-{count}-{n}", "12.00", may(1 + n % 28)) for n in range(count)]
        with django_assert_num_queries(4):  # type: ignore[attr-defined]
            post(by=system, entries=drafts)


def test_the_same_event_twice_is_posted_once(acme: Customer, system: User, may: Day) -> None:
    draft = draft_invoice(acme, "INV-1", "120.00", may(1))
    first = post(by=system, entries=[draft])[0]

    again, in_one_batch = post(by=system, entries=[draft, draft])

    assert first == again == in_one_batch
    assert again.open_items == first.open_items
    assert JournalEntry.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(acme: Customer, system: User, may: Day) -> None:
    post(by=system, entries=[draft_invoice(acme, "INV-1", "120.00", may(1))])

    with pytest.raises(SameKeyOtherContent, match="INV-1 was posted before"):
        post(by=system, entries=[draft_invoice(acme, "INV-1", "120.01", may(1))])


def test_two_companies_may_use_the_same_key_and_number(
    acme: Customer, de: LegalEntity, system: User, make_customer: Callable[..., Customer], may: Day
) -> None:
    with pytest.raises(NoLedger, match="Halden has no account for “Trade receivables"):
        post(by=system, entries=[draft_invoice(make_customer("Holm", de), "INV-1", "120.00", may(1))])


def test_a_number_is_taken_once(acme: Customer, system: User, may: Day) -> None:
    post(by=system, entries=[draft_invoice(acme, "INV-1", "120.00", may(1))])

    with pytest.raises(NumberTaken, match="INV-1"):
        post(by=system, entries=[draft_invoice(acme, "INV-1", "120.00", may(1), key="another")])


def test_a_foreign_invoice_is_valued_at_the_rate_of_its_day(
    books: LegalEntity, system: User, make_customer: Callable[..., Customer], may: Day
) -> None:
    castle = make_customer("Castle", books, "USD")
    ExchangeRate.objects.create(from_currency="USD", to_currency="GBP", on=may(1), rate=Decimal("0.77777"))

    entry = post(by=system, entries=[draft_invoice(castle, "INV-1", "100.01", may(3))])[0]

    values = [line.base_debit - line.base_credit for line in entry.lines.all()]
    assert values == [Decimal("77.78"), Decimal("-64.81"), Decimal("-12.97")] and sum(values) == 0
    assert JournalEntry.objects.get(pk=entry.pk).rate == entry.rate == Decimal("0.77777")
    assert (entry.open_items[0].amount, entry.open_items[0].base_amount) == (Decimal("100.01"), Decimal("77.78"))


def test_without_a_rate_nothing_foreign_is_posted(
    books: LegalEntity, system: User, make_customer: Callable[..., Customer], may: Day
) -> None:
    with pytest.raises(NoRate):
        post(by=system, entries=[draft_invoice(make_customer("Castle", books, "USD"), "INV-1", "100.00", may(3))])


@pytest.mark.parametrize("amount", ["-120.00", "0.00", "NaN", "Infinity", "1e16", "120.001"])
def test_amounts_that_cannot_be_meant_are_refused(acme: Customer, system: User, may: Day, amount: str) -> None:
    lines = (LineDraft(Role.BANK, debit=Decimal(amount)), LineDraft(Role.REVENUE, credit=Decimal(amount)))
    with pytest.raises(NotPostable):
        post(by=system, entries=[EntryDraft(acme.entity, "adjustment", may(1), "GBP", lines, key="odd")])


def test_sides_that_differ_are_refused(acme: Customer, system: User, may: Day) -> None:
    lines = (LineDraft(Role.BANK, debit=Decimal("10.00")), LineDraft(Role.REVENUE, credit=Decimal("9.99")))
    with pytest.raises(Unbalanced, match="10.00 GBP debit, 9.99 credit"):
        post(by=system, entries=[EntryDraft(acme.entity, "adjustment", may(1), "GBP", lines, key="odd")])


@pytest.mark.parametrize("currency", ["EURO", "XXX", "gbp", ""])
def test_unknown_currencies_are_refused(acme: Customer, system: User, may: Day, currency: str) -> None:
    with pytest.raises((UnknownCurrency, NotPostable)):
        post(by=system, entries=[draft_invoice(acme, "INV-1", "120.00", may(1), currency=currency)])


def test_receivables_need_a_customer_of_the_company_and_an_item(
    acme: Customer, de: LegalEntity, system: User, make_customer: Callable[..., Customer], may: Day
) -> None:
    draft = draft_receipt(acme, "RC-1", "50.00", may(1))
    bank, receivable = draft.lines
    for broken in (
        replace(receivable, customer=None),
        replace(receivable, customer=make_customer("Holm", de)),
        replace(receivable, item=None),
        replace(receivable, item=replace(receivable.item, number=" ")),  # type: ignore[type-var]
    ):
        with pytest.raises(NotPostable):
            post(by=system, entries=[replace(draft, lines=(bank, broken))])


@pytest.mark.django_db(transaction=True)
def test_posting_outside_an_action_is_a_mistake(acme: Customer, system: User, may: Day) -> None:
    with pytest.raises(TransactionManagementError):
        post(by=system, entries=[draft_invoice(acme, "INV-1", "120.00", may(1))])
