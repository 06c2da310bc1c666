"""Building the demo company: the whole year, and the bank statements of this morning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from ar_collections.actions.worklist import refresh_worklist
from core.clock import today
from core.models import BankAccount, LegalEntity
from core.permissions import system_user
from integrations.demo.billing import bill_month, hold_one, release_month
from integrations.demo.books import Ledger, Say
from integrations.demo.charges import charge_late_payers
from integrations.demo.collecting import work_collections
from integrations.demo.companies import add_demo_rates, open_companies
from integrations.demo.contracts import add_products, agree_contracts
from integrations.demo.debits import prepare_direct_debit
from integrations.demo.delivery import add_webhook, prepare_delivery, say_it_never_came
from integrations.demo.inbox import Morning, as_camt, as_csv, as_mt940, business_days_before, deposits_of
from integrations.demo.queues import fill_queues
from integrations.demo.refunds import prepare_refunds
from integrations.demo.story import MONTHS, InvoiceStory, Story, tell
from integrations.demo.suspensions import prepare_suspensions
from invoicing.cycles import months_after
from ledger.models import JournalLine, OpenItem
from reporting.actions import set_measure_limit
from reporting.queries.dashboard import month_before

INBOX = settings.BASE_DIR / "demo" / "inbox"
FRESH_DAYS = 3
LEAST_LINES = 14
MOST_LINES = 26
SENT_WITHIN = timedelta(days=10)
LIMITS_OVER_31 = {"UK": Decimal(240_000), "DE": Decimal(90_000)}
WRITERS: dict[str, tuple[str, Callable[[Morning], str]]] = {
    "GBP": ("brightwater-gbp.xml", as_camt),
    "USD": ("brightwater-usd.sta", as_mt940),
    "EUR": ("halden-eur.csv", as_csv),
}


def is_built() -> bool:
    """Whether any company is there already; the demo is never mixed into somebody's books."""
    return LegalEntity.objects.exists()


def build(say: Say) -> None:
    """Build it all; `say` is told what goes on."""
    by = system_user()
    say("Opening two companies and letting eight people in")
    entities = open_companies(by)
    on = today(entities["UK"])
    story = tell(on)
    add_demo_rates(by, entities["UK"], [month_before(on, back) for back in range(MONTHS + 2)])
    for code, entity in entities.items():
        say(f"Writing a year of {entity.name}")
        ledger = Ledger(by, entity)
        ledger.open([customer for customer in story.customers if customer.entity == code])
        products, last_month_on = add_products(by, entity), months_after(on.replace(day=1), -1)
        _write_year(ledger, story, on, {last_month_on: partial(bill_month, ledger, products, last_month_on)})
        say(f"Agreeing contracts of {entity.name}")
        release_month(ledger, last_month_on, on)
        prepare_delivery(ledger)
        agree_contracts(ledger, products, on)
        hold_one(ledger, story, on)
        say_it_never_came(ledger)
        add_webhook(ledger)
        limit = LIMITS_OVER_31[code]
        set_measure_limit(by=by, entity=entity, measure="over_31_days", limit=limit, from_on=month_before(on, MONTHS))
        prepare_refunds(ledger, on)
        prepare_direct_debit(ledger, on)
        if code == "UK":
            say(f"Filling the queues of cash of {entity.name}")
            fill_queues(by, ledger.banks["GBP"], _never_paid(ledger, story), on)
        _write_statements(ledger, story, on)
        say(f"Asking for payment at {entity.name}")
        work_collections(ledger, on)
        charge_late_payers(ledger, on)
        refresh_worklist(by=by, entity=entity, today=on)
        if code == "UK":
            say(f"Beginning suspensions of {entity.name}")
            prepare_suspensions(entity, on)


def _write_year(ledger: Ledger, story: Story, on: date, also: dict[date, Callable[[], None]]) -> None:
    """Invoices, credit notes and receipts in the order in which they happened, and what else happened on a day."""
    mine = [invoice for invoice in story.invoices if invoice.customer.entity == ledger.entity.code]
    known_until = business_days_before(on, FRESH_DAYS)[0] - timedelta(days=1)
    billed = _by_day(mine, lambda invoice: invoice.on)
    credited = _by_day(
        [invoice for invoice in mine if invoice.is_credited and invoice.on + timedelta(days=6) <= on],
        lambda invoice: invoice.on + timedelta(days=6),
    )
    paid = _by_day(
        [invoice for invoice in mine if invoice.paid_on and invoice.paid_on <= known_until],
        lambda invoice: invoice.paid_on or on,
    )
    for day in sorted({*billed, *credited, *paid, *also}):
        if day in also:
            also[day]()
        if day in billed:
            ledger.bill(billed[day], day, send=on - day <= SENT_WITHIN)
        for invoice in credited.get(day, ()):
            ledger.credit(invoice, day)
        if day in paid:
            ledger.receive(paid[day], day)
    ledger.note_trouble(invoice.customer for invoice in {id(row.customer): row for row in mine}.values())


def _never_paid(ledger: Ledger, story: Story) -> list[OpenItem]:
    """The latest invoice of each customer that no bank statement will pay, in pounds."""
    stories = [
        invoice
        for invoice in story.invoices
        if id(invoice) in ledger.invoices
        and invoice.customer.currency == "GBP"
        and not invoice.paid_on
        and not invoice.is_credited
    ]
    latest = {invoice.customer.code: invoice for invoice in stories}
    return [ledger.item_of(invoice) for invoice in latest.values()]


def _by_day(invoices: Iterable[InvoiceStory], day_of: Callable[[InvoiceStory], date]) -> dict[date, list[InvoiceStory]]:
    days = defaultdict(list)
    for invoice in invoices:
        days[day_of(invoice)].append(invoice)
    return dict(days)


def _write_statements(ledger: Ledger, story: Story, on: date) -> None:
    """One file for each bank account, with the payments of the last days."""
    days = business_days_before(on, FRESH_DAYS)
    INBOX.mkdir(parents=True, exist_ok=True)
    for currency, account in ledger.banks.items():
        fresh = _fresh_payments(ledger, story, currency, days[0])
        deposits = deposits_of(ledger, fresh, days)
        name, write = WRITERS[currency]
        content = write(Morning(account, balance_at_bank(account), deposits))
        (INBOX / name).write_text(content, encoding="utf-8", newline="")


def _fresh_payments(ledger: Ledger, story: Story, currency: str, since: date) -> list[InvoiceStory]:
    """Payments that are not in the books yet: those of the last days, and the next ones where that is too few."""
    coming = [
        invoice
        for invoice in story.invoices
        if id(invoice) in ledger.invoices
        and invoice.customer.currency == currency
        and invoice.paid_on
        and invoice.paid_on >= since
        and not invoice.is_credited
        and invoice.on < since
    ]
    coming.sort(key=lambda invoice: invoice.paid_on or since)
    due = [invoice for invoice in coming if invoice.paid_on and invoice.paid_on < since + timedelta(days=7)]
    return coming[: max(LEAST_LINES, min(len(due), MOST_LINES))]


def balance_at_bank(account: BankAccount) -> Decimal:
    """What the ledger says stands on an account at the bank, in the account's currency."""
    lines = JournalLine.objects.filter(account__bank_account=account)
    sums = lines.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return (sums["debit"] or Decimal(0)) - (sums["credit"] or Decimal(0))


def inbox_files() -> list[Path]:
    """The statements that wait."""
    return sorted(INBOX.glob("*")) if INBOX.exists() else []
