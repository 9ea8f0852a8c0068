"""Triggers that refuse to change or delete the history; accounts.history.unlocked is the one way round."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION accounts_history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' AND current_setting('panel.history', true) = 'open' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the history is never changed or deleted';
END $$;
CREATE TRIGGER accounts_history_rows BEFORE UPDATE OR DELETE ON accounts_event
    FOR EACH ROW EXECUTE FUNCTION accounts_history_refuse();
CREATE TRIGGER accounts_history_all BEFORE TRUNCATE ON accounts_event
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_history_refuse();
"""

SQLITE = [
    "CREATE TABLE accounts_historydoor (id integer PRIMARY KEY)",
    """CREATE TRIGGER accounts_history_no_update BEFORE UPDATE ON accounts_event
    BEGIN SELECT RAISE(ABORT, 'the history is never changed or deleted'); END""",
    """CREATE TRIGGER accounts_history_no_delete BEFORE DELETE ON accounts_event
    WHEN NOT EXISTS (SELECT 1 FROM accounts_historydoor)
    BEGIN SELECT RAISE(ABORT, 'the history is never changed or deleted'); END""",
]


def install(apps, schema_editor):
    statements = [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(install)]
