"""`check --deploy --database default` tells of products that are sold by drivers which only pretend."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from panel.checks import pretenders
from services.models import Product


@pytest.fixture
def found(products):
    """`found(kind, **fields)` offers the product and gives the faults, as (id, message)."""

    def found(kind, **fields):
        Product.objects.filter(pk=products[kind].pk).update(**({"is_offered": True} | fields))
        return [(fault.id, fault.msg) for fault in pretenders(None, ["default"])]

    return found


def test_what_is_by_hand_or_by_webhook_is_right(found):
    Product.objects.filter(kind="domain").update(is_offered=False)
    assert found("hosting", driver="manual") == found("voip", driver="webhook") == found("other", driver="null") == []


@pytest.mark.parametrize(
    ("kind", "driver", "number"),
    [("domain", "null", "panel.E013"), ("voip", "sip_null", "panel.E014"), ("hosting", "host_null", "panel.E014")],
)
def test_who_only_pretends_is_named(found, products, kind, driver, number):
    Product.objects.update(is_offered=False)
    [(name, words)] = found(kind, driver=driver)
    assert name == number and products[kind].code in words
    assert found(kind, driver=driver, is_offered=False) == [], "nobody can buy it"


def test_no_database_is_asked_unless_it_was_named(products):
    Product.objects.update(driver="null", is_offered=True)
    assert list(pretenders(None, None)) == []


def test_the_command_stops_there(products):
    Product.objects.update(driver="null", is_offered=True)
    with pytest.raises(SystemCheckError, match=r"panel\.E013"):
        call_command("check", "--deploy", "--database", "default")
