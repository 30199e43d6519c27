"""Host companies as organisers write them into a workbook: by tax number or by name, in any language."""

from collections import defaultdict
from functools import cached_property

from django.utils.translation import gettext as _

from api.text import clean_line
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.models import Fair

_NAMES = ("legal_name", "name_ru", "name_zh_hans", "name_en")
_NUMBERS = ("inn", "uscc")


class HostNames:
    """The companies that take part in a fair, found by what is written. One query, at the first look."""

    def __init__(self, fair: Fair) -> None:
        self._fair = fair

    def take(self, text: str) -> tuple[Application, ...]:
        """“7700000011; Honey Taiga”: each once, in their order. Raises ValueError, with a sentence for the row's error."""
        written = [part for part in map(clean_line, text.replace("；", ";").replace("\n", ";").split(";")) if part]
        return tuple(dict.fromkeys(self._one(part) for part in written))

    def _one(self, written: str) -> Application:
        found = self._known.get(_folded(written), [])
        if not found:
            raise ValueError(_("“%(name)s” is no company of this fair: write its tax number, or its name as it is here.") % _shown(written))
        if len(found) > 1:
            raise ValueError(_("“%(name)s” are several companies of this fair: write the tax number.") % _shown(written))
        return found[0]

    @cached_property
    def _known(self) -> dict[str, list[Application]]:
        found: dict[str, list[Application]] = defaultdict(list)
        live = Application.objects.filter(fair=self._fair, status__in=ApplicationStatus.live)
        for application in live.select_related("company").order_by("pk"):
            texts = {_folded(getattr(application.company, name) or "") for name in (*_NAMES, *_NUMBERS)}
            for text in texts - {""}:
                found[text].append(application)
        return found


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _shown(written: str) -> dict[str, str]:
    return {"name": written[:60]}
