"""Choosing a standard sub-user's services: nobody gives or takes what they do not see themselves."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Event, Membership, User
from services.grants import choose
from services.models import Service, ServiceGrant
from tests.cast import member
from tests.crowd import many_services, queries_of


def address(person):
    return f"/users/{person.membership.pk}/services/"


def granted(person):
    return set(Service.objects.visible_to(person.membership).values_list("name", flat=True))


def changes():
    return [event.details["changes"] for event in Event.objects.filter(action="grants_changed")]


@pytest.fixture
def helper(customer, hosting):
    """A standard sub-user who may manage users, and sees one service."""
    person = member(customer, "hela", "Hela Helper", "standard", ["users", "tickets"])
    ServiceGrant.objects.create(membership=person.membership, service=hosting)
    return person


def test_the_owner_chooses_and_both_read_it(client_of, owner, standard, hosting, voip):
    client = client_of(owner)
    assert "checked" in client.get(address(standard)).content.decode()
    answer = client.post(address(standard), {"shown": [hosting.pk, voip.pk], "granted": [voip.pk]}, follow=True)
    assert "Changes saved." in answer.content.decode()
    assert granted(standard) == {"Office phone"}
    event = Event.objects.get(action="grants_changed")
    assert (event.by_id, event.user_id) == (owner.pk, standard.pk)
    words = "The services of user stefan were changed: + Office phone, - Hosting Garden (garden.example)."
    assert words in client.get("/history/").content.decode()
    assert words in client_of(standard).get("/history/").content.decode()


def test_saving_without_a_change_writes_nothing(client_of, owner, standard, hosting):
    client_of(owner).post(address(standard), {"shown": [hosting.pk], "granted": [hosting.pk]})
    assert granted(standard) == {"Hosting Garden"}
    assert changes() == []


def test_services_on_other_pages_of_the_list_stay_as_they_are(client_of, owner, standard, hosting, voip):
    client_of(owner).post(address(standard), {"shown": [voip.pk], "granted": [voip.pk]})
    assert granted(standard) == {"Hosting Garden", "Office phone"}


def test_nobody_grants_what_they_do_not_see(client_of, helper, standard, hosting, voip):
    client = client_of(helper)
    page = client.get(address(standard)).content.decode()
    assert "Hosting Garden" in page and "Office phone" not in page
    answer = client.post(address(standard), {"shown": [voip.pk], "granted": [voip.pk]}, follow=True)
    assert "has changed meanwhile" in answer.content.decode()
    with pytest.raises(PermissionDenied):
        choose(standard.membership, [voip], among=[voip], by=helper, editor=helper.membership)
    assert granted(standard) == {"Hosting Garden"}
    client.post(address(standard), {"shown": [hosting.pk], "granted": []})
    assert granted(standard) == set()


def test_nobody_takes_away_what_they_do_not_see(helper, standard, hosting, voip):
    ServiceGrant.objects.create(membership=standard.membership, service=voip)
    with pytest.raises(PermissionDenied):
        choose(standard.membership, [], among=[hosting, voip], by=helper, editor=helper.membership)
    choose(standard.membership, [hosting], among=[hosting], by=helper, editor=helper.membership)
    assert granted(standard) == {"Hosting Garden", "Office phone"}


@pytest.mark.parametrize("act", ["services", "rights", "person", "resend", "block", "unblock", "remove"])
def test_who_sees_a_service_more_is_out_of_reach(client_of, helper, customer, hosting, voip, act):
    """With another e-mail address or the next activation link, the helper would come in as that person."""
    person = member(customer, "nina", "Nina New", "standard")
    User.objects.filter(pk=person.pk).update(activated_at=None)
    ServiceGrant.objects.create(membership=person.membership, service=hosting)
    client, page = client_of(helper), f"/users/{person.membership.pk}/{act}/"
    form = {"email": "hela@example.com", "name": "Nina", "phone": "", "role": "standard"}
    assert client.post(page, form).status_code in (200, 302)
    ServiceGrant.objects.get_or_create(membership=person.membership, service=hosting)
    ServiceGrant.objects.create(membership=person.membership, service=voip)
    assert client.post(page, form | {"email": "thief@example.com"}).status_code == 403
    person.refresh_from_db()
    assert person.email != "thief@example.com"


def test_the_list_of_users_asks_once_whose_services_are_more(client_of, helper, customer, voip):
    people = User.objects.bulk_create(User(login=f"user{n}", email=f"user{n}@example.com") for n in range(20))
    rows = Membership.objects.bulk_create(Membership(user=person, customer=customer) for person in people)
    ServiceGrant.objects.create(membership=rows[0], service=voip)
    client = client_of(helper)
    assert len(queries_of(client, "/users/")) <= 8
    page = client.get("/users/").content.decode()
    assert f"/users/{rows[1].pk}/rights/" in page and f"/users/{rows[0].pk}/rights/" not in page


def test_nobody_chooses_their_own_services(client_of, helper, hosting):
    client = client_of(helper)
    assert client.get(address(helper)).status_code == 403
    assert client.post(address(helper), {"shown": [hosting.pk]}).status_code == 403
    assert granted(helper) == {"Hosting Garden"}


def test_the_owner_and_administrative_people_need_none(client_of, owner, administrative, hosting):
    answer = client_of(owner).post(
        address(administrative), {"shown": [hosting.pk], "granted": [hosting.pk]}, follow=True
    )
    assert "sees every service already" in answer.content.decode()
    assert not ServiceGrant.objects.exists()
    assert client_of(administrative).get(address(owner)).status_code == 403


def test_others_may_not_choose(client_of, standard, standard_without, stranger, support, administrator, hosting):
    assert client_of(standard).get(address(standard_without)).status_code == 403
    assert client_of(stranger).get(address(standard)).status_code == 404
    assert client_of(stranger).post(address(standard), {"shown": [hosting.pk]}).status_code == 404
    assert client_of(support).get(address(standard)).status_code == 403
    assert client_of(administrator).get(address(standard)).status_code == 403
    assert granted(standard) == {"Hosting Garden"}


def test_another_customers_service_cannot_be_granted(client_of, owner, standard, stranger):
    client_of(owner).post(address(standard), {"shown": [stranger.service.pk], "granted": [stranger.service.pk]})
    assert not ServiceGrant.objects.filter(service=stranger.service).exists()


def test_a_long_list_is_searched_and_turned_over(client_of, owner, standard, customer, products):
    many_services(customer, products["hosting"], 150)
    client = client_of(owner)
    assert client.get(address(standard)).content.decode().count('type="checkbox"') == 100
    found = client.get(address(standard), {"q": "00077"}).content.decode()
    assert found.count('type="checkbox"') == 1
    assert len(queries_of(client, address(standard))) <= 7
    late = f"{address(standard)}?page=2"
    assert client.get(late).content.decode().count('type="checkbox"') == Service.objects.count() - 100
    assert not [sql for sql in queries_of(client, late) if sql.endswith("OFFSET 100")]


def test_a_big_change_is_told_shortly(owner, standard, customer, products):
    rows = many_services(customer, products["hosting"], 12)
    choose(standard.membership, rows, among=rows, by=owner, editor=owner.membership)
    assert changes()[0].endswith("+ hosting 00009, … (2)")
