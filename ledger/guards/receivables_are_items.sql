-- A line on the receivables account belongs to a customer and is an open item, so that the items are the account.
-- Only an exchange difference, which has no amount in the document's currency, is a line without an item.
SELECT n.id INTO refused FROM new_rows n
JOIN ledger_account a ON a.id = n.account_id AND a.role = 'receivables'
LEFT JOIN LATERAL (SELECT line_id FROM ledger_openitem WHERE line_id = n.id OFFSET 0) i ON TRUE
WHERE n.customer_id IS NULL OR (i.line_id IS NULL AND n.debit + n.credit > 0)
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: receivables line % has no customer or no open item', refused.id
        USING CONSTRAINT = 'receivables_are_items', ERRCODE = 'check_violation';
END IF;
