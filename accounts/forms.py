"""What a person may tell at sign-up beside address and password."""

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.adapter import language_of_request
from accounts.models import User, validate_time_zone
from notifications.cleaning import one_line


class SignUpForm(forms.Form):
    """Three optional fields of ``POST /_allauth/app/v1/auth/signup``; the language is otherwise that of the request."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    time_zone = forms.CharField(label=_("Time zone"), max_length=64, required=False, validators=[validate_time_zone])

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the new user is saved, and before the first letter is written."""
        user.name = self.cleaned_data.get("name") or ""
        user.language = self.cleaned_data.get("language") or language_of_request()
        user.time_zone = self.cleaned_data.get("time_zone") or "UTC"
        user.save(update_fields=["name", "language", "time_zone"])
