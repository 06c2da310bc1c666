-- A line has its entry's date, currency and entity; in the books' own currency both amounts are the same.
SELECT 'J-' || e.id, format('line %s: %s %s on account %s', l.id, l.posted_on, l.currency, a.code)
FROM ledger_journalline l
JOIN ledger_journalentry e ON e.id = l.entry_id
JOIN ledger_account a ON a.id = l.account_id
JOIN core_legalentity b ON b.id = e.entity_id
WHERE l.posted_on <> e.posted_on OR l.currency <> e.currency OR a.entity_id <> e.entity_id
    OR (e.currency = b.currency AND (l.debit <> l.base_debit OR l.credit <> l.base_credit))
