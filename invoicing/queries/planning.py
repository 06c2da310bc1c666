"""What a billing run would do: its invoices with what was found about each, worked out without writing anything."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from core.models import LegalEntity
from core.money import Money
from core.reading import read
from customers.models import Address, Customer, PaymentTerms
from customers.queries import requirements_of
from invoicing.billing.findings import (
    DUPLICATE,
    LastPeriod,
    Like,
    duplicates_of,
    far_from_last,
    missing_in,
)
from invoicing.billing.kinds import Due
from invoicing.billing.plans import PlannedInvoice, Planner
from invoicing.billing.rows import Rows, rows_of
from invoicing.checks import Finding, Surroundings, findings_of
from invoicing.cycles import Days
from invoicing.einvoices.drafts import structured_findings
from invoicing.models import BillingChecks
from invoicing.queries.credit_stops import credit_findings
from invoicing.queries.due import dues_of
from invoicing.queries.examining import base_rates_of, billing_addresses, certified_of
from invoicing.queries.taxing import tax_table

LAST_PERIODS = """
    SELECT DISTINCT ON (p.line_id) p.line_id, p.first_on, p.last_on, l.net, l.quantity
    FROM invoicing_billedperiod p JOIN invoicing_invoiceline l ON l.id = p.invoice_line_id
    WHERE p.line_id = ANY(%(lines)s)
    ORDER BY p.line_id, p.first_on DESC
"""
LIKES = """
    SELECT customer_id, currency, net, coalesce('Invoice ' || number, 'A draft'), service_from, service_until
    FROM invoicing_invoice
    WHERE entity_id = %(entity)s AND customer_id = ANY(%(customers)s) AND (issued_on >= %(since)s OR number IS NULL)
