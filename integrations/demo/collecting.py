"""What collectors did in the demo company: reminders are on, customers were handed out, called, and have promised."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from ar_collections.actions.calls import CallLog, log_call
from ar_collections.actions.plans import Proposal, open_plan, propose_plan
from ar_collections.actions.promises import Pledge, judge_promises, record_promise
from ar_collections.actions.statements import RuleFacts, change_statement_rule
from ar_collections.actions.strategies import set_up_strategies, switch_strategy_on
from ar_collections.actions.worklist import assign_customers, refresh_worklist, snooze_customer
from ar_collections.calls import CallOutcome
from ar_collections.models import Promise, StatementRule, StrategyVersion, WorklistEntry
from ar_collections.plans import Every, steps_of
from ar_collections.statement_days import DayRule
from core.calendars import calendar_of
from core.errors import Refused
from core.models import User
from core.money import Money
from customers.models import Customer
from integrations.demo.books import Ledger
from integrations.demo.policies import publish_policies
from invoicing.actions.links import record_access, share_invoices
from invoicing.models import Invoice, LinkAccess
from ledger.models import Allocation, OpenItem

PROMISED_AT_MOST = Decimal(20_000)
"""Below the customers' credit limit: above it a manager takes promises."""
LATELY = timedelta(days=35)
REASONS = ("Comes with the run on Friday", "Approved, waits for a signature", "Paid as soon as the order is corrected")


def work_collections(ledger: Ledger, on: date) -> None:
    """From the first minute the worklist, the promises and tonight's reminders hold something."""
    by, entity = ledger.by, ledger.entity
    people = {role: _somebody(ledger, role) for role in ("collector", "ar_specialist", "ar_manager")}
    _let_invoices_be_opened(ledger, on)
    set_up_strategies(by=by, entity=entity)
    for version in StrategyVersion.objects.filter(strategy__entity=entity, switched_on_at=None):
        switch_strategy_on(by=by, version=version)
    facts = RuleFacts(days=DayRule(), style=StatementRule.Style.OPEN_ITEM, by_group=False, is_on=True)
    change_statement_rule(by=people["ar_manager"], entity=entity, facts=facts, changed_on=on)
    refresh_worklist(by=by, entity=entity, today=on)
    late = [entry.customer for entry in _late(ledger)]
    _hand_out(late, people)
    _promise(ledger, late[3:12], people["collector"], on)
    _keep(ledger, people["collector"], on)
    _ask_for_a_plan(late[12:], people, on)
    _call(late, people["collector"], on)
    judge_promises(by=by, entity=entity, promises=list(Promise.objects.filter(entity=entity)), as_of=on)
    publish_policies(entity, people["ar_manager"], people["collector"])


def _somebody(ledger: Ledger, role: str) -> User:
    held = User.objects.filter(role_grants__entity=ledger.entity, role_grants__role=role, role_grants__ended_at=None)
    return held.order_by("pk")[0]


def _late(ledger: Ledger) -> list[WorklistEntry]:
    rows = WorklistEntry.objects.filter(entity=ledger.entity).select_related("customer__entity")
    return list(rows.order_by("tier", "-at_risk", "pk"))


def _let_invoices_be_opened(ledger: Ledger, on: date) -> None:
    """Customers opened what is overdue behind its link, so that it is known to have arrived."""
    late = Invoice.objects.filter(entity=ledger.entity, item__open_amount__gt=0, item__due_on__lt=on)
    invoices = list(late.order_by("pk"))
    share_invoices(by=ledger.by, entity=ledger.entity, invoices=invoices)
    for invoice in late.prefetch_related("links"):
        for link in invoice.links.all()[:1]:
            record_access(
                by=ledger.by,
                link=link,
                kind=LinkAccess.Kind.OPENED,
                network="192.0.2.0/24",
                user_agent="Mozilla/5.0",
                colleague=None,
            )


def _hand_out(late: Sequence[Customer], people: dict[str, User]) -> None:
    """Two of three are the collector's, one of six the specialist's, and the last ones nobody's yet."""
    of_collector = [customer for number, customer in enumerate(late) if number % 6 < 4]
    of_specialist = [customer for number, customer in enumerate(late) if number % 6 == 4]
    for role, customers in (("collector", of_collector), ("ar_specialist", of_specialist)):
        if customers:
            entity = customers[0].entity
            assign_customers(by=people["ar_manager"], entity=entity, customers=customers, collector=people[role])


