"""Exposure of customers and their groups: open items, drafts, and what contracts bill soon, for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Sum

from core.models import LegalEntity
from core.money import ZERO, Money
from customers.models import Customer
from invoicing.billing.kinds import Due
from invoicing.exposures import Exposure, ExposurePart, Owed, in_books
from invoicing.models import CreditNote, CreditNoteLine, Invoice
from invoicing.queries.due import ALL_KINDS, dues_of
from invoicing.queries.examining import base_rates_of
from invoicing.queries.taxing import tax_table
from invoicing.totals import tax_on
from ledger.ageing import ageing

Amounts = Mapping[tuple[int, str], Decimal]
MEMBERS = """
    WITH RECURSIVE member (holder, id) AS (
        SELECT id, id FROM customers_customer WHERE id = ANY(%(keys)s)
        UNION
        SELECT member.holder, child.id FROM member JOIN customers_customer child ON child.parent_id = member.id
    )
    SELECT holder, id FROM member ORDER BY holder, id
"""
HOLDERS = """
    WITH RECURSIVE above (id, holder) AS (
        SELECT id, id FROM customers_customer WHERE id = ANY(%(keys)s)
        UNION
        SELECT above.id, child.parent_id FROM above JOIN customers_customer child ON child.id = above.holder
        WHERE child.parent_id IS NOT NULL
    )
    SELECT above.id, holder FROM above JOIN customers_customer c ON c.id = holder
    WHERE c.credit_limit IS NOT NULL ORDER BY above.id, holder
"""


@dataclass(frozen=True, slots=True)
class DueSoon:
    """What a contract bills soon, before tax, and the rate of its tax."""

    due: Due
    net: Decimal
    percent: Decimal | None
    """None while no rule says which."""

    @property
    def currency(self) -> str:
        """The contract's."""
        return str(self.due.contract.currency)


@dataclass
class Groups:
    """Customers with all below them, as far as the question of their exposure goes."""

    holders: Sequence[Customer]

    @cached_property
    def members(self) -> dict[int, list[Customer]]:
        """By customer, itself and everybody below."""
        pairs = _pairs(MEMBERS, [holder.pk for holder in self.holders])
        keys = {member for _, member in pairs}
        rows = Customer.objects.select_related("entity").in_bulk(keys)
        found: dict[int, list[Customer]] = defaultdict(list)
        for holder, member in pairs:
            found[holder].append(rows[member])
        return found

    @cached_property
    def everybody(self) -> list[Customer]:
        """All members once, those of a company together."""
        rows = {member.pk: member for members in self.members.values() for member in members}
        return sorted(rows.values(), key=lambda row: (row.entity_id, row.pk))

    def open_items(self, as_of: date) -> Amounts:
        """What is open at the end of a day, credits taken off."""
        if not self.everybody:
            return {}
        entities = {member.entity_id: member.entity for member in self.everybody}
        rows = ageing(entities=entities.values(), as_of=as_of, customers=self.everybody)
        return {(row.key, row.currency): row.net for row in rows}

    def drafts(self) -> Amounts:
        """What is drafted and has no number yet, tax included; what drafted credits of unused days give back is off.

        A change of a contract bills days anew that were billed before. Its credit waits to be issued, and without it
        these days would count twice.
        """
        keys = [member.pk for member in self.everybody]
        unused = CreditNoteLine.objects.filter(credited_from__isnull=False).values("credit_note")
        found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for sign, rows in ((1, Invoice.objects.all()), (-1, CreditNote.objects.filter(pk__in=unused))):
            waiting = rows.filter(number=None, customer__in=keys).order_by()
            for customer, currency, gross in waiting.values_list("customer_id", "currency").annotate(Sum("gross")):
                found[customer, currency] += sign * gross
        return found

    def unbilled(self, through: date, on: date) -> Amounts:
        """What contracts bill by a day and no draft does yet, with tax as on a day where that is clear."""
        nets: dict[tuple[int, str, Decimal], Decimal] = defaultdict(Decimal)
        for one in due_soon(members=self.everybody, through=through, on=on):
            nets[one.due.contract.customer_id, one.currency, one.percent or ZERO] += one.net
        found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for (customer, currency, percent), net in nets.items():
            found[customer, currency] += net + tax_on(net, percent, currency)
        return found

    def exposures(self, owed: Owed, on: date) -> dict[int, Exposure]:
        """By customer, what is owed against its limit, at the rates of a day."""
        currencies = {key[1] for amounts in (owed.open_items, owed.drafts, owed.unbilled) for key in amounts}
        currencies |= {holder.currency for holder in self.holders}
        rates: dict[str, dict[str, Decimal | None]] = {}
        found = {}
        for holder in self.holders:
            base = holder.entity.currency
            if base not in rates:
                rates[base] = base_rates_of(holder.entity, currencies, on)
            limit = None
            if holder.credit_limit is not None:
                limit = in_books(holder.credit_limit, rates[base][holder.currency], base)
            parts: list[ExposurePart] = []
            for member in self.members[holder.pk]:
                parts += owed.parts_of(member, base, rates[base])
            found[holder.pk] = Exposure(holder, base, limit, parts)
        return found


def due_soon(*, members: Iterable[Customer], through: date, on: date) -> Iterator[DueSoon]:
    """What contracts of customers bill by a day, those of a company together; taxed as on another day."""
    for _, group in groupby(members, key=lambda row: row.entity_id):
        mine = {member.pk: member for member in group}
        entity = next(iter(mine.values())).entity
        taxes = tax_table(entity, mine.values(), on)
        for due in dues_of(entity=entity, through=through, kinds=ALL_KINDS, customers=list(mine)):
            rate = taxes.rate_or_none(mine[due.contract.customer_id], due.charge.line.product.tax_class)
            yield DueSoon(due, due.charge.net(due.contract.currency) or ZERO, rate.percent if rate else None)


def credit_exposure(*, customers: Sequence[Customer], as_of: date, through: date) -> dict[int, Exposure]:
    """By customer, with its group: open items, drafts, and what contracts bill by a day. Their entities are loaded."""
    groups = Groups(customers)
    owed = Owed(groups.open_items(as_of), groups.drafts(), groups.unbilled(through, as_of))
    return groups.exposures(owed, as_of)


def ledger_exposure(*, customers: Sequence[Customer], as_of: date) -> dict[int, Exposure]:
    """The same for a past day: what was open then. What was drafted or agreed then, nobody wrote down."""
    groups = Groups(customers)
    return groups.exposures(Owed(groups.open_items(as_of), {}, {}), as_of)


def exposure_with(
    *, entity: LegalEntity, billed: Mapping[int, Iterable[Money]], as_of: date
) -> dict[int, list[Exposure]]:
    """By customer that is about to be billed, each limit that it counts against, with what all of them are billed."""
    pairs = _pairs(HOLDERS, list(billed))
    wanted = {holder for _, holder in pairs}
    if not wanted:
        return {}
    groups = Groups(list(Customer.objects.select_related("entity").filter(pk__in=wanted).order_by("pk")))
    coming: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for customer, amounts in billed.items():
        for amount in amounts:
            coming[customer, amount.currency] += amount.amount
    exposures = groups.exposures(Owed(groups.open_items(as_of), groups.drafts(), coming), as_of)
    found: dict[int, list[Exposure]] = defaultdict(list)
    for customer, holder in pairs:
        found[customer].append(exposures[holder])
    return found


def _pairs(statement: str, keys: list[int]) -> list[tuple[int, int]]:
    values: dict[str, Any] = {"keys": keys}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[int, int]] = cursor.fetchall()
    return found
