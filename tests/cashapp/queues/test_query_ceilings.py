"""Twice the work on a page asks the database no more often."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cashapp.actions.cheques import ChequeDraft, deposit_cheques, fill_slip, record_cheque
from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.matching import match_lines
from cashapp.actions.payer_groups import Declared, add_to_payer_group, declare_payer_group
from cashapp.actions.payments import record_payout
from cashapp.actions.remittances import take_in_remittance
from cashapp.actions.tolerances import Bounds, set_tolerance, set_withholding
from cashapp.actions.unidentified import post_unidentified
from cashapp.actions.written_rules import write_rule
from cashapp.electronic import PaidOut, PayoutDraft
from cashapp.models import PayerGroup, PaymentProvider, RuleVersion, WithholdingPattern
from cashapp.money_in import Incoming
from cashapp.queries.matching import lines_to_match, load_index
from cashapp.wordings import Wording
from core.models import BankAccount, LegalEntity, User
from core.money import money
from customers.models import Customer
from tests.cashapp.receipts.conftest import customer_of, pays

Make = Callable[..., Any]
Day = Callable[[int], date]
PAGES = (
    "/cash/", "/cash/?view=check", "/cash/accept/", "/receipts/", "/receipts/unapplied/", "/remittances/",
    "/payments/", "/payments/?view=posted", "/payments/payouts/", "/payments/settings/", "/cheques/",
    "/cheques/?view=under_way", "/cheques/slips/", "/match-rules/", "/match-rules/written/",
    "/match-rules/payer-groups/", "/match-rules/tolerances/", "/match-rules/decisions/", "/bank-statements/",
    "/bank-statements/days/?month_on=2026-05-31",
)  # fmt: skip


class Morning:
    """Everything that comes in on one morning, each time from a customer of its own."""

    def __init__(self, clerk: User, manager: User, system: User, stripe: PaymentProvider, may: Day) -> None:
        self.clerk, self.manager, self.system, self.stripe, self.may = clerk, manager, system, stripe, may
        self.entity: LegalEntity = stripe.entity
        self.numbers = count(1)

    def comes(self, invoice: Make, bank_line: Make, paid: Make, account: BankAccount) -> None:
        """One of each kind: lines, receipts, payments, cheques, remittances and rules."""
        n = next(self.numbers)
        customer = customer_of(self.entity, f"C-2{n:04}", f"Mill {n} Ltd", segment=f"class {n}")
        items = [invoice(customer, f"INV-{n}{place}", "100.00", self.may(1)) for place in range(3)]
        self._lines(customer, items, bank_line, n)
        self._payments(customer, paid, n)
        self._cheques(customer, account, n)
        self._rules(customer, n)

    def _lines(self, customer: Customer, items: list[Any], bank_line: Make, n: int) -> None:
        day = self.may(12)
        short = bank_line(f"9{n}.00", f"INV-{n}0", on=day, payer=customer.name)
        match_line(by=self.clerk, line=short, verdict=Verdict(customer, pays({items[0]: f"9{n}.00"})))
        match_line(by=self.clerk, line=bank_line("7.00", "On account", on=day), verdict=Verdict(customer))
        unknown = Incoming.of_line(bank_line("8.00", "Who is this", on=day))
        post_unidentified(by=self.clerk, entity=self.entity, incoming=unknown)
        bank_line("55.00", f"Part of INV-{n}1", on=day, payer=customer.name)
        lines = list(lines_to_match(self.entity))
        match_lines(by=self.system, entity=self.entity, lines=lines, index=load_index(self.entity, day))

    def _payments(self, customer: Customer, paid: Make, n: int) -> None:
        paid("10.00", customer=customer, reference=f"pi_open_{n}")
        paid("20.00", customer=customer, reference=f"pi_out_{n}")
        draft = PayoutDraft(
            provider=self.stripe, reference=f"po_{n}", paid_on=self.may(14), gross=money("20.00 GBP"),
            fee=Decimal(1), payments=[PaidOut(f"pi_out_{n}", Decimal(20))],
        )  # fmt: skip
        record_payout(by=self.clerk, entity=self.entity, draft=draft)
        told = ("Payer: " + customer.name, f"Check number: 99{n}", "Amount paid: 1.00", "Date paid: 2026-05-09")
        advice = "\n".join([*told, f"Invoices: INV-{n}2"])
        take_in_remittance(by=self.clerk, entity=self.entity, name=f"{n}.txt", content=advice.encode())

    def _cheques(self, customer: Customer, account: BankAccount, n: int) -> None:
        kept = [self._cheque(customer, f"{n}{place}") for place in range(2)]
        slip = fill_slip(by=self.clerk, entity=self.entity, bank_account=account, cheques=kept[:1], on=self.may(13))
        deposit_cheques(by=self.clerk, slip=slip, deposited_on=self.may(13))

    def _cheque(self, customer: Customer, number: str) -> Any:
        draft = ChequeDraft(
            number=number, drawer=customer.name, drawn_on="Lloyds", money=money("5.00 GBP"), customer=customer,
            received_on=self.may(12), payable_from=self.may(12),
        )  # fmt: skip
        return record_cheque(by=self.clerk, entity=self.entity, draft=draft)

    def _rules(self, customer: Customer, n: int) -> None:
        by, entity = self.manager, self.entity
        group = declare_payer_group(by=by, entity=entity, declared=Declared(PayerGroup.Kind.AGENT, f"Agent {n}"))
        add_to_payer_group(by=by, group=group, customer=customer, from_on=self.may(1))
        wording = Wording(RuleVersion.Effect.IDENTIFIES, payer=f"POOL {n}", customer=customer)
        write_rule(by=by, entity=entity, name=f"Pool {n}", wording=wording)
        bounds = Bounds("GBP", customer.segment, Decimal(1), Decimal(1), Decimal(10))
        set_tolerance(by=by, entity=entity, bounds=bounds)
        base = WithholdingPattern.Base.NET
        set_withholding(by=by, entity=entity, name=f"Tax {n}", percent=Decimal(5), base=base, customer=customer)


def test_twice_the_work_asks_the_database_no_more_often(
    clerk: User, manager: User, system: User, stripe: PaymentProvider, invoice: Make, bank_line: Make, paid: Make,
    bank_account: BankAccount, signed_in: Callable[[User], Client], may: Day,
) -> None:  # fmt: skip
    morning, browser = Morning(clerk, manager, system, stripe, may), signed_in(clerk)
    for _ in range(2):
        morning.comes(invoice, bank_line, paid, bank_account)
    few = {page: asked(browser, page) for page in PAGES}
    for _ in range(3):
        morning.comes(invoice, bank_line, paid, bank_account)

    many = {page: asked(browser, page) for page in PAGES}

    assert {page: (few[page], many[page]) for page in PAGES if many[page] > few[page]} == {}
    assert {page: times for page, times in many.items() if times > 40} == {}


def asked(browser: Client, page: str) -> int:
    """How often a page asks the database, once everything that is cached is there."""
    assert browser.get(page).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        browser.get(page)
    return len(queries)
