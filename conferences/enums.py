"""Choices of the conference's nouns. A leaf: imports nothing of ours."""

from enum import nonmember

from django.db import models
from django.utils.translation import pgettext_lazy


class SessionKind(models.TextChoices):
    PLENARY = "plenary", pgettext_lazy("session", "plenary")
    PANEL = "panel", pgettext_lazy("session", "panel")
    WORKSHOP = "workshop", pgettext_lazy("session", "workshop")
    SIGNING = "signing", pgettext_lazy("session", "signing ceremony")
    B2B = "b2b", pgettext_lazy("session", "business meetings")
    BREAK = "break", pgettext_lazy("session", "break")


class SessionRole(models.TextChoices):
    """What somebody does in a session."""

    SPEAKER = "speaker", pgettext_lazy("session role", "speaker")
    MODERATOR = "moderator", pgettext_lazy("session role", "moderator")
    PANELLIST = "panellist", pgettext_lazy("session role", "panellist")
    INTERPRETER = "interpreter", pgettext_lazy("session role", "interpreter")


class DraftProblem(models.TextChoices):
    """What may be wrong in the draft of a programme. Hard ones are refused; the others are told of."""

    ROOM = "room", pgettext_lazy("draft", "two sessions in one room")
    PERSON = "person", pgettext_lazy("draft", "somebody in two sessions")
    HOST = "host", pgettext_lazy("draft", "host company in two sessions")
    SEATS = "seats", pgettext_lazy("draft", "room too small")
    CLOSED = "closed", pgettext_lazy("draft", "outside opening hours")
    UNAVAILABLE = "unavailable", pgettext_lazy("draft", "somebody cannot come then")
    ROOM_CHANGE = "room_change", pgettext_lazy("draft", "too little time to change rooms")
    SITE_CHANGE = "site_change", pgettext_lazy("draft", "too little time from site to site")
    BOOTHS = "booths", pgettext_lazy("draft", "too few interpretation booths")
    NO_INTERPRETER = "no_interpreter", pgettext_lazy("draft", "no interpreter named")
    NO_ROOM = "no_room", pgettext_lazy("draft", "no room")
    NO_ADDRESS = "no_address", pgettext_lazy("draft", "no email address")
    DECLINED = "declined", pgettext_lazy("draft", "somebody has declined")
    HOST_GONE = "host_gone", pgettext_lazy("draft", "host company does not exhibit")

    hard = nonmember(("room", "person"))
    everywhere = nonmember(("no_interpreter", "no_address", "declined", "host_gone"))  # the same wherever the session is put


class ChangeKind(models.TextChoices):
    """What a release does to a session."""

    NEW = "new", pgettext_lazy("change of the programme", "new")
    MOVED = "moved", pgettext_lazy("change of the programme", "other time")
    ROOM = "room", pgettext_lazy("change of the programme", "other room")
    TAKEN_OFF = "taken_off", pgettext_lazy("change of the programme", "taken off")
    CANCELLED = "cancelled", pgettext_lazy("change of the programme", "cancelled")
    RESTORED = "restored", pgettext_lazy("change of the programme", "takes place after all")

    comes = nonmember(("new", "restored"))
    goes = nonmember(("taken_off", "cancelled"))
    stays = nonmember(("moved", "room"))


class RoomLayout(models.TextChoices):
    """How the chairs stand."""

    THEATRE = "theatre", pgettext_lazy("room layout", "theatre")
    CLASSROOM = "classroom", pgettext_lazy("room layout", "classroom")
    U_SHAPE = "u_shape", pgettext_lazy("room layout", "U-shape")
    BOARDROOM = "boardroom", pgettext_lazy("room layout", "one table")
    BANQUET = "banquet", pgettext_lazy("room layout", "banquet tables")
    CABARET = "cabaret", pgettext_lazy("room layout", "tables for meetings")


