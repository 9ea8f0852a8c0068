"""Hosting that is ordered at the pretend server has an account to look at, like a real one."""

import pytest

from services import provisioning
from services.models import Credential
from tests.support.jobs import do_jobs


@pytest.fixture
def made(hosting):
    """A hosting that the pretend server has just set up."""
    hosting.product.driver = "host_null"
    hosting.product.save()
    type(hosting).objects.filter(pk=hosting.pk).update(status="pending")
    provisioning.ask(hosting, "create", reference="create:1", by=None, months=1)
    do_jobs()
    hosting.refresh_from_db()
    return hosting


def test_it_runs_with_an_account_whose_password_is_kept_back(made, client_of, owner):
    account = Credential.objects.get(service=made)
    page = client_of(owner).get(f"/services/{made.pk}/").content.decode()
    assert made.status == "active" and account.login in page and "host.example.net" in page
    assert len(account.password) == 20 and account.password not in page


def test_being_told_the_same_again_makes_no_second_account(made):
    job = made.jobs.get()
    provisioning.ask(made, "create", reference="create:2", by=None, months=1)
    do_jobs()
    assert Credential.objects.filter(service=made).count() == 1
    assert made.jobs.exclude(pk=job.pk).get().state == "done"


def test_everything_else_is_done_at_once(made):
    provisioning.ask(made, "suspend", reference="suspend:1", by=None)
    do_jobs()
    made.refresh_from_db()
    assert made.status == "suspended"
