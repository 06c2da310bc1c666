-- A credit settles a debit of the same customer, entity and currency, never before both were posted.
SELECT format('%s on %s', c.number, d.number), format('allocation %s of %s on %s', a.id, a.amount, a.allocated_on)
FROM ledger_allocation a
JOIN ledger_openitem d ON d.line_id = a.debit_item_id
JOIN ledger_openitem c ON c.line_id = a.credit_item_id
WHERE d.side <> 'debit' OR c.side <> 'credit' OR d.customer_id <> c.customer_id OR d.entity_id <> c.entity_id
    OR d.currency <> c.currency OR a.allocated_on < d.posted_on OR a.allocated_on < c.posted_on
