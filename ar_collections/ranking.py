"""The one statement that ranks every customer of a company, or some of them, out of the ledger.

Amounts are brought into the company's currency at each item's own rate. What is promised, disputed or in a plan is held
back of its item; only what is left free ranks a customer. A customer without anything overdue leaves the list.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from ar_collections.worklist import CEILINGS, EDGES, FLOORS, MANY_MONTHS, OVER_31, WINDOW, Tier

RANK = """
WITH final AS (
    SELECT unnest(%(finals)s::bigint[]) AS line_id
), recurring AS (
    SELECT unnest(%(recurring)s::bigint[]) AS line_id
), dated AS (
    SELECT line_id, customer_id, due_on, %(today)s - due_on AS days, line_id IN (TABLE final) AS is_final,
        line_id IN (TABLE recurring) AS is_recurring,
        round(open_amount * base_amount / amount, 3) AS open, open_amount, base_amount / amount AS rate
    FROM ledger_openitem
    WHERE entity_id = %(entity)s AND side = 'debit' AND open_amount <> 0 AND posted_on <= %(today)s
        AND (%(customers)s::bigint[] IS NULL OR customer_id = ANY(%(customers)s))
), held AS (
    SELECT item_id, sum(amount) AS amount FROM (
        SELECT part.item_id, part.amount FROM collections_promiseitem part
        JOIN collections_promise promise ON promise.id = part.promise_id
        WHERE promise.entity_id = %(entity)s AND promise.outcome = '' AND promise.until_on >= %(today)s
        UNION ALL
        SELECT part.item_id, part.amount FROM collections_planitem part
        JOIN collections_paymentplan plan ON plan.id = part.plan_id
        WHERE plan.entity_id = %(entity)s AND plan.state = 'active'
        UNION ALL
        SELECT item_id, amount FROM collections_dispute WHERE entity_id = %(entity)s AND outcome = ''
    ) each GROUP BY item_id
), item AS (
    SELECT dated.*, greatest(open - round(coalesce(held.amount, 0) * rate, 3), 0) AS free
    FROM dated LEFT JOIN held ON held.item_id = dated.line_id
), broken AS (
    SELECT part.customer_id, sum(part.amount) AS amount, max(part.ended_on) AS on
    FROM (
        SELECT promise.customer_id, promise.ended_on, least(part.amount, dated.open_amount) * dated.rate AS amount
        FROM collections_promise promise
        JOIN collections_promiseitem part ON part.promise_id = promise.id
        JOIN item dated ON dated.line_id = part.item_id
        WHERE promise.entity_id = %(entity)s AND promise.outcome IN ('broken', 'partly')
            AND promise.ended_on >= %(today)s - 7
            AND dated.open_amount > part.open_before - part.amount AND dated.free > 0
    ) part GROUP BY part.customer_id
), summed AS (
    SELECT customer_id, count(*) AS items, sum(open) AS open,
        coalesce(sum(open) FILTER (WHERE days > 0), 0) AS overdue,
        coalesce(sum(open - free) FILTER (WHERE days > 0), 0) AS held,
        min(due_on) FILTER (WHERE days > 0) AS oldest_on,
        coalesce(sum(free) FILTER (WHERE days BETWEEN 1 AND %(edge_1)s - 1), 0) AS age_1,
        coalesce(sum(free) FILTER (WHERE days BETWEEN %(edge_1)s AND %(edge_2)s - 1), 0) AS age_2,
        coalesce(sum(free) FILTER (WHERE days BETWEEN %(edge_2)s AND %(edge_3)s - 1), 0) AS age_3,
        coalesce(sum(free) FILTER (WHERE days >= %(edge_3)s), 0) AS age_4,
        coalesce(sum(open) FILTER (WHERE days <= 0), 0) AS not_due,
        coalesce(sum(free) FILTER (WHERE is_final AND days > 0), 0) AS finals,
        count(DISTINCT date_trunc('month', due_on)) FILTER (WHERE is_recurring AND days > 0 AND free > 0) AS months,
        coalesce(sum(free) FILTER (WHERE days >= %(over_31)s), 0) AS over_31,
        coalesce(sum(free) FILTER (WHERE days BETWEEN %(window_from)s AND %(window_to)s), 0) AS "window"
    FROM item GROUP BY customer_id HAVING bool_or(days > 0)
), tiered AS (
    SELECT summed.*, coalesce(broken.amount, 0) AS broken, broken.on AS broken_on,
        age_1 * %(risk_1)s + age_2 * %(risk_2)s + age_3 * %(risk_3)s + age_4 * %(risk_4)s AS at_risk,
        CASE WHEN broken.amount > 0 THEN 0 WHEN finals > 0 THEN 1 WHEN months >= %(months)s THEN 2
            WHEN over_31 > 0 THEN 3 WHEN "window" > 0 THEN 4 WHEN overdue > held THEN 5 ELSE 6 END AS tier
    FROM summed LEFT JOIN broken USING (customer_id)
)
INSERT INTO collections_worklistentry AS entry (
    customer_id, entity_id, tier, items, open_amount, overdue, held, at_risk, ages, oldest_on, finals, months, over_31,
    "window", broken, broken_on, priority, refreshed_at
)
SELECT customer_id, %(entity)s, tier, items, open, overdue, held, round(at_risk, 3),
    ARRAY[age_1, age_2, age_3, age_4, not_due], oldest_on, finals, months, over_31, "window", round(broken, 3),
    broken_on,
    (%(floors)s::int[])[tier + 1] + round(
        ((%(ceilings)s::int[])[tier + 1] - (%(floors)s::int[])[tier + 1]) * least(ln(1 + at_risk) / ln(1000001), 1)
    ), statement_timestamp()
