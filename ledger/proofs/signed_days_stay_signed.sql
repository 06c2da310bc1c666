-- Nothing was posted to an account at a bank on a locked day after it was locked.
SELECT 'J-' || l.entry_id, format('posted to %s on %s, recorded %s, locked %s', a.code, l.posted_on, e.recorded_at, d.locked_at)
FROM ledger_daylock d
JOIN ledger_account a ON a.id = d.account_id
JOIN ledger_journalline l ON l.account_id = d.account_id AND l.posted_on BETWEEN d.first_on AND d.last_on
JOIN ledger_journalentry e ON e.id = l.entry_id
WHERE e.recorded_at > d.locked_at AND (d.lifted_at IS NULL OR e.recorded_at < d.lifted_at)
