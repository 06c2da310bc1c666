"""May 2026 on Brightwater's account at Barclays: every kind of payment once, and each day proved and signed.

Nora works the desk, Maya decides what needs a second person, Finn signs. Statements come in as MT940 and are matched by
the worker; what the worker leaves is done as the screens do it. On every signed day the statement's balance is the
ledger's and what is on its way by name; the open items are the control account on each of them.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from ar_collections.models import Dispute
from ar_collections.reasons import DeductionReason
from cashapp.actions.cheques import (
    Bounce,
    ChequeDraft,
    bounce_cheque,
    credit_slip,
    deposit_cheques,
    fill_slip,
    record_cheque,
)
from cashapp.actions.deductions import Difference
from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.matching import match_again, match_statement
from cashapp.actions.payer_groups import Declared, add_to_payer_group, declare_payer_group
from cashapp.actions.payments import add_provider, post_payment, take_in_payment
from cashapp.actions.reconciling import tie_posting
from cashapp.actions.remittances import take_in_remittance
from cashapp.actions.statements import import_statement
from cashapp.actions.tolerances import set_withholding
from cashapp.actions.unidentified import identify_receipt, post_unidentified
from cashapp.electronic import Named, PaymentDraft
from cashapp.matching_runs import carry_out
from cashapp.models import (
    BankStatementLine,
    Deduction,
    ElectronicPayment,
    PayerGroup,
    Payout,
    Receipt,
    WithholdingPattern,
)
from cashapp.money_in import Incoming
from cashapp.queries.bank_days import DayState, month_of_accounts
from cashapp.queries.settlements import payouts_in
from controls.models import ApprovalRequest
from core import clock
from core.files import store_file
from core.models import BankAccount, ExchangeRate, User
from core.money import money
from customers.actions import add_bank_account, verify_bank_account
from directdebit.actions.booking import book_return
from directdebit.actions.paying import confirm_paid, presume_paid
from directdebit.actions.reports import take_in_report
from directdebit.actions.runs import prepare_run
from directdebit.actions.submitting import submit_collections
from directdebit.days import settle_certain
from directdebit.models import Collection, Creditor, FollowUp
from directdebit.planning import Wanted
from directdebit.settling import settle_certain_payouts, settle_certain_returns
from invoicing.actions import approve_refund, request_refund
from ledger.models import Account, JournalEntry, JournalLine, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft
from ledger.proofs import prove_ledger
from refunds.actions import add_channel, clear_payments, find_duplicates, prepare_batch, release_batch
from tests.cashapp.conftest import bank_account as bank_account
from tests.cashapp.conftest import statement_text as statement_text
from tests.cashapp.receipts.conftest import books as books
from tests.cashapp.receipts.conftest import castle as castle
from tests.cashapp.receipts.conftest import halden as halden
from tests.cashapp.receipts.conftest import invoice as invoice
from tests.cashapp.receipts.conftest import open_amounts, pays, posted
from tests.cashapp.settlements.conftest import stripe_file
from tests.directdebit.conftest import Live, notice_left
from tests.directdebit.conftest import account_of as account_of
from tests.directdebit.conftest import bacs as bacs
from tests.directdebit.conftest import live as live
from tests.directdebit.returns.reports import arudd
from tests.stories.bank_month import OPENING, Cast, Month, balance, euro_month, is_matched, proof_of
from tests.stories.bank_month import cast as cast
from tests.stories.bank_month import month as month

ELM = "GB94BARC10201530093459"


# The days ------------------------------------------------------------------------------------------------------------


def exact_and_short(month: Month, cast: Cast, manager: User) -> None:
    """The fifth: Castle pays its invoice; Halden keeps 50 back because of a price, which Maya looks into."""
    exact, short = month.bring(
        5, ("C120,00", "/NAME/CASTLE FIBRE LTD/REMI/INV-1001"), ("C250,00", "/NAME/HALDEN LOGISTICS LTD/REMI/AS AGREED")
    )
    assert is_matched(exact) and cast.left("INV-1001") == ["0.00"]
    item = cast.owed["INV-2001"]
    contested = Difference(
        item, money("50.00 GBP"), DeductionReason.PRICE, "250 was agreed", owner=manager, due_on=date(2026, 5, 29)
    )
    match_line(by=month.clerk, line=short, verdict=Verdict(cast.halden, pays({item: "250.00"}), [contested]))
    assert (Dispute.objects.get().owner, cast.left("INV-2001")) == (manager, ["50.00"])
    month.sign(5)


def discount_and_nobody(month: Month, cast: Cast) -> BankStatementLine:
    """The sixth: Birch takes its discount in time; nobody knows who sent 512.75."""
    discount, nobody = month.bring(
        6, ("C235,20", "/NAME/BIRCH PRINT LTD/REMI/INV-3001"), ("C512,75", "WIRE IN REF 0091827")
    )
    assert is_matched(discount) and cast.left("INV-3001") == ["0.00"]
    assert Deduction.objects.get(item=cast.owed["INV-3001"]).reason == DeductionReason.SETTLEMENT_DISCOUNT
    proof = proof_of(month.account, date(2026, 5, 6))
    assert [each.item.subject for each in proof.items] == [(nobody.pk, None)], "only the unknown money is on its way"
    post_unidentified(by=month.clerk, entity=month.entity, incoming=Incoming.of_line(nobody))
    assert month.sign(6).items == ()
    return nobody


def withholding_and_group(month: Month, cast: Cast, manager: User) -> None:
    """The seventh: Kerala withholds a tenth of the net; Elm Agents pays for Castle and Halden in one sum."""
    facts: dict[str, Any] = {"percent": Decimal(10), "base": WithholdingPattern.Base.NET, "country": "IN"}
    set_withholding(by=manager, entity=month.entity, name="Withholding tax India", **facts)
    declared = Declared(PayerGroup.Kind.AGENT, "Elm Agents Ltd", ELM, note="Contract of 1 May")
    group = declare_payer_group(by=manager, entity=month.entity, declared=declared)
    for customer in (cast.castle, cast.halden):
        add_to_payer_group(by=manager, group=group, customer=customer, from_on=date(2026, 5, 1))
    withheld, shared = month.bring(
        7,
        ("C110,00", "/NAME/KERALA SPICES PVT/REMI/LESS TDS"),
        ("C180,00", f"/NAME/ELM AGENTS/IBAN/{ELM}/REMI/INV-1002 INV-2002"),
    )
    tax = Difference(cast.owed["INV-4001"], money("10.00 GBP"), DeductionReason.WITHHOLDING_TAX)
    match_line(
        by=month.clerk, line=withheld, verdict=Verdict(cast.kerala, pays({cast.owed["INV-4001"]: "110.00"}), [tax])
    )
    both = {cast.owed["INV-1002"]: "120.00", cast.owed["INV-2002"]: "60.00"}
    match_line(by=month.clerk, line=shared, verdict=Verdict(cast.castle, pays(both)))
    assert cast.left("INV-4001", "INV-1002", "INV-2002") == ["0.00", "0.00", "0.00"]
    assert balance(month.entity, Account.Role.WITHHOLDING_TAX) == 10
    month.sign(7)


def remittance_before(month: Month, cast: Cast) -> None:
    """The eighth: what Birch wrote a day before says which invoices its payment is for."""
    told = "Payer: Birch Print Ltd\nCheck number: 4711042\nAmount paid: 150.00\nDate paid: 2026-05-07\n"
    told += "Invoices: INV-3002, INV-3003\n"
    take_in_remittance(by=month.clerk, entity=month.entity, name="birch.txt", content=told.encode())
    (line,) = month.bring(8, ("C150,00", "CREDIT 4711042"))
    assert is_matched(line) and cast.left("INV-3002", "INV-3003") == ["0.00", "0.00"]
    month.sign(8)


def remittance_after(month: Month, cast: Cast) -> None:
    """The eleventh: Oak's payment names nothing; its remittance comes in the afternoon."""
    (line,) = month.bring(11, ("C210,00", "CREDIT 8877660"))
    assert not is_matched(line)
    told = "Payer: Oak Hardware Ltd\nAccount: C-20002\nCheck number: 8877660\nAmount paid: 210.00\n"
    told += "Date paid: 2026-05-11\nInvoices: INV-5001, INV-5002\n"
    take_in_remittance(by=month.clerk, entity=month.entity, name="oak.txt", content=told.encode())
    carry_out(match_again(by=month.clerk, entity=month.entity))
    assert is_matched(line) and cast.left("INV-5001", "INV-5002") == ["0.00", "0.00"]
    month.sign(11)