"""


@dataclass(frozen=True)
class Planned:
    """An invoice of a run, with what was found about it. Without price or rate it has no rows."""

    plan: PlannedInvoice
    rows: Rows | None
    findings: Sequence[Finding]
    last_net: Decimal | None
    """What the same lines billed in the last period; None where one of them never billed anything."""

    @property
    def difference(self) -> Decimal | None:
        """How much more it bills than the last period did."""
        return None if self.last_net is None or self.plan.net is None else self.plan.net - self.last_net


def plan_billing(
    *,
    entity: LegalEntity,
    through: date,
    invoice_on: date,
    kinds: Collection[str],
    customers: Sequence[int] | None = None,
) -> list[Planned]:
    """Every invoice that a run would make, ready or not, of a company or of some of its customers."""
    dues = dues_of(entity=entity, through=through, kinds=kinds, customers=customers)
    plans = _plans(entity, dues, invoice_on)
    last = _last_periods(plans)
    asked = _asked(entity, plans, last, invoice_on)
    around = _Around.of(entity, plans, invoice_on)
    planned = []
    for plan in plans:
        missing = list(missing_in(plan))
        rows = None if missing else rows_of(plan, entity)
        checked = around.findings(plan, rows) if rows else missing
        planned.append(Planned(plan, rows, [*checked, *asked[plan.subject]], _last_net(plan, last)))
    return planned


def _plans(entity: LegalEntity, dues: Sequence[Due], invoice_on: date) -> list[PlannedInvoice]:
    keys = list({due.contract.customer_id for due in dues})
    customers = {row.pk: row for row in read(Customer, "id = ANY(%(keys)s)", keys=keys)}
    for customer in customers.values():
        customer.entity = entity
    wanted = {due.contract.terms_id for due in dues} | {row.terms_id for row in customers.values()}
    terms = read(PaymentTerms, "id = ANY(%(keys)s)", keys=[key for key in wanted if key is not None])
    planner = Planner(
        customers=customers,
        requirements=requirements_of(customers.values()),
        terms={row.pk: row for row in terms},
        taxes=tax_table(entity, customers.values(), invoice_on),
    )
    return planner.plans(dues)


def _last_periods(plans: Iterable[PlannedInvoice]) -> dict[int, LastPeriod]:
    """By line, what it billed last; for one that never did, what the line billed that it follows."""
    lines = [line.due.charge.line for plan in plans for line in plan.lines]
    asked = {line.pk for line in lines} | {line.follows_id for line in lines if line.follows_id is not None}
    with connection.cursor() as cursor:
        cursor.execute(LAST_PERIODS, {"lines": list(asked)})
        found = {row[0]: LastPeriod(Days(row[1], row[2]), row[3], row[4]) for row in cursor.fetchall()}
    known = {line.pk: found.get(line.pk) or found.get(line.follows_id or 0) for line in lines}
    return {key: period for key, period in known.items() if period is not None}


def _last_net(plan: PlannedInvoice, last: Mapping[int, LastPeriod]) -> Decimal | None:
    periods = [(last.get(line.due.charge.line.pk), line.due.charge.days) for line in plan.lines]
    nets = [period.net_for(days) for period, days in periods if period is not None]
    return sum(nets, Decimal(0)).quantize(Decimal("0.01")) if len(nets) == len(plan.lines) else None


def _asked(
    entity: LegalEntity, plans: Sequence[PlannedInvoice], last: dict[int, LastPeriod], invoice_on: date
) -> dict[str, list[Finding]]:
    """By subject, what credit control says and what a person should look at."""
    checks = checks_of(entity)
    likes = _likes(entity, plans, invoice_on - timedelta(days=checks.duplicate_days))
    billed: dict[int, list[Money]] = defaultdict(list)
    for plan in plans:
        if plan.gross is not None:
            billed[plan.customer.pk].append(Money(plan.gross, plan.currency))
    stops = credit_findings(entity=entity, billed=billed, as_of=invoice_on)
    twins = _twins(plans, last)
    return {
        plan.subject: [
            *stops.get(plan.customer.pk, ()),
            *duplicates_of(plan, likes.get(_likeness(plan), ())),
            *twins.get(plan.subject, ()),
            *far_from_last(plan, last, checks),
        ]
        for plan in plans
    }


def checks_of(entity: LegalEntity) -> BillingChecks:
    """From which difference on a run asks; the defaults until somebody changes them."""
    return BillingChecks.objects.filter(entity=entity).first() or BillingChecks(entity=entity)


def _likes(
    entity: LegalEntity, plans: Sequence[PlannedInvoice], since: date
) -> dict[tuple[int, str, Decimal | None], list[Like]]:
    """Recent invoices and drafts by customer, currency and net."""
    keys = list({plan.customer.pk for plan in plans})
    found: dict[tuple[int, str, Decimal | None], list[Like]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(LIKES, {"entity": entity.pk, "customers": keys, "since": since})
        for customer, currency, net, name, service_from, service_until in cursor.fetchall():
            found[customer, currency, net].append(Like(name, service_from, service_until))
    return found


def _likeness(plan: PlannedInvoice) -> tuple[int, str, Decimal | None]:
    return (plan.customer.pk, plan.currency, plan.net)


def _twins(plans: Iterable[PlannedInvoice], last: Mapping[int, LastPeriod]) -> dict[str, list[Finding]]:
    """Invoices of the same run that bill a customer the same for the same days: an order that came in twice.

    Those that were billed beside each other before are two orders.
    """
    alike: dict[tuple[Any, ...], list[PlannedInvoice]] = defaultdict(list)
    for plan in plans:
        products = tuple(sorted(line.due.charge.line.product_id for line in plan.lines))
        alike[*_likeness(plan), plan.service_from, plan.service_until, products].append(plan)
    new = [group for group in alike.values() if any(_last_net(plan, last) is None for plan in group)]
    return {
        plan.subject: [Finding(DUPLICATE, f"{_names(plan)} and {_names(other)} bill {plan.customer} the same.")]
        for group in new
        for plan, other in zip(group, group[1:] + group[:1], strict=True)
        if len(group) > 1
    }


def _names(plan: PlannedInvoice) -> str:
    return ", ".join(str(contract) for contract in plan.contracts)


@dataclass(frozen=True)
class _Around:
    """What the checks of drafts need to know, for all customers of a run."""

    entity: LegalEntity
    invoice_on: date
    addresses: Mapping[int, Address]
    certified: Collection[int]
    base_rates: Mapping[str, Decimal | None]

    @classmethod
    def of(cls, entity: LegalEntity, plans: Sequence[PlannedInvoice], invoice_on: date) -> "_Around":
        customers = {plan.customer.pk: plan.customer for plan in plans}
        return cls(
            entity,
            invoice_on,
            billing_addresses(customers),
            certified_of(customers, invoice_on),
            base_rates_of(entity, {plan.currency for plan in plans}, invoice_on),
        )

    def findings(self, plan: PlannedInvoice, rows: Rows) -> list[Finding]:
        """What every draft is checked for, and what its structured file lacks."""
        customer, required = plan.customer.pk, plan.requirements
        surroundings = Surroundings(
            entity=self.entity,
            issued_on=self.invoice_on,
            base_rate=self.base_rates[plan.currency],
            has_address=customer in self.addresses,
            has_certificate=customer in self.certified,
        )
        address = self.addresses.get(customer)
        return [
            *findings_of(rows.invoice, rows.lines, surroundings),
            *structured_findings(self.entity, rows.invoice, rows.lines, address, required),
        ]
