"""Below /api/v1/."""

from django.urls import path

from conferences.api import views

CONFERENCE = "conferences/<slug:conference>/"

urlpatterns = [
    path("conferences/", views.ConferenceListView.as_view(), name="conference-list"),
    path(CONFERENCE, views.ConferenceView.as_view(), name="conference"),
    path(f"{CONFERENCE}sessions/", views.SessionListView.as_view(), name="session-list"),
    path(f"{CONFERENCE}speakers/", views.SpeakerListView.as_view(), name="speaker-list"),
    path(f"{CONFERENCE}delegates/", views.DelegatesView.as_view(), name="delegate-list"),
    path(f"{CONFERENCE}delegates/confirm/", views.ConfirmDelegateView.as_view(), name="delegate-confirm"),
]
