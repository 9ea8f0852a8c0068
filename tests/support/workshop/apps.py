"""Installed in the workers that the tests start and kill."""

from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    name = "tests.support.workshop"

    def ready(self):
        from accounts.notify import LETTERS
        from tests.support.workshop.letters import WORKSHOP_LETTERS

        LETTERS.update(WORKSHOP_LETTERS)
