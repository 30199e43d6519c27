"""What the addresses below one application share: whose part it is, and who may change it."""

from functools import cached_property
from typing import ClassVar

from django.http import Http404

from api.etags import ConditionalMixin
from exhibitors.api.applications import FairApplicationsView
from exhibitors.denials import denied
from exhibitors.models import Application
from exhibitors.roles import CompanyRight
from fairs.roles import Right


class ApplicationPartView(ConditionalMixin, FairApplicationsView):
    """For views at ``/fairs/{fair}/applications/{pk}/parts/`` and ``…/parts/{part}/``: put it before REST framework's generic view.

    Give it ``get_queryset`` of the parts of ``self.application`` alone, so that a part of another application is not found.
    """

    lookup_url_kwarg = "part"
    edit_right: ClassVar[CompanyRight] = CompanyRight.EDIT_LOGISTICS
    staff_edit_right: ClassVar[Right] = Right.EDIT_APPLICATIONS

    @cached_property
    def application(self) -> Application:
        """The application in the address, as far as the reader may see it. Raises Http404."""
        found = self.reader.visible(self.fair.pk).select_related("company__region").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def require_editor(self) -> bool:
        """Whether the person edits as staff. Raises PermissionDenied for one who may only read."""
        rights, company_rights = self.reader.rights_at(self.application)
        if self.edit_right in company_rights:
            return False
        if self.staff_edit_right in rights:
            return True
        raise denied(self.edit_right, self.staff_edit_right, company_rights=company_rights)
