"""Only this fair: the base of every view under ``/api/v1/fairs/{fair}/``."""

from functools import cache, cached_property
from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotAuthenticated

from api.statements import RowStatement
from fairs import access
from fairs.denials import staff_denied
from fairs.enums import FairStatus
from fairs.models import Fair, StaffMembership
from fairs.roles import Right

_SLUG = "?slug"  # stands for the one that is asked for


@cache
def _by_slug() -> RowStatement[Fair]:
    """Nearly all of what a 304 costs (docs/adr/0010)."""
    return RowStatement(Fair.objects.select_related("public_revision").filter(slug=_SLUG).order_by(), markers=(_SLUG,))


class FairScopedMixin:
    """Gives a view its ``fair`` and what the caller is there. Each is read once a request, and only when asked for.

    A draft is there for its staff alone; everybody else gets the same 404 as for an unknown fair.
    """

    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def fair(self) -> Fair:
        """The fair of the address with its public revision, in one query. Raises Http404."""
        fair = _by_slug().first({_SLUG: self.kwargs["fair"]})
        if fair is None:
            raise Http404
        if fair.status == FairStatus.DRAFT:
            self.memberships = access.memberships(self.request.user, fair.pk)
            if not self.memberships and not self.request.user.is_superuser:
                raise Http404
        return fair

    @cached_property
    def memberships(self) -> list[StaffMembership]:
        """The caller's roles at the fair: empty for a stranger, in one query for somebody signed in."""
        return access.memberships(self.request.user, self.fair.pk)

    @cached_property
    def rights(self) -> frozenset[Right]:
        return access.rights_of(self.request.user, self.memberships)

    def require(self, right: Right) -> None:
        """401 for a stranger, 403 for one who may see the fair but not do this."""
        if not self.request.user.is_authenticated:
            raise NotAuthenticated
        if right not in self.rights:
            raise staff_denied(right)

    def get_list_revision(self) -> str | None:
        """For ``ListETagMixin``: moves with every change of the fair's public face (kept by the database)."""
        return f"{self.fair.pk}:{self.fair.public_revision.number}"
