-- The one place where the open amount of an item changes. A CHECK on the item refuses less than nothing.
-- Whoever comes second waits here, and then sees what the first one did.
PERFORM 1 FROM (
    SELECT debit_item_id AS id FROM new_rows UNION SELECT credit_item_id FROM new_rows ORDER BY id
) wanted,
LATERAL (SELECT 1 FROM ledger_openitem WHERE line_id = wanted.id FOR NO KEY UPDATE) locked;

have_reversal := FALSE;
FOR touched IN
    SELECT s.item_id, s.amount, t.* FROM (
        SELECT debit_item_id AS item_id, sum(amount) AS amount FROM new_rows GROUP BY debit_item_id
    ) s,
    LATERAL (
        SELECT max(allocated_on) AS last_on, max(recorded_at) AS last_at, bool_or(amount < 0) AS has_reversal
        FROM ledger_allocation WHERE debit_item_id = s.item_id
    ) t
    UNION ALL
    SELECT s.item_id, s.amount, t.* FROM (
        SELECT credit_item_id AS item_id, sum(amount) AS amount FROM new_rows GROUP BY credit_item_id
    ) s,
    LATERAL (
        SELECT max(allocated_on) AS last_on, max(recorded_at) AS last_at, bool_or(amount < 0) AS has_reversal
        FROM ledger_allocation WHERE credit_item_id = s.item_id
    ) t
LOOP
    UPDATE ledger_openitem SET
        open_amount = open_amount - touched.amount,
        settled_on = CASE WHEN open_amount = touched.amount THEN touched.last_on END,
        settled_recorded_at = CASE WHEN open_amount = touched.amount THEN touched.last_at END
    WHERE line_id = touched.item_id;

    -- Whoever waited recorded an earlier time than the one that went first; `known_at` needs them in order.
    IF touched.last_at > statement_timestamp() THEN
        RAISE EXCEPTION 'o2c: the same item was allocated in this moment; try again'
            USING CONSTRAINT = 'recorded_in_order', ERRCODE = 'serialization_failure';
    END IF;
    have_reversal := have_reversal OR touched.has_reversal;
END LOOP;

-- An item that a reversal has touched can be over-allocated on a day in the past although it isn't at the end.
IF have_reversal THEN
    SELECT i.number, r.allocated_on INTO refused FROM (
        SELECT debit_item_id AS item_id, allocated_on,
            sum(amount) OVER (PARTITION BY debit_item_id ORDER BY allocated_on) AS allocated
        FROM ledger_allocation WHERE debit_item_id IN (SELECT debit_item_id FROM new_rows)
        UNION ALL
        SELECT credit_item_id, allocated_on,
            sum(amount) OVER (PARTITION BY credit_item_id ORDER BY allocated_on)
        FROM ledger_allocation WHERE credit_item_id IN (SELECT credit_item_id FROM new_rows)
    ) r
    JOIN ledger_openitem i ON i.line_id = r.item_id
    WHERE r.allocated < 0 OR r.allocated > i.amount
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'o2c: on % more than all of % would be allocated', refused.allocated_on, refused.number
            USING CONSTRAINT = 'never_allocated_beyond_its_amount', ERRCODE = 'check_violation';
    END IF;
END IF;
