from conferences.models.conference import Conference, ConferenceDay, Room, Track
from conferences.models.delegate import Delegate
from conferences.models.delegate_quota import DelegateQuota
from conferences.models.release import ProgrammeRelease, ReleaseChange
from conferences.models.session import Availability, Participation, Session, SessionHost, Speaker
from conferences.models.session_move import SessionMove
from conferences.models.session_revision import SessionRevision
from conferences.models.sign_up import SignUp
from conferences.models.speaker_parts import SpeakerChange, SpeakerLink, SpeakerSlides
from conferences.models.visa_invitation import VisaInvitation

__all__ = [
    "Availability",
    "Conference",
    "ConferenceDay",
    "Delegate",
    "DelegateQuota",
    "Participation",
    "ProgrammeRelease",
    "ReleaseChange",
    "Room",
    "Session",
    "SessionHost",
    "SessionMove",
    "SessionRevision",
    "SignUp",
    "Speaker",
    "SpeakerChange",
    "SpeakerLink",
    "SpeakerSlides",
    "Track",
    "VisaInvitation",
]
