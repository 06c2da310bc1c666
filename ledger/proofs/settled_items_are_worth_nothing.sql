-- When nothing of an item is open, nothing of its value in the books is left either; and never more than all was taken.
SELECT i.number, format('%s of %s in the books is allocated, %s is open', coalesce(a.base, 0), i.base_amount, i.open_amount)
FROM ledger_openitem i
LEFT JOIN (
    SELECT item_id, sum(base) AS base FROM (
        SELECT debit_item_id AS item_id, debit_base AS base FROM ledger_allocation
        UNION ALL
        SELECT credit_item_id, credit_base FROM ledger_allocation
    ) both_sides GROUP BY item_id
) a ON a.item_id = i.line_id
WHERE (i.open_amount = 0 AND a.base IS DISTINCT FROM i.base_amount)
    OR (i.open_amount = i.amount AND coalesce(a.base, 0) <> 0)
    OR coalesce(a.base, 0) NOT BETWEEN 0 AND i.base_amount
