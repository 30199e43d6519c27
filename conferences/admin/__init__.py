"""Conferences on the organisers' desk, one file a noun."""

from conferences.admin import conference, delegate, room, session, speaker

__all__ = ["conference", "delegate", "room", "session", "speaker"]
