"""Installed in the workers that are to be killed."""

import os

from django.apps import AppConfig


class KillingConfig(AppConfig):
    name = "tests.support.killing"

    def ready(self):
        from tests.support.killing import points

        if "NOTE_EVENTS_FIRST" in os.environ:
            points.note_events_first()
        if "NAME_EACH_ATTEMPT" in os.environ:
            points.name_each_attempt()
        if name := os.environ.get("KILL_AT"):
            known = points.POINTS | points.PROVISIONING | points.POINTS_OF_PURCHASES
            points.arm(points.of_act(known[name], os.environ.get("KILL_ACT")))
