-- An entry comes with all of its lines in one statement, at the database's own time.
SELECT n.id INTO refused FROM new_rows n
WHERE n.recorded_at <> statement_timestamp()
    OR NOT EXISTS (SELECT FROM ledger_journalline l WHERE l.entry_id = n.id)
LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'o2c: entry % does not come with its lines, at the time of the database', refused.id
        USING CONSTRAINT = 'entry_is_whole', ERRCODE = 'check_violation';
END IF;
