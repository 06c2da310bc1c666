-- A credit settles a debit of the same customer, entity and currency, and not before both were there.
SELECT d.number AS debit, c.number AS credit INTO refused FROM new_rows n
LEFT JOIN LATERAL (SELECT * FROM ledger_openitem WHERE line_id = n.debit_item_id OFFSET 0) d ON TRUE
LEFT JOIN LATERAL (SELECT * FROM ledger_openitem WHERE line_id = n.credit_item_id OFFSET 0) c ON TRUE
WHERE NOT coalesce(
    d.side = 'debit' AND c.side = 'credit'
    AND d.customer_id = c.customer_id AND d.entity_id = c.entity_id AND d.currency = c.currency
    AND n.allocated_on >= d.posted_on AND n.allocated_on >= c.posted_on
    AND n.recorded_at = statement_timestamp(),
    FALSE
)
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: % cannot settle %: customer, currency, side or date differ', refused.credit, refused.debit
        USING CONSTRAINT = 'allocation_fits_its_items', ERRCODE = 'check_violation';
END IF;

-- What undoes an allocation mirrors it, and comes no earlier.
SELECT n.reverses_id INTO refused FROM new_rows n
LEFT JOIN LATERAL (SELECT * FROM ledger_allocation WHERE id = n.reverses_id OFFSET 0) r ON TRUE
WHERE n.reverses_id IS NOT NULL AND NOT coalesce(
    r.reverses_id IS NULL AND r.amount = -n.amount
    AND r.debit_item_id = n.debit_item_id AND r.credit_item_id = n.credit_item_id
    AND r.debit_base = -n.debit_base AND r.credit_base = -n.credit_base
    AND r.allocated_on <= n.allocated_on,
    FALSE
)
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: the reversal of allocation % does not mirror it', refused.reverses_id
        USING CONSTRAINT = 'reversal_mirrors_its_allocation', ERRCODE = 'check_violation';
END IF;

-- A difference in value is posted: the same day, to the same receivables account, for the same customer.
SELECT n.exchange_entry_id AS entry_id INTO refused FROM new_rows n
LEFT JOIN LATERAL (
    SELECT l.base_debit - l.base_credit AS gain
    FROM ledger_openitem d
    JOIN ledger_journalline own ON own.id = d.line_id
    JOIN ledger_journalentry e ON e.id = n.exchange_entry_id
    JOIN ledger_journalline l ON l.entry_id = e.id
    WHERE d.line_id = n.debit_item_id AND e.currency = d.currency AND e.posted_on = n.allocated_on
        AND l.account_id = own.account_id AND l.customer_id = d.customer_id AND l.debit + l.credit = 0
    OFFSET 0
) posted ON TRUE
WHERE n.exchange_entry_id IS NOT NULL AND posted.gain IS DISTINCT FROM n.credit_base - n.debit_base
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: entry % is not the exchange difference of its allocation', refused.entry_id
        USING CONSTRAINT = 'difference_fits_its_allocation', ERRCODE = 'check_violation';
END IF;
