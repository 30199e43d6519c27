"""A fair, its stands and its market, as everybody may read them."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.languages import Texts, TranslatedField
from fairs.enums import FairStatus, SiteKind, StandKind, StandStatus, StandUse, TradeFlow
from fairs.models import Building, Deadline, Fair, Hall, OpeningHours, Site, Stand, TradeFigure, Zone

OUTLINE = {
    "type": "array",
    "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    "description": "Corners [x, y] in metres from the hall's lower left corner.",
    "examples": [[[0, 0], [3, 0], [3, 3], [0, 3]]],
}


@extend_schema_field(OUTLINE)
class OutlineField(serializers.ReadOnlyField):
    """Corners [x, y] in metres."""


class MoneySerializer(serializers.Serializer[Any]):
    amount = serializers.CharField(help_text="A decimal number, such as 123.45.")
    currency = serializers.CharField(help_text="ISO 4217.")


class PositionSerializer(serializers.Serializer[Any]):
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class BuildingSerializer(serializers.ModelSerializer[Building]):
    """A house of a site with several halls; a small site has none."""

    name = TranslatedField(read_only=True)

    class Meta:
        model = Building
        fields = ["slug", "name"]


class ZoneSerializer(serializers.ModelSerializer[Zone]):
    """A part of a hall that is meant for some kinds of goods."""

    name = TranslatedField(read_only=True)
    categories = serializers.ListField(
        source="category_codes", child=serializers.CharField(), help_text="Codes of product categories; empty: meant for anybody."
    )

    class Meta:
        model = Zone
        fields = ["slug", "name", "categories"]


class HallSerializer(serializers.ModelSerializer[Hall]):
    name = TranslatedField(read_only=True)
    building = serializers.SerializerMethodField(help_text="Slug of the building, or null.")
    zones = ZoneSerializer(many=True, read_only=True)

    class Meta:
        model = Hall
        fields = ["slug", "name", "building", "zones"]

    def get_building(self, hall: Hall) -> str | None:
        return hall.building.slug if hall.building else None


class OpeningHoursSerializer(serializers.ModelSerializer[OpeningHours]):
    """One day's hours, with the fair's offset from UTC."""

    opens_at = serializers.SerializerMethodField()
    closes_at = serializers.SerializerMethodField()

    class Meta:
        model = OpeningHours
        fields = ["day", "opens_at", "closes_at"]

    def get_opens_at(self, hours: OpeningHours) -> datetime:
        return self._moment(hours, hours.opens)

    def get_closes_at(self, hours: OpeningHours) -> datetime:
        return self._moment(hours, hours.closes)

    def _moment(self, hours: OpeningHours, at: time) -> Any:
        return datetime.combine(hours.day, at, tzinfo=hours.site.fair.zone).isoformat()


class SiteSerializer(serializers.ModelSerializer[Site]):
    name = TranslatedField(read_only=True)
    city = TranslatedField(read_only=True)
    address = TranslatedField(read_only=True)
    kind = serializers.ChoiceField(choices=SiteKind.choices)
    position = serializers.SerializerMethodField()
    opening_hours = OpeningHoursSerializer(many=True, read_only=True)
    buildings = BuildingSerializer(many=True, read_only=True)
    halls = HallSerializer(many=True, read_only=True)

    class Meta:
        model = Site
        fields = [
            *("slug", "name", "city", "province", "country", "kind", "starts_on", "ends_on"),
            *("address", "position", "opening_hours", "buildings", "halls"),
        ]

    @extend_schema_field(PositionSerializer(allow_null=True))
    def get_position(self, site: Site) -> dict[str, float] | None:
        if site.latitude is None or site.longitude is None:
            return None
        return {"latitude": float(site.latitude), "longitude": float(site.longitude)}


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    title = TranslatedField(read_only=True)
    due_at = serializers.SerializerMethodField()

    class Meta:
        model = Deadline
        fields = ["code", "title", "due_at"]

    def get_due_at(self, deadline: Deadline) -> datetime:
        return _in_zone_of(deadline.fair, deadline.due_at)


def _in_zone_of(fair: Fair, moment: datetime) -> Any:
    """ISO 8601 with the offset that the fair's zone has at that moment."""
    return moment.astimezone(fair.zone).isoformat()


