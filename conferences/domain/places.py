"""How many places a conference has left, for each kind of delegates too. Certain only under the conference's lock."""

from collections import Counter
from datetime import datetime

from django.db.models import Count

from conferences.models import Conference, Delegate, DelegateQuota


def lock(conference_id: int) -> Conference:
    """The conference, locked to the end of the transaction: places are counted, given and taken one caller at a time.

    Delegates that are made under it get their ``id`` in the order of commit.
    """
    return Conference.objects.select_for_update(of=("self",), no_key=True).select_related("fair").get(pk=conference_id)


def is_over(conference: Conference, *, now: datetime) -> bool:
    """Whether the last day has ended on the fair's clock."""
    return conference.fair.day_of(now) > conference.ends_on


class Places:
    """What is free; below zero where capacity or quota was lowered under those who have a place. Two queries."""

    def __init__(self, conference: Conference) -> None:
        self.terms = {quota.kind: quota for quota in DelegateQuota.objects.filter(conference=conference)}
        rows = Delegate.objects.filter(conference=conference).with_place().order_by().values_list("kind").annotate(Count("pk"))
        taken: Counter[str] = Counter(dict(rows))
        self.free = conference.capacity - taken.total()
        self._free_by_kind = {kind: quota.places - taken[kind] for kind, quota in self.terms.items() if quota.places is not None}

    def fit(self, kind: str) -> bool:
        """Whether one more of this kind can have a place."""
        return min(self.free, self._free_by_kind.get(kind, self.free)) > 0

    def take(self, kind: str) -> None:
        self.free -= 1
        if kind in self._free_by_kind:
            self._free_by_kind[kind] -= 1

    def give_back(self, kind: str) -> None:
        self.free += 1
        if kind in self._free_by_kind:
            self._free_by_kind[kind] += 1

    def takes(self, kind: str) -> bool:
        """Whether delegates of this kind may register at all."""
        return kind not in self.terms or self.terms[kind].is_taken

    def has_room_for_one_of(self, kind: str, *, with_place: bool) -> bool:
        """Whether a delegate of another kind may become one of this; ``with_place``: who takes their place along."""
        return self.takes(kind) and not (with_place and self._free_by_kind.get(kind, 1) <= 0)

    def asks_for_approval(self, kind: str) -> bool:
        return kind in self.terms and self.terms[kind].needs_approval
