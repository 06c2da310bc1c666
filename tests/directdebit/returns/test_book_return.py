"""What happens when a direct debit comes back: told once, twice, late, of a cancelled mandate, or of nobody's."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.models import Customer
from directdebit.actions.booking import ReturnNotOpen, assign_return, book_return, set_aside_return
from directdebit.actions.mandates import cancel_mandate
from directdebit.actions.reports import record_advices, take_in_report
from directdebit.models import Collection, Creditor, FollowUp, Mandate, ReturnedDebit, ReturnPolicy, ReturnReport
from directdebit.providers.protocol import Payment, Status, advice_of
from directdebit.returns import CodeList
from ledger.actions import close_period
from ledger.balances import customer_balance
from ledger.models import Account, AccountingPeriod, JournalEntry, JournalLine, OpenItem
from tests.directdebit.returns.conftest import Draw, kept, mandate_of, only
from tests.directdebit.returns.reports import addacs, arudd, auddis, message

May = Callable[[int], date]
TakeIn = Callable[..., ReturnReport]
State = ReturnedDebit.State


def open_again(collection: Collection) -> OpenItem:
    return OpenItem.objects.get(collection_parts__collection=collection)


def test_an_unpaid_debit_undoes_the_receipt_and_the_invoice_is_open_at_its_old_due_date(
    paid: Collection, take_in: TakeIn, may: May
) -> None:
    returned = only(take_in(arudd(("CASTLE-001", "120.00", "0128")), may(15)))

    paid.refresh_from_db()
    item = open_again(paid)
    assert (returned.state, returned.collection) == (State.BOOKED, paid)
    assert (paid.state, paid.parts.get().stands) == (Collection.State.RETURNED, False)
    assert (item.open_amount, item.due_on) == (Decimal(120), may(10))
    assert paid.receipt
    assert (paid.receipt.ending, paid.receipt.ended_on) == ("returned", may(15))


def test_the_money_leaves_the_account_that_it_was_booked_to(paid: Collection, take_in: TakeIn, may: May) -> None:
    take_in(arudd(("CASTLE-001", "120.00", "0128")), may(15))

    lines = JournalLine.objects.filter(account__role=Account.Role.DIRECT_DEBIT_CLEARING)
    assert sum(line.debit - line.credit for line in lines) == 0


def test_refer_to_payer_is_presented_again_until_a_month_after(paid: Collection, take_in: TakeIn, may: May) -> None:
    returned = only(take_in(arudd(("CASTLE-001", "120.00", "0128")), may(15)))

    follow_up = returned.follow_ups.get()
    assert (follow_up.kind, follow_up.owner) == (FollowUp.Kind.RE_PRESENT, FollowUp.Owner.COLLECTIONS)
    assert follow_up.until_on == date(2026, 6, 12)
    assert paid.mandate.is_live


@pytest.mark.parametrize(
    ("code", "state", "follow_up"),
    [
        ("1012", Mandate.State.CANCELLED, FollowUp.Kind.CUSTOMER_SUCCESS),
        ("2012", Mandate.State.CANCELLED, FollowUp.Kind.LEGAL),
        ("B012", Mandate.State.CANCELLED, FollowUp.Kind.NEW_DETAILS),
        ("7012", Mandate.State.ACTIVE, FollowUp.Kind.INVESTIGATE),
    ],
)
def test_each_reason_stops_or_keeps_the_mandate_and_starts_its_own_follow_up(
    code: str, state: str, follow_up: str, paid: Collection, take_in: TakeIn, may: May
) -> None:
    returned = only(take_in(arudd(("CASTLE-001", "120.00", code)), may(15)))

    assert Mandate.objects.get(pk=paid.mandate_id).state == state
    assert returned.follow_ups.get().kind == follow_up


def test_a_disputed_notice_pauses_the_mandate(paid: Collection, take_in: TakeIn, may: May) -> None:
    take_in(arudd(("CASTLE-001", "120.00", "4012")), may(15))

    mandate = Mandate.objects.get(pk=paid.mandate_id)
    assert mandate.is_live
    assert "countermanded" in mandate.paused_reason


def test_a_debit_that_came_back_before_it_was_presumed_paid_has_no_receipt_to_undo(
    mandate: Mandate, castle: Customer, invoice: Callable[..., OpenItem], draw: Draw, take_in: TakeIn, may: May
) -> None:
    sent = draw(mandate, [invoice(castle, "INV-2", "60.00", may(1))], may(12), is_paid=False)

    returned = only(take_in(arudd(("CASTLE-001", "60.00", "0128")), may(13)))

    sent.refresh_from_db()
    assert (returned.state, sent.state, returned.receipt) == (State.BOOKED, Collection.State.RETURNED, None)


# Twice ---------------------------------------------------------------------------------------------------------------


def test_the_same_file_again_is_the_report_that_is_there(
    paid: Collection, take_in: TakeIn, may: May, clerk: User, uk: LegalEntity
) -> None:
    content = arudd(("CASTLE-001", "120.00", "0128"))
    first = take_in(content, may(15))

    again = take_in_report(by=clerk, entity=uk, file=kept(clerk, uk, content, "again.xml"))

    assert again == first
    assert ReturnedDebit.objects.count() == 1


def test_the_same_return_in_another_file_changes_nothing(paid: Collection, take_in: TakeIn, may: May) -> None:
    take_in(arudd(("CASTLE-001", "120.00", "0128")), may(15))
    take_in(arudd(("CASTLE-001", "120.00", "0128"), day="2026-05-18"), may(18))

    assert ReturnedDebit.objects.count() == 1
    assert JournalEntry.objects.filter(kind=JournalEntry.Kind.REVERSAL).count() == 1


def test_the_same_return_by_the_bank_and_by_the_provider_is_booked_once(
    paid: Collection, take_in: TakeIn, may: May, clerk: User, system: User, uk: LegalEntity, creditor: Creditor
) -> None:
    ReturnPolicy.objects.create(creditor=creditor, bank_fee=Decimal("1.50"), changed_by=clerk)
    first = only(take_in(arudd(("CASTLE-001", "120.00", "0128")), may(15)))
    payment = Payment(paid.reference, "M", paid.money, may(12), Status.UNPAID, codes=CodeList.ARUDD, code="0")
    advice = advice_of(payment, may(16))
    assert advice

    (told,) = record_advices(by=system, entity=uk, advices=[advice], source="access_paysuite")
    again = book_return(by=clerk, returned=told, on=may(16))

    assert (again.state, again.same_as) == (State.TOLD_BEFORE, first)
    assert JournalEntry.objects.filter(key__startswith="return-fee:").count() == 1
    assert FollowUp.objects.count() == 1


def test_booking_again_does_nothing(paid: Collection, take_in: TakeIn, may: May, clerk: User) -> None:
    returned = only(take_in(arudd(("CASTLE-001", "120.00", "0128")), may(15)))

    book_return(by=clerk, returned=returned, on=may(16))

    assert AuditEvent.objects.filter(event="return.booked").count() == 1


def test_two_equal_debits_of_a_day_come_back_one_by_one(
    mandate: Mandate, castle: Customer, invoice: Callable[..., OpenItem], draw: Draw, take_in: TakeIn, may: May
) -> None:
    one = draw(mandate, [invoice(castle, "INV-3", "50.00", may(1))], may(12))
    two = draw(mandate, [invoice(castle, "INV-4", "50.00", may(1))], may(12))

    report = take_in(arudd(("CASTLE-001", "50.00", "0128"), ("CASTLE-001", "50.00", "0128")), may(15))

    assert {returned.collection for returned in report.returns.all()} == {one, two}
    assert {returned.state for returned in report.returns.all()} == {State.BOOKED}


# Late ----------------------------------------------------------------------------------------------------------------


def test_a_return_that_comes_after_the_month_was_closed_is_booked_on_the_day_it_comes(
    paid: Collection, take_in: TakeIn, may: May, uk: LegalEntity, finance_manager: User
) -> None:
    close_period(by=finance_manager, period=AccountingPeriod.objects.get(entity=uk, starts_on=may(1)), reason="Closed")

    returned = only(take_in(arudd(("CASTLE-001", "120.00", "0128")), date(2026, 6, 3)))

    paid.refresh_from_db()
    assert paid.receipt
    assert (returned.state, paid.receipt.ended_on) == (State.BOOKED, date(2026, 6, 3))
    assert customer_balance(customer=paid.customer, as_of=date(2026, 5, 31))["GBP"].amount == 0
    assert customer_balance(customer=paid.customer, as_of=date(2026, 6, 3))["GBP"].amount == Decimal(120)


def test_a_return_after_the_scheme_s_month_is_for_somebody_to_speak_about(
    paid: Collection, take_in: TakeIn, may: May
) -> None:
    returned = only(take_in(arudd(("CASTLE-001", "120.00", "0128")), date(2026, 6, 20)))

    assert returned.follow_ups.get().kind == FollowUp.Kind.CUSTOMER_SUCCESS


# Of a mandate that is cancelled --------------------------------------------------------------------------------------


def test_a_return_on_a_cancelled_mandate_is_booked_and_the_mandate_stays_as_it_was(
    paid: Collection, take_in: TakeIn, may: May, clerk: User
) -> None:
    cancel_mandate(by=clerk, mandate=paid.mandate, cancelled_on=may(13), reason="Customer changes bank")

    returned = only(take_in(arudd(("CASTLE-001", "120.00", "1012")), may(15)))

    mandate = Mandate.objects.get(pk=paid.mandate_id)
    assert (returned.state, mandate.state, mandate.ended_on) == (State.BOOKED, Mandate.State.CANCELLED, may(13))
    assert open_again(paid).open_amount == Decimal(120)


def test_refer_to_payer_on_a_cancelled_mandate_is_not_presented_again(
    paid: Collection, take_in: TakeIn, may: May, clerk: User
) -> None:
    cancel_mandate(by=clerk, mandate=paid.mandate, cancelled_on=may(13), reason="Customer changes bank")

    returned = only(take_in(arudd(("CASTLE-001", "120.00", "0128")), may(15)))

    assert returned.follow_ups.get().kind == FollowUp.Kind.CUSTOMER_SUCCESS


# Mandates ------------------------------------------------------------------------------------------------------------


def test_a_cancellation_stops_the_mandate_and_what_was_planned(
    mandate: Mandate, castle: Customer, invoice: Callable[..., OpenItem], draw: Draw, take_in: TakeIn, may: May
) -> None:
    planned = Collection.objects.create(
        entity=mandate.entity, mandate=mandate, customer=castle, reference="DD26-77", amount=Decimal(5),
        currency="GBP", collect_on=may(28), sequence=Collection.Sequence.RECURRING,
    )  # fmt: skip

    take_in(addacs(message("A", "1", "CASTLE-001")), may(13))
    told_again = only(take_in(auddis(message("N", "1", "CASTLE-001")), may(14)))

    mandate.refresh_from_db()
    planned.refresh_from_db()
    assert (mandate.state, mandate.ended_on) == (Mandate.State.CANCELLED, may(12))
    assert planned.state == Collection.State.CANCELLED
    assert told_again.state == State.TOLD_BEFORE
    assert FollowUp.objects.count() == 1


def test_a_reinstated_mandate_lives_again_unless_there_is_a_newer_one(
    mandate: Mandate, take_in: TakeIn, may: May, castle: Customer, creditor: Creditor, system: User
) -> None:
    take_in(addacs(message("A", "1", "CASTLE-001")), may(13))
    take_in(addacs(message("A", "R", "CASTLE-001")), may(14))
    mandate.refresh_from_db()
    assert mandate.state == Mandate.State.ACTIVE


def test_new_details_pause_the_mandate_until_somebody_entered_them(mandate: Mandate, take_in: TakeIn, may: May) -> None:
    moved = message("A", "C", "CASTLE-001", payer_new_sort_code="040506", payer_new_account_number="87654321")

    returned = only(take_in(addacs(moved), may(13)))

    mandate.refresh_from_db()
    assert mandate.is_paused
    assert returned.follow_ups.get().kind == FollowUp.Kind.NEW_DETAILS


# Fees ----------------------------------------------------------------------------------------------------------------


def test_the_policy_books_the_bank_s_fee_and_charges_the_customer(
    paid: Collection, take_in: TakeIn, may: May, creditor: Creditor, clerk: User
) -> None:
    ReturnPolicy.objects.create(
        creditor=creditor, bank_fee=Decimal("1.50"), recharge=Decimal("15.00"), changed_by=clerk
    )

    returned = only(take_in(arudd(("CASTLE-001", "120.00", "0128")), may(15)))

    assert returned.fee_entry
    assert {(line.account.code, line.debit, line.credit) for line in returned.fee_entry.lines.all()} == {
        ("6200", Decimal("1.500"), Decimal(0)),
        ("1210", Decimal(0), Decimal("1.500")),
    }
    charged = OpenItem.objects.get(kind=OpenItem.Kind.DEBIT_NOTE)
    assert (charged.customer, charged.amount, charged.number) == (paid.customer, Decimal(15), "DN-2026-00001")


def test_nobody_is_charged_for_our_own_mistake(
    paid: Collection, take_in: TakeIn, may: May, creditor: Creditor, clerk: User
) -> None:
    ReturnPolicy.objects.create(creditor=creditor, recharge=Decimal("15.00"), changed_by=clerk)

    take_in(arudd(("CASTLE-001", "120.00", "7012")), may(15))

    assert not OpenItem.objects.filter(kind=OpenItem.Kind.DEBIT_NOTE).exists()


# In doubt ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (("NOBODY-1", "120.00", "0128"), "No mandate of Brightwater has the reference “NOBODY-1”"),
        (("CASTLE-001", "99.00", "0128"), "No collection fits 99.00 GBP on mandate CASTLE-001 around 12 May 2026"),
        (("CASTLE-001", "120.00", "Z128"), "The code Z of ARUDD is not known"),
    ],
)
def test_what_is_not_certain_waits_with_the_reason(
    item: tuple[str, str, str], why: str, paid: Collection, take_in: TakeIn, may: May
) -> None:
    returned = only(take_in(arudd(item), may(15)))

    assert returned.state == State.WAITING
    assert why in returned.why
    paid.refresh_from_db()
    assert paid.state == Collection.State.PRESUMED_PAID


def test_a_person_says_which_collection_it_is(paid: Collection, take_in: TakeIn, may: May, clerk: User) -> None:
    waiting = only(take_in(arudd(("CASTEL-1", "120.00", "0128")), may(15)))

    booked = assign_return(by=clerk, returned=waiting, collection=paid, on=may(16))

    assert (booked.state, booked.collection) == (State.BOOKED, paid)
    with pytest.raises(ReturnNotOpen, match="booked already"):
        assign_return(by=clerk, returned=waiting, collection=paid, on=may(16))


def test_a_collection_of_another_amount_cannot_be_chosen(
    paid: Collection, take_in: TakeIn, may: May, clerk: User
) -> None:
    waiting = only(take_in(arudd(("CASTEL-1", "99.00", "0128")), may(15)))

    with pytest.raises(ReturnNotOpen, match="drew 120.00 GBP; 99.00 GBP came back"):
        assign_return(by=clerk, returned=waiting, collection=paid, on=may(16))


def test_what_is_not_ours_is_set_aside_with_a_reason(paid: Collection, take_in: TakeIn, may: May, clerk: User) -> None:
    waiting = only(take_in(arudd(("OTHER-1", "5.00", "0128")), may(15)))

    with pytest.raises(ReturnNotOpen, match="Say why"):
        set_aside_return(by=clerk, returned=waiting, reason=" ")
    set_aside_return(by=clerk, returned=waiting, reason="Of the company that we sold")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.why) == (State.SET_ASIDE, "Of the company that we sold")


def test_a_collector_takes_no_reports_in_and_books_none(
    paid: Collection, take_in: TakeIn, may: May, collector: User, uk: LegalEntity, clerk: User
) -> None:
    waiting = only(take_in(arudd(("OTHER-1", "5.00", "0128")), may(15)))

    with pytest.raises(NotAllowed):
        take_in_report(by=collector, entity=uk, file=kept(clerk, uk, arudd(("A1", "1.00", "0"))))
    with pytest.raises(NotAllowed):
        book_return(by=collector, returned=waiting, on=may(15))


def test_another_company_s_mandate_of_the_same_reference_is_left_alone(
    paid: Collection, take_in: TakeIn, may: May, creditor: Creditor, halden: Customer, system: User
) -> None:
    other = mandate_of(creditor, halden, "HALDEN-001", system)

    returned = only(take_in(arudd(("HALDEN-001", "120.00", "1012")), may(15)))

    other.refresh_from_db()
    assert (returned.state, other.is_live) == (State.WAITING, True)
