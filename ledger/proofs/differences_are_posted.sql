-- Where an allocation takes different values from its two items, an entry of that day has posted the difference.
SELECT format('%s on %s', c.number, d.number), format('difference %s, posted %s', a.credit_base - a.debit_base, p.gain)
FROM ledger_allocation a
JOIN ledger_openitem d ON d.line_id = a.debit_item_id
JOIN ledger_openitem c ON c.line_id = a.credit_item_id
LEFT JOIN LATERAL (
    SELECT sum(l.base_debit - l.base_credit) AS gain
    FROM ledger_journalentry e
    JOIN ledger_journalline l ON l.entry_id = e.id
    JOIN ledger_account x ON x.id = l.account_id AND x.role = 'receivables'
    WHERE e.id = a.exchange_entry_id AND e.posted_on = a.allocated_on AND e.entity_id = d.entity_id
        AND e.currency = d.currency AND l.customer_id = d.customer_id
) p ON TRUE
WHERE a.credit_base - a.debit_base <> coalesce(p.gain, 0)
UNION ALL
SELECT 'J-' || e.id, 'an exchange difference that belongs to no allocation'
FROM ledger_journalentry e
WHERE e.kind = 'exchange' AND NOT EXISTS (SELECT FROM ledger_allocation a WHERE a.exchange_entry_id = e.id)
