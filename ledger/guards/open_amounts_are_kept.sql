-- The one place where the open amount of an item changes. A CHECK on the item refuses less than nothing.
-- Whoever comes second waits here, and then sees what the first one did.
PERFORM 1 FROM (
    SELECT debit_item_id AS id FROM new_rows UNION SELECT credit_item_id FROM new_rows ORDER BY id
) wanted,
LATERAL (SELECT 1 FROM ledger_openitem WHERE line_id = wanted.id FOR NO KEY UPDATE) locked;

-- An UPDATE has no LATERAL: the planner is told to find the items by index, also while the table is still small.
kept_settings := ARRAY[
    current_setting('enable_seqscan'), current_setting('enable_hashjoin'), current_setting('enable_mergejoin')
];
PERFORM set_config('enable_seqscan', 'off', TRUE), set_config('enable_hashjoin', 'off', TRUE),
    set_config('enable_mergejoin', 'off', TRUE);
WITH touched AS MATERIALIZED (
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
), updated AS (
    UPDATE ledger_openitem i SET
        open_amount = i.open_amount - t.amount,
        settled_on = CASE WHEN i.open_amount = t.amount THEN t.last_on END,
        settled_recorded_at = CASE WHEN i.open_amount = t.amount THEN t.last_at END
    FROM touched t WHERE i.line_id = t.item_id
)
SELECT bool_or(has_reversal) AS have_reversal, max(last_at) AS last_at INTO touched FROM touched;
PERFORM set_config('enable_seqscan', kept_settings[1], TRUE), set_config('enable_hashjoin', kept_settings[2], TRUE),
    set_config('enable_mergejoin', kept_settings[3], TRUE);

-- Whoever waited recorded an earlier time than the one that went first; `known_at` needs them in order.
IF touched.last_at > statement_timestamp() THEN
    RAISE EXCEPTION 'o2c: the same item was allocated in this moment; try again'
        USING CONSTRAINT = 'recorded_in_order', ERRCODE = 'serialization_failure';
END IF;

-- An item that a reversal has touched can be over-allocated on a day in the past although it isn't at the end.
IF touched.have_reversal THEN
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
