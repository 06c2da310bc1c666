-- A credit settles a debit of the same customer, entity and currency, and not before both were there.
SELECT d.number AS debit, c.number AS credit INTO refused FROM new_rows n
JOIN ledger_openitem d ON d.line_id = n.debit_item_id
JOIN ledger_openitem c ON c.line_id = n.credit_item_id
WHERE d.side <> 'debit' OR c.side <> 'credit'
    OR d.customer_id <> c.customer_id OR d.entity_id <> c.entity_id OR d.currency <> c.currency
    OR n.allocated_on < d.posted_on OR n.allocated_on < c.posted_on
    OR n.recorded_at <> statement_timestamp()
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: % cannot settle %: customer, currency, side or date differ', refused.credit, refused.debit
        USING CONSTRAINT = 'allocation_fits_its_items', ERRCODE = 'check_violation';
END IF;

-- What undoes an allocation mirrors it, and comes no earlier.
SELECT n.reverses_id INTO refused FROM new_rows n
LEFT JOIN ledger_allocation r
    ON r.id = n.reverses_id AND r.reverses_id IS NULL AND r.amount = -n.amount
    AND r.debit_item_id = n.debit_item_id AND r.credit_item_id = n.credit_item_id
    AND r.debit_base = -n.debit_base AND r.credit_base = -n.credit_base
    AND r.allocated_on <= n.allocated_on
WHERE n.reverses_id IS NOT NULL AND r.id IS NULL
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: the reversal of allocation % does not mirror it', refused.reverses_id
        USING CONSTRAINT = 'reversal_mirrors_its_allocation', ERRCODE = 'check_violation';
END IF;

-- A difference in value is posted: the same day, to the same receivables account, for the same customer.
SELECT d.number AS debit, c.number AS credit INTO refused FROM new_rows n
JOIN ledger_openitem d ON d.line_id = n.debit_item_id
JOIN ledger_openitem c ON c.line_id = n.credit_item_id
JOIN ledger_journalline own ON own.id = d.line_id
LEFT JOIN ledger_journalentry e
    ON e.id = n.exchange_entry_id AND e.posted_on = n.allocated_on AND e.currency = d.currency
LEFT JOIN ledger_journalline l
    ON l.entry_id = e.id AND l.account_id = own.account_id AND l.customer_id = d.customer_id
    AND l.debit + l.credit = 0 AND l.base_debit - l.base_credit = n.credit_base - n.debit_base
WHERE n.exchange_entry_id IS NOT NULL AND l.id IS NULL
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: the exchange difference between % and % is not what was posted', refused.credit, refused.debit
        USING CONSTRAINT = 'difference_fits_its_allocation', ERRCODE = 'check_violation';
END IF;
