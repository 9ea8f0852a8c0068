"""Installed in the workers that are to be killed."""

import os

from django.apps import AppConfig


class KillingConfig(AppConfig):
    name = "tests.support.killing"

    def ready(self):
        from tests.support.killing.points import POINTS, arm, note_events_first

        if "NOTE_EVENTS_FIRST" in os.environ:
            note_events_first()
        if name := os.environ.get("KILL_AT"):
            arm(POINTS[name])
