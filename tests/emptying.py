"""The database after a test that commits."""

from functools import cache

from django.db import connection

from accounts import history

# Nothing changes them: the same would be written again.
WRITTEN_BY_MIGRATING = {"django_content_type", "auth_permission"}


def empty():
    """Deletes every row but what migrating writes, from tables that have any.

    The triggers that freeze the history and what was issued are gone round here.
    """
    with history.unlocked(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables()))
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")


@cache
def tables():
    """The names of all tables that may be emptied, quoted."""
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    return [connection.ops.quote_name(name) for name in sorted(names - WRITTEN_BY_MIGRATING)]
