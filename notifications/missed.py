"""Two moments of real time as one word in an address: between which letters failed or came back."""

from datetime import UTC, datetime

_STAMP = "%Y%m%dT%H%M%SZ"


def missed_between(since: datetime, until: datetime) -> str:
    return "-".join(at.astimezone(UTC).strftime(_STAMP) for at in (since, until))


def span_in(text: str) -> tuple[datetime, datetime] | None:
    """The moments that :func:`missed_between` has put into ``text``, or None."""
    try:
        since, until = (datetime.strptime(part, _STAMP).replace(tzinfo=UTC) for part in text.split("-"))
    except ValueError:
        return None
    return since, until
