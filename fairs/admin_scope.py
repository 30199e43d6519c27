"""The base of every admin page whose rows belong to a fair: who sees it, whose rows it shows, what may be chosen in it."""

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import Textarea
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst, format_lazy
from django.utils.translation import pgettext_lazy
from modeltranslation.fields import TranslationField
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from api.desk_deletions import ShortDeletionsMixin
from api.desk_forms import StaleFormMixin
from api.desk_lists import OfferedLookupsMixin
from fairs import access
from fairs.models import Fair
from fairs.roles import Right

_LANGUAGES = {
    "ru": pgettext_lazy("language of a text", "Russian"),
    "zh-hans": pgettext_lazy("language of a text", "Chinese"),
    "en": pgettext_lazy("language of a text", "English"),
}


def label_in(name: Any, language: str) -> Any:
    """What a field for a text in one language is called; ``name`` is the text's verbose name."""
    return format_lazy("{} · {}", capfirst(name), _LANGUAGES[language])


def fair_of(row: Any, path: str) -> int | None:
    """The id of the fair that ``path`` ("fair", "site__fair", "pk" for the fair itself) leads to from ``row``."""
    *steps, final = path.split("__")
    for step in steps:
        row = getattr(row, step, None)
        if row is None:
            return None
    return row.pk if final == "pk" else getattr(row, f"{final}_id", None)


def _has_right(request: HttpRequest, right: Right, fair_id: int | None) -> bool:
    """Whether the reader has ``right`` at this fair, or at any."""
    user: Any = request.user
    return access.has_right_anywhere(user, right) if fair_id is None else access.has_right(user, fair_id=fair_id, right=right)


def may_edit_floor(request: HttpRequest, fair_id: int) -> bool:
    """Whether the reader draws halls and stands of this fair."""
    user: Any = request.user
    return bool(user.is_active and user.is_staff) and _has_right(request, Right.EDIT_FLOOR, fair_id)


class CalmFieldsMixin:
    """Fields as a person who writes no programs reads them."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is None:
            return None
        if isinstance(db_field, TranslationField):
            # modeltranslation says "name [zh-hans]"
            field.label = label_in(db_field.translated_field.verbose_name, db_field.language)
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # What it points to has a page of its own; a pop-up form inside the form only confuses.
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_view_related = field.widget.can_delete_related = False
        if isinstance(field.widget, Textarea):
            field.widget.attrs["rows"] = 4
        return field


class RightsMixin(CalmFieldsMixin):
    """Permissions by right (fairs/roles.py) instead of Django's per-model permissions.

    ``fair_path`` leads from a row to its fair; ``region_path`` to a region code where a regional coordinator's view ends.
    ``edit_right = None``: nobody changes these rows by hand.
    """

    fair_path = "fair"
    region_path = ""
    view_right: Right = Right.VIEW_FAIR
    edit_right: Right | None = Right.EDIT_FAIR
    may_add = True
    may_delete = True

    def _allows(self, request: HttpRequest, right: Right | None, row: Any) -> bool:
        user: Any = request.user
        if right is None or not (user.is_active and user.is_staff):
            return False
        return _has_right(request, right, fair_of(row, self.fair_path) if row is not None else None)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allows(request, self.view_right, None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, self.view_right, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, self.edit_right, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and self._allows(request, self.edit_right, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete and self._allows(request, self.edit_right, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        user: Any = request.user
        return rows.filter(access.within(user, self.view_right, fair=self.fair_path, region=self.region_path))

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Fair:
            kwargs["queryset"] = access.fairs_with(request.user, self.edit_right or self.view_right)  # type: ignore[arg-type]
        elif "queryset" not in kwargs:
            self._keep_to_own_rows(db_field, request, kwargs)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and _has_fair(db_field.related_model) and _sees_fairs(request):
            field.queryset = field.queryset.select_related("fair")
            field.label_from_instance = lambda row: f"{row} · {row.fair}"  # another edition has sites, halls and zones of the same names
        return field

    def _keep_to_own_rows(self, db_field: ForeignKey[Any, Any], request: HttpRequest, kwargs: dict[str, Any]) -> None:
        """Choose among the rows that the reader's own list of them shows: an id typed into the form is as good as a click."""
        page = self.admin_site._registry.get(db_field.related_model)  # type: ignore[attr-defined]
        if page is None:
            return
        rows = page.get_queryset(request)
        if isinstance(page, RightsMixin):
            rows = rows.filter(access.within(request.user, self.edit_right or self.view_right, fair=page.fair_path))  # type: ignore[arg-type]
        kwargs["queryset"] = rows


def _has_fair(model: Any) -> bool:
    return any(field.name == "fair" for field in model._meta.concrete_fields)


def _sees_fairs(request: HttpRequest) -> bool:
    """Whether the reader may choose among rows of several fairs."""
    user: Any = request.user
    return bool(user.is_superuser) or len({role.fair_id for role in access.roles_of(user)}) > 1


class RowPagesMixin:
    """For an admin with pages about a row beside its form, and with buttons that change something."""

    def found(self: Any, request: HttpRequest, object_id: str) -> Any:
        """The row, for a page about it beside its form. Raises PermissionDenied for who sees none of them, Http404 for another's."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def back_to(self: Any, row: Model) -> HttpResponseRedirect:
        """The row's page. There leads a GET of what is only done by POST, too: a sign-in in between sends back to such an address."""
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]))


class FairScopedAdmin(RowPagesMixin, RightsMixin, OfferedLookupsMixin, ShortDeletionsMixin, StaleFormMixin, ModelAdmin):
    """A page of rows that belong to fairs."""

    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    compressed_fields = False  # labels above the fields: a text's three languages side by side need the room
    show_full_result_count = False  # one count less a page; how many were found is shown all the same


class FairScopedInline(RightsMixin, TabularInline):
    """Rows of a fair's noun inside another page; their fair is the page's (``parent_fair_path`` from the parent)."""

    parent_fair_path = "pk"
    extra = 0

    def _allows(self, request: HttpRequest, right: Right | None, row: Model | None) -> bool:
        user: Any = request.user
        if right is None or not (user.is_active and user.is_staff):
            return False
        return _has_right(request, right, fair_of(row, self.parent_fair_path) if row is not None and row.pk else None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # The parent page has been found within the person's fairs already.
        return super(RightsMixin, self).get_queryset(request)  # type: ignore[misc]


class FairScopedStackedInline(FairScopedInline, StackedInline):
    """The same one below the other: for rows with texts in three languages."""

    template = StackedInline.template


__all__ = ["CalmFieldsMixin", "FairScopedAdmin", "FairScopedInline", "FairScopedStackedInline", "RightsMixin"]
