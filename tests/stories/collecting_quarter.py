"""A company that collects for a quarter: its people, twelve customers, and what beat does on each of its days."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ar_collections import tasks
from ar_collections.actions.calls import CallLog, log_call
from ar_collections.actions.late_terms import set_up_late_interest
from ar_collections.actions.promises import Pledge
from ar_collections.actions.statements import RuleFacts, change_statement_rule
from ar_collections.calls import CallOutcome
from ar_collections.models import Call, DunningNotice, StatementRule, WorklistEntry
from ar_collections.queries.preview import preview
from ar_collections.segments import FINAL
from ar_collections.sources import FinalDocument, Source
from ar_collections.statement_days import DayRule
from controls.actions import set_up_limits
from core.models import BankAccount, LegalEntity, User
from customers.models import Address, Contact, Customer, PaymentTerms
from customers.references import payment_reference
from ledger.actions import set_up_ledger
from ledger.models import OpenItem
from messaging.models import Message
from messaging.sender import deliver
from tests.collections.books import Books
from tests.collections.dunning import switch_all_on
from tests.collections.suspending import clock_at, say_policy

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
NAMES = "Aster Birch Cedar Dahlia Elm Fern Ginkgo Holly Iris Juniper Kapok Larch".split()
NIGHT = (
    tasks.hand_out_new_customers,
    tasks.ask_about_due_finals,
    tasks.judge_due_promises,
    tasks.review_due_customers,
    tasks.refresh_worklists,
)
AFTERNOON = (
    tasks.follow_money,
    tasks.watch_suspensions,
    tasks.put_late_charges_right,
    tasks.remind_of_escalations,
    tasks.refresh_worklists,
)
Scene = Callable[["House"], None]
SCENES: dict[date, list[Scene]] = {}


class Leavers(Source):
    """Stands for billing: Ginkgo left at the end of June."""

    item = 0

    def finals(
        self, entity: LegalEntity, first_on: date, last_on: date, customers: Sequence[int] | None = None
    ) -> list[FinalDocument]:
        june = date(2026, 6, 1)
        return [FinalDocument(self.item, date(2026, 6, 30), june)] if first_on <= june <= last_on else []

    def kinds(self, customers: Any) -> dict[int, str]:
        return {self.item: FINAL}


@dataclass
class House:
    """Everybody and everything of the story, and what was told to whom."""

    entity: LegalEntity
    system: User
    people: dict[str, User]
    accounts: dict[str, Books] = field(default_factory=dict)
    items: dict[str, OpenItem] = field(default_factory=dict)
    told: list[tuple[date, str, str]] = field(default_factory=list)
    today: date = FIRST

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def customer(self, name: str) -> Customer:
        return self.accounts[name].customer

    # What people do -------------------------------------------------------------------------------------------------

    def call(self, name: str, outcome: CallOutcome, by: str = "Colin", **more: Any) -> Call:
        log = CallLog(outcome=outcome, **more)
        return log_call(by=self[by], customer=self.customer(name), log=log, on=self.today)

    def pays(self, name: str, amount: str, number: str) -> None:
        """The money is posted and settles the customer's document."""
        account, today = self.accounts[name], self.today
        account.apply(account.receipt(number, amount, today), self.items[name], amount, today)

    def open_of(self, name: str) -> Decimal:
        rows = OpenItem.objects.filter(customer=self.customer(name), side=OpenItem.Side.DEBIT)
        return sum((row.open_amount for row in rows), Decimal(0))

    # The days -------------------------------------------------------------------------------------------------------

    def live(self, day: date, scenes: Sequence[Scene]) -> None:
        """The night's work, statements, a round of the sender, people, and what follows in the afternoon."""
        self.today = day
        with clock_at(day, 4):
            for task in NIGHT:
                task()
            self.everybody_has_a_step_or_a_reason()
        with clock_at(day, 6):
            tasks.send_due_statements()
        self.post(8)
        with clock_at(day, 10):
            for scene in scenes:
                scene(self)
        self.post(12)
        with clock_at(day, 13):
            for task in AFTERNOON:
                task()
        self.post(14)

    def post(self, hour: int) -> None:
        """A round of the sender; nothing leaves that asks for what is settled."""
        before = set(Message.objects.filter(state="sent").values_list("pk", flat=True))
        with clock_at(self.today, hour):
            deliver(by=self.system)
        left = Message.objects.filter(state="sent").exclude(pk__in=before).select_related("customer").order_by("pk")
        for message in left:
            self.told.append((self.today, message.about.name if message.customer else "", message.kind))
            notice = DunningNotice.objects.filter(message=message).first()
            lines = notice.lines.filter(fell_out="").select_related("item") if notice else []
            assert all(line.item.open_amount >= line.asked for line in lines), message.subject

    def everybody_has_a_step_or_a_reason(self) -> None:
        for row in preview(self.entity, self.today).rows:
            for line in row.lines:
                assert line.step or line.stop or line.asked or row.asked_already, (self.today, line.number)

    def told_to(self, name: str) -> list[str]:
        """Day and kind of all that was sent to a customer or to colleagues about them."""
        return [f"{day:%d %b} {kind}" for day, whom, kind in self.told if whom == name]


