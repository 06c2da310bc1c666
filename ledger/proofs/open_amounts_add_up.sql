-- What the database keeps with an item is what its allocations come to.
SELECT i.number,
    format('kept: %s open, settled %s; added up: %s open, last allocated %s',
        i.open_amount, coalesce(i.settled_on::text, 'not'), i.amount - coalesce(a.amount, 0), coalesce(a.last_on::text, 'never'))
FROM ledger_openitem i
LEFT JOIN (
    SELECT item_id, sum(amount) AS amount, max(allocated_on) AS last_on, max(recorded_at) AS last_at FROM (
        SELECT debit_item_id AS item_id, amount, allocated_on, recorded_at FROM ledger_allocation
        UNION ALL
        SELECT credit_item_id, amount, allocated_on, recorded_at FROM ledger_allocation
    ) both_sides GROUP BY item_id
) a ON a.item_id = i.line_id
WHERE i.open_amount <> i.amount - coalesce(a.amount, 0)
    OR i.settled_on IS DISTINCT FROM CASE WHEN a.amount = i.amount THEN a.last_on END
    OR i.settled_recorded_at IS DISTINCT FROM CASE WHEN a.amount = i.amount THEN a.last_at END
