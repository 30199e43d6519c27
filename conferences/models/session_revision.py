from django.db import models

from conferences.models.conference import Conference, Track
from conferences.models.session import Session


class SessionRevision(models.Model):
    """What calendars outside hold of a session, so that they can be told of its changes and of its end.

    Kept by the database (conferences/rules.py). It outlives its session: ``guid``, days and track are those the public saw
    last, and stay so when the session becomes confidential. ``number`` grows with every change that the public can see.
    """

    session = models.OneToOneField(Session, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="revision")
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="session_revisions")
    track = models.ForeignKey(Track, on_delete=models.SET_NULL, null=True, related_name="+")
    guid = models.UUIDField(unique=True)
    number = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()  # real time, not that of the business
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    was_public = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.pk}: {self.number}"
