"""Who may open which thread and file: one table, every address."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tickets import attachments
from tickets.conversation import open_ticket
from tickets.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def threads(owner, customer, category, hosting, voip):
    """A thread about the service granted to `standard`, one about another service, one about none."""

    def opened(subject, service):
        file = attachments.keep(SimpleUploadedFile(f"{subject}.txt", b"Words."), by=owner)
        return open_ticket(
            by=owner, customer=customer, category=category, service=service, subject=subject, text="?", files=[file]
        )

    return {"granted": opened("granted", hosting), "other": opened("other", voip), "none": opened("none", None)}


SEES = [
    ("owner", "granted", 200),
    ("owner", "other", 200),
    ("owner", "none", 200),
    ("administrative", "granted", 200),
    ("administrative", "other", 200),
    ("administrative", "none", 200),
    ("standard", "granted", 200),
    ("standard", "other", 404),
    ("standard", "none", 404),
    ("standard_without", "granted", 403),
    ("standard_without", "none", 403),
    ("stranger", "granted", 404),
    ("stranger", "other", 404),
    ("stranger", "none", 404),
    ("administrator", "granted", 403),
]


@pytest.mark.parametrize(("who", "which", "status"), SEES)
def test_threads(request, client_of, threads, who, which, status):
    client, number = client_of(request.getfixturevalue(who)), threads[which].number
    assert client.get(reverse("tickets:thread", args=[number])).status_code == status
    listed = client.get(reverse("tickets:list"))
    if listed.status_code == 200:
        assert (f"/messages/{number}/" in listed.content.decode()) == (status == 200)
    else:
        assert status == 403


@pytest.mark.parametrize(("who", "which", "status"), SEES)
def test_acts_on_threads(request, client_of, threads, who, which, status):
    client, ticket = client_of(request.getfixturevalue(who)), threads[which]
    done = 302 if status == 200 else status
    for act in ("close", "reopen", "reply"):
        response = client.post(reverse(f"tickets:{act}", args=[ticket.number]), {"text": "More."})
        assert response.status_code == done
        assert client.get(reverse(f"tickets:{act}", args=[ticket.number])).status_code in (405, 403)
    assert Message.objects.filter(text="More.").count() == (1 if status == 200 else 0)


@pytest.mark.parametrize(("who", "which", "status"), [*SEES, ("support", "granted", 200), ("support", "none", 200)])
def test_attachments(request, client_of, threads, who, which, status):
    client = client_of(request.getfixturevalue(who))
    token = threads[which].messages.get().attachments.get().token
    response = client.get(reverse("tickets:attachment", args=[token]))
    assert response.status_code == status
    b"".join(response)  # read to its end, so that the file is closed


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 404), ("standard", 404), ("stranger", 404), ("administrator", 404), ("support", 200)],
)
def test_the_desk_is_for_support(request, client_of, threads, who, status):
    client, number = client_of(request.getfixturevalue(who)), threads["granted"].number
    for name, args in [("desk", []), ("desk_thread", [number])]:
        assert client.get(reverse(f"tickets:{name}", args=args)).status_code == status
    for name in ("desk_reply", "desk_take", "desk_close", "desk_reopen"):
        response = client.post(reverse(f"tickets:{name}", args=[number]), {"text": "Words.", "last_seen": 10**9})
        assert response.status_code == (302 if status == 200 else status)
    assert Message.objects.filter(is_staff=True).count() == (1 if status == 200 else 0)


def test_nobody_gets_in_without_signing_in(anonymous, threads):
    number = threads["granted"].number
    token = threads["granted"].messages.get().attachments.get().token
    for path in ["/messages/", f"/messages/{number}/", f"/messages/files/{token}/", "/messages/new/", "/desk/"]:
        response = anonymous.get(path)
        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:sign_in"))
    for path in ["/messages/files/", f"/messages/files/{token}/remove/", f"/messages/{number}/close/"]:
        assert anonymous.post(path).status_code == 302


def test_a_grant_taken_away_takes_the_thread_away(client_of, standard, threads):
    standard.membership.grants.all().delete()
    client = client_of(standard)
    assert client.get(reverse("tickets:thread", args=[threads["granted"].number])).status_code == 404


@pytest.mark.parametrize("service", ["voip", None])
def test_a_standard_user_writes_only_about_their_services(request, client_of, standard, category, hosting, service):
    client = client_of(standard)
    chosen = request.getfixturevalue(service).pk if service else ""
    message = {"category": category.pk, "service": chosen, "subject": "S", "text": "T"}
    assert client.post("/messages/new/", message).status_code == 200
    assert not Message.objects.exists()
    assert client.post("/messages/new/", message | {"service": hosting.pk}).status_code == 302
    assert Message.objects.get().author == standard


def test_nobody_writes_about_the_service_or_as_the_contact_of_another(client_of, stranger, category, hosting, contact):
    message = {"category": category.pk, "subject": "S", "text": "T"}
    client = client_of(stranger)
    for foreign in ({"service": hosting.pk}, {"sender": contact.pk}):
        assert client.post("/messages/new/", message | foreign).status_code == 200
    assert not Message.objects.exists()


def test_contacts_are_no_business_of_a_standard_user(client_of, standard, owner, contact, category, hosting):
    assert "Tomasz Techniczny" in client_of(owner).get("/messages/new/").content.decode()
    client = client_of(standard)
    assert "Tomasz Techniczny" not in client.get("/messages/new/").content.decode()
    message = {"category": category.pk, "service": hosting.pk, "subject": "S", "text": "T", "sender": contact.pk}
    client.post("/messages/new/", message)
    assert Message.objects.get().ticket.sender_email == standard.email
