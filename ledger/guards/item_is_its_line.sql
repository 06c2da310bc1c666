-- An open item repeats its journal line and starts wholly open.
SELECT n.number INTO refused FROM new_rows n
LEFT JOIN LATERAL (SELECT * FROM ledger_journalline WHERE id = n.line_id OFFSET 0) l ON TRUE
LEFT JOIN LATERAL (SELECT * FROM ledger_journalentry WHERE id = l.entry_id OFFSET 0) e ON TRUE
LEFT JOIN LATERAL (SELECT entity_id FROM customers_customer WHERE id = n.customer_id OFFSET 0) c ON TRUE
LEFT JOIN ledger_account a ON a.id = l.account_id
WHERE NOT coalesce(
    a.role = 'receivables'
    AND n.entity_id = e.entity_id AND n.entity_id = c.entity_id AND n.customer_id = l.customer_id
    AND n.posted_on = l.posted_on AND n.recorded_at = e.recorded_at AND n.currency = e.currency
    AND n.amount = CASE n.side WHEN 'debit' THEN l.debit ELSE l.credit END
    AND n.base_amount = CASE n.side WHEN 'debit' THEN l.base_debit ELSE l.base_credit END
    AND n.open_amount = n.amount,
    FALSE
)
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: open item % differs from its receivables line', refused.number
        USING CONSTRAINT = 'item_is_its_line', ERRCODE = 'check_violation';
END IF;
