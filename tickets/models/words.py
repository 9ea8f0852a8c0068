"""What messages are found by."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.search import prefix_query


class WordsOfCustomer(models.Func):
    """Each of the words after its customer, such as "17/invoice", just as an index over them is written."""

    function = "tickets_words_of_customer"
    output_field = SearchVectorField()


class MessageWordsQuerySet(models.QuerySet):
    def beginning(self, words):
        """Where every one of these, which are folded, begins a word."""
        return self.filter(words=prefix_query(words))

    def beginning_at(self, customer, words):
        """The same in one customer's threads; what others wrote costs nothing."""
        rows = self.alias(own=WordsOfCustomer("customer_key", "words"))
        return rows.filter(own=prefix_query([f"{customer.pk}/{word}" for word in words]))


class MessageWords(models.Model):
    """The words of one message together with its thread's number and subject, folded.

    PostgreSQL keeps these rows by itself, whoever writes what (see the migration `words_of_messages`);
    elsewhere there are none.
    """

    message = models.OneToOneField(
        "tickets.Message", models.CASCADE, verbose_name=_("message"), primary_key=True, related_name="+"
    )
    # Both are copied from where they are looked after.
    ticket = models.ForeignKey(
        "tickets.Ticket",
        models.CASCADE,
        verbose_name=_("ticket"),
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    customer_key = models.BigIntegerField(_("customer"), null=True)
    words = SearchVectorField(_("words"))

    objects = MessageWordsQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a message")
        verbose_name_plural = _("words of messages")
        indexes = [models.Index(fields=["ticket", "-message"])]

    def __str__(self):
        return str(self.message_id)
