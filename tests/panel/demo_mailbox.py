"""/demo/mail/: what the panel wrote to anybody, readable in the demo and nowhere else."""

import pytest
from django.core.mail import send_mail
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from accounts.models import User
from accounts.outbox import send_waiting
from panel.demo import outbox
from panel.demo.outbox import DemoSender
from panel.urls import urlpatterns as panel_urls
from tickets import conversation
from tickets.models import Category, IncomingMail, Message

# The addresses of the demo, which the tests' own URLconf leaves out.
urlpatterns = [*panel_urls, path("demo/", include("panel.demo.urls"))]


@pytest.fixture
def demo(settings, tmp_path, provider):
    """A browser in the demo, in which nobody is signed in."""
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    settings.ROOT_URLCONF = __name__
    settings.EMAIL_BACKEND = "panel.demo.outbox.MailBackend"
    return Client(headers={"Accept-Language": "en"})


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_mailbox_says_so(demo):
    page = text_of(demo.get("/demo/mail/"))
    assert "No messages yet" in page
    assert "This is the demo" in page


def test_a_mail_is_listed_and_opened_with_its_links_and_its_code(demo):
    send_mail(
        "Your code",
        "Your one-time code: 012345\n\nOr open https://panel.example/link/a?b=987654&c=1\n<script>",
        "Example <panel@example.com>",
        ["anna@example.com"],
    )
    page = text_of(demo.get("/demo/mail/"))
    assert "Your code" in page
    assert "anna@example.com" in page
    page = text_of(demo.get(f"/demo/mail/{outbox.keys()[0]}/"))
    assert "<span>012</span><span>345</span>" in page
    assert '<a href="https://panel.example/link/a?b=987654&amp;c=1"' in page
    assert "&lt;script&gt;" in page
    assert "Example &lt;panel@example.com&gt;" in page


@pytest.mark.parametrize("text", ["Customer 1234567", "https://x.example/123456/", "1-123456-7", "AB123456"])
def test_other_digits_are_no_code(demo, text):
    send_mail("Hello", text, None, ["anna@example.com"])
    assert 'class="code-panel"' not in text_of(demo.get(f"/demo/mail/{outbox.keys()[0]}/"))


def test_a_text_message_is_there_too(demo):
    DemoSender().send("+48600100200", "Example: your one-time code is 654321. It works for 10 minutes.", "<id>")
    assert "Text message" in text_of(demo.get("/demo/mail/"))
    page = text_of(demo.get(f"/demo/mail/{outbox.keys()[0]}/"))
    assert "+48600100200" in page
    assert "<span>654</span><span>321</span>" in page


@pytest.fixture
def answered(demo, owner, support, customer):
    """The address of the mail in which support has answered the owner."""
    category = Category.objects.create(name_pl="Poczta", name_en="Mail")
    ticket = conversation.open_ticket(by=owner, customer=customer, category=category, subject="Slow", text="Slow.")
    conversation.answer(ticket, by=support, text="Please try now.")
    send_waiting()
    return f"/demo/mail/{outbox.keys()[0]}/"


def test_a_mail_of_a_conversation_is_answered_there(demo, answered, owner):
    page = text_of(demo.get(answered))
    assert "Please try now." in page and "Your answer by e-mail" in page
    assert "This field is required." in text_of(demo.post(answered, {"text": " "}))
    page = text_of(demo.post(answered, {"text": "It works, żółw!"}, follow=True))
    assert "stands in the conversation" in page
    message = Message.objects.last()
    assert (message.text, message.author, message.is_verified) == ("It works, żółw!", owner, True)
    assert "> Please try now." in message.quoted


def test_an_answer_that_is_not_taken_is_said_so(demo, answered, owner):
    User.objects.filter(pk=owner.pk).update(blocked_at=timezone.now())
    page = text_of(demo.post(answered, {"text": "It works."}, follow=True))
    assert "Your answer was not taken" in page
    assert "It works." not in Message.objects.values_list("text", flat=True)


@pytest.mark.parametrize("reply_to", ["", "office@example.com"])
def test_other_mails_are_only_read(demo, reply_to):
    outbox.keep(outbox.Kept("mail", "anna@example.com", "Invoice", "Words.", reply_to=reply_to))
    address = f"/demo/mail/{outbox.keys()[0]}/"
    assert "Your answer by e-mail" not in text_of(demo.get(address))
    demo.post(address, {"text": "Hello"})
    assert not IncomingMail.objects.exists()


def test_outside_the_demo_nobody_answers_anything(demo, answered, settings):
    settings.DEMO = False
    assert demo.post(answered, {"text": "Hello"}).status_code == 404


def test_the_newest_comes_first_and_thousands_are_no_trouble(demo, monkeypatch):
    for number in range(2000):
        outbox.keep(outbox.Kept("mail", "anna@example.com", f"Mail number {number}!", ""))
    opened = []
    find = outbox.find
    monkeypatch.setattr(outbox, "find", lambda key: opened.append(key) or find(key))
    page = text_of(demo.get("/demo/mail/"))
    assert page.index("Mail number 1999!") < page.index("Mail number 1998!")
    assert "Page 1 of 80" in page
    assert len(opened) == 25
    assert "Mail number 0!" in text_of(demo.get("/demo/mail/?page=80"))


def test_a_message_knows_when_it_was_kept(demo):
    before = timezone.now()
    outbox.keep(outbox.Kept("mail", "a@example.com", "Now", ""))
    assert before <= outbox.find(outbox.keys()[0]).at <= timezone.now()


def test_what_is_not_there_is_not_found(demo):
    assert demo.get(f"/demo/mail/{'0' * 20}-abcdefgh/").status_code == 404
    assert demo.get("/demo/mail/../../panel.sqlite3/").status_code == 404


def test_outside_the_demo_nobody_reads_anything(demo, settings):
    send_mail("Secret", "", None, ["anna@example.com"])
    settings.DEMO = False
    assert demo.get("/demo/mail/").status_code == 404
    assert demo.get(f"/demo/mail/{outbox.keys()[0]}/").status_code == 404


def test_the_tests_own_addresses_have_no_demo(anonymous):
    assert anonymous.get("/demo/mail/").status_code == 404
