"""The page of a product as visitors see it, for administrators: as it is saved, or as it stands in their form."""

from django.contrib import admin
from django.contrib.messages.storage import default_storage
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from accounts.access import lacks_strong_step
from accounts.typed import whole_number
from accounts.wording import LANGUAGES, reading_language
from billing.forms.catalogue import ChoiceForm
from billing.pricing import Reader
from billing.views.catalogue import product_page
from services import catalogue as offers
from services.models import Product

# What the form of the administration answers when it could be saved.
REDIRECT = 302


@require_safe
def saved(request, code):
    """As it is saved, also before it is offered. Nothing is sold."""
    found = offers.find(Product.objects.all(), code) if may_preview(request) else None
    if found is None:
        raise Http404
    return page(request, found, request.GET.get("language"), chosen=request.GET)


@require_POST
def typed(request):
    """As it would be if the form of `?of=` were saved: it is saved, looked at and taken back.

    A form that cannot be saved comes back with its errors, and is saved from there when they are mended.
    """
    if not may_preview(request):
        raise Http404
    key, address = None, reverse("admin:services_product_add")
    if "of" in request.GET:
        key = str(get_object_or_404(Product, pk=whole_number(request.GET["of"])).pk)
        address = reverse("admin:services_product_change", args=[key])
    # That it was saved is nobody's news.
    request._messages, news = default_storage(request), request._messages
    with transaction.atomic():
        answer = admin.site.get_model_admin(Product).changeform_view(request, key, address)
        request._messages = news
        if answer.status_code == REDIRECT:
            answer = as_saved_now(request)
        transaction.set_rollback(True)
    return answer


def as_saved_now(request):
    """The page of the product that the form has just saved."""
    product = offers.find(Product.objects.all(), request.POST["code"].strip())
    return page(request, product, request.POST.get("_preview"), is_typed=True)


def page(request, product, language, chosen=None, is_typed=False):
    """The page in this language, or in the reader's."""
    with translation.override(language if language in LANGUAGES else reading_language()):
        is_on_offer = offers.products(product.provider_id).filter(pk=product.pk).exists()
        form = ChoiceForm(product=product, reader=Reader(product.provider_id), chosen=chosen)
        more = {"layout": "public.html", "is_preview": True, "is_typed": is_typed, "is_on_offer": is_on_offer}
        return product_page(request, product, form, **more)


def may_preview(request):
    """Whether this is somebody who may open products in the administration, too."""
    user = request.user
    may = any(user.has_perm(f"services.{act}_product") for act in ("view", "add", "change"))
    return user.is_staff and may and not lacks_strong_step(request)
