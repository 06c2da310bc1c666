-- At the end of no day is more than all of an item allocated, or less than nothing.
SELECT i.number, format('%s of %s allocated at the end of %s', r.allocated, i.amount, r.allocated_on)
FROM (
    SELECT debit_item_id AS item_id, allocated_on,
        sum(amount) OVER (PARTITION BY debit_item_id ORDER BY allocated_on) AS allocated
    FROM ledger_allocation
    UNION ALL
    SELECT credit_item_id, allocated_on, sum(amount) OVER (PARTITION BY credit_item_id ORDER BY allocated_on)
    FROM ledger_allocation
) r
JOIN ledger_openitem i ON i.line_id = r.item_id
WHERE r.allocated < 0 OR r.allocated > i.amount
