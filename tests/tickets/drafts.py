"""Drafts: kept while somebody types, back on every device, nobody else's, gone when sent, thrown away or forgotten."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.limits import Limit
from accounts.models import Event
from tickets import attachments, conversation, drafts, limits
from tickets.models import Attachment, Draft, Message
from tickets.own_data import drafts as handed_out

pytestmark = pytest.mark.django_db
NEW, SAVE, REMOVE = "/messages/new/", "/messages/draft/", "/messages/draft/remove/"
SCRIPT, YES = {"Accept": "application/json"}, {"confirmed": "yes"}


def file(name="offer.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 offer")


def page(client, address):
    return client.get(address).content.decode()


@pytest.fixture
def words(category, hosting, contact):
    """A new message, half written."""
    chosen = {"category": category.pk, "service": hosting.pk, "sender": contact.pk}
    return chosen | {"subject": "Slow pa", "text": "Since Mon", "thread": ""}


def test_what_was_typed_and_chosen_is_there_on_another_device(client_of, owner, words, hosting, contact):
    with time_machine.travel("2026-11-21 11:04Z", tick=False):
        said = client_of(owner).post(SAVE, words, headers=SCRIPT).json()
        assert said == {"said": "Draft saved at 12:04.", "problems": []}
        found = page(client_of(owner), NEW)
    assert 'value="Slow pa"' in found and "Since Mon" in found and "Draft saved at 12:04." in found
    for chosen in (words["category"], hosting.pk, contact.pk):
        assert f'<option value="{chosen}" selected>' in found


def test_the_day_is_named_unless_it_is_today(client_of, owner, words):
    with time_machine.travel("2026-11-20 11:04Z", tick=False):
        client_of(owner).post(SAVE, words)
    with time_machine.travel("2026-11-21 00:01Z", tick=False):
        assert "Draft saved: 20 Nov 2026, 12:04." in page(client_of(owner), NEW)


def test_saving_again_replaces_it_and_saving_nothing_ends_it(client_of, owner, words):
    client = client_of(owner)
    client.post(SAVE, words)
    client.post(SAVE, words | {"text": "Since Monday"})
    assert Draft.objects.get().text == "Since Monday"
    assert client.post(SAVE, words | {"subject": "", "text": " "}, headers=SCRIPT).json()["said"] == ""
    assert not Draft.objects.exists()


def test_a_link_with_a_service_fills_what_the_draft_leaves_open(client_of, owner, words, hosting, voip):
    client = client_of(owner)
    client.post(SAVE, words | {"service": ""})
    assert f'<option value="{voip.pk}" selected>' in page(client, f"{NEW}?service={voip.pk}")
    client.post(SAVE, words)
    assert f'<option value="{hosting.pk}" selected>' in page(client, f"{NEW}?service={voip.pk}")


def test_without_a_script_a_button_keeps_it_with_its_files(client_of, owner, words):
    client = client_of(owner)
    answer = client.post(SAVE, words | {"files": [file()]}, follow=True)
    found = answer.content.decode()
    assert answer.redirect_chain == [(NEW, 302)]
    assert "Draft saved at" in found and "Since Mon" in found
    assert f'name="attachment" value="{Attachment.objects.get().token}"' in found


def test_a_file_that_is_too_large_is_named_and_the_rest_is_kept(client_of, owner, words):
    large = SimpleUploadedFile("film.avi", b"x" * (limits.FILE_BYTES + 1))
    found = client_of(owner).post(SAVE, words | {"files": [large, file()]}, follow=True).content.decode()
    assert "film.avi is too large" in found and "offer.pdf" in found and "Since Mon" in found


def test_uploaded_files_come_back_and_are_sent_with_it(client_of, owner, words):
    client = client_of(owner)
    for name in ("first.pdf", "second.pdf"):
        client.post("/messages/files/", {"file": file(name)})
    first, second = Attachment.objects.all()
    client.post(SAVE, words | {"attachment": [first.token, second.token]})
    found = page(client_of(owner), NEW)
    assert "first.pdf" in found and "second.pdf" in found
    client.post(SAVE, words | {"attachment": [second.token]})
    assert "first.pdf" not in page(client, NEW)
    client.post(NEW, words | {"attachment": [second.token]})
    assert Message.objects.get().attachments.get() == second
    assert not Draft.objects.exists() and Attachment.objects.filter(pk=first.pk).exists()


def test_a_draft_is_gone_when_it_is_sent(client_of, owner, words):
    client = client_of(owner)
    client.post(SAVE, words)
    client.post(NEW, words)
    assert not Draft.objects.exists()
    assert "Since Mon" not in page(client, NEW) and "Draft saved" not in page(client, NEW)


def test_a_refused_message_leaves_the_draft(client_of, owner, words):
    client = client_of(owner)
    client.post(SAVE, words)
    client.post(NEW, words | {"category": ""})
    assert Draft.objects.exists()


def test_a_reply_and_a_new_message_have_a_draft_each(client_of, owner, words, ticket):
    client = client_of(owner)
    client.post(SAVE, words)
    answer = client.post(SAVE, {"thread": ticket.number, "text": "And then"})
    assert answer["Location"] == f"/messages/{ticket.number}/#reply"
    thread = page(client, f"/messages/{ticket.number}/")
    assert "And then" in thread and "Since Mon<" not in thread
    client.post(f"/messages/{ticket.number}/reply/", {"text": "And then it stopped."})
    assert Draft.objects.get().text == "Since Mon"


def test_support_keeps_a_draft_of_an_answer(client_of, support, ticket):
    client = client_of(support)
    answer = client.post(SAVE, {"thread": ticket.number, "text": "Look ag"})
    assert answer["Location"] == f"/desk/{ticket.number}/#reply"
    found = page(client, f"/desk/{ticket.number}/")
    assert "Look ag" in found and "Draft saved at" in found and "Delete the draft" in found
    assert 'data-draft="/messages/draft/"' in found and f'name="thread" value="{ticket.number}"' in found
    last = ticket.messages.last().pk
    client.post(f"/desk/{ticket.number}/reply/", {"text": "Look again.", "last_seen": last})
    assert not Draft.objects.exists()


def test_what_came_by_mail_meanwhile_ends_no_draft(owner, customer, ticket):
    drafts.save(writer=owner, customer=customer, ticket=ticket, text="And then")
    outside = conversation.Outside(name="Anna", email=owner.email, origin="mail")
    conversation.reply(ticket, by=owner, outside=outside, text="By mail.")
    assert Draft.objects.exists()


@pytest.mark.parametrize("who", ["administrative", "standard", "support"])
def test_a_draft_is_its_writer_s_only(request, client_of, owner, ticket, words, who):
    client_of(owner).post(SAVE, {"thread": ticket.number, "text": "Secret words"})
    client_of(owner).post(SAVE, words | {"text": "More secret words"})
    person = request.getfixturevalue(who)
    addresses = ["/desk/"] if who == "support" else ["/messages/", NEW]
    addresses.append(f"/{'desk' if who == 'support' else 'messages'}/{ticket.number}/")
    for address in addresses:
        found = page(client_of(person), address)
        assert "ecret words" not in found and "Draft saved" not in found
    client_of(person).post(REMOVE, YES | {"thread": ticket.number})
    client_of(person).post(SAVE, {"thread": ticket.number, "text": ""})
    assert Draft.objects.filter(writer=owner).count() == 2


def test_nobody_keeps_a_draft_in_a_thread_that_they_do_not_see(client_of, stranger, standard_without, ticket):
    form = {"thread": ticket.number, "text": "Words"}
    for address in (SAVE, REMOVE):
        assert client_of(stranger).post(address, form).status_code == 404
        assert client_of(standard_without).post(address, form).status_code == 403
        assert client_of(stranger).post(address, {"thread": "K7MX\x00"}).status_code == 404
    assert not Draft.objects.exists()


def test_somebody_else_s_file_is_not_taken_into_a_draft(client_of, owner, standard, ticket):
    theirs = attachments.keep(file(), by=standard)
    client_of(owner).post(SAVE, {"thread": ticket.number, "text": "Words", "attachment": [theirs.token]})
    assert Draft.objects.get().files.count() == 0


def test_a_form_made_for_another_customer_keeps_nothing(client_of, owner, words):
    answer = client_of(owner).post(SAVE, words | {"acting_for": "0"})
    assert answer.status_code == 409 and not Draft.objects.exists()


def test_a_person_of_two_customers_has_a_draft_for_each(client_of, owner, stranger, words):
    drafts.save(writer=owner, customer=stranger.membership.customer, text="For the other one")
    client = client_of(owner)
    assert "For the other one" not in page(client, NEW)
    client.post(SAVE, words)
    assert Draft.objects.count() == 2


def test_throwing_it_away_takes_its_files_along(client_of, owner, words, files, django_capture_on_commit_callbacks):
    client = client_of(owner)
    client.post(SAVE, words | {"files": [file()]})
    with django_capture_on_commit_callbacks(execute=True):
        found = client.post(REMOVE, words | YES, follow=True).content.decode()
    assert "The draft is deleted." in found and "Since Mon" not in found
    assert not Draft.objects.exists() and not Attachment.objects.exists()
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_it_is_thrown_away_after_asking_only(client_of, owner, words, ticket):
    client = client_of(owner)
    client.post(SAVE, words)
    client.post(SAVE, {"thread": ticket.number, "text": "And then"})
    question = client.post(REMOVE, words).content.decode()
    assert "Delete the draft?" in question and f'href="{NEW}"' in question and Draft.objects.count() == 2
    question = client.post(REMOVE, {"thread": ticket.number, "text": "And then"}).content.decode()
    assert f'<input type="hidden" name="thread" value="{ticket.number}">' in question
    client.post(REMOVE, YES | {"thread": ticket.number})
    assert Draft.objects.get().text == "Since Mon"


def test_too_long_words_are_cut_and_strange_ones_harmless(client_of, owner, words):
    long = words | {"text": "x\0" * 30_000, "subject": "y" * 500, "service": "10" * 20, "category": "zero"}
    assert client_of(owner).post(SAVE, long).status_code == 302
    draft = Draft.objects.get()
    assert (len(draft.text), len(draft.subject), draft.service, draft.category) == (20_000, 200, None, None)


def test_too_many_savings_are_refused_in_words(client_of, owner, words, monkeypatch):
    monkeypatch.setattr(limits, "DRAFTS", Limit("test-drafts", 1, 3600))
    client = client_of(owner)
    assert client.post(SAVE, words, headers=SCRIPT).status_code == 200
    refused = client.post(SAVE, words, headers=SCRIPT)
    assert refused.status_code == 429 and "too often" in refused.json()["problems"][0]


def test_the_oldest_of_too_many_gives_way(owner, customer, ticket, words, monkeypatch):
    monkeypatch.setattr(drafts, "DRAFTS_KEPT", 1)
    drafts.save(writer=owner, customer=customer, text="First")
    drafts.save(writer=owner, customer=customer, ticket=ticket, text="Second")
    assert Draft.objects.get().text == "Second"


def test_files_go_a_day_after_the_last_word_and_the_text_after_thirty(client_of, owner, words):
    client = client_of(owner)
    with time_machine.travel("2026-11-01 12:00Z", tick=False) as clock:
        client.post(SAVE, words | {"files": [file()]})
        token = Attachment.objects.get().token
        clock.shift(timedelta(hours=20))
        client_of(owner).post(SAVE, words | {"attachment": [token]})
        clock.shift(timedelta(hours=20))
        assert attachments.remove_abandoned() == 0
        clock.shift(timedelta(hours=5))
        assert attachments.remove_abandoned() == 1
        found = page(client_of(owner), NEW)
        assert "The files of this draft were removed" in found and "Since Mon" in found
        client_of(owner).post(SAVE, words | {"files": [file()]})
        assert "The files of this draft were removed" not in page(client_of(owner), NEW)
        clock.shift(timedelta(days=29))
        drafts.forget_old()
        assert Draft.objects.exists()
        clock.shift(timedelta(days=2))
        drafts.forget_old()
        assert not Draft.objects.exists()


def test_a_draft_is_handed_out_to_its_writer_and_nobody_else(owner, administrative, customer):
    drafts.save(writer=owner, customer=customer, text="Words")
    assert [row.text for row in handed_out(owner.membership)] == ["Words"]
    assert not handed_out(administrative.membership).exists()


def test_a_draft_is_no_business_of_the_history(client_of, owner, words):
    client = client_of(owner)
    before = Event.objects.count()
    client.post(SAVE, words)
    client.post(REMOVE, words | YES)
    assert Event.objects.count() == before


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_saved_at_once_by_several_devices_there_is_one(client_of, owner, ticket, together):
    browsers = [client_of(owner) for _number in range(6)]
    form = {"thread": ticket.number}
    answers = together(6, lambda number: browsers[number].post(SAVE, form | {"text": f"Words {number}"}))
    assert {answer.status_code for answer in answers} == {302}
    assert Draft.objects.count() == 1
