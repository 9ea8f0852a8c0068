"""The payment server of the demo, over real HTTP in both directions."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from billing import asking, gateways, inbox, payments, refunds
from billing.gateways import GatewayError
from billing.gateways.sandbox import SIGNATURE
from billing.models import Case, Document, GatewayEvent, Payment, Refund, RefusedNotification
from billing.sandbox import courier
from billing.sandbox.choices import CHOICES
from tests.support.knocking import signed, work_events
from tests.support.postman import free_port
from tests.support.waiting import until


@pytest.fixture
def payment(payment_server, buyer, hosting, order):
    """A payment of 123.00 that the sandbox was told of."""
    receivable = order(buyer, hosting)
    return payments.start(receivable.customer, [receivable], gateway=gateways.find("sandbox"), by=buyer)


@pytest.fixture
def choose(payment_server):
    """`choose(payment, "pay")` presses that button, and returns when everything was sent and worked."""

    def choose(payment, name):
        answer = press(payment, name)
        payment_server.courier.wait()
        work_events()
        payment.refresh_from_db()
        return answer

    return choose


def press(payment, name):
    return httpx.post(payment.page, data={"choice": name})


def events():
    return list(GatewayEvent.objects.order_by("pk").values_list("state", "outcome", "repeats"))


def invoices():
    return Document.objects.filter(kind="invoice").count()


def call(path, content, header=None):
    """A call of the interface; rightly signed unless told. The answer's status."""
    body = content if isinstance(content, bytes) else json.dumps({"merchant": "panel-demo"} | content).encode()
    header = signed(body) if header is None else header
    return httpx.post(f"{gateways.find('sandbox').origins[0]}/api/{path}", content=body, headers={SIGNATURE: header})


# --- The person's side ---------------------------------------------------------------------------


def test_a_payment_from_its_start_until_it_is_settled(payment, choose, settings):
    assert payment.page.startswith(f"{settings.SANDBOX_URL}/pay/")
    answer = choose(payment, "pay")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{settings.SITE_URL}/payments/{payment.token}/")
    assert events() == [("done", "paid", 0)]
    assert (payment.state, invoices(), Case.objects.count()) == ("paid", 1, 0)
    assert payment.external_id.startswith("SBX-")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl-PL,pl;q=0.9,en;q=0.8", ["Zapłać 123,00 zł", "Odrzuć płatność", 'lang="pl"']),
        ("en-GB,en;q=0.9", ["Pay PLN 123.00", "Refuse the payment", 'lang="en"']),
        ("de", ["Zapłać 123,00 zł"]),
        ("", ["Zapłać 123,00 zł"]),
    ],
)
def test_its_page_speaks_the_language_of_the_browser(payment, language, words):
    page = httpx.get(payment.page, headers={"Accept-Language": language})
    assert page.status_code == 200
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert [word for word in words if word not in text] == []
    assert all(f'value="{name}"' in text for name in CHOICES)


def test_its_page_escapes_and_lets_nothing_in(payment_server, payment):
    payment_server.ledger.find(payment.token).title = "<script>alert(1)</script>"
    page = httpx.get(payment.page)
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_its_form_may_lead_back_to_the_panel_and_ours_to_it(payment, client_of, buyer, settings):
    assert f"form-action 'self' {settings.SITE_URL};" in httpx.get(payment.page).headers["Content-Security-Policy"]
    page = client_of(buyer).get("/")
    assert f"form-action 'self' {settings.SANDBOX_URL}" in page["Content-Security-Policy"]
    settings.PAYMENT_GATEWAYS = ["transfer"]
    assert settings.SANDBOX_URL not in client_of(buyer).get("/")["Content-Security-Policy"]


def test_a_refused_payment_failed(payment, choose):
    choose(payment, "refuse")
    assert (payment.state, invoices()) == ("failed", 0)
    assert gateways.find("sandbox").ask(payment).kind == "failed"


def test_who_decided_cannot_decide_again(payment, choose):
    choose(payment, "pay")
    for name in ("refuse", "pay", "amount", "three_times"):
        answer = choose(payment, name)
        assert answer.headers["Location"].startswith("/pay/")
    assert len(events()) == 1
    assert "Ta płatność została wykonana." in httpx.get(payment.page).text


