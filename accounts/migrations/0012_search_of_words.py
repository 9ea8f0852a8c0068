"""Search by words without accents: the function that indexes of PostgreSQL are made of."""

from django.db import migrations

# Both extensions are trusted: whoever owns the database may create them.
# What is no letter is taken out first, or the parser would keep addresses and names of hosts in one piece.
POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TEXT SEARCH CONFIGURATION folded (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION folded
    ALTER MAPPING FOR word, numword, hword, numhword, hword_part, hword_numpart WITH unaccent, simple;
CREATE FUNCTION folded_words(text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path FROM CURRENT
    AS $$ SELECT to_tsvector('folded', translate($1, '!"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~', repeat(' ', 32))) $$;
"""
UNDO = """
DROP FUNCTION folded_words(text);
DROP TEXT SEARCH CONFIGURATION folded;
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNDO, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_erasures")]

    operations = [migrations.RunPython(install, remove)]
