"""Which texts of a conference are kept in Russian, Chinese and English."""

from modeltranslation.translator import TranslationOptions, register

from conferences.models import Conference, ProgrammeRelease, ReleaseChange, Room, Session, Speaker, Track


@register(Conference)
class ConferenceTranslation(TranslationOptions):
    fields = ("name", "invitation_text")


@register(Room)
class RoomTranslation(TranslationOptions):
    fields = ("name",)


@register(Track)
class TrackTranslation(TranslationOptions):
    fields = ("name",)


@register(Speaker)
class SpeakerTranslation(TranslationOptions):
    fields = ("name", "title", "organisation", "biography")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "abstract")


@register(ProgrammeRelease)
class ReleaseTranslation(TranslationOptions):
    fields = ("note",)


@register(ReleaseChange)
class ReleaseChangeTranslation(TranslationOptions):
    fields = ("title",)
