"""Where allauth's own view would tell whether an address has an account."""

from typing import Any

from allauth.headless.account import views
from allauth.headless.account.inputs import ResetPasswordInput, ResetPasswordKeyInput
from allauth.headless.account.response import PasswordResetKeyResponse
from django.http import HttpRequest, HttpResponse


class ResetInput(ResetPasswordInput):
    """Of the password nothing is said before the code is right: it is compared with the name and address of the account."""

    def clean(self) -> Any:
        return self.cleaned_data if "key" in self.errors else super().clean()


class ResetPasswordView(views.ResetPasswordView):
    """Without an account there is no right code; a wrong one is answered and counted alike for both."""

    input_class = ResetInput

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        process: Any = self.process  # handle() has answered where there is none
        tried = ResetPasswordKeyInput({"key": request.headers.get("X-Password-Reset-Key", "")}, code=process.code)
        if not tried.is_valid():
            return self.handle_invalid_input(tried)  # which counts it
        process.confirm_code()
        return PasswordResetKeyResponse(request, process.user)
