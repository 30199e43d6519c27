"""What the next release would do: what changes, who is written to, what stands against it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from conferences.domain.draft_warnings import DraftWarning, warnings_of
from conferences.domain.release_letters import Readers, readers_of
from conferences.domain.releases import changes_of, fingerprint
from conferences.models import Conference, ProgrammeRelease, ReleaseChange


@dataclass(frozen=True)
class ReleasePreview:
    """``clashes`` prevent the release; ``warnings`` do not. ``seen`` is what the release is asked for with."""

    changes: list[ReleaseChange]
    readers: Readers
    clashes: list[DraftWarning]
    warnings: list[DraftWarning]
    seen: str

    @property
    def is_possible(self) -> bool:
        return bool(self.changes) and not self.clashes


def preview_of(conference: Conference) -> ReleasePreview:
    """What everybody would see changed, and who would be told. Three queries more than ``draft_of``."""
    changes, warnings = changes_of(conference.pk), warnings_of(conference)
    return ReleasePreview(
        changes=changes,
        readers=readers_of(changes, time_zone=conference.fair.time_zone),
        clashes=[warning for warning in warnings if warning.is_hard],
        warnings=[warning for warning in warnings if not warning.is_hard],
        seen=fingerprint(changes),
    )


def releases_of(conference: Conference, *, with_confidential: bool) -> QuerySet[ProgrammeRelease]:
    """The latest first, with their changes in order of time. To strangers those of confidential sessions are not there."""
    changes = ReleaseChange.objects.select_related("room_before", "room_after").order_by("starts_after", "starts_before", "code", "pk")
    releases = ProgrammeRelease.objects.filter(conference=conference).order_by("-number")
    if not with_confidential:
        changes = changes.filter(is_public=True)
        releases = releases.filter(Exists(ReleaseChange.objects.filter(release=OuterRef("pk"), is_public=True)))
    return releases.select_related("by").prefetch_related(Prefetch("changes", changes))
