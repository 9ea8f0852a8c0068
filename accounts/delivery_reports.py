"""What companies that carry our mails tell of them: came back, was reported as spam, has arrived."""

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.db import transaction

from accounts import bounces
from accounts.identifiers import mailbox
from accounts.models import Consent, Outbox
from accounts.typed import whole_number
from accounts.unsubscribing import Subscription

DOORS = {"mailgun": MailgunTrackingWebhookView, "postmark": PostmarkTrackingWebhookView}

# What anymail stumbles over when fields are missing, of another kind, or thousands deep in each other.
NONSENSE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
# Postmark's word for a mail that it gave up, though the address is good.
SOFT = "SoftBounce"
# Postmark's word for a filter that took a mail for spam; its reader has said nothing.
FILTERED = "SpamNotification"


class Refused(Exception):
    """Whoever tells cannot prove who they are, or makes no sense."""


def receive(provider, request):
    """Takes everything that a company tells in one request. Raises Refused.

    Forms, in which Mailgun told of mails long ago, are not taken: what they say stands beside what a sender wrote.
    """
    view = DOORS[provider]()
    try:
        if request.content_type != "application/json":
            raise Refused(request.content_type)
        view.run_validators(request)
        told = [(event, row_of(event)) for event in view.parse_events(request)]
    except (AnymailWebhookValidationFailure, AnymailConfigurationError, *NONSENSE) as error:
        raise Refused(str(error)) from error
    for event, row in told:
        if row:
            note(event, row, f"{provider} {event.event_id}" if event.event_id else "")


def row_of(event):
    """The mail of the outbox that an event names, if it went to the address that the event is about; or None."""
    pk = whole_number(str(event.metadata.get("outbox", "")))
    row = Outbox.objects.select_related("user").filter(pk=pk).first()
    return row if row and mailbox(row.address) == mailbox(event.recipient or "") else None


def note(event, row, report):
    """Notes what became of a mail; `report` tells the event from all others, which a mere arrival does not need."""
    if event.event_type == EventType.DELIVERED:
        bounces.arrived(row)
    elif report and is_returned(event):
        bounces.came_back(row, status=status_of(event), is_hard=is_hard(event), report=report)
    elif report and event.event_type == EventType.COMPLAINED and event.esp_event.get("Type") != FILTERED:
        complained(row, report)


def is_returned(event):
    """Whether the company has given the mail up for something that may be its reader's address."""
    return event.event_type == EventType.BOUNCED or event.reject_reason == RejectReason.INVALID


def is_hard(event):
    """Whether the company itself sends nothing more to this address."""
    return event.reject_reason in (RejectReason.BOUNCED, RejectReason.INVALID) and event.esp_event.get("Type") != SOFT


def status_of(event):
    """What the reader's server said, as a code of RFC 3463."""
    return bounces.status_in(str(event.mta_response or "")) or bounces.UNKNOWN


@transaction.atomic
def complained(row, report):
    """Switches off, as the mail's own link would, what its reader has reported as spam."""
    subscription = Subscription.of(row)
    if subscription and bounces.is_new(report):
        subscription.switch(False, how=Consent.How.COMPLAINT)