FROM tiered
ON CONFLICT (customer_id) DO UPDATE SET
    tier = EXCLUDED.tier, items = EXCLUDED.items, open_amount = EXCLUDED.open_amount, overdue = EXCLUDED.overdue,
    held = EXCLUDED.held, at_risk = EXCLUDED.at_risk, ages = EXCLUDED.ages, oldest_on = EXCLUDED.oldest_on,
    finals = EXCLUDED.finals, months = EXCLUDED.months, over_31 = EXCLUDED.over_31, "window" = EXCLUDED."window",
    broken = EXCLUDED.broken, broken_on = EXCLUDED.broken_on, priority = EXCLUDED.priority,
    refreshed_at = EXCLUDED.refreshed_at
"""
FORGET = """
DELETE FROM collections_worklistentry entry
WHERE entity_id = %(entity)s AND (%(customers)s::bigint[] IS NULL OR customer_id = ANY(%(customers)s))
    AND NOT EXISTS (
        SELECT FROM ledger_openitem item
        WHERE item.entity_id = %(entity)s AND item.customer_id = entry.customer_id AND item.side = 'debit'
            AND item.open_amount <> 0 AND item.posted_on <= %(today)s AND item.due_on < %(today)s
    )
"""


def rank(
    entity: int,
    today: date,
    customers: Sequence[int] | None,
    *,
    finals: Iterable[int],
    recurring: Iterable[int],
    risks: Sequence[Decimal],
) -> int:
    """Rank customers anew and forget those that owe nothing overdue; how many stand on the list of those asked."""
    values: dict[str, Any] = {
        "entity": entity,
        "today": today,
        "customers": None if customers is None else list(customers),
        "finals": list(finals),
        "recurring": list(recurring),
        "over_31": OVER_31,
        "window_from": WINDOW[0],
        "window_to": WINDOW[1],
        "months": MANY_MONTHS,
        "floors": [FLOORS[tier] for tier in Tier],
        "ceilings": [CEILINGS[tier] for tier in Tier],
        **{f"risk_{number}": share for number, share in enumerate(risks, 1)},
        **{f"edge_{number}": days for number, days in enumerate(EDGES, 1)},
    }
    with connection.cursor() as cursor:
        cursor.execute(RANK, values)
        ranked: int = cursor.rowcount
        cursor.execute(FORGET, values)
    return ranked
