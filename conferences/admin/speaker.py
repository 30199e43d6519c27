"""People on the programme, on the desk: who comes, what is missing of whom, who is written to, and what they have changed themselves."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

import clock
from api.desk_fields import drawn_once
from api.problems import Refused
from api.text import clean_text, labelled
from conferences.admin.scope import NAME, OfConferenceMixin, editable_conferences
from conferences.admin.speaker_panels import changes_panel, photo_panel, slides_panel
from conferences.domain import own_speaker, photos, speaker_invitations, speaker_links
from conferences.domain.readers import matching_speakers
from conferences.enums import SessionRole, SpeakerAnswer
from conferences.models import Availability, Participation, ProgrammeRelease, Speaker, SpeakerChange, SpeakerSlides
from fairs.admin_scope import FairScopedAdmin, FairScopedInline
from fairs.moments import moment_text
from fairs.roles import Right
from notifications.admin.confirm_all import Line, confirmation, confirmed_by

LANGUAGES = ("ru", "zh_hans", "en")
ANSWERS: dict[str, Callable[..., Speaker]] = {
    SpeakerAnswer.OPEN: own_speaker.reopen,
    SpeakerAnswer.CONFIRMED: own_speaker.confirm,
    SpeakerAnswer.DECLINED: own_speaker.decline,
}
ANSWER_COLOURS = {SpeakerAnswer.OPEN: "warning", SpeakerAnswer.CONFIRMED: "success", SpeakerAnswer.DECLINED: "danger"}


class SpeakerForm(forms.ModelForm):  # type: ignore[type-arg]
    reason = forms.CharField(label=_("Why, if declined"), max_length=1000, required=False, widget=UnfoldAdminTextInputWidget)
    new_photo = forms.FileField(  # not ImageField, which reads any kind of picture of any size before we are asked
        label=_("New photo"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = (self.instance.answer, self.instance.reason)

    def clean_new_photo(self) -> Any:
        file = self.cleaned_data["new_photo"]
        if file:
            try:
                photos.read_photo(file)
            except Refused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
            file.seek(0)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        reason = clean_text(cleaned.get("reason", "")).strip()
        cleaned["reason"] = reason if cleaned.get("answer") == SpeakerAnswer.DECLINED else ""
        if cleaned.get("answer") == SpeakerAnswer.DECLINED and not reason:
            self.add_error("reason", _("Say in a few words why."))
        return cleaned


class AvailabilityInline(FairScopedInline):
    model = Availability
    parent_fair_path = "conference__fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    fields = ("starts_at", "ends_at")


def with_slides() -> Exists:
    return Exists(SpeakerSlides.objects.filter(speaker=OuterRef("pk")))


def without_biography() -> Q:
    return Q(*(Q(**{f"biography_{language}": ""}) | Q(**{f"biography_{language}": None}) for language in LANGUAGES))


class MissingFilter(admin.SimpleListFilter):
    """What is still wanted of people who speak, and of interpreters too where it is an address."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("photo", _("photo")), ("biography", _("biography")), ("slides", _("slides")), ("address", _("email address"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> QuerySet[Speaker]:
        parts = Participation.objects.filter(speaker=OuterRef("pk"), session__cancelled_at=None)
        speaks = Exists(parts.exclude(role=SessionRole.INTERPRETER))
        missing: dict[str | None, Any] = {
            "photo": [speaks, Q(photo="")],
            "biography": [speaks, without_biography()],
            "slides": [speaks, ~with_slides()],
            "address": [Q(email="")],
        }
        return queryset.filter(*missing.get(self.value(), []))


class ChangedFilter(admin.SimpleListFilter):
    title = _("changed on the own page")
    parameter_name = "changed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("yes")), ("released", _("since the last release"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> QuerySet[Speaker]:
        changes = SpeakerChange.objects.filter(speaker=OuterRef("pk"))
        if self.value() == "released":
            releases = ProgrammeRelease.objects.filter(conference=OuterRef("speaker__conference")).order_by("-number")
            newest = releases.values("released_at")[:1]
            return queryset.filter(Exists(changes.filter(at__gt=Subquery(newest))))
        return queryset.filter(Exists(changes)) if self.value() == "yes" else queryset


