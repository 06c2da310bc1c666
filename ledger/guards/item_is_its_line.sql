-- An open item repeats its journal line and starts wholly open.
SELECT n.number INTO refused FROM new_rows n
LEFT JOIN ledger_journalline l
    ON l.id = n.line_id AND l.customer_id = n.customer_id AND l.posted_on = n.posted_on
    AND n.amount = CASE n.side WHEN 'debit' THEN l.debit ELSE l.credit END
    AND n.base_amount = CASE n.side WHEN 'debit' THEN l.base_debit ELSE l.base_credit END
LEFT JOIN ledger_journalentry e
    ON e.id = l.entry_id AND e.entity_id = n.entity_id AND e.currency = n.currency AND e.recorded_at = n.recorded_at
LEFT JOIN ledger_account a ON a.id = l.account_id AND a.role = 'receivables'
LEFT JOIN customers_customer c ON c.id = n.customer_id AND c.entity_id = n.entity_id
WHERE e.id IS NULL OR a.id IS NULL OR c.id IS NULL OR n.open_amount <> n.amount
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: open item % differs from its receivables line', refused.number
        USING CONSTRAINT = 'item_is_its_line', ERRCODE = 'check_violation';
END IF;
