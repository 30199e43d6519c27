"""Products to be shown and represented companies, as the API takes and shows them."""

from copy import copy
from typing import Any

from rest_framework import serializers

import clock
from api.languages import TranslatedField
from api.serializers import StrictSerializer
from exhibitors.api.company_serializers import TAX_IDS, TaxIdsSerializer
from exhibitors.api.serializers import LONGEST_LINE, MOST_LINES
from exhibitors.domain import products, represented
from exhibitors.enums import ProductFate, ProductUnit
from exhibitors.models import Product, RepresentedCompany
from exhibitors.models.product import COLDEST_C, HOTTEST_C, LONGEST_SHELF_LIFE_DAYS, customs_code


class TemperatureSerializer(StrictSerializer):
    """Between which temperatures it is kept, °C."""

    min = serializers.IntegerField(min_value=COLDEST_C, max_value=HOTTEST_C, required=False, allow_null=True)
    max = serializers.IntegerField(min_value=COLDEST_C, max_value=HOTTEST_C, required=False, allow_null=True)


class ProductSerializer(StrictSerializer):
    """A product to be shown: what China's customs and the visitors have to know of it."""

    in_parts = ("name", "description", "temperature_c")

    id = serializers.IntegerField(read_only=True)
    name = TranslatedField(max_length=200)
    code = serializers.RegexField(
        r"^\s*([0-9]\s*){6}(([0-9]\s*){2}){0,2}$",
        max_length=20,
        error_messages={"invalid": customs_code.message},
        help_text="TN VED, 10 digits, or Harmonized System, 6 digits, or 8 of China's tariff.",
    )
    category = serializers.CharField(
        max_length=10, required=False, help_text="Code of a product category; left out, that of the code's chapter."
    )
    brand = serializers.CharField(max_length=200, required=False, allow_blank=True)
    description = TranslatedField(max_length=2000, allow_blank=True, required=False)
    gacc_number = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="Registration of the producer with China's customs (GACC)."
    )
    gacc_valid_until = serializers.DateField(required=False, allow_null=True)
    gacc_expires_before_end = serializers.BooleanField(read_only=True, help_text="The registration ends before the fair does.")
    shelf_life_days = serializers.IntegerField(min_value=1, max_value=LONGEST_SHELF_LIFE_DAYS, required=False, allow_null=True)
    temperature_c = TemperatureSerializer(required=False)
    fate = serializers.ChoiceField(choices=ProductFate.choices, help_text="What becomes of it at the fair.")
    quantity = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0, required=False, allow_null=True)
    unit = serializers.ChoiceField(choices=ProductUnit.choices, required=False, allow_blank=True)
    sites = serializers.ListField(
        child=serializers.SlugField(max_length=60), max_length=50, required=False, help_text="Slugs; none: every site of the application."
    )

    def to_representation(self, instance: Product) -> dict[str, Any]:
        fields = self.fields
        plain = ("code", "brand", "gacc_number", "gacc_valid_until", "shelf_life_days", "fate", "unit")
        return {
            "id": instance.pk,
            "name": fields["name"].to_representation(instance),
            "description": fields["description"].to_representation(instance),
            "category": instance.category.code,
            "temperature_c": {"min": instance.temperature_min_c, "max": instance.temperature_max_c},
            "quantity": None if instance.quantity is None else float(instance.quantity),
            "gacc_expires_before_end": instance.gacc_valid_until is not None
            and instance.gacc_valid_until < self.context["view"].fair.ends_on,
            "sites": sorted(link.wish.site.slug for link in instance.site_links.all()),
            **{name: getattr(instance, name) for name in plain},
        }

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        for end, degrees in values.pop("temperature_c", {}).items():
            values[f"temperature_{end}_c"] = degrees
        return values

    def wrong_besides(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        application = self.context["view"].application
        row = copy(self.instance) if self.instance else Product(application=application)
        today = products.today_at(application, clock.now())
        return products.wrong(row, values, categories=products.categories(), today=today)  # type: ignore[arg-type]  # what was taken of them


class RepresentedCompanySerializer(StrictSerializer):
    """A company whose products are on the stand without its people: no exhibitor."""

    in_parts = ("name", "tax_ids")

    id = serializers.IntegerField(read_only=True)
    legal_name = serializers.CharField(max_length=300)
    name = TranslatedField(max_length=200, allow_blank=True, required=False)
    country = serializers.CharField(max_length=2, help_text="ISO 3166-1 code.")
    brands = serializers.ListField(child=serializers.CharField(max_length=LONGEST_LINE), max_length=MOST_LINES // 5, required=False)
    tax_ids = TaxIdsSerializer(required=False)

    def to_representation(self, instance: RepresentedCompany) -> dict[str, Any]:
        return {
            "id": instance.pk,
            "legal_name": instance.legal_name,
            "name": self.fields["name"].to_representation(instance),
            "country": instance.country,
            "brands": instance.brands.splitlines(),
            "tax_ids": {name: getattr(instance, name) for name in TAX_IDS},
        }

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        values.update(values.pop("tax_ids", {}))
        return values

    def wrong_besides(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        row = copy(self.instance) if self.instance else RepresentedCompany(application=self.context["view"].application)
        return represented.wrong(row, values)  # type: ignore[arg-type]  # what was taken of them
