"""No model about people is forgotten: it is handed out with one's own data, and erased after the account is closed.

Both are said in the module `own_data` of its app.
"""

from dataclasses import replace

import pytest
from django.apps import apps
from django.db.models import CharField, FileField, GenericIPAddressField, JSONField, TextField

from accounts import holdings, retention
from accounts.models import Contact, Event

APPS = ["accounts", "billing", "panel", "services", "tickets"]
# What may hold words of people.
WORDS = (CharField, TextField, JSONField, GenericIPAddressField, FileField)
# Columns of rows that stay after closing, and say whom they are about neither by themselves nor together.
SAY_NOTHING = {
    "accounts.Consent.text",
    "accounts.Consent.version",
    "accounts.Customer.country",
    "accounts.Customer.verified_how",
    "services.ProvisioningJob.claimed_by",
    "services.ProvisioningJob.driver",
    "services.ProvisioningJob.reference",
    "services.Usage.driver",
    "services.Usage.reference",
    "services.Usage.unit",
    "tickets.Ticket.number",
}
ABOUT_PEOPLE = {"accounts.Customer", "accounts.User", "accounts.Membership", "accounts.Event"}


def reaches_people(model, seen=frozenset()):
    """Whether a row of the model belongs to a person or customer, be it by way of other rows."""
    if model._meta.label in ABOUT_PEOPLE:
        return True
    keys = [field for field in model._meta.concrete_fields if field.is_relation and field.related_model not in seen]
    return any(reaches_people(field.related_model, seen | {model}) for field in keys)


def forgotten(models, known):
    return {model._meta.label for model in models if reaches_people(model)} - {model._meta.label for model in known}


def ours():
    return [model for app in apps.get_app_configs() if app.name in APPS for model in app.get_models()]


def handed_out():
    """Models of whose rows it is said who gets them."""
    return {holding.model for holding in holdings.find()} | holdings.LEFT_OUT.keys()


def erased():
    """Models of whose rows it is said what becomes of them after closing."""
    return {fate.model for fate in retention.find(*retention.Term)} | retention.HARMLESS.keys()


def test_every_model_about_people_is_handed_out_or_has_a_reason_not_to_be():
    assert forgotten(ours(), handed_out()) == set()


def test_of_every_model_about_people_it_is_said_what_becomes_of_it_after_closing():
    assert forgotten(ours(), erased()) == set()


@pytest.mark.parametrize("known", [handed_out, erased])
def test_a_forgotten_model_is_found(known):
    assert forgotten(ours(), known() - {Contact, Event}) == {"accounts.Contact", "accounts.Event"}


def left_in_rows_that_stay():
    """Columns with words of people in rows that stay, of which nothing is replaced: "app.Model.column"."""
    stay = [fate for fate in retention.find(*retention.Term) if fate.columns]
    replaced = {f"{fate.model._meta.label}.{column}" for fate in stay for column in fate.columns}
    words = {
        f"{fate.model._meta.label}.{field.name}"
        for fate in stay
        for field in fate.model._meta.concrete_fields
        if isinstance(field, WORDS) and not field.choices
    }
    return words - replaced


def test_no_words_are_left_in_rows_that_stay():
    assert left_in_rows_that_stay() == SAY_NOTHING


def test_a_column_that_is_left_is_found(monkeypatch):
    kept = [fate for fate in retention.FATES if "text" not in fate.columns]
    short = [replace(fate, columns=("author_name",)) for fate in retention.FATES if "text" in fate.columns]
    monkeypatch.setattr(retention, "FATES", kept + short)
    assert "tickets.Message.text" in left_in_rows_that_stay()


def test_what_is_said_leads_to_a_customer_or_a_person(db):
    for fate in retention.find(*retention.Term):
        assert not fate.rows([0]).exists(), fate.model