def on(month: int, *numbers: int) -> Callable[[Scene], Scene]:
    """On which days of the quarter a scene is played."""

    def register(scene: Scene) -> Scene:
        for number in numbers:
            SCENES.setdefault(date(2026, month, number), []).append(scene)
        return scene

    return register


def pledge(*instalments: tuple[date, str]) -> Pledge:
    return Pledge(currency="GBP", instalments=[(day, Decimal(amount)) for day, amount in instalments], said_by="Priya")


def tier_of(house: House, name: str) -> int | None:
    return WorklistEntry.objects.filter(customer=house.customer(name)).values_list("tier", flat=True).first()


def days() -> Iterator[date]:
    """Every day of the quarter."""
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


def furnish(uk: LegalEntity, system: User, people: dict[str, User]) -> House:
    """Books, limits, terms of late payment, strategies, the rule of statements, and twelve customers who owe."""
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    set_up_late_interest(by=system, entity=uk, valid_from=date(2026, 1, 1))
    pounds = {"bank_name": "Barclays, Bristol", "sort_code": "20-13-42", "account_number": "40211870"}
    BankAccount.objects.create(entity=uk, name="Pounds", currency="GBP", is_default=True, **pounds)
    maya = people["Maya"]
    switch_all_on(maya, uk)
    say_policy(maya, uk)
    facts = RuleFacts(days=DayRule(), style=StatementRule.Style.OPEN_ITEM, by_group=True, is_on=True)
    change_statement_rule(by=maya, entity=uk, facts=facts, changed_on=FIRST)
    house = House(uk, system, people)
    terms = PaymentTerms.objects.create(entity=uk, code="N30", name="30 days net", net_days=30)
    for name in NAMES:
        house.accounts[name] = Books(system, _customer(uk, terms, name))
    kapok = house.customer("Kapok")
    Customer.objects.filter(name="Larch").update(parent=kapok)
    for name, amount, due in (
        ("Aster", "500", date(2026, 7, 10)),
        ("Birch", "800", date(2026, 7, 1)),
        ("Cedar", "1200", date(2026, 7, 6)),
        ("Dahlia", "2000", date(2026, 7, 3)),
        ("Elm", "3000", date(2026, 6, 30)),
        ("Fern", "2000", date(2026, 7, 8)),
        ("Ginkgo", "900", date(2026, 7, 29)),
        ("Holly", "5000", date(2026, 6, 1)),
        ("Iris", "12000", date(2026, 3, 31)),
        ("Juniper", "1500", date(2026, 7, 10)),
        ("Kapok", "700", date(2026, 7, 20)),
        ("Larch", "400", date(2026, 7, 25)),
    ):
        made = house.accounts[name].invoice(f"INV-{name}", amount, due - timedelta(days=30), due)
        house.items[name] = made
    Leavers.item = house.items["Ginkgo"].pk
    return house


def _customer(uk: LegalEntity, terms: PaymentTerms, name: str) -> Customer:
    code = f"C-{name.upper()}"
    customer = Customer.objects.create(
        entity=uk, code=code, name=name, terms=terms, currency="GBP", payment_reference=payment_reference(code)
    )
    place = {"lines": "12 Lansdown Crescent", "postcode": "BA1 5EX", "city": "Bath", "country": "GB"}
    Address.objects.create(customer=customer, **place)
    facts = {"receives_statements": True, "receives_invoices": True, "phone": f"+44 117 496 {NAMES.index(name):04}"}
    Contact.objects.create(customer=customer, name="Priya Nair", email=f"ap@{name.lower()}.example", **facts)
    escalation = {"role": Contact.Role.ESCALATION, "email": f"cfo@{name.lower()}.example"}
    Contact.objects.create(customer=customer, name="Ray Bourne", **escalation)
    return customer
