"""Triggers that refuse to change or delete what was issued; accounts.history.unlocked is the one way round."""

from django.db import migrations

FROZEN = ["billing_document", "billing_documentline", "billing_documentrate", "billing_walletentry"]

FUNCTION = """
CREATE FUNCTION billing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' AND current_setting('panel.history', true) = 'open' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was issued is never changed or deleted';
END $$;
"""
POSTGRESQL = """
CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""
SQLITE = [
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'what was issued is never changed or deleted'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM accounts_historydoor)
    BEGIN SELECT RAISE(ABORT, 'what was issued is never changed or deleted'); END""",
]


def install(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        schema_editor.execute(FUNCTION)
    for table in FROZEN:
        for statement in [POSTGRESQL] if on_postgresql else SQLITE:
            schema_editor.execute(statement.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("accounts", "0002_history_triggers")]

    operations = [migrations.RunPython(install)]
