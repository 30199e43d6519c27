"""The forms of the own page of somebody on the programme; what is wrong with them the domain says (conferences/domain/own_speaker.py)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from api.problems import Refused
from conferences.domain import own_speaker
from conferences.domain.draft import Span
from conferences.domain.moments import NoSuchTime, moment_in
from conferences.enums import TravelState, VisaState
from conferences.models import Conference, Speaker
from fairs.admin_scope import label_in

ONE_DAY = timedelta(days=1)


class _OwnForm(forms.Form):
    """``refuse`` puts what the domain said beside its field."""

    def refuse(self, refusal: Refused) -> None:
        for error in refusal.facts.get("errors", [{"pointer": "", "detail": str(refusal)}]):
            name = str(error["pointer"]).strip("/").partition("/")[0]
            self.add_error(name if name in self.fields else None, str(error["detail"]))


class ProfileForm(_OwnForm):
    """Name, position and organisation in three scripts, the biography, and the language of the letters."""

    language = forms.ChoiceField(label=_("Language of your letters and of this page"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, speaker: Speaker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts: dict[str, forms.Field] = {}
        for name in ("name", "title", "organisation", "biography"):
            for language, column in (("ru", "ru"), ("zh-hans", "zh_hans"), ("en", "en")):
                field: Any = Speaker._meta.get_field(name)
                widget = forms.Textarea(attrs={"rows": 4}) if name == "biography" else forms.TextInput()
                widget.attrs |= {"lang": language, "dir": "auto"}
                label = label_in(field.verbose_name, language)
                texts[f"{name}_{column}"] = forms.CharField(label=label, max_length=field.max_length, required=False, widget=widget)
        self.fields = {**texts, **self.fields}
        self.initial = {name: getattr(speaker, name) or "" for name in self.fields}


class TravelForm(_OwnForm):
    travel = forms.ChoiceField(label=_("Your journey"))
    visa = forms.ChoiceField(label=_("Your visa"))

    def __init__(self, *args: Any, speaker: Speaker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = own_speaker.choices_for(speaker)
        for name, labels in (("travel", dict(TravelState.choices)), ("visa", dict(VisaState.choices))):
            field: Any = self.fields[name]
            field.choices = [(value, labels[value]) for value in kept[name]]
        self.initial = {"travel": speaker.travel, "visa": speaker.visa}


class TimesForm(_OwnForm):
    """For each day: the whole of it, not at all, or from one hour to another, on the fair's clock."""

    HOW = (("all", _("all day")), ("part", _("from … to …")), ("no", _("not at all")))

    def __init__(self, *args: Any, conference: Conference, times: list[Span], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference, self._kept = conference, times
        self.days = [conference.starts_on + number * ONE_DAY for number in range((conference.ends_on - conference.starts_on).days + 1)]
        for day in self.days:
            facts = {"weekday": date_format(day, "l"), "day": date_format(day, "MONTH_DAY_FORMAT")}
            self.fields[f"how_{day}"] = forms.ChoiceField(label=capfirst(gettext("%(weekday)s, %(day)s") % facts), choices=self.HOW)
            for end, label in (("from", pgettext_lazy("time of day", "from")), ("to", pgettext_lazy("time of day", "to"))):
                widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                self.fields[f"{end}_{day}"] = forms.TimeField(label=format_lazy("{}", label), required=False, widget=widget)
            self.initial.update(self._said(day))

    def rows(self) -> list[tuple[Any, Any, Any, list[Span]]]:
        """The fields of each day, and its times where there are several: the fields show only when they begin and end."""
        several = {day: inside for day in self.days if len(inside := self._inside(day)) > 1}
        return [(self[f"how_{day}"], self[f"from_{day}"], self[f"to_{day}"], several.get(day, [])) for day in self.days]

    def times(self) -> list[Span]:
        """What was said; empty for every day, always. Call it when the form is valid; what is wrong becomes an error."""
        given = {day: self.cleaned_data[f"how_{day}"] for day in self.days}
        if all(how == "all" for how in given.values()):
            return []
        found = []
        for day, how in given.items():
            try:
                found += [] if how == "no" else [self._whole(day)] if how == "all" else self._parts(day)
            except NoSuchTime as error:
                self.add_error(f"from_{day}", str(error))
        if not found and not self.errors:
            self.add_error(None, _("If you cannot come on any day, decline above, so that somebody else can be asked."))
        return found

    def _inside(self, day: date) -> list[Span]:
        begins, ends = self._whole(day)
        return [(max(start, begins), min(end, ends)) for start, end in self._kept if start < ends and end > begins]

    def _said(self, day: date) -> dict[str, Any]:
        inside = self._inside(day)
        if not self._kept or self._whole(day) in inside:
            return {f"how_{day}": "all"}
        if not inside:
            return {f"how_{day}": "no"}
        zone = self.conference.fair.zone
        first, last = inside[0][0].astimezone(zone).time(), inside[-1][1].astimezone(zone).time()
        return {f"how_{day}": "part", f"from_{day}": first, f"to_{day}": last}

    def _whole(self, day: date) -> Span:
        zone = self.conference.fair.zone
        return datetime.combine(day, time(), zone), datetime.combine(day + ONE_DAY, time(), zone)

    def _parts(self, day: date) -> list[Span]:
        """The times of the day; several that were noted stay as they are, unless their beginning or end was changed."""
        said, inside = self._said(day), self._inside(day)
        is_untouched = all(self.cleaned_data.get(name) == value for name, value in said.items())
        return inside if len(inside) > 1 and is_untouched else [self._part(day)]

    def _part(self, day: date) -> Span:
        begins, ends = self.cleaned_data.get(f"from_{day}"), self.cleaned_data.get(f"to_{day}")
        if begins is None or ends is None:
            raise NoSuchTime(_("Write both times."))
        zone = self.conference.fair.zone
        until = day if ends > begins else day + ONE_DAY  # midnight, or past it
        return moment_in(zone, datetime.combine(day, begins)), moment_in(zone, datetime.combine(until, ends))


class DeclineForm(_OwnForm):
    reason = forms.CharField(label=_("Why can you not come?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))


class FileForm(_OwnForm):
    """A photo, or slides for ``session``."""

    file = forms.FileField(label=_("File"))
    session = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)
