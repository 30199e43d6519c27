"""The people on the stands of a few of the demo's exhibitors, all invented. Made once."""

from typing import Any

from django.db import transaction

import clock
from exhibitors.domain import stand_staff
from exhibitors.domain.stand_staff_values import DaysInput
from exhibitors.enums import ApplicationStatus, StandRole
from exhibitors.models import Application, SiteWish, StandStaff

_EXHIBITORS = 8
# Two of them work on each stand. Who has no address cannot be registered as a delegate.
_PEOPLE: list[dict[str, Any]] = [
    {"name_in_cyrillic": "Полина Ветлугина", "name_in_latin": "Polina Vetlugina", "role": StandRole.MANAGER, "languages": ["ru", "en"]},
    {"name_in_cyrillic": "Тимур Саянов", "name_in_latin": "Timur Sayanov", "role": StandRole.SALES, "languages": ["ru"]},
    {"name_in_latin": "Lin Yue", "name_in_chinese": "林悦", "role": StandRole.INTERPRETER, "languages": ["zh-hans", "ru"]},
    {"name_in_cyrillic": "Ульяна Кедрач", "name_in_latin": "Ulyana Kedrach", "role": StandRole.HOST, "languages": ["ru", "zh-hans"]},
    {"name_in_cyrillic": "Марк Приозёрский", "name_in_latin": "Mark Priozersky", "role": StandRole.SALES, "languages": ["ru", "en"]},
]
_WITHOUT_ADDRESS = "Ulyana Kedrach"


@transaction.atomic
def make_stand_staff(*, fair_slug: str) -> None:
    """Name people of the first exhibitors that have accepted; nothing when somebody is named already."""
    if StandStaff.objects.filter(application__fair__slug=fair_slug).exists():
        return
    accepted = Application.objects.filter(fair__slug=fair_slug, told_status=ApplicationStatus.ACCEPTED).order_by("pk")
    for number, application in enumerate(accepted[:_EXHIBITORS]):
        wish = SiteWish.objects.filter(application=application).order_by("pk").first()
        days = [DaysInput(wish.site)] if wish else []
        for place in range(2):  # as many as the smallest stand has passes
            _name(application, _PEOPLE[(number + place) % len(_PEOPLE)], days)


def _name(application: Application, person: dict[str, Any], days: list[DaysInput]) -> None:
    name = person["name_in_latin"]
    email = "" if name == _WITHOUT_ADDRESS else f"{name.lower().replace(' ', '.')}@stand-{application.pk}.example"
    stand_staff.add(application_id=application.pk, by=None, as_staff=True, now=clock.now(), days=days, email=email, **person)