def cards(month: Month, cast: Cast) -> None:
    """The twelfth and thirteenth: Stripe's file brings two payments, its payout arrives net of the fees."""
    settlement = stripe_file(
        "po_88 txn_1 11 84.00 1.60 charge pi_1 Sale INV-1003", "po_88 txn_2 12 60.00 1.10 charge pi_2 Sale INV-3004"
    )
    (told,) = import_statement(by=month.clerk, entity=month.entity, name="stripe.csv", content=settlement)
    carry_out(match_statement(by=month.clerk, statement=told.statement))
    for payment in ElectronicPayment.objects.filter(provider__isnull=False):
        post_payment(by=month.clerk, payment=payment, posted_on=date(2026, 5, 12))
    assert cast.left("INV-1003", "INV-3004") == ["0.00", "0.00"]
    assert balance(month.entity, Account.Role.CARD_CLEARING) == 144
    month.bring(12)
    month.sign(12)
    wire = PaymentDraft(
        method="wire",
        reference="Halden's wire",
        money=money("900.00 GBP"),
        received_at=datetime(2026, 5, 12, 9, tzinfo=UTC),
        customer=cast.halden,
        documents=[Named("INV-2003")],
    )
    take_in_payment(by=month.clerk, entity=month.entity, draft=wire, source="form")
    payout, wired = month.bring(
        13, ("C141,30", "STRIPE PAYMENTS UK po_88"), ("C900,00", "/NAME/HALDEN LOGISTICS LTD/REMI/INV-2003")
    )
    (row,) = payouts_in(told.statement)
    assert row.credit is not None and row.credit.line == payout and Payout.objects.get().net == Decimal("141.30")
    assert balance(month.entity, Account.Role.CARD_CLEARING) == 0
    assert is_matched(wired) and cast.left("INV-2003") == ["0.00"]
    month.sign(13)


