"""Outside the demo nobody writes the demo's data by mistake."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User


def test_the_command_refuses(db):
    with pytest.raises(CommandError, match="PANEL_MODE=demo"):
        call_command("demo_data")
    assert not User.objects.exists()
