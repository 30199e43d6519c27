"""Pages about one letter: a step that asks first, and the edit of one that has not left."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from notifications import access, held, rendering
from notifications.admin import letter_steps
from notifications.models import Letter
from notifications.outcomes import outcome_of

if TYPE_CHECKING:
    from notifications.admin.letter import LetterAdmin

LONGEST_TEXT = 20_000  # characters


class WordingForm(forms.Form):
    """What a letter says, as plain text; its HTML is made of it."""

    subject = forms.CharField(
        label=gettext_lazy("subject"), max_length=rendering.LONGEST_SUBJECT, widget=UnfoldAdminTextInputWidget(attrs={"class": "w-full"})
    )
    text = forms.CharField(
        label=gettext_lazy("text"),
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 24}),
        help_text=gettext_lazy("A blank line parts paragraphs; lines that begin with “- ” make a list; web addresses become links."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


def step_page(page: "LetterAdmin", request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Ask whether to take the step with this one letter; take it."""
    letter = _handled_letter(page, request, object_id)
    if name not in letter_steps.STEPS:
        raise Http404
    step = letter_steps.STEPS[name]
    back = reverse("admin:notifications_letter_change", args=[letter.pk])
    if request.method == "POST":
        letter_steps.take(page, request, page.get_queryset(request).filter(pk=letter.pk), name)
        return HttpResponseRedirect(back)
    context = {
        **page.admin_site.each_context(request),
        "title": step.label,
        "opts": page.opts,
        "letter": letter,
        "state": outcome_of(letter, now=timezone.now()).label,
        "step": step,
        "reason": step.why_not(letter),
        "goes_to": letter_steps.reader_of(letter, step) if step.writes else None,
        "back": back,
    }
    return TemplateResponse(request, "admin/letters/step.html", context)


def edit_page(page: "LetterAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Change what a held or later letter says. A colleague's edit is not saved over."""
    letter = _handled_letter(page, request, object_id)
    back = reverse("admin:notifications_letter_change", args=[letter.pk])
    if not Letter.objects.editable(now=timezone.now()).filter(pk=letter.pk).exists():
        messages.warning(request, _("Only a letter that is held back, or goes later, and holds no secret can be edited."))
        return HttpResponseRedirect(back)
    initial = {"subject": letter.subject, "text": letter.text, "seen": held.wording_of(letter)}
    form = WordingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if held.edit(letter_id=letter.pk, now=timezone.now(), **form.cleaned_data):
            page.log_change(request, letter, _("Edited before it left"))
            messages.success(request, _("The letter says so now."))
            return HttpResponseRedirect(back)
        form.add_error(None, _("The letter has left, or a colleague has changed it meanwhile: copy what you wrote and open it anew."))
    context = {
        **page.admin_site.each_context(request),
        "title": _("Edit the letter"),
        "opts": page.opts,
        "letter": letter,
        "form": form,
        "back": back,
    }
    return TemplateResponse(request, "admin/letters/edit.html", context)


def _handled_letter(page: "LetterAdmin", request: HttpRequest, object_id: str) -> Letter:
    """The letter, 404 for one that this person does not see, 403 for one that this person only reads."""
    letter: Any = page.get_object(request, object_id)
    if letter is None:
        raise Http404
    if not access.letters_handled_by(request.user).filter(pk=letter.pk).exists():
        raise PermissionDenied
    return letter  # type: ignore[no-any-return]