def cheques(month: Month, cast: Cast) -> None:
    """The fourteenth: two cheques are credited in one sum; on the eighteenth Oak's comes back, with a fee."""
    on, kept = date(2026, 5, 13), []
    for number, customer, amount, document in (
        ("100231", cast.castle, "70.00", "INV-1004"),
        ("7", cast.oak, "30.00", "INV-5003"),
    ):
        draft = ChequeDraft(
            number=number, drawer=customer.name, drawn_on="Lloyds", money=money(f"{amount} GBP"), received_on=on,
            payable_from=on, customer=customer, documents=[Named(document)],
        )  # fmt: skip
        kept.append(record_cheque(by=month.clerk, entity=month.entity, draft=draft))
    slip = fill_slip(by=month.clerk, entity=month.entity, bank_account=month.account, cheques=kept, on=on)
    slip = deposit_cheques(by=month.clerk, slip=slip, deposited_on=on)
    (credited,) = month.bring(14, ("C100,00", "CHEQUES PAID IN"))
    credit_slip(by=month.clerk, slip=slip, line=credited)
    assert cast.left("INV-1004", "INV-5003") == ["0.00", "0.00"]
    month.sign(14)
    month.bring(15)
    month.sign(15)
    (taken,) = month.bring(18, ("D35,00", "UNPAID CHEQUE 7 AND FEE"))
    told = Bounce(date(2026, 5, 18), "Refer to drawer", Decimal(5), taken)
    back = bounce_cheque(by=month.clerk, cheque=kept[1], told=told)
    assert back.entry is not None and cast.left("INV-5003") == ["30.00"]
    if not taken.postings.filter(ended_at=None).exists():
        tie_posting(by=month.clerk, line=taken, entry=back.entry)
    assert balance(month.entity, Account.Role.CHEQUE_CLEARING) == 0
    month.sign(18)


def paid_twice(month: Month, cast: Cast) -> Receipt:
    """The nineteenth: Castle pays its first invoice again; the money waits and is found to have come twice."""
    (again,) = month.bring(19, ("C120,00", "/NAME/CASTLE FIBRE LTD/REMI/INV-1001"))
    if not is_matched(again):
        match_line(by=month.clerk, line=again, verdict=Verdict(cast.castle))
    receipt = Receipt.objects.get(line=again)
    (found,) = find_duplicates(by=month.clerk, entity=month.entity, as_of=date(2026, 5, 19))
    assert found.receipt == receipt and receipt.item.open_amount == 120
    month.sign(19)
    return receipt


