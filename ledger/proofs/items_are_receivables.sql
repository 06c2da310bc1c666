-- Every line on a receivables account is an open item with the same customer, date, side and amounts; nothing else is.
SELECT coalesce(i.number, 'J-' || l.entry_id),
    format('line %s: %s debit %s credit, open item %s %s', l.id, l.debit, l.credit, i.side, i.amount)
FROM ledger_journalline l
JOIN ledger_account a ON a.id = l.account_id
LEFT JOIN ledger_openitem i ON i.line_id = l.id
LEFT JOIN customers_customer c ON c.id = i.customer_id
WHERE (a.role = 'receivables') IS DISTINCT FROM (i.line_id IS NOT NULL OR (a.role = 'receivables' AND l.debit + l.credit = 0))
    OR (a.role = 'receivables' AND l.customer_id IS NULL)
    OR (i.line_id IS NOT NULL AND NOT coalesce(
        i.customer_id = l.customer_id AND i.entity_id = a.entity_id AND i.entity_id = c.entity_id
        AND i.posted_on = l.posted_on AND i.currency = l.currency
        AND i.amount = CASE i.side WHEN 'debit' THEN l.debit ELSE l.credit END
        AND i.base_amount = CASE i.side WHEN 'debit' THEN l.base_debit ELSE l.base_credit END,
        FALSE
    ))
