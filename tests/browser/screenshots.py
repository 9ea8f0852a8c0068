"""`make screenshots`: pictures of the named pages of the running demo, into screenshots/."""

import argparse
import os
import shutil
from itertools import product
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

FOLDER = Path("screenshots")
WIDTHS, THEMES, LANGUAGES = [390, 1280], ["light", "dark"], ["pl", "en"]


def options():
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("pages", nargs="*", help="names of pages; all when none is named (--list tells them)")
    parser.add_argument("--list", action="store_true", help="only print the names")
    parser.add_argument("--port", type=int, default=8000, help="where the demo answers")
    parser.add_argument("--login", action="append", help="only the pages of this person (klient, wsparcie, …)")
    parser.add_argument("--width", type=int, action="append", help="390 and 1280 unless told")
    parser.add_argument("--theme", choices=THEMES, action="append", help="both unless told")
    parser.add_argument("--language", choices=LANGUAGES, action="append", help="pl unless told")
    return parser.parse_args()


def main():
    chosen = options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panel.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    from tests.browser.pages import PAGES

    pages = [
        page
        for page in PAGES
        if (not chosen.pages or page.name in chosen.pages) and (not chosen.login or page.login in chosen.login)
    ]
    if chosen.list:
        print("\n".join(f"{page.name:<20} {page.login or '(nobody)'}" for page in pages))
        return
    ways = list(product(chosen.width or WIDTHS, chosen.theme or THEMES, chosen.language or ["pl"]))
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for width, theme, language in ways:
            picture(browser, f"http://localhost:{chosen.port}", pages, width, theme, language)
    print(f"{len(pages) * len(ways)} pictures in {FOLDER}/")


def picture(browser, address, pages, width, theme, language):
    """One picture of every page in one width, theme and language."""
    from tests.browser.people import languages_of, session_cookies

    for login in dict.fromkeys(page.login for page in pages):
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": 900}, color_scheme=theme, locale=language
        )
        context.add_cookies(session_cookies(login, address))
        tab = context.new_page()
        with languages_of(login, language):
            for page in pages:
                if page.login == login:
                    tab.goto(page.path)
                    tab.screenshot(path=FOLDER / f"{page.name}-{width}-{theme}-{language}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    main()
