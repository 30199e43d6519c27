"""Forms of the desk that were opened before somebody else saved: nobody's words are overwritten by a page that never showed them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

import clock
from api.etags import digest_of, lock

SHOWN = "shown"
_MOMENT = "@"


class StaleFormMixin(ModelAdmin):
    """A change form carries what it showed (``shown``: a digest of each field and of each list of rows) and is refused with what was
    typed when the row says something else at the time of saving. A form posted without it, by a script, is taken as it is."""

    def changes_since(self, obj: Any, moment: datetime) -> list[tuple[datetime, str]]:
        """When and by whom ``obj`` was changed from ``moment`` on, as far as logs know; both moments are the business clock's."""
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk), action_time__gte=moment - clock.offset()
        ).select_related("user")
        return [(entry.action_time + clock.offset(), entry.user.get_full_name()) for entry in entries]

    def _changeform_view(self, request: HttpRequest, object_id: str | None, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and object_id is not None and request.POST.get(SHOWN):
            self._require_fresh(request, unquote(object_id))
        return super()._changeform_view(request, object_id, *args, **kwargs)

    def _require_fresh(self, request: Any, pk: str) -> None:
        """Lock the row and note on the request why it must not be saved; the form says so (get_form)."""
        obj = self.get_object(request, pk)
        if obj is None or not self.has_change_permission(request, obj):
            return
        lock(obj)
        shown = _read(request.POST[SHOWN])
        moment = _moment_of(shown.pop(_MOMENT, ""))
        now_there = self._digests(request, self.get_object(request, pk))
        changed = [label for name, (label, digest) in now_there.items() if shown.get(name) != digest]
        if changed or shown.keys() - now_there.keys():
            request.stale_refusal = _refusal(request.get_full_path(), changed, self.changes_since(obj, moment))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "stale_refusal", None)
        if refusal is None:
            return form

        class StaleForm(form):
            def _clean_form(self) -> None:
                """Not even asked what else is wrong: a form's own clean may write."""
                self.add_error(None, refusal)

        return StaleForm

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        obj = context.get("original")
        if obj is not None and self.has_change_permission(request, obj):
            # after a refusal the page still shows what it showed before
            context[SHOWN + "_token"] = request.POST.get(SHOWN) or self._token(request, obj, context)
        return super().render_change_form(request, context, *args, **kwargs)

    def _token(self, request: HttpRequest, obj: Any, context: dict[str, Any]) -> str:
        if request.method == "POST":
            digests = self._digests(request, obj)
        else:  # the page's own forms have been read already
            pairs = [(one.formset, one.opts) for one in context["inline_admin_formsets"]]
            digests = _digests_of(request, obj, context["adminform"].form, pairs)
        moment = int(clock.now().timestamp() * 1000)
        return ";".join([f"{_MOMENT}={moment}", *(f"{name}={digest}" for name, (_label, digest) in digests.items())])

    def _digests(self, request: HttpRequest, obj: Any) -> dict[str, tuple[str, str]]:
        """By name of a field or list of rows: what people call it, and the digest of what is there now."""
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        form = self.get_form(request, obj, change=True, fields=fields)(instance=obj)
        pairs, prefixes = [], {}
        for formset, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset.get_default_prefix()
            prefixes[prefix] = number = prefixes.get(prefix, 0) + 1
            kwargs = self.get_formset_kwargs(request, obj, inline, prefix if number == 1 else f"{prefix}-{number}")
            unbound = {name: value for name, value in kwargs.items() if name not in ("data", "files", "save_as_new")}
            pairs.append((formset(**unbound), inline))
        return _digests_of(request, obj, form, pairs)


def _digests_of(request: HttpRequest, obj: Model, form: Any, pairs: list[tuple[Any, Any]]) -> dict[str, tuple[str, str]]:
    found = {name: (str(form[name].label), _short(_value(form, name))) for name in form.fields}
    for formset, inline in pairs:
        if inline.has_change_permission(request, obj) or inline.has_delete_permission(request, obj):
            rows = [{name: _value(row, name) for name in row.fields} for row in formset.initial_forms]
            found[formset.prefix] = (str(inline.verbose_name_plural), _short(rows))
    return found


def _value(form: Any, name: str) -> Any:
    field: forms.Field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    return sorted(map(str, value)) if isinstance(value, list | tuple | set) else str(value)


def _short(value: Any) -> str:
    return digest_of(value)[:16]


def _read(token: str) -> dict[str, str]:
    parts = (part.partition("=") for part in token.split(";"))
    return {name: digest for name, _equals, digest in parts}


def _moment_of(text: str) -> datetime:
    """When the form was shown; one that does not say, or says nonsense, was shown now."""
    now = clock.now()
    if not (text.isascii() and text.isdigit() and len(text) < 15):
        return now
    return min(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text)), now)


def _refusal(url: str, changed: list[str], known: list[tuple[datetime, str]]) -> str:
    """Who has changed what meanwhile, as far as it is known, and the way out."""
    what = ", ".join(dict.fromkeys(changed)) or _("fields that you no longer see")
    if known:
        at, who = max(known)
        moment = formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
        text = _("This page was changed meanwhile by %(who)s (%(moment)s): %(what)s. Nothing of yours was saved.")
        said = text % {"who": who, "moment": moment, "what": what}
    else:
        said = _("This page was changed meanwhile: %(what)s. Nothing of yours was saved.") % {"what": what}
    way_out = _("Copy what you want to keep, then open the page anew.")
    return format_html('{} <a href="{}" class="underline">{}</a>', said, url, way_out)
