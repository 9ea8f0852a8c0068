"""What the worker does for billing."""

from django_tasks import task

from accounts.work.retry import retries


@task()
@retries(10, on=(Exception,))
def deliver(document_pk):
    """Makes the PDF of a document and writes the mail that carries it."""
    from billing import delivering

    delivering.deliver(document_pk)


@task()
@retries(10, on=(Exception,))
def process_event(event_pk):
    """Does what a notification of a gateway says, once."""
    from billing import inbox

    inbox.process(event_pk)


@task()
@retries(4)
def ask_gateway(payment_pk):
    """Asks the gateway what became of a payment."""
    from billing import payments

    payments.ask(payment_pk)


@task()
@retries(10)
def send_refund(refund_pk):
    """Tells the gateway to pay money back."""
    from billing import refunds

    refunds.send(refund_pk)
