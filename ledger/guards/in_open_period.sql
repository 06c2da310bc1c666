-- Nothing is dated into a month that is closed or not there, and into a soft-locked one only with a reason.
-- The months stay share-locked until the transaction ends: closing one waits for what is being posted into it.
PERFORM 1 FROM ledger_accountingperiod p
WHERE (p.entity_id, p.starts_on) IN (
    SELECT d.entity_id, date_trunc('month', d.day)::date FROM (
        {dates}
    ) d
)
ORDER BY p.id FOR SHARE;

SELECT d.day, replace(coalesce(p.state, 'missing'), '_', '-') AS state INTO refused FROM (
    {dates}
) d
LEFT JOIN ledger_accountingperiod p ON p.entity_id = d.entity_id AND p.starts_on = date_trunc('month', d.day)::date
WHERE p.id IS NULL OR p.state = 'closed' OR (p.state = 'soft_locked' AND NOT d.explained)
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: % lies in a month that is %', refused.day, refused.state
        USING CONSTRAINT = 'in_open_period', ERRCODE = 'check_violation';
END IF;
