from conferences.models.conference import Conference, Room, Track
from conferences.models.delegate import Delegate
from conferences.models.delegate_quota import DelegateQuota
from conferences.models.session import Participation, Session, Speaker
from conferences.models.session_revision import SessionRevision

__all__ = ["Conference", "Delegate", "DelegateQuota", "Participation", "Room", "Session", "SessionRevision", "Speaker", "Track"]
