-- For every entity and currency the open items come to the balance of the receivables account, also in the books'.
WITH item AS (
    SELECT i.entity_id, i.currency, sum(CASE i.side WHEN 'debit' THEN i.open_amount ELSE -i.open_amount END) AS open,
        sum(CASE i.side WHEN 'debit' THEN i.base_amount ELSE -i.base_amount END) AS base
    FROM ledger_openitem i GROUP BY i.entity_id, i.currency
), difference AS (
    SELECT d.entity_id, d.currency, sum(a.credit_base - a.debit_base) AS base
    FROM ledger_allocation a JOIN ledger_openitem d ON d.line_id = a.debit_item_id
    WHERE a.credit_base <> a.debit_base GROUP BY d.entity_id, d.currency
), line AS (
    SELECT a.entity_id, l.currency, sum(l.debit - l.credit) AS balance, sum(l.base_debit - l.base_credit) AS base
    FROM ledger_journalline l JOIN ledger_account a ON a.id = l.account_id AND a.role = 'receivables'
    GROUP BY a.entity_id, l.currency
)
SELECT format('%s %s', e.code, coalesce(line.currency, item.currency)),
    format('open items %s, account %s; in the books %s and %s', item.open, line.balance,
        item.base + coalesce(difference.base, 0), line.base)
FROM item
FULL JOIN line ON line.entity_id = item.entity_id AND line.currency = item.currency
LEFT JOIN difference ON difference.entity_id = item.entity_id AND difference.currency = item.currency
JOIN core_legalentity e ON e.id = coalesce(item.entity_id, line.entity_id)
WHERE coalesce(item.open, 0) <> coalesce(line.balance, 0)
    OR coalesce(item.base, 0) + coalesce(difference.base, 0) <> coalesce(line.base, 0)
