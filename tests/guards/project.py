"""Rules about the project as a whole that are easily broken in one corner."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.template.loader import get_template
from django.utils.functional import Promise

from accounts.notify import LETTERS

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve()
APPS = ["accounts", "billing", "panel", "services", "tickets"]

# Addresses that a checkout must not depend on, and paths that exist on one machine only.
FORBIDDEN = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.|--(?:extra-)?index-url|(?<![\w.])/(?:work|root|tmp|home/\w+)/", re.IGNORECASE
)

# Models that administrators do not need to see, each with the reason.
NOT_IN_ADMIN = {
    "billing.UsageDay": "sums of the charges, which are there; checked with the books",
    "tickets.ContactRequest": "nobody reads it before the address is confirmed; then it is a message",
    "tickets.IncomingMail": "support reads at the desk what was not taken; the rest is in its thread",
    "tickets.MessageWords": "made by the database for its search; nothing in it is to be read or changed",
    "tickets.ReplyAddress": "made by itself; nothing in it is to be read or changed",
    "accounts.BounceReport": "keys of reports that were taken, which say nothing to a reader",
    "accounts.BouncedAddress": "keyed digests of addresses; what they say stands beside the people",
    "accounts.AuthenticatorApp": "a secret of its owner",
    "accounts.Passkey": "nobody but the owner adds or removes one",
    "accounts.RecoveryCode": "half of a secret",
    "accounts.TrustedBrowser": "its owner's, on the page Security",
    "accounts.UserSession": "its owner's, on the page Security",
    "accounts.DataExport": "everything about a person lies in the file; only they open it",
    "accounts.LimitCounter": "counters of attempts, read by nobody",
    "accounts.Link": "half of a secret; a new link is sent by an action of the person's page",
    "accounts.OneTimeCode": "belongs to one sign-in and ends with it",
    "accounts.AuthorizationCode": "staff never see or make codes",
    "accounts.Unwanted": "keyed digests of addresses, which say nothing to a reader",
    "billing.CartItem": "a cart promises nothing and is its owner's; what was ordered is an order",
    "billing.ErasedNumber": "a number of a document that is gone, which says nothing more",
    "panel.ArticleDay": "summed up in the figures of the help centre",
    "panel.MissedSearch": "listed among the figures of the help centre",
    "tickets.Draft": "what somebody has not sent is nobody else's to read",
    "tickets.Note": "written and read at the desk only, beside its conversation",
    "tickets.Turn": "written by the messages themselves, summed up in the figures of the desk",
    "tickets.Writing": "true for less than a minute",
    "tickets.DeskHabit": "how somebody likes their own desk",
    "tickets.ReadMark": "what somebody has read is theirs",
    "tickets.Attachment": "files are opened in the thread, where that can be refused",
}

INLINE = re.compile(
    r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son\w+\s*=|javascript:|\|safe\b|autoescape off", re.IGNORECASE
)
# Help texts are written by us and may hold links, as in Django's own template for them.
HELP_TEXT = ROOT / "templates/django/forms/_help.html"


def tracked():
    """Every text file of the project."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def templates(*suffixes):
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in suffixes)


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path != HERE
        for match in FORBIDDEN.finditer(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["https://PyPI.org/simple", "pip --index-url=x", 'open("/tmp/x")', "cd /home/anna/panel"]
)
def test_a_planted_address_is_caught(text):
    assert FORBIDDEN.search(text)


def test_every_model_is_in_the_administration_or_has_a_reason_not_to_be():
    ours = {
        model._meta.label: model for app in apps.get_app_configs() if app.name in APPS for model in app.get_models()
    }
    pages = admin.site._registry.values()
    shown = {page.model for page in pages} | {inline.model for page in pages for inline in page.inlines}
    unseen = {label for label, model in ours.items() if model not in shown}
    assert unseen == NOT_IN_ADMIN.keys() & ours.keys()
    assert NOT_IN_ADMIN.keys() <= ours.keys()


def wordless(model):
    """The model or those of its fields that have no name in words to be translated."""
    options = [model._meta.verbose_name, model._meta.verbose_name_plural]
    if not all(isinstance(words, Promise) for words in options):
        yield model._meta.label
    for field in model._meta.local_fields:
        if not field.auto_created and not isinstance(field.verbose_name, Promise):
            yield str(field)


def test_every_model_and_field_has_a_name_in_words():
    ours = [model for app in apps.get_app_configs() if app.name in APPS for model in app.get_models()]
    assert [name for model in ours for name in wordless(model)] == []


def sent(source, channel):
    """Names of the letters that a module sends by `notify.mail` or `notify.sms`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (channel, f"notify.{channel}"):
            # The name itself, or two of them in "this if … else that".
            yield from (part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant))


def letters_sent(channel):
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return {name for path in paths for name in sent(path.read_text("utf-8"), channel)}


def test_every_letter_that_is_sent_is_registered_and_the_other_way_round():
    assert letters_sent("mail") | letters_sent("sms") == LETTERS.keys()


def test_every_letter_has_its_templates():
    for name in letters_sent("mail"):
        for part in ("subject.txt", "body.txt", "body.html"):
            get_template(f"emails/{name}/{part}")
    texted = {letter.name for letter in LETTERS.values() if letter.by_text}
    for name in letters_sent("sms") | texted:
        get_template(f"emails/{name}/sms.txt")


def test_no_template_of_a_letter_is_left_over():
    folders = {path.name for path in (ROOT / "templates/emails").iterdir() if path.is_dir()}
    assert folders == LETTERS.keys()


def test_every_template_compiles():
    for path in templates(".html", ".txt"):
        get_template(path.relative_to(ROOT / "templates").as_posix())


def test_no_template_has_inline_styles_scripts_or_unescaped_text():
    """The content security policy would switch them off; mails, which have no such policy, need styles."""
    pages = [path for path in templates(".html") if "emails" not in path.parts and path != HELP_TEXT]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}" for path in pages for match in INLINE.finditer(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="x">',
        "<script>x</script>",
        '<a onclick="x">',
        "{{ text|safe }}",
        '<a href="javascript:x">',
        "<style>",
    ],
)
def test_planted_inline_markup_is_caught(markup):
    assert INLINE.search(markup)
    assert not INLINE.search('<script src="/x.js" defer></script><p class="style">on = off</p>')
