"""Every address of Yarmarka."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.sign_in_views import ResetPasswordView
from api import views as api_views
from conferences.delegate_page import delegate_page, pass_picture
from conferences.invitation_page import invitation_file, invitation_page
from conferences.speaker_page import slides_file, speaker_page
from conferences.views import photo
from exhibitors.views import logo

NO_PHONE = ("account/phone", "auth/phone/verify", "auth/phone/verify/resend")


def closed(request: HttpRequest) -> HttpResponse:
    """The address of something that allauth offers and we do not."""
    raise Http404


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="docs")),
    path("healthz", api_views.healthz, name="healthz"),
    path("readyz", api_views.readyz, name="readyz"),
    # Nobody signs in with a telephone number here, and allauth's paths for it presume somebody may.
    *(path(f"_allauth/app/v1/{name}", closed) for name in NO_PHONE),
    path("_allauth/app/v1/auth/password/reset", ResetPasswordView.as_api_view(client="app")),
    path("_allauth/", include("allauth.headless.urls")),
    path("conferences/<slug:conference>/delegate/<str:word>/", delegate_page, name="delegate-page"),
    path("conferences/<slug:conference>/delegate/<str:word>/pass.svg", pass_picture, {"kind": "svg"}, name="delegate-pass-svg"),
    path("conferences/<slug:conference>/delegate/<str:word>/pass.png", pass_picture, {"kind": "png"}, name="delegate-pass-png"),
    path("conferences/<slug:conference>/speaker/<str:word>/", speaker_page, name="speaker-page"),
    path("conferences/<slug:conference>/speaker/<str:word>/slides/<int:pk>/", slides_file, name="speaker-slides"),
    path("conferences/<slug:conference>/delegate/<str:word>/invitation/", invitation_page, name="delegate-invitation"),
    path("conferences/<slug:conference>/delegate/<str:word>/invitation/invitation.pdf", invitation_file, name="delegate-invitation-pdf"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    re_path(r"^media/logos/(?P<name>[0-9a-f]{32}\.png)$", logo, name="logo"),
    re_path(r"^media/photos/(?P<name>[0-9a-f]{32}\.jpg)$", photo, name="speaker-photo"),
    path(
        "api/v1/",
        include(
            [
                path("", include("api.urls")),
                path("", include("accounts.api.urls")),
                path("", include("fairs.api.urls")),
                path("", include("exhibitors.api.urls")),
                path("", include("allocations.api.urls")),
                path("", include("conferences.api.urls")),
            ]
        ),
    ),
]

handler400 = "api.views.bad_request"
handler403 = "api.views.forbidden"
handler404 = "api.views.not_found"
handler500 = "api.views.server_error"
