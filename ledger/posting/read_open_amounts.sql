SELECT line_id, open_amount, settled_on, settled_recorded_at
FROM ledger_openitem WHERE line_id = ANY(%(items)s::bigint[])