def debits(month: Month, cast: Cast, bacs: Creditor, live: Live, manager: User, system: User) -> list[Collection]:
    """The twentieth: a Bacs file that Maya let go draws 370.00 from Acme; the bank credits it in one sum."""
    live(cast.acme)
    cast.owes(cast.acme, n6001="120.00", n6002="250.00")
    run = prepare_run(
        by=month.clerk,
        wanted=Wanted(bacs, date(2026, 5, 20), date(2026, 5, 20), date(2026, 5, 5)),
        request_id="may",
    )
    notice_left(run.collections.get(), datetime(2026, 5, 5, 10, tzinfo=UTC))
    submission = submit_collections(by=manager, run=run, collect_on=date(2026, 5, 20), submitted_on=date(2026, 5, 18))
    (collected,) = presume_paid(by=system, entity=month.entity, as_of=date(2026, 5, 20))
    assert cast.left("INV-6001", "INV-6002") == ["0.00", "0.00"]
    (line,) = month.bring(20, ("C370,00", f"BACS 123456 {submission.name}"))
    assert settle_certain(system, month.entity) == 1
    submission.refresh_from_db()
    assert submission.line == line and balance(month.entity, Account.Role.DIRECT_DEBIT_CLEARING) == 0
    month.sign(20)
    return [collected]


def refund(month: Month, cast: Cast, receipt: Receipt, manager: User) -> None:
    """The twenty-first: the money that came twice goes back by file: Nora asks, Maya approves, Finn lets it go."""
    told = add_bank_account(
        by=manager, customer=cast.castle, bank_code="200000", account_number="55779911", holder="Castle Fibre Ltd"
    )
    account = verify_bank_account(by=month.signer, account=told, how="call_back", note="Ms Low, 0117 496 0999")
    channel = add_channel(
        by=month.signer, entity=month.entity, bank_account=month.account, scheme="bacs", name="Brightwater",
        identifier="123456",
    )  # fmt: skip
    on = date(2026, 5, 20)
    receipt.item.refresh_from_db()
    asked = request_refund(
        by=month.clerk, item=receipt.item, amount=money("120.00 GBP"), reason="Paid twice", requested_on=on,
        bank_account=account,
    )  # fmt: skip
    request = ApprovalRequest.objects.get(subject_id=str(asked.pk))
    approved = approve_refund(by=manager, request=request, refund=asked, posted_on=on)
    pay_on = clock.today(month.entity) + timedelta(days=3)
    batch = prepare_batch(by=month.clerk, channel=channel, refunds=[approved], paid_on=pay_on)
    release_batch(by=month.signer, batch=batch, released_on=on)
    assert balance(month.entity, Account.Role.PAYMENTS_UNDER_WAY) == -120
    (left,) = month.bring(21, ("D120,00", "BACS PAYMENT CASTLE FIBRE"))
    clear_payments(by=month.clerk, payments=list(batch.payments.all()), line=left)
    assert balance(month.entity, Account.Role.PAYMENTS_UNDER_WAY) == 0
    month.sign(21)


def debit_returned(month: Month, cast: Cast, drawn: list[Collection], system: User) -> None:
    """The twenty-second: Acme's bank had no money; the bank takes it off, the invoices are open at their old days."""
    (line,) = month.bring(22, ("D370,00", "BACS UNPAID DD 123456"))
    report = arudd((drawn[0].mandate.reference, "370.00", "0"), day="2026-05-22", collected="2026-05-20")
    file = store_file(month.clerk, month.entity, "arudd.xml", report)
    for returned in take_in_report(by=month.clerk, entity=month.entity, file=file).returns.all():
        book_return(by=month.clerk, returned=returned, on=date(2026, 5, 22))
    assert cast.left("INV-6001", "INV-6002") == ["120.00", "250.00"]
    assert settle_certain_returns(system, month.entity) == 1
    assert settle_certain_payouts(system, month.entity) == 0
    assert line.postings.filter(ended_at=None).exists()
    assert balance(month.entity, Account.Role.DIRECT_DEBIT_CLEARING) == 0
    assert FollowUp.objects.filter(done_on=None).exists()
    assert confirm_paid(by=system, entity=month.entity, as_of=date(2026, 5, 26)) == []
    month.sign(22)


