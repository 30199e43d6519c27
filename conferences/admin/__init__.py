"""Conferences on the organisers' desk, one file a noun."""

from conferences.admin import conference, delegate, invitation, room, session, speaker

__all__ = ["conference", "delegate", "invitation", "room", "session", "speaker"]
