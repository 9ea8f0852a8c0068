"""Writing with a browser: what is sent, what is refused beside the field, and that nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.limits import Limit
from accounts.models import Event
from tickets import limits
from tickets.attachments import keep
from tickets.limits import FILE_BYTES
from tickets.models import Attachment, Message, Ticket

pytestmark = pytest.mark.django_db
NEW = "/messages/new/"


def file(name="offer.pdf", content=b"%PDF-1.4 offer"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def words(category, hosting):
    """A message as it is typed."""
    return {"category": category.pk, "service": hosting.pk, "subject": "Slow pages", "text": "Since Monday."}


def test_a_message_with_files_and_no_script(client_of, owner, words, contact):
    client = client_of(owner)
    sent = words | {"sender": contact.pk, "files": [file(), file("notes.txt", b"Line.")]}
    response = client.post(NEW, sent, follow=True)
    ticket = Ticket.objects.get()
    page = response.content.decode()
    assert f"Its case number is {ticket.number}." in page
    assert "offer.pdf" in page and "notes.txt" in page and "Since Monday." in page
    assert ticket.sender_email == "tech@garden.example"
    assert [a.content_type for a in ticket.messages.get().attachments.all()] == ["application/pdf", "text/plain"]
    assert Event.objects.get(action="ticket_opened").details == {"ticket": ticket.number, "subject": "Slow pages"}


def test_uploaded_first_then_sent(client_of, owner, words):
    client = client_of(owner)
    answer = client.post("/messages/files/", {"file": file()})
    attachment = Attachment.objects.get()
    assert answer.status_code == 201
    assert f'value="{attachment.token}"' in answer.content.decode() and "offer.pdf" in answer.content.decode()
    client.post(NEW, words | {"attachment": [attachment.token]})
    assert Message.objects.get().attachments.get() == attachment


@pytest.fixture
def arrived(owner):
    """Files that went up at once: the third that was chosen arrived first."""
    arrived = {name: keep(file(name), by=owner) for name in ("3.txt", "1.txt", "2.txt")}
    return [arrived[name].token for name in ("1.txt", "2.txt", "3.txt")]


def test_files_stand_in_the_order_in_which_they_were_chosen(client_of, owner, words, arrived):
    client = client_of(owner)
    refused = client.post(NEW, words | {"subject": "", "attachment": arrived, "files": [file("4.txt")]})
    assert [kept.name for kept in refused.context["form"].kept] == ["1.txt", "2.txt", "3.txt", "4.txt"]
    client.post(NEW, words | {"attachment": [kept.token for kept in refused.context["form"].kept]})
    sent = Message.objects.get().attachments.all()
    assert [attachment.name for attachment in sent] == ["1.txt", "2.txt", "3.txt", "4.txt"]


def test_files_of_a_draft_come_back_in_their_order(client_of, owner, words, arrived):
    client = client_of(owner)
    client.post("/messages/draft/", words | {"attachment": arrived})
    assert [kept.token for kept in client.get(NEW).context["form"].kept] == arrived


def test_a_refused_form_keeps_what_was_typed_and_the_files(client_of, owner, words):
    client = client_of(owner)
    response = client.post(NEW, words | {"subject": "", "files": [file()]})
    page = response.content.decode()
    token = Attachment.objects.get().token
    assert "This field is required." in page and "Since Monday." in page
    assert "offer.pdf" in page and f'name="attachment" value="{token}"' in page
    client.post(NEW, words | {"attachment": [token]})
    assert Message.objects.get().attachments.get().token == token


def test_a_file_one_byte_too_large_is_refused_in_words_and_the_rest_is_kept(client_of, owner, words):
    client = client_of(owner)
    large = file("film.avi", b"x" * (FILE_BYTES + 1))
    page = client.post(NEW, words | {"files": [large, file()]}).content.decode()
    assert "film.avi is too large" in page and "at most 15 MB" in page
    assert "Since Monday." in page and "Slow pages" in page
    assert not Message.objects.exists()
    assert [attachment.name for attachment in Attachment.objects.all()] == ["offer.pdf"]


def test_a_file_of_exactly_15_mb_is_taken(client_of, owner):
    client = client_of(owner)
    assert client.post("/messages/files/", {"file": file("a.bin", b"x" * FILE_BYTES)}).status_code == 201
    refused = client.post("/messages/files/", {"file": file("b.bin", b"x" * (FILE_BYTES + 1))})
    assert refused.status_code == 422
    assert "b.bin is too large" in refused.content.decode()
    assert Attachment.objects.get().size == FILE_BYTES


def test_an_empty_file_is_refused(client_of, owner, words):
    page = client_of(owner).post(NEW, words | {"files": [file("nothing.txt", b"")]}).content.decode()
    assert "nothing.txt is empty." in page
    assert not Message.objects.exists()


def test_at_most_ten_files_a_message(client_of, owner, words):
    client = client_of(owner)
    page = client.post(NEW, words | {"files": [file(f"{i}.pdf") for i in range(11)]}).content.decode()
    assert "at most 10 files" in page
    assert Attachment.objects.count() == 10 and not Message.objects.exists()
    client.post(NEW, words | {"attachment": [attachment.token for attachment in Attachment.objects.all()]})
    assert Message.objects.get().attachments.count() == 10


def test_taking_a_file_back_without_script_keeps_the_rest(client_of, owner, words, files):
    client = client_of(owner)
    client.post(NEW, words | {"text": "", "files": [file(), file("second.pdf")]})
    first, second = Attachment.objects.all()
    typed = words | {"subject": "", "attachment": [first.token, second.token], "remove": first.token}
    page = client.post(NEW, typed).content.decode()
    assert "second.pdf" in page and "offer.pdf" not in page
    assert "Since Monday." in page and "This field is required." not in page
    assert list(Attachment.objects.all()) == [second]


def test_taking_a_file_back_with_the_script(client_of, owner, standard, files, django_capture_on_commit_callbacks):
    client = client_of(owner)
    client.post("/messages/files/", {"file": file()})
    token = Attachment.objects.get().token
    assert client_of(standard).post(f"/messages/files/{token}/remove/").status_code == 204
    assert Attachment.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/messages/files/{token}/remove/").status_code == 204
    assert not Attachment.objects.exists()
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_a_sent_file_cannot_be_taken_back(client_of, owner, words):
    client = client_of(owner)
    client.post(NEW, words | {"files": [file()]})
    client.post(f"/messages/files/{Attachment.objects.get().token}/remove/")
    assert Attachment.objects.exists()


def test_files_of_another_person_or_sent_already_are_not_taken_along(client_of, owner, standard, words):
    client_of(owner).post("/messages/files/", {"file": file()})
    token = Attachment.objects.get().token
    page = client_of(standard).post(NEW, words | {"attachment": [token]}).content.decode()
    assert "Some files are no longer here." in page
    client = client_of(owner)
    assert client.post(NEW, words | {"attachment": [token]}).status_code == 302
    assert client.post(NEW, words | {"attachment": [token]}).status_code == 200
    assert Message.objects.count() == 1


def test_at_most_forty_files_wait_for_one_person(client_of, owner, words):
    client = client_of(owner)
    client.post("/messages/files/", {"file": file()})
    waiting = Attachment.objects.get()
    Attachment.objects.bulk_create(
        [
            Attachment(uploaded_by=owner, name="a", content_type="text/plain", size=1, file=waiting.file.name)
            for _i in range(limits.FILES_WAITING - 1)
        ]
    )
    assert client.post("/messages/files/", {"file": file()}).status_code == 422
    page = client.post(NEW, words | {"files": [file("more.pdf")]}).content.decode()
    assert "too many uploaded files" in page
    assert Attachment.objects.count() == limits.FILES_WAITING


def test_too_many_messages_an_hour_are_stopped_with_words(client_of, owner, words, monkeypatch):
    monkeypatch.setattr(limits, "MESSAGES", Limit("test-messages", 2, 3600))
    client = client_of(owner)
    assert [client.post(NEW, words).status_code for _i in range(3)] == [302, 302, 200]
    page = client.post(NEW, words).content.decode()
    assert "You have sent a great many messages" in page and "Since Monday." in page
    assert Message.objects.count() == 2


def test_too_many_uploads_an_hour_are_stopped_with_words(client_of, owner, monkeypatch):
    monkeypatch.setattr(limits, "UPLOADS", Limit("test-uploads", 1, 3600))
    client = client_of(owner)
    answers = [client.post("/messages/files/", {"file": file()}) for _i in range(2)]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert "Try again later." in answers[1].content.decode()


def test_a_reply_with_a_file_lands_in_the_thread(client_of, standard, ticket):
    client = client_of(standard)
    response = client.post(f"/messages/{ticket.number}/reply/", {"text": "More.", "files": [file()]}, follow=True)
    assert "The reply is sent." in response.content.decode() and "offer.pdf" in response.content.decode()
    assert ticket.messages.last().author == standard
    assert Event.objects.get(action="ticket_replied").by_id == standard.pk


def test_a_refused_reply_keeps_what_came(client_of, owner, ticket):
    page = (
        client_of(owner).post(f"/messages/{ticket.number}/reply/", {"text": " ", "files": [file()]}).content.decode()
    )
    assert "This field is required." in page and "offer.pdf" in page and "Since Monday." in page
    assert ticket.messages.count() == 1


def test_a_text_may_have_twenty_thousand_characters(client_of, owner, words):
    client = client_of(owner)
    assert client.post(NEW, words | {"text": "x" * 20_001}).status_code == 200
    assert client.post(NEW, words | {"text": "x" * 20_000}).status_code == 302


def test_what_people_write_is_text_and_nothing_else(client_of, owner, words):
    client = client_of(owner)
    text = "<script>alert(1)</script> {{ 7|add:7 }}"
    page = client.post(NEW, words | {"subject": text, "text": text}, follow=True).content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page and "{{ 7|add:7 }}" in page


def test_closing_and_opening_again(client_of, owner, ticket):
    client = client_of(owner)
    assert "Open again" in client.post(f"/messages/{ticket.number}/close/", follow=True).content.decode()
    assert "Close the message" in client.post(f"/messages/{ticket.number}/reopen/", follow=True).content.decode()


def test_the_service_page_links_here_with_its_service_chosen(client_of, owner, hosting):
    page = client_of(owner).get(NEW, {"service": hosting.pk}).content.decode()
    assert f'<option value="{hosting.pk}" selected>' in page


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["/messages/new/", "/messages/{}/reply/", "/desk/{}/reply/"])
def test_a_form_with_a_file_sent_twice_at_once_is_sent_once(client_of, support, owner, ticket, together, page):
    writer = support if page.startswith("/desk") else owner
    file = keep(SimpleUploadedFile("log.txt", b"words"), by=writer)
    form = {"category": ticket.category_id, "subject": "Twice", "text": "Twice.", "attachment": file.token}
    form["last_seen"] = ticket.messages.last().pk
    browsers = [client_of(writer) for _number in range(6)]
    answers = together(6, lambda number: browsers[number].post(page.format(ticket.number), form))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [302]
    assert Message.objects.filter(text="Twice.").count() == 1