def test_a_late_notification_leaves_the_payment_waiting_meanwhile(payment, payment_server, choose, monkeypatch):
    assert CHOICES["later"].seconds == 15
    over = Event()
    monkeypatch.setattr(courier, "time", SimpleNamespace(sleep=lambda seconds: seconds and over.wait(60)))
    press(payment, "later")
    assert gateways.find("sandbox").ask(payment).kind == "waiting"
    assert "Ta płatność jest w drodze." in httpx.get(payment.page).text
    over.set()
    payment_server.courier.wait()
    assert gateways.find("sandbox").ask(payment).kind == "paid"
    assert work_events() == [("done", "paid")]


def test_without_a_notification_the_question_settles_it(payment, choose):
    choose(payment, "silent")
    assert events() == []
    asking.ask.call(payment.pk)
    payment.refresh_from_db()
    assert (payment.state, invoices()) == ("paid", 1)


def test_three_notifications_are_one_event(payment, choose):
    choose(payment, "three_times")
    assert events() == [("done", "paid", 2)]
    assert invoices() == 1


def test_called_failed_afterwards(payment, choose):
    choose(payment, "failed_after")
    assert events() == [("done", "paid", 0), ("case", "failed_after_paid", 0)]
    assert (payment.state, invoices()) == ("paid", 1)


def test_refunded_first(payment, choose):
    choose(payment, "refund_first")
    assert [outcome for _state, outcome, _repeats in events()] == ["refunded_first", "refunded before it was paid"]
    assert (payment.state, invoices(), Refund.objects.count()) == ("paid", 0, 1)


@pytest.mark.parametrize("name", ["amount", "currency", "merchant", "customer"])
def test_a_forged_notification_with_a_right_signature_is_a_case(payment, choose, name):
    choose(payment, name)
    assert events() == [("case", f"wrong_{name}", 0)]
    assert (payment.state, invoices()) == ("started", 0)
    choose(payment, "pay")
    assert (payment.state, invoices()) == ("paid", 1)


@pytest.mark.parametrize(
    ("name", "reason"), [("signature", "the signature is wrong"), ("old", "it was signed too long ago")]
)
def test_a_forged_notification_with_a_wrong_or_old_signature_is_refused_and_not_repeated(
    payment, choose, name, reason
):
    choose(payment, name)
    assert events() == []
    assert RefusedNotification.objects.get().reason == reason
    assert payment.state == "started"


def test_a_panel_that_does_not_answer_is_told_again(payment, payment_server, monkeypatch):
    with monkeypatch.context() as patch:
        # The panel takes nothing that is larger than this.
        patch.setattr(inbox, "LARGEST_BODY", 10)
        press(payment, "pay")
        log = payment_server.ledger.find(payment.token).log
        until(lambda: len(log) >= 2)
    payment_server.courier.wait()
    assert [answer for _kind, answer in log[:2]] == [413, 413]
    assert log[-1] == ("paid", 200)
    assert work_events() == [("done", "paid")]


@pytest.mark.parametrize("name", ["", "steal", "pay%00"])
def test_an_unknown_choice_and_an_unknown_page_do_nothing(payment, choose, name):
    assert choose(payment, name).status_code == 404
    assert httpx.get(f"{payment.page}x").status_code == 404
    assert events() == []


# --- The panel's side ----------------------------------------------------------------------------


def test_the_same_reference_twice_is_the_same_payment(payment):
    again = gateways.find("sandbox").start(payment, back_to="http://x", notify_at="http://x", title="Other")
    assert again == gateways.Started(payment.page, payment.external_id)


@pytest.mark.parametrize("path", ["payments", "status", "refunds"])
def test_a_call_that_is_not_signed_just_now_is_refused(payment, path):
    content = {"reference": payment.token, "merchant": "panel-demo"}
    body = json.dumps(content).encode()
    for header in ("", "t=1,v1=x", signed(b"other"), signed(body, timezone.now() - timedelta(minutes=6))):
        assert call(path, body, header).status_code == 401


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("status", {"reference": "unknown"}, 404),
        ("status", {"reference": "unknown", "merchant": "other"}, 403),
        ("status", b"[]", 400),
        ("nothing", {}, 404),
        ("refunds", {"reference": "unknown", "refund": "r", "amount": "1.00"}, 404),
        ("payments", {"reference": "r", "amount": "-1"}, 400),
        ("payments", b"x" * 70000, 413),
    ],
)
def test_what_makes_no_sense_is_refused(payment_server, path, content, status):
    assert call(path, content).status_code == status