class FairSerializer(serializers.ModelSerializer[Fair]):
    name = TranslatedField(read_only=True)
    status = serializers.ChoiceField(choices=FairStatus.choices, help_text="A draft is shown to its staff alone.")
    applications_open_at = serializers.SerializerMethodField()
    applications_close_at = serializers.SerializerMethodField()
    sites = SiteSerializer(many=True, read_only=True)
    deadlines = DeadlineSerializer(many=True, read_only=True, source="public_deadlines")

    class Meta:
        model = Fair
        fields = [
            *("slug", "name", "edition", "status", "starts_on", "ends_on", "time_zone", "currency"),
            *("applications_open_at", "applications_close_at", "takes_late_applications", "sites", "deadlines"),
        ]

    def get_applications_open_at(self, fair: Fair) -> datetime:
        return _in_zone_of(fair, fair.applications_open_at)

    def get_applications_close_at(self, fair: Fair) -> datetime:
        return _in_zone_of(fair, fair.applications_close_at)


class StandUseSerializer(serializers.Serializer[Any]):
    """Who has a stand, is offered it, or is to get it; of a held one, until when it is kept."""

    state = serializers.ChoiceField(
        choices=StandUse.choices, help_text="`planned` on the plan; `offer_held` decided and not announced yet; `held` kept for somebody."
    )
    application = serializers.IntegerField(allow_null=True, help_text="Id; null for a stand that is held for somebody else.")
    first_day = serializers.DateField(allow_null=True, help_text="Null where the stand is held.")
    last_day = serializers.DateField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True, help_text="Until when it is held, in the fair's zone.")


class StandSerializer(serializers.ModelSerializer[Stand]):
    not_for_all = ("uses",)

    hall = serializers.CharField(source="hall.slug", help_text="Slug of the hall.")
    site = serializers.CharField(source="hall.site.slug", help_text="Slug of the site.")
    building = serializers.SerializerMethodField(help_text="Slug of the hall's building, or null.")
    zone = serializers.SerializerMethodField(help_text="Slug of the zone, unique in its hall, or null.")
    area_m2 = serializers.FloatField()
    kind = serializers.ChoiceField(choices=StandKind.choices)
    open_sides = serializers.IntegerField(min_value=1, max_value=4)
    outline = OutlineField()
    status = serializers.ChoiceField(choices=StandStatus.choices)
    uses = StandUseSerializer(
        many=True, read_only=True, help_text="Only for staff who place exhibitors: none for a free stand. Nobody else gets this field."
    )

    class Meta:
        model = Stand
        fields = ["id", "number", "hall", "site", "building", "zone", "area_m2", "kind", "open_sides", "outline", "status", "uses"]

    def get_building(self, stand: Stand) -> str | None:
        return stand.hall.building.slug if stand.hall.building else None

    def get_zone(self, stand: Stand) -> str | None:
        return stand.zone.slug if stand.zone else None


class GoodsField(TranslatedField):
    """null for all goods."""

    def to_representation(self, value: Any) -> str | Texts | None:  # type: ignore[override]
        text = super().to_representation(value)
        return text if any(text.values() if isinstance(text, dict) else text) else None


class TradeFigureSerializer(serializers.ModelSerializer[TradeFigure]):
    """What a province traded with Russia in a year. ``growth_percent`` is the change on the year before: ×6.2 is "520.0"."""

    flow = serializers.ChoiceField(choices=TradeFlow.choices)
    goods = GoodsField(read_only=True, allow_null=True)
    amount = serializers.SerializerMethodField()
    amount_usd = serializers.DecimalField(max_digits=18, decimal_places=2, coerce_to_string=True, allow_null=True)
    growth_percent = serializers.DecimalField(max_digits=7, decimal_places=1, coerce_to_string=True, allow_null=True)

    class Meta:
        model = TradeFigure
        fields = ["province", "year", "flow", "goods", "amount", "amount_usd", "growth_percent", "source"]

    def get_fields(self) -> dict[str, Any]:
        """``source`` is also what every serializer keeps the name of its own column under: it is no attribute of the class."""
        return {**super().get_fields(), "source": TranslatedField(max_length=300, read_only=True)}

    @extend_schema_field(MoneySerializer)
    def get_amount(self, figure: TradeFigure) -> dict[str, str]:
        return {"amount": str(figure.amount.quantize(Decimal("0.01"))), "currency": figure.currency}
