"""Two people at one message: each sees that the other is writing, with and without scripts."""

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from tests.cast import user
from tickets import company
from tickets.models import Writing


@pytest.fixture
def colleague(provider):
    return user("szymon", "Szymon Second", is_support=True)


def said(client, ticket):
    return client.get(f"/desk/{ticket.number}/company/").content.decode()


@pytest.mark.django_db
def test_the_other_is_told_and_nobody_is_told_of_themselves(client_of, ticket, support, colleague):
    mine, others = client_of(support), client_of(colleague)
    assert said(others, ticket) == ""
    assert mine.post(f"/desk/{ticket.number}/company/").content == b""
    assert said(others, ticket) == "Sylwia Support is writing an answer."
    assert "Sylwia Support is writing an answer." in others.get(f"/desk/{ticket.number}/").content.decode()
    assert said(mine, ticket) == ""
    company.types(ticket, user("tomek", "Tomek Third", is_support=True))
    assert said(others, ticket) == "Sylwia Support and Tomek Third are writing an answer."


@pytest.mark.django_db
def test_the_sign_ends_by_itself_and_with_the_answer(client_of, ticket, support, colleague):
    company.types(ticket, support)
    assert said(client_of(colleague), ticket)
    with time_machine.travel(timezone.now() + company.LASTS):
        assert said(client_of(colleague), ticket) == ""
        company.forget_old()
        assert not Writing.objects.exists()
    company.types(ticket, support)
    words = {"text": "Done.", "last_seen": ticket.messages.last().pk}
    client_of(support).post(f"/desk/{ticket.number}/reply/", words)
    assert not Writing.objects.exists()


@pytest.mark.django_db
def test_whoever_inserts_a_canned_answer_without_scripts_is_writing(client_of, ticket, support, colleague):
    client_of(support).post(f"/desk/{ticket.number}/reply/", {"text": "x", "insert": "on"})
    assert (
        "Sylwia Support is writing an answer." in client_of(colleague).get(f"/desk/{ticket.number}/").content.decode()
    )


@pytest.mark.django_db
def test_looking_is_not_writing(client_of, ticket, support):
    said(client_of(support), ticket)
    client_of(support).get(f"/desk/{ticket.number}/")
    assert not Writing.objects.exists()


@pytest.mark.browser
def test_typing_shows_on_the_colleagues_page(open_browser, ticket, support, colleague):
    theirs = open_browser(colleague)
    theirs.clock.install()
    theirs.goto(f"/desk/{ticket.number}/")
    expect(theirs.locator("[data-company]")).to_be_hidden()
    mine = open_browser(support)
    mine.goto(f"/desk/{ticket.number}/")
    with mine.expect_response("**/company/"):
        mine.locator("#answer [name=text]").press_sequentially("Dzień")
    theirs.clock.fast_forward(16_000)
    expect(theirs.get_by_text("Sylwia Support is writing an answer.")).to_be_visible()


@pytest.mark.browser
def test_an_abandoned_page_falls_silent(open_browser, ticket, support):
    page = open_browser(support)
    page.clock.install()
    page.goto(f"/desk/{ticket.number}/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "company" in request.url else None)
    page.clock.fast_forward(16_000)
    page.wait_for_timeout(0)
    assert len(asked) == 1
    page.clock.fast_forward(6 * 60_000)
    silent = len(asked)
    page.clock.fast_forward(60_000)
    assert len(asked) == silent
