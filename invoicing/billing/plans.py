"""Which charges go on which invoice, as the customer requires. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from core.money import ZERO
from customers.models import BillingRequirements, Customer, PaymentTerms
from invoicing.billing.kinds import Due, invoice_kind
from invoicing.models import ChargeKind, Contract, Invoice, Language, TaxRate
from invoicing.taxing import TaxTable, TaxUnclear
from invoicing.totals import totals_of

Grouping = BillingRequirements.Grouping
LANGUAGES = frozenset(Language.values)
LONGEST_TEXT = Invoice._meta.get_field("text").max_length


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A charge on an invoice. Without a price or a rate it can't be billed."""

    due: Due
    tax_rate: TaxRate | None
    net: Decimal | None
    tax_problem: str = ""


@dataclass(frozen=True)
class PlannedInvoice:
    """An invoice as a run would bill it. `subject` tells it from the others of the run."""

    subject: str
    customer: Customer
    requirements: BillingRequirements
    terms: PaymentTerms
    lines: Sequence[PlannedLine]

    @property
    def currency(self) -> str:
        """The contracts' currency."""
        return str(self.contracts[0].currency)

    @cached_property
    def contracts(self) -> list[Contract]:
        """The contracts that it bills, each once."""
        return list({line.due.contract.pk: line.due.contract for line in self.lines}.values())

    @property
    def language(self) -> str:
        """The contract's language, else the customer's; English where it is none of ours."""
        return language_of(self.contracts[0], self.customer)

    @property
    def purchase_order(self) -> str:
        """The contracts' order number: contracts with different ones never share an invoice."""
        return self.contracts[0].purchase_order.strip()

    @property
    def cost_centre(self) -> str:
        """The cost centre, where the customer wants one invoice for each."""
        if self.requirements.grouping != Grouping.COST_CENTRE:
            return ""
        return self.lines[0].due.charge.line.cost_centre

    @property
    def text(self) -> str:
        """What the customer wants to read on every invoice, and what the contracts say."""
        texts = [self.requirements.reference_text, *(contract.text for contract in self.contracts)]
        return "\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))[:LONGEST_TEXT]

    @property
    def kind(self) -> str:
        """What the invoice is for."""
        return invoice_kind(line.due for line in self.lines)

    @property
    def is_final(self) -> bool:
        """Whether it is the last bill of a customer who leaves."""
        return any(line.due.is_final for line in self.lines)

    @property
    def chosen_as(self) -> str:
        """The kind under which totals count it."""
        return ChargeKind.FINAL.value if self.is_final else self.kind

    @property
    def is_consolidated(self) -> bool:
        """Whether it bills several contracts together."""
        return len(self.contracts) > 1

    @property
    def service_from(self) -> date:
        """The first day that it bills."""
        return min(line.due.charge.days.first_on for line in self.lines)

    @property
    def service_until(self) -> date:
        """The last one."""
        return max(line.due.charge.days.last_on for line in self.lines)

    @cached_property
    def net(self) -> Decimal | None:
        """What it comes to before tax; None while a price is missing."""
        nets = [line.net for line in self.lines]
        return None if None in nets else sum((net for net in nets if net is not None), ZERO)

    @property
    def gross(self) -> Decimal | None:
        """What it comes to with tax; without the tax of what has no rate, and None while a price is missing."""
        if self.net is None:
            return None
        taxed = [(line.tax_rate, line.net) for line in self.lines if line.tax_rate and line.net is not None]
        return self.net + totals_of(taxed, self.currency).tax

    @property
    def about(self) -> str:
        """Changes with whatever the invoice would bill, so that what was accepted for one isn't for another."""
        facts = [
            (line.due.charge.line.pk, line.due.charge.days, line.due.charge.quantity.normalize(), line.net)
            for line in self.lines
        ]
        return sha256(repr((self.purchase_order, facts)).encode()).hexdigest()


@dataclass(frozen=True)
class Planner:
    """Puts charges on invoices. What each customer requires, and which terms it has, is looked up before."""

    customers: Mapping[int, Customer]
    requirements: Mapping[int, BillingRequirements]
    terms: Mapping[int, PaymentTerms]
    taxes: TaxTable
    decided: dict[tuple[int, str], tuple[TaxRate | None, str]] = field(default_factory=dict)

    def plans(self, dues: Iterable[Due]) -> list[PlannedInvoice]:
        """The invoices, in the order of their customers."""
        groups: dict[tuple[object, ...], list[Due]] = defaultdict(list)
        for due in dues:
            groups[self._group_of(due)].append(due)
        return [self._plan(group) for group in groups.values()]

    def _group_of(self, due: Due) -> tuple[object, ...]:
        contract = due.contract
        grouping = self.requirements[contract.customer_id].grouping
        if grouping == Grouping.CONTRACT:
            return (contract.customer_id, contract.pk)
        customer = self.customers[contract.customer_id]
        shared = (contract.currency, contract.purchase_order.strip(), self._terms_id(contract))
        centre = due.charge.line.cost_centre if grouping == Grouping.COST_CENTRE else None
        return (contract.customer_id, None, *shared, language_of(contract, customer), centre)

    def _plan(self, dues: Sequence[Due]) -> PlannedInvoice:
        contract = dues[0].contract
        group = self._group_of(dues[0])
        return PlannedInvoice(
            subject=sha256(repr(group).encode()).hexdigest(),
            customer=self.customers[contract.customer_id],
            requirements=self.requirements[contract.customer_id],
            terms=self.terms[self._terms_id(contract)],
            lines=[self._line(due) for due in dues],
        )

    def _line(self, due: Due) -> PlannedLine:
        contract, charge = due.contract, due.charge
        key = (contract.customer_id, charge.line.product.tax_class)
        if key not in self.decided:
            self.decided[key] = self._decide(*key)
        rate, problem = self.decided[key]
        return PlannedLine(due, rate, charge.net(contract.currency), problem)

    def _decide(self, customer_id: int, tax_class: str) -> tuple[TaxRate | None, str]:
        """The rate for a class of products, or why there is none."""
        try:
            return self.taxes.rate_for(self.customers[customer_id], tax_class), ""
        except TaxUnclear as refusal:
            return None, refusal.message

    def _terms_id(self, contract: Contract) -> int:
        return contract.terms_id or self.customers[contract.customer_id].terms_id


def language_of(contract: Contract, customer: Customer) -> str:
    """The language of a contract's invoices."""
    wanted = (contract.language or customer.language).partition("-")[0]
    return wanted if wanted in LANGUAGES else Language.ENGLISH.value
