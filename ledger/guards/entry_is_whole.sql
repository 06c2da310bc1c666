-- An entry comes with all of its lines in one statement, at the database's own time.
SELECT n.id INTO refused FROM new_rows n
LEFT JOIN LATERAL (SELECT TRUE AS found FROM ledger_journalline WHERE entry_id = n.id LIMIT 1) line ON TRUE
WHERE line.found IS NULL OR n.recorded_at <> statement_timestamp()
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: entry % does not come with its lines, at the time of the database', refused.id
        USING CONSTRAINT = 'entry_is_whole', ERRCODE = 'check_violation';
END IF;
