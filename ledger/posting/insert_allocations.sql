-- Allocations in one statement; the guards keep the open amounts of their items.
INSERT INTO ledger_allocation (
    debit_item_id, credit_item_id, amount, debit_base, credit_base, allocated_on, late_reason, reason,
    reverses_id, exchange_entry_id, recorded_by_id, recorded_at
)
SELECT d.*, %(by)s, statement_timestamp()
FROM unnest(
    %(debit_item)s::bigint[], %(credit_item)s::bigint[],
    %(amount)s::numeric[], %(debit_base)s::numeric[], %(credit_base)s::numeric[],
    %(allocated_on)s::date[], %(late_reason)s::text[], %(reason)s::text[],
    %(reverses)s::bigint[], %(exchange_entry)s::bigint[]
) AS d
RETURNING id, recorded_at
