"""The administration in a real browser: what its scripts draw can be found by its name."""

import pytest

from tests.browser.axe import violations

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_a_search_for_several_rows_is_named_as_its_field(open_browser, administrator):
    page = open_browser(administrator, language="en")
    page.goto("/admin/billing/promocode/add/")
    for name in ("Products:", "Groups of products:"):
        page.get_by_role("searchbox", name=name, exact=True).wait_for()
    assert violations(page) == []


def test_a_search_for_one_row_is_named_as_its_field(open_browser, administrator):
    page = open_browser(administrator, language="en")
    page.goto("/admin/services/service/add/")
    assert violations(page) == []
    page.get_by_role("combobox", name="Product").click()
    page.get_by_role("searchbox", name="Product:", exact=True).wait_for()
