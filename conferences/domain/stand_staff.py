"""The people on exhibitors' stands become delegates, on the same terms as everybody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User, normalise_address
from api.problems import Conflict
from conferences.domain import delegates
from conferences.domain.delegates import Registration
from conferences.enums import DelegateKind
from conferences.models import Conference, Delegate
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, StandStaff

_KINDS = {"RU": DelegateKind.RUSSIAN_COMPANY, "CN": DelegateKind.CHINESE_COMPANY}
_LANGUAGES = {"RU": "ru", "CN": "zh-hans"}


class NotExhibiting(Conflict):
    """The people of a stand are registered once the company has one."""

    code = "not_exhibiting"
    message = _("The company has not accepted a stand yet: its people can be registered after that.")


@dataclass(frozen=True)
class Registered:
    """How many people with an address there are: they are delegates now, or were; and the names of those without one.

    Who was a delegate before is not told apart: an exhibitor may name any address.
    """

    people: int
    without_address: list[str] = field(default_factory=list)


def people_on(applications: Sequence[int]) -> dict[int, list[StandStaff]]:
    """By application, in the order in which they were named. One query."""
    found: dict[int, list[StandStaff]] = {pk: [] for pk in applications}
    for person in StandStaff.objects.filter(application__in=applications).order_by("pk"):
        found[person.application_id].append(person)
    return found


@transaction.atomic
def register(*, application_id: int, conference: Conference, by: User | None, now: datetime) -> Registered:
    """Register everybody on the stand who has an address; of their country's kind, and once. All of them, or none.

    Each newcomer gets the letter with the code, and a place or one in the waiting list in the order in which they were named.
    Raises NotExhibiting, KindNotTaken.
    """
    application = Application.objects.select_related("company").get(pk=application_id, fair=conference.fair_id)
    if application.status != ApplicationStatus.ACCEPTED:
        raise NotExhibiting
    people = people_on([application.pk])[application.pk]
    addressed = [person for person in people if person.email]
    known = known_addresses(conference, [person.email for person in addressed])
    for person in addressed:
        address = normalise_address(person.email)
        if address not in known:
            delegates.register(conference=conference, values=_registration(person, application), by=by, now=now)
            known.add(address)
    return Registered(len(addressed), [str(person) for person in people if not person.email])


def known_addresses(conference: Conference, addresses: Sequence[str]) -> set[str]:
    """Those of the addresses under which somebody is registered."""
    wanted = {normalise_address(address) for address in addresses}
    living = Delegate.objects.filter(conference=conference).living().values_list("email", flat=True)
    return {address for address in map(normalise_address, living) if address in wanted}


def _registration(person: StandStaff, application: Application) -> Registration:
    country = application.company.country
    spoken = [code for code in person.languages if code in ("ru", "zh-hans", "en")]
    own = _LANGUAGES.get(country, "en")
    language = own if own in spoken or not spoken else spoken[0]
    by_language = {"ru": person.name_in_cyrillic, "zh-hans": person.name_in_chinese}
    return Registration(
        kind=_KINDS.get(country, DelegateKind.GUEST),
        name=by_language.get(language) or person.name_in_latin or person.name_in_cyrillic,
        email=person.email,
        organisation=application.company.legal_name[:200],
        country=country,
        language=language,
    )
