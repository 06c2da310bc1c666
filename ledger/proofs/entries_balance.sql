-- Debits equal credits in every entry, in its currency and in the books', and every entry has two lines or more.
SELECT 'J-' || e.id,
    format('%s lines, debit less credit %s, in the books %s', count(l.id), sum(l.debit - l.credit),
        sum(l.base_debit - l.base_credit))
FROM ledger_journalentry e LEFT JOIN ledger_journalline l ON l.entry_id = e.id
GROUP BY e.id
HAVING count(l.id) < 2 OR sum(l.debit - l.credit) <> 0 OR sum(l.base_debit - l.base_credit) <> 0
