"""A crash after any step inside a verb: whatever it had written must be gone, and it can be done again."""

from functools import wraps

from billing import checkout, correcting, gateway_reports, inbox, invoicing, payments, refunds, settlement, wallet
from services import expiry

# After each of these the lightning may strike.
POINTS = [
    (checkout, "issue_proforma"),
    (correcting, "issue_correction"),
    (expiry, "extend"),
    (gateway_reports, "open_case"),
    (inbox, "finish"),
    (invoicing, "issue"),
    (invoicing.numbering, "draw"),
    (payments, "write"),
    (refunds, "done"),
    (refunds, "move"),
    (refunds, "open_case"),
    (settlement, "issue_invoice"),
    (settlement, "mark_paid"),
    (settlement, "open_case"),
    (settlement, "top_up"),
    (wallet, "enter"),
    (wallet, "watch"),
]


class Crash(Exception):
    """The process is gone."""


class Lightning:
    """Strikes once, after so many points were passed; 0 for never."""

    left = 0

    def install(self, monkeypatch):
        for module, name in POINTS:
            monkeypatch.setattr(module, name, self.under(getattr(module, name)))

    def under(self, function):
        @wraps(function)
        def struck(*args, **kwargs):
            answer = function(*args, **kwargs)
            self.pass_by()
            return answer

        return struck

    def pass_by(self):
        self.left -= 1
        if self.left == 0:
            raise Crash
