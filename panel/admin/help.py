"""The help centre for its editor: articles with a preview, pictures, what readers answer, and figures."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.urls import path
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.editing import EditableListAdmin
from accounts.admin.figures import FiguresMixin
from accounts.admin.reading import ReadOnlyAdmin
from panel.help import figures
from panel.help.pictures import redrawn
from panel.help.views import article_page
from panel.models import Article, ArticleVote, HelpCategory, HelpImage
from panel.models.help import LANGUAGES


@admin.register(HelpCategory)
class HelpCategoryAdmin(EditableListAdmin):
    list_display = ["name_pl", "name_en", "slug", "position"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["name_pl"]}


@admin.register(Article)
class ArticleAdmin(FiguresMixin, EditableListAdmin):
    """The preview is the readers' own page, made of what stands in the form, saved or not."""

    list_display = ["title", "category", "state", "position", "updated_at"]
    list_editable = ["position"]
    list_filter = ["state", "category"]
    ordering = ["category__position", "category", "position", "pk"]
    list_select_related = ["category"]
    search_fields = ["title_pl", "title_en", "text_pl", "text_en"]
    readonly_fields = ["published_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["category", "slug", "state", "position"]}),
        (
            _("Polish"),
            {
                "fields": ["title_pl", "text_pl"],
                "description": _("Texts are written in Markdown; pictures come from the pictures of the help centre."),
            },
        ),
        (_("English"), {"fields": ["title_en", "text_en"]}),
        (None, {"fields": ["published_at", "updated_at"]}),
    ]
    change_form_template = "admin/article.html"
    change_list_template = "admin/articles.html"
    figures_template = "admin/help_figures.html"
    figures_title = _("The help centre in figures")
    spans = figures.SPANS

    @admin.display(description=_("title"), ordering="title_pl")
    def title(self, article):
        return article.title

    def get_prepopulated_fields(self, request, obj=None):
        """The address of an article that exists is known to readers and stays."""
        return {} if obj else {"slug": ["title_pl"]}

    def save_model(self, request, obj, form, change):
        obj.set_dates(form.changed_data)
        super().save_model(request, obj, form, change)

    def view_on_site(self, article):
        return article.get_absolute_url()

    def get_urls(self):
        address = path("preview/", self.admin_site.admin_view(self.preview), name="panel_article_preview")
        return [address, *super().get_urls()]

    def preview(self, request):
        """The page of the article in the form, in the language of the button that was pressed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        form = self.get_form(request)(request.POST)
        form.is_valid()
        language = request.POST.get("_preview")
        with translation.override(language if language in LANGUAGES else LANGUAGES[0]):
            return article_page(request, form.instance, None, None, layout="public.html", is_preview=True)

    def figures_of(self, span):
        """How often articles were opened, what readers say, and what is looked for in vain."""
        return {
            "articles": figures.by_article(span),
            "missing": figures.missing(span),
            "searches": figures.missed_searches(span),
        }


class PictureForm(forms.ModelForm):
    """Keeps the picture only as we draw it anew."""

    def clean_file(self):
        return redrawn(self.cleaned_data["file"])


@admin.register(HelpImage)
class HelpImageAdmin(admin.ModelAdmin):
    """A picture is added or deleted; another one gets another address, because browsers keep the old one."""

    form = PictureForm
    list_display = ["name", "markdown", "uploaded_at"]
    search_fields = ["name"]
    fields = ["name", "file"]

    class Media:
        css = {"all": ["css/preview.css"]}

    def has_change_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return ["name", "markdown", "shown", "uploaded_at"] if obj else self.fields

    def get_readonly_fields(self, request, obj=None):
        return ["markdown", "shown", "uploaded_at"] if obj else []

    @admin.display(description=_("to be put into an article"))
    def markdown(self, picture):
        return format_html("<code>![{}]({})</code>", picture.name, picture.get_absolute_url())

    @admin.display(description=_("picture"))
    def shown(self, picture):
        return format_html('<img class="panel-picture" src="{}" alt="{}">', picture.get_absolute_url(), picture.name)

    def delete_model(self, request, obj):
        obj.remove()

    def delete_queryset(self, request, queryset):
        for picture in queryset:
            picture.remove()


@admin.register(ArticleVote)
class ArticleVoteAdmin(ReadOnlyAdmin):
    """What readers answered; whose answer it is does not matter here."""

    list_display = ["at", "article", "helped", "missing"]
    fields = list_display
    list_filter = ["helped", ("missing", admin.EmptyFieldListFilter)]
    list_select_related = ["article"]
    search_fields = ["missing", "article__title_pl", "article__title_en"]
