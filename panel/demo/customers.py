"""The customers of the demo and the people they let in, made by the same verbs as real ones."""

from accounts import invitations, registration
from accounts.models import Contact, Link, Membership, Terms
from accounts.permissions import Permission
from panel.demo.company import PASSWORD
from services import grants
from tickets.permissions import Permission as TicketsPermission


def garden_designer():
    """`klient`: a company with a bit of everything; returns the owner's membership."""
    membership = owner("klient", "Karolina Lipińska", "+48601000101")
    change(
        membership.customer,
        number=3104857,
        kind="company",
        name="Ogrody Lipińska",
        tax_id="9992048172",
        street="ul. Lipowa 12/3",
        postal_code="80-244",
        city="Gdańsk",
    )
    people = [
        ("representative", "Karolina Lipińska", "karolina@example.com", "+48601000101"),
        ("technical", "Tomasz Wierzba", "tomasz@example.com", "+48601000102"),
        ("billing", "Biuro Rachunkowe Saldo", "saldo@example.com", ""),
    ]
    for kind, name, email, phone in people:
        Contact.objects.create(customer=membership.customer, kind=kind, name=name, email=email, phone=phone)
    return membership


def let_people_in(membership, granted):
    """`pracownik`, who sees the granted services and writes to support, and `nowy`, who has not set a password."""
    worker = add(membership, "pracownik", "Paweł Robotnicki", [TicketsPermission.TICKETS])
    invitations.activate(Link.objects.get(user=worker.user, purpose=Link.Purpose.ACTIVATION), PASSWORD)
    grants.choose(worker, granted, among=granted, by=membership.user, editor=membership)
    add(membership, "nowy", "Nina Nowicka", [Permission.USERS])


def translator():
    """`inny`: somebody else's customer, whose things the others must never see."""
    membership = owner("inny", "Igor Nałkowski", "+48601000103")
    change(
        membership.customer,
        number=5720316,
        name="Igor Nałkowski",
        street="ul. Krótka 4",
        postal_code="31-149",
        city="Kraków",
    )
    return membership


def owner(login, name, phone):
    """Somebody who registered, used the link of the mail and has a customer of their own."""
    user = registration.register(
        login=login,
        email=f"{login}@example.com",
        password=PASSWORD,
        language="pl",
        terms=Terms.in_force(),
    )
    registration.confirm(Link.objects.get(user=user, purpose=Link.Purpose.REGISTRATION))
    change(user, name=name, phone=phone)
    membership = Membership.objects.select_related("customer").get(user=user)
    membership.user = user
    return membership


def add(membership, login, name, permissions):
    """A standard sub-user, mailed an activation link."""
    return invitations.add(
        customer=membership.customer,
        login=login,
        email=f"{login}@example.com",
        name=name,
        role=Membership.Role.STANDARD,
        permissions=[permission.value for permission in permissions],
        by=membership.user,
        editor=membership,
    )


def change(row, **fields):
    """Sets and saves a few fields of a row."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
