-- A revaluation's entry comes to what its items' working says, and is taken back on the next day.
SELECT 'J-' || v.entry_id, format('posts %s, its items come to %s, taken back on %s', value.posted, worked.posted, r.posted_on)
FROM ledger_revaluation v
JOIN ledger_journalentry r ON r.id = v.reversal_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.base_debit - l.base_credit), 0) AS posted
    FROM ledger_journalline l JOIN ledger_account a ON a.id = l.account_id AND a.role = 'receivables_revaluation'
    WHERE l.entry_id = v.entry_id
) value
CROSS JOIN LATERAL (
    SELECT coalesce(sum(i.posted), 0) AS posted FROM ledger_revalueditem i WHERE i.revaluation_id = v.id
) worked
WHERE value.posted <> worked.posted OR r.reverses_id IS DISTINCT FROM v.entry_id OR r.posted_on <> v.month_end + 1
