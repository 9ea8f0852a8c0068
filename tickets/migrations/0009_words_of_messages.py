"""What messages are found by on PostgreSQL: rows that triggers keep, and the index over them."""

import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Nobody is found by more letters of a word than accounts.search.WORD_LENGTH, and no lexeme may be endless.
POSTGRESQL = """
CREATE FUNCTION tickets_words(number text, subject text, message text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path FROM CURRENT
    AS $$ SELECT strip(folded_words(number || ' ' || subject || ' ' || left(message, 20000))) $$;

CREATE FUNCTION tickets_words_of_customer(customer bigint, words tsvector) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path FROM CURRENT
    AS $$
        SELECT array_to_tsvector(
            ARRAY(SELECT customer || '/' || left(word, 40) FROM unnest(tsvector_to_array(words)) AS word)
        )
    $$;

CREATE FUNCTION tickets_words_of_message() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO tickets_messagewords (message_id, ticket_id, customer_key, words)
        SELECT NEW.id, id, customer_id, tickets_words(number, subject, NEW.text)
        FROM tickets_ticket WHERE id = NEW.ticket_id
        ON CONFLICT (message_id) DO UPDATE
            SET ticket_id = EXCLUDED.ticket_id, customer_key = EXCLUDED.customer_key, words = EXCLUDED.words;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_message_words AFTER INSERT OR UPDATE OF text, ticket_id ON tickets_message
    FOR EACH ROW EXECUTE FUNCTION tickets_words_of_message();

CREATE FUNCTION tickets_words_of_ticket() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE tickets_messagewords AS kept
        SET customer_key = NEW.customer_id, words = tickets_words(NEW.number, NEW.subject, message.text)
        FROM tickets_message AS message
        WHERE kept.ticket_id = NEW.id AND message.id = kept.message_id;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_ticket_words AFTER UPDATE OF subject, customer_id ON tickets_ticket
    FOR EACH ROW WHEN ((OLD.subject, OLD.customer_id) IS DISTINCT FROM (NEW.subject, NEW.customer_id))
    EXECUTE FUNCTION tickets_words_of_ticket();

INSERT INTO tickets_messagewords (message_id, ticket_id, customer_key, words)
    SELECT message.id, ticket.id, ticket.customer_id, tickets_words(ticket.number, ticket.subject, message.text)
    FROM tickets_message AS message JOIN tickets_ticket AS ticket ON ticket.id = message.ticket_id;
"""
# Without a list of what waits to be sorted in: a message is written once and looked for often. A customer's search
# reads words of that customer only: what others wrote does not slow it.
INDEXES = """
CREATE INDEX tickets_messagewords_words ON tickets_messagewords USING gin (words) WITH (fastupdate = off);
CREATE INDEX tickets_messagewords_words_of_customer ON tickets_messagewords
    USING gin (tickets_words_of_customer(customer_key, words)) WITH (fastupdate = off);
"""
UNDO = """
DROP TRIGGER tickets_ticket_words ON tickets_ticket;
DROP TRIGGER tickets_message_words ON tickets_message;
DROP FUNCTION tickets_words_of_ticket();
DROP FUNCTION tickets_words_of_message();
DROP INDEX tickets_messagewords_words_of_customer;
DROP FUNCTION tickets_words_of_customer(bigint, tsvector);
DROP FUNCTION tickets_words(text, text, text);
"""


def run(*statements):
    """Runs them on PostgreSQL, and nothing elsewhere."""

    def work(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement, params=None)

    return work


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_search_of_words"),
        ("tickets", "0008_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageWords",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tickets.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="ticket",
                    ),
                ),
                ("customer_key", models.BigIntegerField(null=True, verbose_name="customer")),
                ("words", django.contrib.postgres.search.SearchVectorField(verbose_name="words")),
            ],
            options={
                "verbose_name": "words of a message",
                "verbose_name_plural": "words of messages",
                "indexes": [models.Index(fields=["ticket", "-message"], name="tickets_mes_ticket__d0a4d3_idx")],
            },
        ),
        migrations.RunPython(run(POSTGRESQL, INDEXES), run(UNDO)),
    ]