class RoomEquipment(models.TextChoices):
    PROJECTOR = "projector", pgettext_lazy("room equipment", "projector and screen")
    LED_WALL = "led_wall", pgettext_lazy("room equipment", "LED wall")
    SOUND = "sound", pgettext_lazy("room equipment", "microphones and loudspeakers")
    RECEIVERS = "receivers", pgettext_lazy("room equipment", "receivers for interpretation")
    VIDEO_CALL = "video_call", pgettext_lazy("room equipment", "video conference")
    STREAMING = "streaming", pgettext_lazy("room equipment", "recording and live stream")
    FLIPCHART = "flipchart", pgettext_lazy("room equipment", "flip chart")
    LECTERN = "lectern", pgettext_lazy("room equipment", "lectern")


class SpeakerAnswer(models.TextChoices):
    """What somebody on the programme says to being asked."""

    OPEN = "open", pgettext_lazy("answer of a speaker", "not answered yet")
    CONFIRMED = "confirmed", pgettext_lazy("answer of a speaker", "confirmed")
    DECLINED = "declined", pgettext_lazy("answer of a speaker", "declined")


class TravelState(models.TextChoices):
    NOT_NEEDED = "not_needed", pgettext_lazy("travel", "not needed")
    TO_ARRANGE = "to_arrange", pgettext_lazy("travel", "to be arranged")
    BOOKED = "booked", pgettext_lazy("travel", "booked")
    ARRIVED = "arrived", pgettext_lazy("travel", "arrived")

    own = nonmember(("not_needed", "to_arrange", "booked"))  # what the person may say


class VisaState(models.TextChoices):
    NOT_NEEDED = "not_needed", pgettext_lazy("visa", "not needed")
    TO_ARRANGE = "to_arrange", pgettext_lazy("visa", "invitation to be sent")
    INVITED = "invited", pgettext_lazy("visa", "invitation sent")
    APPLIED = "applied", pgettext_lazy("visa", "applied for")
    GRANTED = "granted", pgettext_lazy("visa", "granted")
    REFUSED = "refused", pgettext_lazy("visa", "refused")

    own = nonmember(("not_needed", "to_arrange", "applied", "granted", "refused"))


class DelegateKind(models.TextChoices):
    RUSSIAN_COMPANY = "russian_company", pgettext_lazy("delegate", "Russian company")
    CHINESE_COMPANY = "chinese_company", pgettext_lazy("delegate", "Chinese company")
    PRESS = "press", pgettext_lazy("delegate", "press")
    GUEST = "guest", pgettext_lazy("delegate", "guest")


class DelegateStatus(models.TextChoices):
    """A place is asked for, reserved, waited for, or offered to one who waited; it is kept once that is answered in time."""

    APPLIED = "applied", pgettext_lazy("delegate", "to be approved")
    RESERVED = "reserved", pgettext_lazy("delegate", "reserved")
    WAITING = "waiting", pgettext_lazy("delegate", "on the waiting list")
    OFFERED = "offered", pgettext_lazy("delegate", "a place is offered")
    LAPSED = "lapsed", pgettext_lazy("delegate", "lapsed, not confirmed")
    CANCELLED = "cancelled", pgettext_lazy("delegate", "cancelled")
    REFUSED = "refused", pgettext_lazy("delegate", "refused")

    living = nonmember(("applied", "reserved", "waiting", "offered"))
    with_place = nonmember(("reserved", "offered"))
    ended = nonmember(("lapsed", "cancelled", "refused"))


class SignUpStatus(models.TextChoices):
    """Of a delegate in a session."""

    RESERVED = "reserved", pgettext_lazy("delegate", "reserved")
    OFFERED = "offered", pgettext_lazy("delegate", "a place is offered")
    WAITING = "waiting", pgettext_lazy("delegate", "on the waiting list")

    with_place = nonmember(("reserved", "offered"))


class InvitationStatus(models.TextChoices):
    """Of a letter for a visa."""

    ASKED = "asked", pgettext_lazy("visa invitation", "asked for")
    ISSUED = "issued", pgettext_lazy("visa invitation", "issued")
