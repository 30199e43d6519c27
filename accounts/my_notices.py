"""What a person of the desk is written about, chosen by that person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.domain import users
from accounts.enums import Notice, in_order
from accounts.models import User


class NoticesField(forms.MultipleChoiceField):
    """Which notices come at once, to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **given: Any) -> None:
        field = User._meta.get_field("notices_at_once")
        super().__init__(choices=Notice.choices, required=False, label=field.verbose_name, help_text=field.help_text, **given)  # type: ignore[union-attr]

    def clean(self, value: Any) -> list[str]:
        return in_order(super().clean(value))


class MyNoticesForm(forms.ModelForm):
    notices_at_once = NoticesField()

    class Meta:
        model = User
        fields = ["daily_digest", "notices_at_once"]


def my_notices_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show and save the own choice; nobody sees another person's here."""
    person = User.objects.get(pk=request.user.pk or 0)
    form = MyNoticesForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        users.change_profile(user=person, **{name: form.cleaned_data[name] for name in form.fields})
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)
    context: dict[str, Any] = {**site.each_context(request), "title": _("My notices"), "form": form, "opts": User._meta}
    return TemplateResponse(request, "admin/accounts/my_notices.html", context)
