"""News and banners for administrators, with a preview as customers see them."""

from django.conf import settings
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from panel.models import Banner, News

PREVIEW = '<div class="panel-preview" lang="{}"><p>{}</p>{}</div>'


class PublishedAdmin(admin.ModelAdmin):
    """What news and banners have in common; `part` is the template that customers see."""

    part, name_in_part = "", ""
    list_filter = ["for_kind", "product"]
    date_hierarchy = "published_from"
    autocomplete_fields = ["product"]
    readonly_fields = ["preview"]

    class Media:
        css = {"all": ["css/preview.css"]}

    @admin.display(description=_("as customers see it (after saving)"))
    def preview(self, published):
        """The customer's own part in each language."""
        if not published.pk:
            return "–"
        return format_html_join(
            "", PREVIEW, [(code, name, self.part_in(code, published)) for code, name in settings.LANGUAGES]
        )

    def part_in(self, language, published):
        with translation.override(language):
            return render_to_string(self.part, {self.name_in_part: published})


@admin.register(News)
class NewsAdmin(PublishedAdmin):
    part, name_in_part = "panel/_news_item.html", "item"
    list_display = ["title_pl", "title_en", "for_kind", "product", "published_from", "published_until"]
    list_select_related = ["product"]
    search_fields = ["title_pl", "title_en", "text_pl", "text_en"]


@admin.register(Banner)
class BannerAdmin(PublishedAdmin):
    part, name_in_part = "panel/_banner.html", "banner"
    list_display = ["text_pl", "text_en", "tone", "for_kind", "product", "published_from", "published_until"]
    list_select_related = ["product"]
    search_fields = ["text_pl", "text_en"]
