"""The icon of the site: named on every page, and where browsers look without being told."""

ICON = '<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">'


def test_browsers_find_it_unasked(anonymous):
    answer = anonymous.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer["Content-Type"] in ("image/x-icon", "image/vnd.microsoft.icon")
    assert b"".join(answer.streaming_content).startswith(b"\0\0\1\0")


def test_pages_and_administration_name_it(anonymous, provider, client_of, administrator):
    assert ICON in anonymous.get("/sign-in/").content.decode()
    assert ICON in client_of(administrator).get("/admin/").content.decode()
