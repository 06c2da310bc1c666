"""What waits in the queues of cash this morning: electronic payments, cheques, and money that nobody could place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from cashapp.actions.cheques import ChequeDraft, deposit_cheques, fill_slip, record_cheque
from cashapp.actions.correcting import Target, correct_receipt
from cashapp.actions.payments import add_provider, post_payment, take_in_payment
from cashapp.actions.receipts import post_receipt
from cashapp.actions.searching import Step, note_search
from cashapp.actions.settlements import settle_lines
from cashapp.actions.statements import import_statement
from cashapp.actions.unidentified import post_unidentified
from cashapp.electronic import CardUsed, Named, PaymentDraft
from cashapp.matching import OpenIndex
from cashapp.models import ElectronicPayment, PaymentProvider
from cashapp.money_in import Incoming, Payment
from cashapp.queries.searching import people_with_cash
from core.actions import add_bank_account
from core.models import BankAccount, LegalEntity, User
from core.money import Money
from integrations.demo.payers import know_payers, owe_a_refund
from ledger.actions import set_up_ledger
from ledger.models import OpenItem

HOURS = (time(8, 20), time(9, 5), time(9, 40), time(11, 15), time(12, 50))
NEEDED = 18
METHODS = ("card", "portal", "card", "ach", "card")
SETTLEMENT = tuple(
    "automatic_payout_id automatic_payout_effective_at balance_transaction_id created_utc available_on_utc currency "
    "gross fee net reporting_category payment_intent_id invoice_number".split()
)


def fill_queues(by: User, account: BankAccount, unpaid: Sequence[OpenItem], on: date) -> None:
    """Fill every queue with some of what a company like this finds in the morning.

    `unpaid` are invoices of as many customers that no bank statement pays.
    """
    entity = account.entity
    set_up_ledger(by=by, entity=entity)
    rows = OpenItem.objects.filter(pk__in=[item.pk for item in unpaid], open_amount__gt=0)
    items = list(rows.select_related("customer__entity", "customer__terms").order_by("-document_on", "pk"))
    if len(items) < NEEDED:
        return
    provider = add_provider(by=by, entity=entity, code="stripe", name="Stripe")
    _payments(by, provider, items[:5], on)
    _payout(by, provider, items[5:8], on)
    _cheques(by, entity, account, items[8:12], on)
    _waiting(by, entity, account, items[12:14], on)
    _misapplied(by, account, items[14:16], on)
    know_payers(by, entity, items[16:], on)
    owe_a_refund(by, entity, on)


def _paid(provider: PaymentProvider, item: OpenItem, at: datetime, method: str, number: int) -> PaymentDraft:
    return PaymentDraft(
        method=method,
        reference=f"pi_demo_{at:%y%m%d}_{number:03}",
        money=Money(item.open_amount, item.currency),
        received_at=at,
        provider=provider,
        customer=item.customer,
        documents=[Named(item.number)],
        payer=item.customer.name,
        card=CardUsed("credit", "commercial", "visa") if method == "card" else CardUsed(),
    )


def _payments(by: User, provider: PaymentProvider, items: Sequence[OpenItem], on: date) -> None:
    """Five that came in this morning, and a wire that a customer announced."""
    entity, source = provider.entity, ElectronicPayment.Source.API
    for number, (item, hour, method) in enumerate(zip(items, HOURS, METHODS, strict=True), 1):
        at = datetime.combine(on, hour, entity.zone)
        take_in_payment(by=by, entity=entity, draft=_paid(provider, item, at, method, number), source=source)
    ahead = PaymentDraft(
        method="wire",
        reference="Transfer announced by mail",
        money=Money(Decimal("4250.00"), items[0].currency),
        received_at=datetime.combine(on, time(9, 30), entity.zone),
        customer=items[1].customer,
        payer=items[1].customer.name,
    )
    take_in_payment(by=by, entity=entity, draft=ahead, source=ElectronicPayment.Source.FORM)


def _payout(by: User, provider: PaymentProvider, items: Sequence[OpenItem], on: date) -> None:
    """Yesterday's payments are posted, and this morning's settlement file tells of their payout."""
    day = on - timedelta(days=1)
    at = datetime.combine(day, time(10), provider.entity.zone)
    rows: list[tuple[object, ...]] = [SETTLEMENT]
    for number, item in enumerate(items, 1):
        draft = _paid(provider, item, at, "card", number)
        payment = take_in_payment(by=by, entity=provider.entity, draft=draft, source=ElectronicPayment.Source.API)
        post_payment(by=by, payment=payment, posted_on=day)
        fee = (payment.amount * Decimal("0.015")).quantize(Decimal("0.01"))
        told = (f"po_demo_{day:%y%m%d}", on, f"txn_{payment}", day, day, payment.currency.lower(), payment.amount)
        rows.append((*told, fee, payment.amount - fee, "charge", payment.reference, item.number))
    content = "\n".join(",".join(map(str, row)) for row in rows).encode()
    entity, currency = provider.entity, items[0].currency
    account = add_bank_account(by=by, entity=entity, name="Stripe balance", currency=currency, bank_name="Stripe")
    (settlement,) = import_statement(by=by, entity=entity, name=f"stripe-{on}.csv", content=content)
    settle_lines(
        by=by, account=account, lines=list(settlement.statement.lines.order_by("pk")), on=on, index=OpenIndex()
    )


def _cheques(by: User, entity: LegalEntity, account: BankAccount, items: Sequence[OpenItem], on: date) -> None:
    """Two at the bank, one in the drawer, one post-dated."""
    made = []
    for number, item in enumerate(items):
        draft = ChequeDraft(
            number=f"{100231 + number * 17}",
            drawer=item.customer.name,
            drawn_on="Lloyds 30-90-89",
            money=Money(item.open_amount, item.currency),
            received_on=on,
            payable_from=on + timedelta(days=20) if number == 3 else on,
            customer=item.customer,
            documents=[Named(item.number)],
        )
        made.append(record_cheque(by=by, entity=entity, draft=draft))
    slip = fill_slip(by=by, entity=entity, bank_account=account, cheques=made[:2], on=on)
    deposit_cheques(by=by, slip=slip, deposited_on=on)


def _waiting(by: User, entity: LegalEntity, account: BankAccount, items: Sequence[OpenItem], on: date) -> None:
    """Money of nobody known, looked for since last week, and money on account that waits for very long."""
    unknown = Incoming(
        money=Money(Decimal("915.00"), account.currency),
        received_on=on - timedelta(days=9),
        key="demo-unknown",
        bank_account=account,
        payer="J HARRIS",
        text="FT REF 0091827",
    )
    found = post_unidentified(by=by, entity=entity, incoming=unknown)
    step = Step("asked_bank", "The bank asks the sender's bank; an answer takes about a week.", on)
    note_search(by=_specialist(entity) or by, sum_found=found, step=step)
    old = Incoming(
        money=Money(Decimal("1240.50"), account.currency),
        received_on=on - timedelta(days=104),
        key="demo-on-account",
        bank_account=account,
        payer=items[0].customer.name,
        text="PAYMENT ON ACCOUNT",
    )
    post_receipt(by=by, customer=items[0].customer, incoming=old)


def _specialist(entity: LegalEntity) -> User | None:
    """Somebody who looks after the cash of the company."""
    return next(iter(people_with_cash(entity)), None)


def _misapplied(by: User, account: BankAccount, items: Sequence[OpenItem], on: date) -> None:
    """A payment of one customer that was applied to another, and put right."""
    wrong, right = items
    amount = min(wrong.open_amount, right.open_amount)
    incoming = Incoming(
        money=Money(amount, account.currency),
        received_on=on - timedelta(days=3),
        key="demo-misapplied",
        bank_account=account,
        payer=right.customer.name,
        text=right.number,
    )
    receipt = post_receipt(by=by, customer=wrong.customer, incoming=incoming, pays=[Payment(wrong, amount)])
    target = Target(right.customer, [Payment(right, amount)])
    correct_receipt(by=by, receipt=receipt, target=target, corrected_on=on, reason="Names of two customers are alike")
