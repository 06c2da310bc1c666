-- The lines of an entry arrive together, with its date and currency, on accounts of its entity, and balance.
SELECT s.entry_id, s.difference, s.base_difference INTO refused FROM (
    SELECT
        n.entry_id,
        sum(n.debit) - sum(n.credit) AS difference,
        sum(n.base_debit) - sum(n.base_credit) AS base_difference,
        min(n.posted_on) AS first_on, max(n.posted_on) AS last_on,
        min(n.currency) AS first_currency, max(n.currency) AS last_currency,
        min(a.entity_id) AS first_entity, max(a.entity_id) AS last_entity
    FROM new_rows n JOIN ledger_account a ON a.id = n.account_id
    GROUP BY n.entry_id
) s
LEFT JOIN LATERAL (SELECT * FROM ledger_journalentry WHERE id = s.entry_id OFFSET 0) e ON TRUE
WHERE s.difference <> 0 OR s.base_difference <> 0 OR e.id IS NULL OR e.recorded_at <> statement_timestamp()
    OR s.first_on <> e.posted_on OR s.last_on <> e.posted_on
    OR s.first_currency <> e.currency OR s.last_currency <> e.currency
    OR s.first_entity <> e.entity_id OR s.last_entity <> e.entity_id
LIMIT 1;
IF FOUND AND (refused.difference <> 0 OR refused.base_difference <> 0) THEN
    RAISE EXCEPTION 'o2c: entry % is out of balance by % (% in the currency of the books)',
        refused.entry_id, refused.difference, refused.base_difference
        USING CONSTRAINT = 'debits_equal_credits', ERRCODE = 'check_violation';
ELSIF FOUND THEN
    RAISE EXCEPTION 'o2c: a line of entry % comes late, or has another date, currency or entity', refused.entry_id
        USING CONSTRAINT = 'lines_fit_their_entry', ERRCODE = 'check_violation';
END IF;
