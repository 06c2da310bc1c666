-- Every guard of the ledger is there and switched on.
SELECT t.tgrelid::regclass::text, format('trigger %s is switched off', t.tgname)
FROM pg_trigger t
WHERE NOT t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') AND t.tgrelid::regclass::text LIKE 'ledger\_%'
UNION ALL
SELECT wanted.relation, format('%s guards of this kind are there instead of %s', count(t.oid), wanted.guards)
FROM (
    VALUES ('ledger_journalentry', 4, 1), ('ledger_journalentry', 16, 1), ('ledger_journalentry', 8, 1),
        ('ledger_journalline', 4, 3), ('ledger_journalline', 16, 1), ('ledger_journalline', 8, 1),
        ('ledger_openitem', 4, 1), ('ledger_openitem', 16, 2), ('ledger_openitem', 8, 1),
        ('ledger_allocation', 4, 3), ('ledger_allocation', 16, 1), ('ledger_allocation', 8, 1)
) wanted (relation, operation, guards)
LEFT JOIN pg_trigger t ON t.tgrelid = wanted.relation::regclass AND NOT t.tgisinternal AND t.tgtype & wanted.operation <> 0
GROUP BY wanted.relation, wanted.operation, wanted.guards
HAVING count(t.oid) < wanted.guards
