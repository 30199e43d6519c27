"""Conferences on the organisers' desk, one file a noun."""

from conferences.admin import conference, delegate, session, speaker

__all__ = ["conference", "delegate", "session", "speaker"]
