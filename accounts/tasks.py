"""What the worker does for accounts, beside sending messages."""

from datetime import timedelta

from django_tasks import task

from accounts.work.retry import retries


@task()
def make_export(export_pk):
    """Puts a person's own data together."""
    from accounts import exports

    exports.make(export_pk)


@task()
@retries(20, first_pause=timedelta(minutes=1))
def check_vat(customer_pk, number):
    """Asks VIES about an EU VAT number; member states are away for hours at times."""
    from accounts import vat

    vat.check(customer_pk, number)


@task()
@retries(10, on=(Exception,))
def write_mailing(mailing_pk):
    """Writes a mail to everybody on the mailing list."""
    from accounts import mailings

    mailings.write(mailing_pk)
