from django.db import migrations

# Place, days and ending of the cases that there are, and whose their holds are.
FILLED = """
    UPDATE arrangements_hardshipcase AS c SET
        jurisdiction = f.jurisdiction,
        decided_on = (c.decided_at AT TIME ZONE f.zone)::date,
        helped_since = CASE WHEN c.measure <> '' THEN (c.decided_at AT TIME ZONE f.zone)::date END
    FROM accounts_account AS a JOIN accounts_portfolio AS f ON f.id = a.portfolio_id WHERE a.id = c.account_id;

    UPDATE arrangements_hardshipcase SET ending = 'answered' WHERE state = 'ended' AND answered_on IS NOT NULL;

    DO $$
    DECLARE c record; note bigint; guard name;
    BEGIN
        FOR c IN SELECT * FROM arrangements_hardshipcase WHERE state = 'ended' AND answered_on IS NULL ORDER BY id LOOP
            INSERT INTO accounts_note (account_id, text, author_id, written_at, erased_under)
                VALUES (
                    c.account_id, 'It ended before it was kept how.',
                    coalesce(c.decided_by_id, c.opened_by_id, (SELECT min(id) FROM accounts_user)), c.ended_at, ''
                )
                RETURNING id INTO note;
            UPDATE arrangements_hardshipcase SET ending_said_id = note,
                ending = CASE WHEN measure <> '' THEN 'reviewed' ELSE 'withdrawn' END WHERE id = c.id;
        END LOOP;
        -- What a hold was placed for is written once; for these it wasn't.
        SELECT tgname INTO guard FROM pg_trigger
            WHERE tgrelid = 'accounts_hold'::regclass AND tgname LIKE '%hold_terms_fixed%';
        EXECUTE format('ALTER TABLE accounts_hold DISABLE TRIGGER %I', guard);
        UPDATE accounts_hold AS h SET placed_for_type = 'hardshipcase', placed_for_id = own.id
            FROM arrangements_hardshipcase AS own WHERE own.hold_id = h.id AND h.placed_for_id IS NULL;
        EXECUTE format('ALTER TABLE accounts_hold ENABLE TRIGGER %I', guard);
    END $$;

    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("arrangements", "0011_hardship_owns_its_hold")]

    operations = [migrations.RunSQL(FILLED, migrations.RunSQL.noop)]
