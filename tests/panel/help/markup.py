"""What becomes of an editor's Markdown: headings, links, pictures; and nothing that runs."""

import re

import pytest

from panel.help.markup import plain, rendered

PICTURE = "/help/images/AbCdEf0123456789_-AbCd/"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](java&#10;script:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "[click](vbscript:msgbox)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        '[click](https://example.com "onmouseover=alert(1)")',
        "[click](https://example.com/\"onmouseover='alert(1)')",
        "`</code><script>alert(1)</script>`",
        "```\n</pre><script>alert(1)</script>\n```",
        "```html onload=alert(1)\nx\n```",
        "# <svg onload=alert(1)>",
        "| <iframe src=//evil> |\n| --- |\n| <style>*{}</style> |",
        "<!-- --><base href=//evil>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x]: javascript:alert(1)\n\n[x]",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_runs(text):
    html = rendered(text)
    tags = re.findall(r"<[^>]*>", html)
    assert not re.search(
        r"<(script|iframe|svg|style|base|object|form)|javascript:|vbscript:|data:", "".join(tags), re.I
    )
    names = {name for tag in tags for name in re.findall(r"""\s([\w-]+)="[^"]*\"""", tag)}
    assert names <= {"href", "rel", "src", "alt", "loading", "id", "start"}


def test_raw_html_is_shown_as_the_text_that_it_is():
    assert rendered("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_without_the_cleaning_a_title_would_pass(monkeypatch):
    text = '[click](https://example.com "the same title")'
    assert "title=" not in rendered(text)
    monkeypatch.setattr("panel.help.markup.nh3.clean", lambda html, **rules: html)
    assert "title=" in rendered.__wrapped__(text)


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# One\n## Two\n# Three", ["h2", "h3", "h2"]),
        ("## One\n### Two", ["h2", "h3"]),
        ("###### Deep", ["h2"]),
        ("# A\n## B\n### C\n#### D\n##### E\n###### F", ["h2", "h3", "h4", "h5", "h6", "h6"]),
        ("One\n===", ["h2"]),
    ],
)
def test_headings_begin_below_that_of_the_page(text, headings):
    assert re.findall(r"<(h\d) id=", rendered(text)) == headings
    assert "<h1" not in rendered(text)


def test_headings_have_different_ids_of_plain_letters():
    html = rendered("# Żółta łąka!\n# Żółta łąka!\n# ???\n# content")
    assert re.findall(r'id="([^"]+)"', html) == ["part-zolta-laka", "part-zolta-laka-2", "part", "part-content"]


@pytest.mark.parametrize(
    ("address", "rel"),
    [
        ("https://example.com/x", True),
        ("//example.com/x", True),
        ("http://localhost:8000/help/", False),
        ("/data/", False),
        ("#part-one", False),
        ("mailto:help@example.com", False),
        ("tel:+48583000100", False),
    ],
)
def test_links_to_elsewhere_pass_nothing_on(settings, address, rel):
    settings.SITE_URL = "http://localhost:8000"
    html = rendered(f"[a]({address}) <!-- {rel} -->")
    assert f'href="{address}"' in html
    assert ('rel="noopener noreferrer"' in html) is rel


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/x.png",
        "//example.com/x.png",
        "/files/x.png",
        "x.png",
        "data:image/png;base64,AAAA",
        "/help/",
        f"https://example.com{PICTURE}",
        f"//example.com{PICTURE}",
        f"{PICTURE}../../../sign-out/",
    ],
)
def test_pictures_from_elsewhere_become_their_words(address):
    html = rendered(f"![A *blue* button]({address})")
    assert "<img" not in html and "A " in html and "button" in html


def test_our_own_pictures_are_shown_when_they_are_reached():
    html = rendered(f"![A blue button]({PICTURE})")
    assert f'src="{PICTURE}"' in html and 'alt="A blue button"' in html and 'loading="lazy"' in html


def test_tables_and_lists_are_there():
    html = rendered("| A | B |\n| - | -: |\n| 1 | 2 |\n\n3. three\n4. four")
    assert "<table>" in html and "<td>2</td>" in html and '<ol start="3">' in html


def test_the_plain_text_has_the_words_and_no_marks():
    text = (
        f"# Title\n\nSome **bold** [link](https://example.com/secret) `code`\n\n![pic]({PICTURE})\n\n```\nblock\n```"
    )
    assert plain(text) == "Title Some bold link code block"


def test_words_of_the_plain_text_stand_as_they_are_read():
    assert plain("Choose **Send**, then\n*wait*. Re`do`.") == "Choose Send, then wait. Redo."


def test_the_same_text_is_worked_out_once():
    before = rendered.cache_info().hits
    first, second = rendered("Counted *once*."), rendered("Counted *once*.")
    assert first is second and rendered.cache_info().hits == before + 1
