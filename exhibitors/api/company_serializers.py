"""What the API says of a company to those who may act for it, and what it takes."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.languages import ALL, COLUMNS, TranslatedField, in_language, language_in, message_language
from api.problems import Findings
from api.serializers import StrictModelSerializer, StrictSerializer, TextField
from exhibitors.api.serializers import LONGEST_LINE, MOST_LINES, LinesField
from exhibitors.domain.company_values import Reference, check
from exhibitors.enums import CompanyRole
from exhibitors.models import Company, CompanyContact, CompanyInvitation, CompanyMember

TAX_IDS = ("inn", "ogrn", "kpp", "uscc")


class TaxIdsSerializer(StrictSerializer):
    """Numbers of the company's own country: INN, OGRN and KPP in Russia, the Unified Social Credit Code in China."""

    inn = serializers.CharField(required=False, allow_blank=True, max_length=20)
    ogrn = serializers.CharField(required=False, allow_blank=True, max_length=20)
    kpp = serializers.CharField(required=False, allow_blank=True, max_length=20)
    uscc = serializers.CharField(required=False, allow_blank=True, max_length=30)


class BrandsField(LinesField):
    """Brand names: a list in the reader's language, or a list a language; written the same ways."""

    default_error_messages = {"invalid": _("Write a list of names, or an object with a list for ru, zh-hans and en.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)

    def to_representation(self, value: Any) -> Any:
        lines = {code: (getattr(value, f"brands_{column}") or "").split("\n") for code, column in COLUMNS.items()}
        lists = {code: [line for line in found if line] for code, found in lines.items()}
        language = language_in(self.context)
        return lists if language == ALL else in_language(lists, language)

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        if isinstance(data, list):
            data = {message_language(self.context["request"]): data}
        if not isinstance(data, Mapping) or not data.keys() <= COLUMNS.keys():
            self.fail("invalid")
        names = serializers.ListField(child=TextField(max_length=LONGEST_LINE), max_length=MOST_LINES)
        return {f"brands_{COLUMNS[code]}": names.run_validation(found) for code, found in data.items()}


class ContactSerializer(StrictModelSerializer):
    """Somebody letters go to, in that person's language and time zone."""

    # As people write it; the domain makes E.164 of it, with the company's country where it has no code.
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="Kept as E.164, such as +74232550123.")

    class Meta:
        model = CompanyContact
        fields = ["role", "name", "email", "phone", "language", "time_zone"]
        extra_kwargs = {
            "language": {"required": False},
            "time_zone": {"required": False},
            "role": {"required": False},
        }
        validators: list[Any] = []


class CompanySerializer(StrictSerializer):
    """A company; `name`, `brands` and `description` are what visitors read."""

    in_parts = ("name", "brands", "description", "tax_ids", "contacts")

    id = serializers.IntegerField(read_only=True)
    legal_name = serializers.CharField(max_length=300)
    name = TranslatedField(max_length=200, allow_blank=True, required=False)
    brands = BrandsField(required=False)
    description = TranslatedField(max_length=4000, allow_blank=True, required=False)
    country = serializers.CharField(max_length=2, help_text="ISO 3166-1 code.")
    region = serializers.CharField(
        max_length=6, allow_null=True, help_text="ISO 3166-2 code; null for a company of another country than Russia and China."
    )
    tax_ids = TaxIdsSerializer()
    website = serializers.CharField(max_length=300, required=False, allow_blank=True)
    categories = serializers.ListField(child=serializers.CharField(max_length=10), max_length=50, required=False)
    contacts = ContactSerializer(many=True, required=False)

    def to_representation(self, instance: Company) -> dict[str, Any]:
        fields = self.fields
        return {
            "id": instance.pk,
            "legal_name": instance.legal_name,
            "name": fields["name"].to_representation(instance),
            "brands": fields["brands"].to_representation(instance),
            "description": fields["description"].to_representation(instance),
            "country": instance.country,
            "region": instance.region.code if instance.region else None,
            "tax_ids": {name: getattr(instance, name) for name in TAX_IDS},
            "website": instance.website,
            "categories": [category.code for category in instance.categories.all()],
            "contacts": ContactSerializer(instance.contacts.all(), many=True).data,
        }

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        values.update(values.pop("tax_ids", {}))
        return values

    def wrong_besides(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        found = Findings()
        with found.more():
            check(values, reference=Reference.load(), company=self.instance, needs_region=True)  # type: ignore[arg-type]  # what was taken of them
        return found.errors


class MemberSerializer(StrictModelSerializer):
    """Somebody who may act for the company."""

    email = serializers.EmailField(source="user.email", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = CompanyMember
        fields = ["id", "email", "name", "role"]


class InvitationSerializer(StrictModelSerializer):
    """Somebody who was asked by letter to act for the company and has not answered. The code is in the letter and nowhere else."""

    email = serializers.EmailField(max_length=254)
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, help_text="Of the letter, unless the person has chosen another; without it yours."
    )

    class Meta:
        model = CompanyInvitation
        fields = ["id", "email", "role", "language", "created_at", "expires_at"]
        read_only_fields = ["created_at", "expires_at"]
        validators: list[Any] = []


class AcceptInvitationSerializer(StrictSerializer):
    """The code of the letter."""

    token = TextField(max_length=100, help_text="The code in the letter; case, blanks and hyphens do not matter.")


class MyCompanySerializer(serializers.ModelSerializer[CompanyMember]):
    """A company that the signed-in person may act for."""

    id = serializers.IntegerField(source="company_id")
    legal_name = serializers.CharField(source="company.legal_name")
    role = serializers.ChoiceField(choices=CompanyRole.choices)

    class Meta:
        model = CompanyMember
        fields = ["id", "legal_name", "role"]
