"""What mail servers report about mails of ours (RFC 3464). Nobody is answered."""

from accounts import bounces
from tickets.incoming import parsing

RECIPIENTS_AT_MOST = 10
ARRIVED = {"delivered", "relayed", "expanded"}


def note(mail):
    """Marks the address that a mail came back from; a report to an address that we did not make changes nothing.

    One that is only late may still arrive.
    """
    row = bounces.row_of(mail.recipients)
    if row is None:
        return
    for action, status in list(results(mail.report))[:RECIPIENTS_AT_MOST]:
        if action in ARRIVED:
            bounces.arrived(row)
        elif action == "failed":
            bounces.came_back(row, status=status)


def bare(mail):
    """What other servers say about a mail of ours, without that mail: its reader's link or code may be in it."""
    return b"\n\n".join(map(parsing.bytes_in, mail.report))


def results(reports):
    """(what happened, status) for each recipient."""
    for report in reports:
        blocks = report.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            action = str(block.get("Action", "")).strip().casefold()
            yield action, bounces.status_in(str(block.get("Status", ""))) or bounces.UNKNOWN
