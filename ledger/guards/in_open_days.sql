-- Nothing is posted to an account at a bank on a day whose reconciliation is signed.
-- The accounts stay share-locked until the transaction ends: signing a day waits for what is being posted into it.
PERFORM 1 FROM ledger_account a
WHERE a.role = 'bank' AND a.id IN (SELECT account_id FROM new_rows)
ORDER BY a.id FOR SHARE;

SELECT to_char(n.posted_on, 'FMDD Mon YYYY') AS day, a.code || ' ' || a.name AS account INTO refused
FROM new_rows n
JOIN ledger_account a ON a.id = n.account_id AND a.role = 'bank'
JOIN ledger_daylock l ON l.account_id = n.account_id AND l.lifted_at IS NULL
    AND n.posted_on BETWEEN l.first_on AND l.last_on
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: the reconciliation of % is signed for %; date it later, or have that day opened again',
        refused.account, refused.day
        USING CONSTRAINT = 'in_open_days', ERRCODE = 'check_violation';
END IF;
