"""How the list of companies is narrowed down."""

from functools import reduce
from operator import or_

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from api.filters import YesNoFilter, iso_filter, text_filter
from exhibitors.domain.company_queries import taking_part
from exhibitors.domain.search import matching
from exhibitors.models import Application, Company
from fairs.models import Fair
from fairs.roles import Right


class CompanyFilter(django_filters.FilterSet):
    """For organisers above all. Of an unknown fair, category or region there are no companies."""

    mine = YesNoFilter(method="by_mine", help_text="Those that I may act for; for staff, or those that I may not.")
    fair = text_filter(method="by_fair", help_text="Slug of a fair: those that take part in it, as far as I see them.")
    country = iso_filter("country", max_length=2, help_text="ISO 3166-1 code, such as RU.")
    region = iso_filter("region__code", max_length=6, help_text="ISO 3166-2 code, such as RU-PRI.")
    category = text_filter(method="by_category", max_length=10, help_text="Code of a product category.")
    search = django_filters.CharFilter(
        method="by_words", max_length=200, help_text="Words of the company's names and brands, or the beginning of its tax number."
    )

    class Meta:
        model = Company
        fields: list[str] = []

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[no-any-return,union-attr]

    def by_mine(self, found: QuerySet[Company], name: str, value: bool) -> QuerySet[Company]:
        mine = Q(pk__in=Company.objects.of_member(self.user).values("pk"))
        return found.filter(mine if value else ~mine)

    def by_fair(self, found: QuerySet[Company], name: str, value: list[str]) -> QuerySet[Company]:
        """Where the person is no staff, only what the own companies have to do with the fair is told."""
        fairs = list(Fair.objects.filter(slug__in=value).values_list("pk", flat=True))
        if not fairs:
            return found.none()
        own = Application.objects.filter(fair__in=fairs, company__in=Company.objects.of_member(self.user)).values("company")
        theirs = (Q(pk__in=taking_part(fair, self.user, Right.VIEW_APPLICATIONS)) for fair in fairs)
        return found.filter(reduce(or_, theirs, Q(pk__in=own)))

    def by_category(self, found: QuerySet[Company], name: str, value: list[str]) -> QuerySet[Company]:
        links = Company.categories.through.objects.filter(company=OuterRef("pk"), productcategory__code__in=value)
        return found.filter(Exists(links))

    def by_words(self, found: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        return matching(found, value, numbers=True)
