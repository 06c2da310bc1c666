-- In the order of their ids, so that two batches never wait for each other.
SELECT line_id, entity_id, customer_id, number, side, posted_on, currency, amount, base_amount, open_amount
FROM ledger_openitem WHERE line_id = ANY(%(items)s::bigint[]) ORDER BY line_id FOR NO KEY UPDATE
