"""What reviewers of a fair score, at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from exhibitors.models import ReviewCriterion
from fairs.admin.base import FairAdminBase, TextsForm, texts
from fairs.roles import Right


class CriterionForm(TextsForm):
    needed_texts = ("name",)


@admin.register(ReviewCriterion)
class ReviewCriterionAdmin(FairAdminBase):
    """The criteria by which reviewers score applications, from 1 to 5."""

    form = CriterionForm
    view_right, edit_right = Right.VIEW_APPLICATIONS, Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("No criteria yet: add what reviewers shall score, such as how well the goods fit the fair.")
    list_display = ["name", "weight", "fair"]
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fair"]
    ordering = ["fair", "pk"]
    fieldsets = [(None, {"fields": ["fair", texts("name"), "weight"]})]
