"""What active contracts owe an invoice, for thousands of them in a handful of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from core.models import LegalEntity
from core.reading import read
from invoicing.billing.kinds import Due, Leaving, is_final, kind_of
from invoicing.charges import Charge, charges_due
from invoicing.cycles import ONE_DAY, Days
from invoicing.models import Amendment, ChargeKind, Contract, ContractLine, Product
from invoicing.queries.charging import iterate_charges, tiers_of

# Lines that have days by then which no invoice bills, each with the days that invoices do bill.
UNBILLED = """
    SELECT l.id, b.days
    FROM invoicing_contractline l
    JOIN invoicing_contract c ON c.id = l.contract_id
    LEFT JOIN LATERAL (
        SELECT range_agg(daterange(p.first_on, coalesce(p.credited_from, p.last_on + 1), '[)')) AS days
        FROM invoicing_billedperiod p WHERE p.line_id = l.id
    ) b ON true
    WHERE c.entity_id = %(entity)s AND c.activated_at IS NOT NULL {of_customers}
        AND l.starts_on <= %(through)s AND l.starts_on <= coalesce(l.ends_on, l.starts_on)
        AND NOT coalesce(
            b.days @> daterange(l.starts_on, greatest(l.starts_on, least(l.ends_on, c.ends_on, %(through)s)), '[]'),
            false
        )
    ORDER BY c.customer_id, l.contract_id, l.position
"""
# Whether somebody ended the contract `c` that ends last: by notice, early, or by buying the lease out.
SAID_TO_END = """
    (array_agg(
        c.notice_given_on IS NOT NULL OR EXISTS (
            SELECT FROM invoicing_amendment a
            WHERE a.contract_id = c.id AND a.kind IN ('early_end', 'buy_out')
                AND a.effective_on BETWEEN c.ends_on AND c.ends_on + 1
        ) ORDER BY c.ends_on DESC
    ))[1]
"""
# When a customer's contracts end for good, if all of them do.
LEAVING = f"""
    SELECT c.customer_id, max(c.ends_on), {SAID_TO_END}
    FROM invoicing_contract c
    WHERE c.entity_id = %(entity)s AND c.activated_at IS NOT NULL AND c.kind <> 'order' {{of_customers}}
    GROUP BY c.customer_id
    HAVING bool_and(c.ends_on IS NOT NULL AND (NOT c.renews OR c.notice_given_on IS NOT NULL))
"""  # noqa: S608 - only the text above
OF_CUSTOMERS = "AND c.customer_id = ANY(%(customers)s)"


@dataclass(frozen=True)
class Ground:
    """Whose contracts are looked at: those of a company, or of some of its customers."""

    entity: LegalEntity
    customers: list[int] | None = None

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """The answer to a statement about contracts `c`."""
        narrowed = statement.format(of_customers="" if self.customers is None else OF_CUSTOMERS)
        with connection.cursor() as cursor:
            cursor.execute(narrowed, {"entity": self.entity.pk, "customers": self.customers, **values})
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def leaving(self) -> dict[int, Leaving]:
        """By customer, when the last of its contracts ends, where none goes on."""
        return {key: Leaving(last_on, is_said) for key, last_on, is_said in self.rows(LEAVING)}


def customers_due(*, entity: LegalEntity, through: date) -> list[int]:
    """The customers whose contracts may owe something by the end of a day."""
    billed = Ground(entity).rows(UNBILLED, through=through)
    keys = [key for key, *_ in billed]
    rows = Contract.objects.filter(lines__in=keys).order_by("customer_id")
    return list(rows.values_list("customer_id", flat=True).distinct())


def dues_of(
    *, entity: LegalEntity, through: date, kinds: Collection[str], customers: Sequence[int] | None = None
) -> list[Due]:
    """Everything of these kinds that is to be billed by the end of a day, customer by customer."""
    ground = Ground(entity, None if customers is None else list(customers))
    billed = {key: _days_of(days) for key, days in ground.rows(UNBILLED, through=through)}
    lines = _lines(list(billed))
    leaving, made_by = ground.leaving(), _made_by(lines)
    dues = (
        Due(
            charge,
            charge.line.contract,
            kind_of(charge, charge.line.contract, made_by.get(charge.line.made_by_id)),
            is_final(charge, charge.line.contract, leaving.get(charge.line.contract.customer_id), through),
        )
        for charge in _charges(lines, billed, through)
    )
    return [due for due in dues if due.chosen_as in kinds]


def _lines(keys: Sequence[int]) -> list[ContractLine]:
    """The lines in the order of the keys, with contract and product; none goes beyond its contract's last day."""
    found = {line.pk: line for line in read(ContractLine, "id = ANY(%(keys)s)", keys=list(keys))}
    lines = [found[key] for key in keys]
    contracts = _by_key(Contract, {line.contract_id for line in lines})
    products = _by_key(Product, {line.product_id for line in lines})
    for line in lines:
        line.contract, line.product = contracts[line.contract_id], products[line.product_id]
        ends_on = line.contract.ends_on
        if ends_on is not None and (line.ends_on is None or line.ends_on > ends_on):
            line.ends_on = ends_on
    return lines


def _charges(lines: Sequence[ContractLine], billed: Mapping[int, list[Days]], through: date) -> Iterator[Charge]:
    """Charges in the order of the lines. Usage also asks what was read late, which takes every billed period."""
    metered: dict[int, list[Charge]] = defaultdict(list)
    for charge in iterate_charges([line for line in lines if line.cycle == ContractLine.Cycle.USAGE], through):
        metered[charge.line.pk].append(charge)
    tiers = tiers_of(lines)
    for line in lines:
        if line.cycle == ContractLine.Cycle.USAGE:
            yield from metered[line.pk]
        else:
            yield from charges_due(line, billed[line.pk], through, tiers=tiers.get(line.pk, ()))


def _made_by(lines: Iterable[ContractLine]) -> dict[int | None, str]:
    """The kind of each amendment that made one of the lines."""
    keys = {line.made_by_id for line in lines if line.made_by_id is not None}
    return {key: row.kind for key, row in _by_key(Amendment, keys).items()} if keys else {}


def _by_key(model: type[Any], keys: Iterable[int]) -> dict[int, Any]:
    return {row.pk: row for row in read(model, "id = ANY(%(keys)s)", keys=list(keys))}


def _days_of(ranges: Iterable[Any] | None) -> list[Days]:
    return [Days(one.lower, one.upper - ONE_DAY) for one in ranges or ()]


ALL_KINDS = frozenset(ChargeKind.values)
