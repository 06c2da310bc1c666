"""Write-offs: within a limit or approved by another, splitting doesn't help, tax relief by its dates, recoveries."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from ar_collections.actions.recoveries import claim_tax_relief, recover_debt, set_relief_rule, undo_recovery
from ar_collections.actions.write_offs import (
    NotWrittenOff,
    Writing,
    approve_write_off,
    drop_write_off,
    request_write_off,
    reverse_write_off,
    write_off_items,
)
from ar_collections.models import Recovery, ReliefRule, WriteOff, WriteOffItem
from ar_collections.queries.write_offs import state_of, with_recovered
from ar_collections.tax_relief import relief_dates, repaid_of
from cashapp.actions.ending import return_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.models import Receipt
from cashapp.money_in import Incoming
from controls.actions import AboveAuthority, set_up_limits
from controls.models import ApprovalRequest
from core.errors import NotAllowed, Refused, SameKeyOtherContent
from core.models import AuditEvent, LegalEntity, User
from core.money import Money
from core.roles import excluded_duties
from customers.models import Customer
from ledger.models import Account, JournalEntry, JournalLine, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post
from tests.collections.books import Books

Role = Account.Role
SUPPLIED, DUE = date(2026, 3, 1), date(2026, 3, 31)
JUNE, JULY, OCTOBER = date(2026, 6, 1), date(2026, 7, 1), date(2026, 10, 1)


@pytest.fixture
def taxed(books: LegalEntity, system: User, hotels: Customer) -> Callable[..., OpenItem]:
    """An invoice with 20 % of output tax in it."""
    set_up_limits(by=system, entity=books)
    rule = ReliefRule(
        entity=books, wait_months=6, lapse_months=54, basis="VAT Notice 700/18", valid_from=date(2020, 1, 1)
    )
    set_relief_rule(by=system, rule=rule)

    def make(number: str, gross: str) -> OpenItem:
        amount = Decimal(gross)
        draft = ItemDraft(number, OpenItem.Kind.INVOICE, SUPPLIED, DUE)
        lines = [
            LineDraft(Role.RECEIVABLES, debit=amount, customer=hotels, item=draft),
            LineDraft(Role.REVENUE, credit=amount - amount / 6),
            LineDraft(Role.OUTPUT_TAX, credit=amount / 6),
        ]
        entry = EntryDraft(books, JournalEntry.Kind.INVOICE, SUPPLIED, "GBP", lines, key=f"invoice:{number}")
        return post(by=system, entries=[entry])[0].open_items[0]

    return make


def repaid(recovered: Decimal, before: Decimal = Decimal(0)) -> Decimal:
    """Of 200 that were claimed on 1,200."""
    return repaid_of(
        claimed=Decimal(200), written_off=Decimal(1200), recovered=recovered, before=before, currency="GBP"
    )


def writing(*parts: tuple[OpenItem, str], **more: Any) -> Writing:
    chosen = [(item.pk, Decimal(amount)) for item, amount in parts]
    facts: dict[str, Any] = {"reason": WriteOff.Reason.INSOLVENT, "note": "In liquidation, no dividend", **more}
    return Writing(currency="GBP", parts=chosen, **facts)


def journal(entry: JournalEntry) -> list[tuple[str, Decimal, Decimal]]:
    lines = JournalLine.objects.filter(entry=entry).select_related("account").order_by("pk")
    return [(line.account.code, line.debit, line.credit) for line in lines]


def standing(row: WriteOff) -> str:
    again = with_recovered(WriteOff.objects.filter(pk=row.pk)).get()
    return state_of(again, again.recovered)


def test_t23_the_days_of_relief_and_what_is_repaid() -> None:
    dates = relief_dates(due_on=DUE, supplied_on=SUPPLIED, wait_months=6, lapse_months=54)

    assert (dates.from_on, dates.until_on) == (date(2026, 9, 30), date(2030, 9, 30))
    assert [dates.may_claim(date(2026, 9, day)) for day in (29, 30)] == [False, True]
    assert repaid(Decimal(600)) == Decimal(100)


@given(st.lists(st.decimals(Decimal("0.01"), Decimal(300), places=2), min_size=1, max_size=4))
def test_what_is_repaid_in_parts_is_the_share_of_the_whole(parts: list[Decimal]) -> None:
    before, found = Decimal(0), []
    for part in parts:
        found.append(repaid(part, before))
        before += part

    assert sum(found) == repaid(before)
    assert all(each >= 0 for each in found)


def test_a_manager_writes_off_within_the_limit_and_splitting_does_not_help(
    manager: User, collector: User, hotels: Customer, taxed: Callable[..., OpenItem]
) -> None:
    one, two = taxed("INV-1", "900.00"), taxed("INV-2", "600.00")
    with pytest.raises(NotAllowed):
        write_off_items(by=collector, customer=hotels, writing=writing((one, "900.00")), posted_on=JUNE)
    with pytest.raises(NotWrittenOff, match="INV-1 has 900.00 GBP open; 900.01 GBP of it"):
        write_off_items(by=manager, customer=hotels, writing=writing((one, "900.01")), posted_on=JUNE)
    with pytest.raises(NotWrittenOff, match="Write what was done"):
        write_off_items(by=manager, customer=hotels, writing=writing((one, "9.00"), note=" "), posted_on=JUNE)

    row = write_off_items(by=manager, customer=hotels, writing=writing((one, "900.00")), posted_on=JUNE)

    assert row.item is not None
    assert journal(row.item.line.entry) == [("6100", Decimal(900), 0), ("1100", 0, Decimal(900))]
    one.refresh_from_db()
    assert (one.open_amount, row.item.number, standing(row)) == (0, "WO-2026-00001", "written off")
    [line] = row.lines.all()
    assert (line.tax, line.relief_from_on, line.relief_until_on) == (
        Decimal(150), date(2026, 9, 30), date(2030, 9, 30)
    )  # fmt: skip
    with pytest.raises(AboveAuthority, match="200.00 GBP is above your limit of 1,000.00 GBP, of which 900.00 GBP"):
        write_off_items(by=manager, customer=hotels, writing=writing((two, "200.00")), posted_on=JULY)
    assert WriteOff.objects.count() == 1, "nothing is left of what was refused"
    later = date(2026, 9, 1)
    small = write_off_items(by=manager, customer=hotels, writing=writing((two, "200.00")), posted_on=later)
    assert small.amount == 200, "after 90 days the limit is free again"
    against = writing((two, "100.00"), against=WriteOff.Against.ALLOWANCE)
    provided = write_off_items(by=manager, customer=hotels, writing=against, posted_on=later)
    assert provided.item is not None and journal(provided.item.line.entry)[0][0] == "1190"


def test_a_collector_asks_and_the_finance_manager_approves_what_is_still_open(
    collector: User,
    manager: User,
    finance_manager: User,
    hotels: Customer,
    taxed: Callable[..., OpenItem],
    account: Books,
) -> None:
    item = taxed("INV-1", "6000.00")
    asked = request_write_off(by=collector, customer=hotels, writing=writing((item, "6000.00")), requested_on=JUNE)
    request = ApprovalRequest.objects.get()

    assert standing(asked) == "waits"
    item.refresh_from_db()
    assert item.open_amount == 6000
    with pytest.raises(NotWrittenOff, match="waits for Brightwater Hotels Group already"):
        request_write_off(by=manager, customer=hotels, writing=writing((item, "1.00")), requested_on=JUNE)
    with pytest.raises(NotAllowed):
        approve_write_off(by=collector, request=request, write_off=asked, posted_on=JUNE)
    with pytest.raises(AboveAuthority):
        approve_write_off(by=manager, request=request, write_off=asked, posted_on=JUNE)
    account.apply(account.receipt("RC-1", "1000.00", JUNE), item, "1000.00", JUNE)
    with pytest.raises(NotWrittenOff, match="INV-1 of Brightwater Hotels Group has only 5,000.00 GBP open by now"):
        approve_write_off(by=finance_manager, request=request, write_off=asked, posted_on=JUNE)
    drop_write_off(by=collector, write_off=asked, reason="Paid in part", dropped_on=JUNE)
    assert standing(asked) == "dropped"

    again = request_write_off(by=collector, customer=hotels, writing=writing((item, "5000.00")), requested_on=JUNE)
    request = ApprovalRequest.objects.latest("pk")
    done = approve_write_off(by=finance_manager, request=request, write_off=again, posted_on=JUNE, comment="Yes")

    assert (done.approved_by, standing(done)) == (finance_manager, "written off")
    assert done.authority_use is not None and done.authority_use.person == finance_manager
    assert "cash and what is let go" in excluded_duties({"ar_specialist", "ar_manager"})
    events = AuditEvent.objects.filter(event__startswith="write_off.").order_by("pk")
    assert [each.event.partition(".")[2] for each in events] == ["requested", "dropped", "requested", "posted"]


def test_reversing_opens_the_documents_and_gives_the_authority_back(
    manager: User, collector: User, hotels: Customer, taxed: Callable[..., OpenItem]
) -> None:
    item = taxed("INV-1", "900.00")
    row = write_off_items(by=manager, customer=hotels, writing=writing((item, "900.00")), posted_on=JUNE)
    with pytest.raises(NotAllowed):
        reverse_write_off(by=collector, write_off=row, reason="They pay", reversed_on=JULY)

    for _ in range(2):
        reverse_write_off(by=manager, write_off=row, reason="They pay", reversed_on=JULY)

    item.refresh_from_db()
    assert (item.open_amount, standing(row)) == (900, "reversed")
    assert write_off_items(by=manager, customer=hotels, writing=writing((item, "900.00")), posted_on=JULY).amount == 900


def test_tax_is_claimed_in_its_time_and_repaid_in_proportion_when_money_comes(
    manager: User,
    clerk: User,
    finance_manager: User,
    hotels: Customer,
    taxed: Callable[..., OpenItem],
    account: Books,
    collector: User,
) -> None:
    item = taxed("INV-1", "1200.00")
    asked = request_write_off(by=collector, customer=hotels, writing=writing((item, "1200.00")), requested_on=JUNE)
    request = ApprovalRequest.objects.get()
    row = approve_write_off(by=finance_manager, request=request, write_off=asked, posted_on=JUNE)
    [line] = row.lines.all()
    with pytest.raises(NotWrittenOff, match="from 30 Sep 2026 until 30 Sep 2030"):
        claim_tax_relief(by=finance_manager, line=line, claimed_on=JUNE)
    with pytest.raises(NotAllowed):
        claim_tax_relief(by=clerk, line=line, claimed_on=OCTOBER)

    relief = claim_tax_relief(by=finance_manager, line=line, claimed_on=OCTOBER)
    assert claim_tax_relief(by=finance_manager, line=line, claimed_on=OCTOBER) == relief
    assert journal(relief.entry) == [("2210", Decimal(200), 0), ("6100", 0, Decimal(200))]

    receipt = account.receipt("RC-1", "700.00", OCTOBER)
    with pytest.raises(NotWrittenOff, match="RC-1 has 700.00 GBP on account; 701.00 GBP isn't there"):
        recover_debt(by=clerk, line=line, receipt=receipt, amount=Decimal(701), recovered_on=OCTOBER)
    found = recover_debt(by=clerk, line=line, receipt=receipt, amount=Decimal(600), recovered_on=OCTOBER)

    assert found.tax_repaid == 100
    assert journal(found.item.line.entry) == [
        ("1100", Decimal(600), 0), ("6110", 0, Decimal(500)), ("2200", 0, Decimal(100)),
    ]  # fmt: skip
    receipt.refresh_from_db()
    found.item.refresh_from_db()
    assert (receipt.open_amount, found.item.open_amount, standing(row)) == (100, 0, "partly recovered")
    with pytest.raises(NotWrittenOff, match="Money was recovered"):
        reverse_write_off(by=manager, write_off=row, reason="They pay", reversed_on=OCTOBER)
    more = account.receipt("RC-2", "900.00", OCTOBER)
    with pytest.raises(NotWrittenOff, match="only 600.00 GBP is still written off"):
        recover_debt(by=clerk, line=line, receipt=more, amount=Decimal(601), recovered_on=OCTOBER)
    recover_debt(by=clerk, line=line, receipt=more, amount=Decimal(600), recovered_on=OCTOBER)
    assert standing(row) == "recovered"


def test_money_that_goes_back_takes_its_recovery_with_it(
    manager: User,
    clerk: User,
    collector: User,
    auditor: User,
    finance_manager: User,
    hotels: Customer,
    taxed: Callable[..., OpenItem],
    signed_in: Callable[[User], Client],
) -> None:
    """£900 with £150 of tax claimed back; £300 of a cheque are recovered, and the cheque bounces."""
    item = taxed("INV-1", "900.00")
    row = write_off_items(by=manager, customer=hotels, writing=writing((item, "900.00")), posted_on=JUNE)
    [line] = row.lines.all()
    claim_tax_relief(by=finance_manager, line=line, claimed_on=OCTOBER)

    def cheque(key: str) -> Receipt:
        return post_receipt(by=clerk, customer=hotels, incoming=Incoming(Money(Decimal(500), "GBP"), OCTOBER, key=key))

    def recover(receipt: Receipt, amount: int, key: UUID) -> Recovery:
        return recover_debt(
            by=clerk, line=line, receipt=receipt.item, amount=Decimal(amount), recovered_on=OCTOBER, request_id=key
        )

    first, key = cheque("cheque-1"), uuid4()
    found = recover(first, 300, key)
    assert recover(first, 300, key) == found, "the same form again"
    with pytest.raises(SameKeyOtherContent, match="recorded a recovery already"):
        recover(first, 200, key)
    assert (found.tax_repaid, standing(row)) == (50, "partly recovered")

    return_receipt(by=clerk, receipt=first, returned_on=OCTOBER + timedelta(days=3), reason="No funds")

    found.refresh_from_db()
    assert found.end_entry is not None and journal(found.end_entry) == [
        ("1100", 0, Decimal(300)), ("6110", Decimal(250), 0), ("2200", Decimal(50), 0),
    ]  # fmt: skip
    assert (found.end_reason, found.item.open_amount, standing(row)) == ("No funds", 0, "written off")
    assert not OpenItem.objects.filter(customer=hotels, open_amount__gt=0).exists(), "nothing is owed, nothing is there"

    again = recover(second := cheque("cheque-2"), 300, uuid4())
    assert again.tax_repaid == 50
    for who, why, kind in ((auditor, "Wrong", NotAllowed), (collector, " ", NotWrittenOff)):
        with pytest.raises(kind):
            undo_recovery(by=who, recovery=again, reason=why, undone_on=OCTOBER)
    client = signed_in(collector)
    assert "Undo it" in client.get(f"/write-offs/{row.pk}/").content.decode()
    assert client.post(f"/write-offs/recoveries/{again.pk}/undo/", {"reason": ""}).status_code == 422
    for _ in range(2):
        client.post(f"/write-offs/recoveries/{again.pk}/undo/", {"reason": "For INV-9"})
    page = client.get(f"/write-offs/{row.pk}/").content.decode()
    assert "Undo it" not in page and "undone on" in page and "For INV-9" in page
    second.item.refresh_from_db()
    assert (second.item.open_amount, standing(row)) == (500, "written off")
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Recovery.objects.filter(pk=again.pk).update(ended_on=None)
    with pytest.raises(NotWrittenOff, match="Tax was claimed back"):
        reverse_write_off(by=manager, write_off=row, reason="They pay", reversed_on=OCTOBER)
    undone = AuditEvent.objects.filter(event="write_off.recovery_undone").order_by("pk")
    assert [each.reason for each in undone] == ["No funds", "For INV-9"]
    call_command("check_ledger")


def test_a_form_that_is_sent_twice_writes_off_once(
    manager: User, collector: User, hotels: Customer, taxed: Callable[..., OpenItem]
) -> None:
    item = taxed("INV-1", "900.00")
    part = writing((item, "100.00"), request_id=uuid4())

    rows = {write_off_items(by=manager, customer=hotels, writing=part, posted_on=JUNE).pk for _ in range(2)}

    item.refresh_from_db()
    assert (len(rows), item.open_amount) == (1, 800)
    with pytest.raises(SameKeyOtherContent, match="has written 100.00 GBP off already"):
        other = writing((item, "101.00"), request_id=part.request_id)
        write_off_items(by=manager, customer=hotels, writing=other, posted_on=JUNE)
    asked = writing((item, "50.00"), request_id=uuid4())
    waits = {request_write_off(by=collector, customer=hotels, writing=asked, requested_on=JUNE).pk for _ in range(2)}
    assert (len(waits), ApprovalRequest.objects.count()) == (1, 1)


def test_the_database_keeps_write_offs_whole(
    manager: User, hotels: Customer, taxed: Callable[..., OpenItem], account: Books, clerk: User
) -> None:
    item = taxed("INV-1", "900.00")
    row = write_off_items(by=manager, customer=hotels, writing=writing((item, "300.00")), posted_on=JUNE)
    [line] = row.lines.all()
    receipt = account.receipt("RC-1", "400.00", JUNE)
    other = account.invoice("INV-9", "50.00", SUPPLIED, DUE)
    for change in (
        lambda: WriteOff.objects.filter(pk=row.pk).update(amount=1),
        lambda: WriteOff.objects.filter(pk=row.pk).update(item=None, posted_on=None, authority_use=None),
        lambda: WriteOff.objects.filter(pk=row.pk).update(approved_by=manager),
        lambda: WriteOffItem.objects.filter(pk=line.pk).delete(),
        lambda: Recovery.objects.create(
            line=line, receipt=receipt, item=other, amount=301, recovered_on=JUNE, recovered_by=clerk
        ),
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            change()


def test_a_rule_of_relief_follows_another(finance_manager: User, manager: User, uk: LegalEntity) -> None:
    def rule(start: date, wait: int) -> ReliefRule:
        return ReliefRule(entity=uk, wait_months=wait, lapse_months=54, basis="Law", valid_from=start)

    with pytest.raises(NotAllowed):
        set_relief_rule(by=manager, rule=rule(JUNE, 6))
    first = set_relief_rule(by=finance_manager, rule=rule(JUNE, 6))
    with pytest.raises(Refused, match="holds from 01 Jun 2026 already"):
        set_relief_rule(by=finance_manager, rule=rule(JUNE, 12))
    set_relief_rule(by=finance_manager, rule=rule(JULY, 12))
    first.refresh_from_db()
    assert first.valid_until == date(2026, 6, 30)


def test_the_pages_preview_ask_post_and_list(
    signed_in: Callable[[User], Client],
    collector: User,
    manager: User,
    auditor: User,
    hotels: Customer,
    taxed: Callable[..., OpenItem],
) -> None:
    item = taxed("INV-1", "900.00")
    url = f"/customers/{hotels.pk}/write-offs/new/"
    filled = {
        "currency": "GBP", f"take_{item.pk}": "on", f"amount_{item.pk}": "900.00", "reason": "insolvent",
        "against": "bad_debt", "note": "In liquidation", "step": "preview", "request_id": str(uuid4()),
    }  # fmt: skip
    client = signed_in(collector)
    page = client.post(url, filled).content.decode()
    assert "Ask for approval" in page and "tax in it £150.00" in page and "30" in page
    assert not WriteOff.objects.exists(), "a preview posts nothing"
    assert client.post(url, {**filled, "step": "write_off"}).status_code == 403
    assert "Tick the documents" in client.post(url, {**filled, f"take_{item.pk}": ""}).content.decode()

    client = signed_in(manager)
    assert "Write off £900.00" in client.post(url, filled).content.decode()
    answer = client.post(url, {**filled, "step": "write_off"}, follow=True).content.decode()
    row = WriteOff.objects.get()
    assert "WO-" in answer and "Reverse it" in answer
    for address in ("/write-offs/", "/write-offs/relief/", f"/customers/{hotels.pk}/write-offs/"):
        assert hotels.name in client.get(address).content.decode()
    for address in ("/write-offs/?format=xlsx", "/write-offs/relief/?format=xlsx"):
        assert client.get(address).status_code == 200
    client.post(f"/write-offs/{row.pk}/reverse/", {"reason": "They pay"})
    assert standing(row) == "reversed"
    assert "Reverse it" not in signed_in(auditor).get(f"/write-offs/{row.pk}/").content.decode()