def _oldest(customer: Customer) -> OpenItem | None:
    items = OpenItem.objects.filter(customer=customer, side=OpenItem.Side.DEBIT, open_amount__gt=0)
    return items.filter(open_amount__lte=PROMISED_AT_MOST).order_by("due_on", "pk").first()


def _promise(ledger: Ledger, customers: Sequence[Customer], by: User, on: date) -> None:
    """Every third promise was broken this week, the others stand."""
    calendar = calendar_of(ledger.entity)
    for number, customer in enumerate(customers):
        item = _oldest(customer)
        if item is None:
            continue
        is_broken = number % 3 == 0
        taken_on = calendar.add_business_days(on, -9 if is_broken else -1)
        due_on = calendar.add_business_days(on, -4 if is_broken else 2 + number)
        _record(by, item, due_on, max(taken_on, item.posted_on), REASONS[number % 3])


def _keep(ledger: Ledger, by: User, on: date) -> None:
    """Some of what came in lately had been promised some days before."""
    applied = Allocation.objects.filter(
        debit_item__entity=ledger.entity,
        debit_item__open_amount=0,
        amount__gt=0,
        allocated_on__range=(on - LATELY, on),
        credit_item__kind=OpenItem.Kind.RECEIPT,
        debit_item__amount__lte=PROMISED_AT_MOST,
    )
    for each in applied.select_related("debit_item__customer__entity").order_by("-allocated_on", "pk")[:12:3]:
        item, taken_on = each.debit_item, each.allocated_on - timedelta(days=6)
        if item.posted_on <= taken_on and each.amount == item.amount:
            _record(by, item, each.allocated_on, taken_on, REASONS[0], amount=item.amount)


def _record(by: User, item: OpenItem, due_on: date, taken_on: date, note: str, amount: Decimal | None = None) -> None:
    """Where the story makes a promise impossible, as when the document is disputed, there is none."""
    contact, amount = item.customer.contacts.filter(is_active=True).first(), amount or item.open_amount
    pledge = Pledge(
        currency=item.currency,
        instalments=[(due_on, amount)],
        parts=[(item, amount)],
        contact=contact,
        said_by=item.customer.name,
        note=note,
    )
    with suppress(Refused):
        record_promise(by=by, customer=item.customer, pledge=pledge, taken_on=taken_on)


def _ask_for_a_plan(customers: Sequence[Customer], people: dict[str, User], on: date) -> None:
    """The first customer of whom that can be asked pays over time, once the finance manager approves it."""
    for customer in customers:
        items = list(OpenItem.objects.filter(customer=customer, side=OpenItem.Side.DEBIT, open_amount__gt=0))
        items = [item for item in items if item.currency == customer.currency]
        if len(items) > 1:
            with suppress(Refused), transaction.atomic():
                _propose(customer, items, people, on)
                return


def _propose(customer: Customer, items: Sequence[OpenItem], people: dict[str, User], on: date) -> None:
    reason = "Lost their largest tenant in spring"
    open_plan(by=people["ar_manager"], customer=customer, reason=reason, opened_on=on)
    total = Money(sum((item.open_amount for item in items), Decimal(0)), customer.currency)
    first_on, calendar = on + timedelta(days=14), calendar_of(customer.entity)
    proposal = Proposal(
        currency=customer.currency,
        items=items,
        steps=steps_of(total, count=4, first_on=first_on, every=Every.MONTH, calendar=calendar),
        reason="Their cash forecast shows that they can pay from next month on",
        proof=("cash-forecast.txt", b"Cash forecast of the next six months, signed by the managing director."),
    )
    propose_plan(by=people["collector"], customer=customer, proposal=proposal, proposed_on=on)


def _call(late: Sequence[Customer], by: User, on: date) -> None:
    """This morning: two who were not reached, one to be called back, one who was spoken to, and one put off."""
    outcomes = (CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL_LEFT, CallOutcome.CALLBACK, CallOutcome.SPOKE)
    notes = ("", "Asked for a call back", "In a meeting until two", "Will ask the plant manager about the order")
    for customer, outcome, note in zip(late[:4], outcomes, notes, strict=False):
        contact = customer.contacts.filter(is_active=True).first()
        next_on = on if outcome == CallOutcome.CALLBACK else None
        log = CallLog(outcome=outcome, contact=contact, note=note, next_on=next_on)
        log_call(by=by, customer=customer, log=log, on=on)
    if len(late) > 20:
        until_on = calendar_of(late[20].entity).add_business_days(on, 2)
        snooze_customer(by=by, customer=late[20], until_on=until_on, snoozed_on=on, reason="New accountant on Tuesday")
