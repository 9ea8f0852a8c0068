"""The list of orders, and the page that tells where one is."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.pages import page_of
from billing import orders as known
from billing.documents import for_payers
from billing.outcomes import refresh_after


@for_payers
@require_safe
def orders(request):
    """All orders that this person may see, the latest first."""
    seen = known.with_lines(known.visible_to(request.membership), in_list=True)
    page = page_of(seen, by="-pk", params=request.GET)
    return render(request, "billing/orders.html", {"page": page, "rows": known.progress_of(page.rows)})


@for_payers
@require_safe
def order(request, pk):
    """Where each line of an order is; while something is being set up the page comes again."""
    found = get_object_or_404(known.with_lines(known.visible_to(request.membership)), pk=pk)
    progress = known.of_order(found, request.membership)
    refresh = refresh_after(request.GET.get("n", "")) if progress.is_moving else None
    return render(request, "billing/order.html", {"order": found, "progress": progress, "refresh": refresh})