def found_at_last(month: Month, cast: Cast, nobody: BankStatementLine) -> None:
    """The twenty-sixth: Oak says that the 512.75 of the sixth was for its last invoice."""
    month.bring(26)
    waiting = nobody.unidentifiedreceipts.get()
    identify_receipt(
        by=month.clerk, unidentified=waiting, customer=cast.oak, identified_on=date(2026, 5, 26),
        pays=pays({cast.owed["INV-5004"]: "512.75"}),
    )  # fmt: skip
    assert cast.left("INV-5004") == ["0.00"] and balance(month.entity, Account.Role.UNIDENTIFIED_RECEIPTS) == 0
    month.sign(26)


def euros(month: Month, cast: Cast, system: User) -> None:
    """The twenty-seventh, on the account in euro: billed at 0.85, received at 0.86, a gain of 10 pounds."""
    for day, rate in ((1, "0.85"), (27, "0.86")):
        on = date(2026, 5, day)
        ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=on, rate=Decimal(rate), source="ECB")
    on = date(2026, 5, 1)
    item = ItemDraft("INV-7001", OpenItem.Kind.INVOICE, on, on)
    lines = (
        LineDraft(Account.Role.RECEIVABLES, debit=Decimal(1000), customer=cast.birch, item=item),
        LineDraft(Account.Role.REVENUE, credit=Decimal(1000)),
    )
    kind = JournalEntry.Kind.INVOICE
    owed = posted(system, EntryDraft(month.entity, kind, on, "EUR", lines, "invoice:INV-7001", rate=Decimal("0.85")))
    (line,) = month.bring(27, ("C1000,00", "/NAME/BIRCH PRINT LTD/REMI/INV-7001"))
    if not is_matched(line):
        match_line(by=month.clerk, line=line, verdict=Verdict(cast.birch, pays({owed: "1000.00"})))
    assert open_amounts([owed]) == ["0.00"]
    gain = JournalLine.objects.filter(account__role=Account.Role.EXCHANGE_DIFFERENCES).aggregate(sum=Sum("base_credit"))
    assert gain["sum"] == 10
    month.sign(27)


# The month -----------------------------------------------------------------------------------------------------------


def test_a_month_of_one_account_with_every_kind_of_payment(
    month: Month, cast: Cast, bacs: Creditor, live: Live, manager: User, finance_manager: User, system: User
) -> None:
    exact_and_short(month, cast, manager)
    nobody = discount_and_nobody(month, cast)
    withholding_and_group(month, cast, manager)
    remittance_before(month, cast)
    remittance_after(month, cast)
    add_provider(by=finance_manager, entity=month.entity, code="stripe", name="Stripe")
    BankAccount.objects.create(entity=month.entity, name="Stripe balance", currency="GBP", bank_name="Stripe")
    cards(month, cast)
    cheques(month, cast)
    receipt = paid_twice(month, cast)
    drawn = debits(month, cast, bacs, live, manager, system)
    refund(month, cast, receipt, manager)
    debit_returned(month, cast, drawn, system)
    found_at_last(month, cast, nobody)
    euro = euro_month(month, finance_manager)
    euros(euro, cast, system)
    for day in (27, 28, 29):
        month.bring(day)
        month.sign(day)

    assert_the_month_is_proved(month)


def assert_the_month_is_proved(month: Month) -> None:
    """Every bank day is signed, nothing is on its way, and the ledger holds what the bank holds."""
    may = next(
        each
        for each in month_of_accounts(month.entity, date(2026, 5, 1), date(2026, 5, 30))
        if each.account == month.account
    )
    assert may.count(DayState.SIGNED) == 25 and may.count(DayState.MISSING) == may.count(DayState.TO_DO) == 0
    assert [proof.carried.in_transit for proof in month.signed][-1] == ()
    own = JournalLine.objects.filter(account__bank_account=month.account)
    booked = sum((line.signed_amount for line in own), Decimal(0))
    assert month.balance == OPENING + booked
    for role in (Account.Role.CARD_CLEARING, Account.Role.CHEQUE_CLEARING, Account.Role.DIRECT_DEBIT_CLEARING):
        assert balance(month.entity, role) == 0
    assert balance(month.entity, Account.Role.RECEIVABLES) == 50 + 30 + 370
    assert not prove_ledger().problems
