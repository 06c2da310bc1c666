-- Everything lies in a month that is there, and nothing was recorded in a closed one after it was closed.
WITH closed AS (
    SELECT p.entity_id, p.starts_on, p.state, max(v.at) FILTER (WHERE p.state = 'closed') AS closed_at
    FROM ledger_accountingperiod p
    LEFT JOIN core_auditevent v ON v.object_type = 'ledger.accountingperiod' AND v.object_id = p.id::text
        AND v.event = 'period.closed'
    GROUP BY p.entity_id, p.starts_on, p.state
), dated AS (
    SELECT 'J-' || id AS document, entity_id, posted_on AS day, recorded_at FROM ledger_journalentry
    UNION ALL
    SELECT format('allocation %s of %s', a.id, d.number), d.entity_id, a.allocated_on, a.recorded_at
    FROM ledger_allocation a JOIN ledger_openitem d ON d.line_id = a.debit_item_id
)
SELECT dated.document, format('dated %s, recorded %s, month closed %s', day, recorded_at, coalesce(closed_at::text, state, 'missing'))
FROM dated
LEFT JOIN closed ON closed.entity_id = dated.entity_id AND closed.starts_on = date_trunc('month', dated.day)::date
WHERE closed.starts_on IS NULL OR dated.recorded_at > closed.closed_at