@admin.register(Speaker)
class SpeakerAdmin(OfConferenceMixin, FairScopedAdmin):
    list_display = (
        *("name", "organisation", "answer_chip", "written_to", "travel", "visa"),
        *("has_photo", "has_biography", "has_slides"),
    )
    list_filter = (
        ("conference", admin.RelatedOnlyFieldListFilter),
        "answer",
        ("invited_at", admin.EmptyFieldListFilter),
        MissingFilter,
        ChangedFilter,
        "travel",
        "visa",
        "language",
        "country",
    )
    list_select_related = ("conference__fair",)
    ordering = ("name", "pk")
    search_fields = NAME
    search_help_text = _("Name, position or organisation, in any language")
    actions = ("invite", "revoke_links")
    form = SpeakerForm
    readonly_fields = ("answered", "written_to", "photo_shown", "slides_shown", "changes_shown")
    fieldsets = (
        (None, {"fields": ("conference", NAME, ("code", "country", "language"), ("email", "time_zone"), ("travel", "visa"))}),
        (
            _("Own page"),
            {
                "fields": (("answer", "reason"), ("answered", "written_to"), ("photo_shown", "new_photo"), "slides_shown", "changes_shown"),
                "description": _("People answer on their own page. What they say by telephone or email, write down here."),
            },
        ),
        (_("Position"), {"fields": (tuple(f"title_{code}" for code in LANGUAGES), tuple(f"organisation_{code}" for code in LANGUAGES))}),
        (_("Biography"), {"fields": (tuple(f"biography_{code}" for code in LANGUAGES),)}),
    )

    inlines = (AvailabilityInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        return super().get_queryset(request).annotate(slides_there=with_slides())

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=matching_speakers(queryset, search_term)), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None:
            found.reader = request.user  # links to files are for one person
        return found

    # --- columns and fields

    @display(description=_("answer"), label=ANSWER_COLOURS, ordering="answer")
    def answer_chip(self, speaker: Speaker) -> tuple[str, Any]:
        return speaker.answer, speaker.get_answer_display()

    @admin.display(description=_("written to"), ordering="invited_at")
    def written_to(self, speaker: Speaker) -> str:
        return moment_text(speaker.invited_at, speaker.conference.fair.zone) if speaker.pk else "–"

    @admin.display(description=_("photo"), boolean=True)
    def has_photo(self, speaker: Speaker) -> bool:
        return bool(speaker.photo)

    @admin.display(description=_("biography"), boolean=True)
    def has_biography(self, speaker: Speaker) -> bool:
        return any(getattr(speaker, f"biography_{language}") for language in LANGUAGES)

    @admin.display(description=_("slides"), boolean=True)
    def has_slides(self, speaker: Any) -> bool:
        return bool(speaker.slides_there)

    @admin.display(description=_("answered"))
    def answered(self, speaker: Speaker) -> str:
        return moment_text(speaker.answered_at, speaker.conference.fair.zone) if speaker.answered_at else "–"

    @admin.display(description=_("photo"))
    @drawn_once
    def photo_shown(self, speaker: Speaker) -> SafeString | str:
        return photo_panel(speaker)

    @admin.display(description=_("slides"))
    @drawn_once
    def slides_shown(self, speaker: Any) -> SafeString | str:
        return slides_panel(speaker.slides.select_related("file", "session"), reader=speaker.reader) if speaker.pk else "–"

    @admin.display(description=_("changed on the own page"))
    @drawn_once
    def changes_shown(self, speaker: Speaker) -> SafeString | str:
        return changes_panel(speaker) if speaker.pk else "–"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The answer and the photo are the domain's to write: it notes who did it."""
        user: Any = request.user
        answer, reason = obj.answer, obj.reason
        obj.answer, obj.reason = form.before
        super().save_model(request, obj, form, change)
        who = {"speaker_id": obj.pk, "by": user, "now": clock.now()}
        if (answer, reason) != form.before:
            ANSWERS[answer](**who, **({"reason": reason} if answer == SpeakerAnswer.DECLINED else {}))
        if form.cleaned_data.get("new_photo"):
            own_speaker.set_photo(file=form.cleaned_data["new_photo"], **who)

    # --- steps

    @admin.action(description=_("Write to the selected people, with the link to their own page"), permissions=["change"])
    def invite(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> HttpResponse | None:
        """First the page that says who gets a letter, then the letters to those that it named."""
        consequence = _("Each gets a letter that asks whether they come. Links of earlier letters stay good.")
        return self._asked_or_taken(request, queryset, self._invite, self._line_of_letter, consequence)

    @admin.action(description=_("Revoke the links to the own pages of the selected people"), permissions=["change"])
    def revoke_links(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> HttpResponse | None:
        consequence = _("No letter that was sent so far opens their pages any more. A new letter brings a new link.")
        return self._asked_or_taken(request, queryset, self._revoke, _line, consequence)

    def _asked_or_taken(
        self,
        request: HttpRequest,
        queryset: QuerySet[Speaker],
        take: Callable[[HttpRequest, QuerySet[Speaker], dict[int, str]], None],
        line: Callable[[Speaker], Line],
        consequence: Any,
    ) -> HttpResponse | None:
        # The list shows people of every conference where one may look; a step needs more than looking.
        changeable = self.get_queryset(request).filter(conference__in=editable_conferences(request))
        changeable = changeable.select_related("conference__fair", "conference__site").order_by("pk")
        shown = confirmed_by(request)
        if shown is None:
            return confirmation(self, request, map(line, changeable.filter(pk__in=queryset.values("pk"))), consequence=consequence)
        take(request, changeable.filter(pk__in=shown), shown)
        return None

    def _line_of_letter(self, speaker: Speaker) -> Line:
        refusal = speaker_invitations.refusal_of(speaker, now=clock.now())
        return _line(speaker, reason=str(refusal) if refusal else "", readers=[] if refusal else [speaker])

    def _invite(self, request: HttpRequest, chosen: QuerySet[Speaker], shown: dict[int, str]) -> None:
        user: Any = request.user
        sent = 0
        for speaker in chosen:
            try:
                speaker_invitations.invite(speaker_id=speaker.pk, by=user, now=clock.now(), seen=shown[speaker.pk])
                sent += 1
            except Refused as refusal:
                self.message_user(request, labelled(speaker, refusal), messages.WARNING)
        if sent:
            told = ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", sent)
            self.message_user(request, told % {"count": sent})

    def _revoke(self, request: HttpRequest, chosen: QuerySet[Speaker], shown: dict[int, str]) -> None:
        count = speaker_links.revoke(chosen.values_list("pk", flat=True))
        told = ngettext("%(count)s link is revoked.", "%(count)s links are revoked.", count)
        self.message_user(request, told % {"count": count})


def _line(speaker: Speaker, *, reason: str = "", readers: Any = ()) -> Line:
    return Line(
        number=speaker.pk,
        name=f"{speaker} ({speaker.organisation})" if speaker.organisation else str(speaker),
        url=reverse("admin:conferences_speaker_change", args=[speaker.pk]),
        state=speaker.get_answer_display(),
        seen=speaker_invitations.seen_state(speaker),
        readers=list(readers),
        reason=reason,
    )
