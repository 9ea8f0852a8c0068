"""What support does around a thread: notes, who looks after it, how one likes one's desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import support_only
from accounts.typed import whole_number
from tickets import company, habits
from tickets.assigning import assign, colleagues
from tickets.forms.writing import NoteForm
from tickets.notes import write_note
from tickets.views.desk import back_to, desk_page, filters_of, find


@support_only
@require_POST
def desk_note(request, number):
    """Another internal note."""
    ticket = find(number)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return desk_page(request, ticket, note_form=form)
    write_note(ticket, by=request.user, text=form.cleaned_data["text"])
    messages.success(request, _("The note is written. Only support reads it."))
    return redirect(back_to(request, number))


@support_only
@require_POST
def desk_assign(request, number):
    """Gives the thread to the member of support who was chosen, or to nobody; 404 for anybody else."""
    key, to = request.POST.get("to", ""), None
    if key:
        to = get_object_or_404(colleagues(), pk=whole_number(key))
    assign(find(number), to, by=request.user)
    return redirect(back_to(request, number))


@support_only
@require_http_methods(["GET", "HEAD", "POST"])
def desk_company(request, number):
    """Who else is typing an answer, as a sentence for the script; a POST says that this person is."""
    ticket = find(number)
    if request.method == "POST":
        company.types(ticket, request.user)
    words = company.in_words(ticket, besides=request.user)
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@support_only
@require_POST
def desk_habit(request):
    """Keeps the filters of the address as the beginning of one's desk, or switches the shortcuts."""
    switch = request.POST.get("shortcuts")
    if switch:
        habits.switch_shortcuts(request.user, on=switch == "on")
        words = _("Keyboard shortcuts are on.") if switch == "on" else _("Keyboard shortcuts are off.")
    else:
        habits.remember_filters(request.user, filters_of(request))
        words = _("Your desk now begins with these filters.")
    messages.success(request, words)
    query = request.GET.urlencode()
    return redirect(reverse("tickets:desk") + (query and f"?{query}"))