@pytest.mark.parametrize(
    "address", ["http://x/\r\nSet-Cookie: a=b", "javascript:alert(1)", "http://ą", 7, "http://x/ y"]
)
def test_an_address_that_could_do_harm_is_refused(payment_server, address):
    content = dict.fromkeys(("reference", "currency", "customer", "title"), "x") | {"amount": "1.00"}
    good = {"back_to": "http://x/", "notify_at": "http://x/"}
    assert call("payments", content | good | {"back_to": address}).status_code == 400
    assert call("payments", content | good | {"notify_at": address}).status_code == 400
    assert call("payments", content | good).status_code == 200


def test_a_payment_that_the_sandbox_has_forgotten_is_begun_anew(payment, payment_server):
    payment_server.ledger.by_reference.clear()
    asking.ask.call(payment.pk)
    payment.refresh_from_db()
    assert payment.state == "failed"
    rows = [part.receivable for part in payment.parts.all()]
    other = payments.start(payment.customer, rows, gateway=gateways.find("sandbox"), by=payment.started_by)
    assert other.pk != payment.pk
    assert httpx.get(other.page).status_code == 200


def test_a_wrong_secret_says_nothing_about_the_payment(payment, payment_server, monkeypatch):
    monkeypatch.setattr(gateways.sandbox, "sign", lambda body, at: "t=1,v1=x")
    with pytest.raises(GatewayError, match="answered 401") as caught:
        gateways.find("sandbox").ask(payment)
    assert not caught.value.permanent
    asking.ask.call(payment.pk)
    assert Payment.objects.get().state == "started"


def test_a_server_that_is_down_leaves_the_document_unpaid(buyer, hosting, order, settings):
    settings.SANDBOX_URL = f"http://127.0.0.1:{free_port()}"
    receivable = order(buyer, hosting)
    with pytest.raises(GatewayError) as caught:
        payments.start(receivable.customer, [receivable], gateway=gateways.find("sandbox"), by=buyer)
    assert not caught.value.permanent
    receivable.refresh_from_db()
    assert (receivable.state, Payment.objects.get().state) == ("open", "failed")


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"id": 1}', b'{"id": "S1", "page": "http://evil.example/"}'])
def test_an_answer_that_makes_no_sense_is_a_failure(buyer, hosting, order, monkeypatch, answer):
    request = httpx.Request("POST", "http://x")
    monkeypatch.setattr(httpx, "post", lambda *where, **what: httpx.Response(200, content=answer, request=request))
    receivable = order(buyer, hosting)
    with pytest.raises(GatewayError):
        payments.start(receivable.customer, [receivable], gateway=gateways.find("sandbox"), by=buyer)


def test_a_refund_is_sent_and_confirmed(payment, choose, payment_server, administrator):
    choose(payment, "pay")
    refund = refunds.request(payment, 23, way=Refund.Way.GATEWAY, reason="Too much", by=administrator)
    for _time in range(2):
        Refund.objects.update(state="waiting")
        refunds.send.call(refund.pk)
    assert Refund.objects.get().state == "sent"
    payment_server.courier.wait()
    assert work_events()[1:] == [("done", "refunded")], "the second call was the same refund"
    refund.refresh_from_db()
    assert refund.state == "done"
    assert refund.external_id.startswith("SBR-")
    assert not Case.objects.exists()


def test_more_than_was_paid_does_not_go_back(payment, choose, payment_server):
    wanted = {"reference": payment.token, "amount": "100.00"}
    assert call("refunds", wanted | {"refund": "early"}).status_code == 409
    choose(payment, "pay")
    assert call("refunds", wanted | {"refund": "one"}).status_code == 200
    assert call("refunds", wanted | {"refund": "two"}).status_code == 409
    payment_server.courier.wait()


# --- The process ---------------------------------------------------------------------------------


def test_it_listens_at_this_machine_only(payment_server):
    assert payment_server.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_told_in_one_line(payment_server):
    with pytest.raises(CommandError, match=f"cannot listen at 127.0.0.1:{payment_server.server_port}"):
        call_command("sandbox", port=payment_server.server_port)


def test_it_does_not_run_in_production(settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="demo and in tests only"):
        call_command("sandbox", port=free_port())


def test_the_command_answers_and_ends_when_told(settings):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "sandbox"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"SANDBOX_URL": f"http://localhost:{port}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert str(port) in process.stdout.readline()
        assert httpx.get(f"http://127.0.0.1:{port}/").text == "Sandbox\n"
        process.terminate()
    assert process.returncode == -signal.SIGTERM
