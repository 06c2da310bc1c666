-- What undoes an allocation or an entry is its mirror, later or on the same day.
SELECT format('allocation %s', a.id), format('undoes allocation %s, and differs from it', r.id)
FROM ledger_allocation a JOIN ledger_allocation r ON r.id = a.reverses_id
WHERE r.reverses_id IS NOT NULL OR a.amount <> -r.amount
    OR a.debit_item_id <> r.debit_item_id OR a.credit_item_id <> r.credit_item_id
    OR a.debit_base <> -r.debit_base OR a.credit_base <> -r.credit_base OR a.allocated_on < r.allocated_on
UNION ALL
SELECT 'J-' || e.id, format('reverses J-%s, and differs from it', r.id)
FROM ledger_journalentry e JOIN ledger_journalentry r ON r.id = e.reverses_id
WHERE e.entity_id <> r.entity_id OR e.currency <> r.currency OR e.posted_on < r.posted_on OR EXISTS (
    (
        SELECT account_id, customer_id, debit, credit, base_debit, base_credit
        FROM ledger_journalline WHERE entry_id = r.id
        EXCEPT ALL
        SELECT account_id, customer_id, credit, debit, base_credit, base_debit
        FROM ledger_journalline WHERE entry_id = e.id
    )
    UNION ALL
    (
        SELECT account_id, customer_id, credit, debit, base_credit, base_debit
        FROM ledger_journalline WHERE entry_id = e.id
        EXCEPT ALL
        SELECT account_id, customer_id, debit, credit, base_debit, base_credit
        FROM ledger_journalline WHERE entry_id = r.id
    )
)
