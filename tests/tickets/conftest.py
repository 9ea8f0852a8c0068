"""What the tests of messages start from. Stored files go to a directory of the test's own."""

import pytest

from tickets.conversation import open_ticket
from tickets.models import Category


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Where attachments are stored during this test."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }
    return tmp_path / "files"


@pytest.fixture
def category(db):
    return Category.objects.create(name_pl="Sprawy techniczne", name_en="Technical matters")


@pytest.fixture
def ticket(owner, customer, category, hosting):
    """The owner's question about the service that `standard` may see, too."""
    return open_ticket(
        by=owner, customer=customer, category=category, service=hosting, subject="Slow pages", text="Since Monday."
    )
