-- What an entry posts to deferred income is the sum of its movements, on its day and at its time; no other entry posts there.
WITH moved AS (
    SELECT entry_id, sum(CASE kind WHEN 'deferred' THEN amount ELSE -amount END) AS amount,
        sum(CASE kind WHEN 'deferred' THEN base_amount ELSE -base_amount END) AS base,
        count(DISTINCT (posted_on, recorded_at)) AS moments, min(posted_on) AS posted_on, min(recorded_at) AS recorded_at
    FROM invoicing_deferralmovement GROUP BY entry_id
), posted AS (
    SELECT l.entry_id, sum(l.credit - l.debit) AS amount, sum(l.base_credit - l.base_debit) AS base
    FROM ledger_journalline l JOIN ledger_account a ON a.id = l.account_id AND a.role = 'deferred_income'
    GROUP BY l.entry_id
)
SELECT 'J-' || e.id, format('movements %s (%s in the books), account %s (%s)', moved.amount, moved.base, posted.amount, posted.base)
FROM moved FULL JOIN posted ON posted.entry_id = moved.entry_id
JOIN ledger_journalentry e ON e.id = coalesce(moved.entry_id, posted.entry_id)
WHERE moved.amount IS DISTINCT FROM posted.amount OR moved.base IS DISTINCT FROM posted.base
    OR moved.moments > 1 OR moved.posted_on <> e.posted_on OR moved.recorded_at <> e.recorded_at
