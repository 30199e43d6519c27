"""Below /api/v1/."""

from django.urls import path

from conferences.api import (
    draft,
    draft_speakers,
    invitations,
    own,
    own_files,
    own_speaker,
    releases,
    schedules,
    sign_ups,
    stand_staff,
    views,
)

CONFERENCE = "conferences/<slug:conference>/"
STAFF = "fairs/<slug:fair>/applications/<id:pk>/staff/"

urlpatterns = [
    path("conferences/", views.ConferenceListView.as_view(), name="conference-list"),
    path(CONFERENCE, views.ConferenceView.as_view(), name="conference"),
    path(f"{CONFERENCE}sessions/", views.SessionListView.as_view(), name="session-list"),
    path(f"{CONFERENCE}sessions/<id:pk>/", views.SessionView.as_view(), name="session"),
    path(f"{CONFERENCE}draft/sessions/", draft.DraftSessionListView.as_view(), name="draft-session-list"),
    path(f"{CONFERENCE}draft/sessions/<id:pk>/", draft.DraftSessionView.as_view(), name="draft-session"),
    path(f"{CONFERENCE}draft/sessions/<id:pk>/place/", draft.PlaceView.as_view(), name="draft-session-place"),
    path(f"{CONFERENCE}draft/sessions/<id:pk>/take-off/", draft.TakeOffView.as_view(), name="draft-session-take-off"),
    path(f"{CONFERENCE}draft/sessions/<id:pk>/free-places/", draft.FreePlacesView.as_view(), name="draft-session-free-places"),
    path(f"{CONFERENCE}draft/warnings/", draft.DraftWarningsView.as_view(), name="draft-warnings"),
    path(f"{CONFERENCE}draft/speakers/", draft_speakers.DraftSpeakerListView.as_view(), name="draft-speaker-list"),
    path(f"{CONFERENCE}draft/speakers/<id:pk>/invite/", draft_speakers.InviteSpeakerView.as_view(), name="draft-speaker-invite"),
    path(f"{CONFERENCE}speakers/", views.SpeakerListView.as_view(), name="speaker-list"),
    path(f"{CONFERENCE}speakers/own/", own_speaker.OwnSpeakerView.as_view(), name="speaker-own"),
    path(f"{CONFERENCE}speakers/own/confirm/", own_speaker.ConfirmSpeakerView.as_view(), name="speaker-own-confirm"),
    path(f"{CONFERENCE}speakers/own/decline/", own_speaker.DeclineSpeakerView.as_view(), name="speaker-own-decline"),
    path(f"{CONFERENCE}speakers/own/photo/", own_files.OwnPhotoView.as_view(), name="speaker-own-photo"),
    path(f"{CONFERENCE}speakers/own/slides/", own_files.OwnSlidesView.as_view(), name="speaker-own-slides"),
    path(f"{CONFERENCE}speakers/own/slides/<id:pk>/", own_files.OwnSlidesFileView.as_view(), name="speaker-own-slides-file"),
    path(f"{CONFERENCE}releases/", releases.ReleasesView.as_view(), name="release-list"),
    path(f"{CONFERENCE}releases/next/", releases.NextReleaseView.as_view(), name="release-next"),
    path(f"{CONFERENCE}delegates/", views.DelegatesView.as_view(), name="delegate-list"),
    path(f"{CONFERENCE}delegates/confirm/", views.ConfirmDelegateView.as_view(), name="delegate-confirm"),
    path(f"{CONFERENCE}delegates/own/", own.OwnDelegateView.as_view(), name="delegate-own"),
    path(f"{CONFERENCE}delegates/own/pass.svg", own.PassSvgView.as_view(), name="delegate-pass-svg"),
    path(f"{CONFERENCE}delegates/own/pass.png", own.PassPngView.as_view(), name="delegate-pass-png"),
    path(f"{CONFERENCE}delegates/cancel/", own.CancelDelegateView.as_view(), name="delegate-cancel"),
    path(f"{CONFERENCE}delegates/own/invitation/", invitations.InvitationView.as_view(), name="delegate-invitation"),
    path(f"{CONFERENCE}delegates/own/invitation/withdraw/", invitations.WithdrawInvitationView.as_view(), name="invitation-withdraw"),
    path(f"{CONFERENCE}delegates/own/invitation.pdf", invitations.InvitationPdfView.as_view(), name="delegate-invitation-pdf"),
    path(f"{CONFERENCE}sign-ups/", sign_ups.SignUpsView.as_view(), name="sign-ups"),
    path(f"{CONFERENCE}sign-ups/confirm/", sign_ups.ConfirmView.as_view(), name="sign-ups-confirm"),
    path(f"{CONFERENCE}sign-ups/withdraw/", sign_ups.WithdrawView.as_view(), name="sign-ups-withdraw"),
    path(f"{CONFERENCE}schedule.ics", schedules.CalendarView.as_view(), name="schedule-ics"),
    path(f"{CONFERENCE}schedule.xml", schedules.FrabXmlView.as_view(), name="schedule-xml"),
    path(f"{CONFERENCE}schedule.json", schedules.FrabJsonView.as_view(), name="schedule-json"),
    path(f"{CONFERENCE}schedule.pdf", schedules.PdfView.as_view(), name="schedule-pdf"),
    path(f"{CONFERENCE}schedule.jsonld", schedules.JsonLdView.as_view(), name="schedule-jsonld"),
    path(f"{CONFERENCE}calendars/<str:token>.ics", schedules.DelegateCalendarView.as_view(), name="delegate-calendar"),
    path(f"{STAFF}register-as-delegates/", stand_staff.RegisterStaffView.as_view(), name="staff-delegates"),
]
