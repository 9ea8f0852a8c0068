"""Topics and articles of the help centre for tests."""

from panel.models import Article, HelpCategory

TEXT = "Open **Security** and choose a way.\n\n## By phone\n\nThe code comes as a text message."


def topic(slug="signing-in", name="Signing in", **fields):
    found, _created = HelpCategory.objects.get_or_create(
        slug=slug, defaults={"name_en": name, "name_pl": f"{name} (pl)"} | fields
    )
    return found


def article(slug="second-step", title="The second step", text=TEXT, **fields):
    """A published article in both languages, unless told otherwise."""
    defaults = {
        "category": fields.pop("category", None) or topic(),
        "title_en": title,
        "title_pl": f"{title} (pl)",
        "text_en": text,
        "text_pl": text,
        "state": Article.State.PUBLISHED,
    }
    return Article.objects.create(slug=slug, **(defaults | fields))
