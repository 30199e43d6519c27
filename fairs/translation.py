"""Which texts of a fair are kept in Russian, Chinese and English."""

from modeltranslation.translator import TranslationOptions, register

from fairs.models import Building, Deadline, Fair, Hall, Site, TradeFigure, Zone


@register(Fair)
class FairTranslation(TranslationOptions):
    fields = ("name",)


@register(Site)
class SiteTranslation(TranslationOptions):
    fields = ("name", "city", "address")


@register(Building)
class BuildingTranslation(TranslationOptions):
    fields = ("name",)


@register(Hall)
class HallTranslation(TranslationOptions):
    fields = ("name",)


@register(Zone)
class ZoneTranslation(TranslationOptions):
    fields = ("name",)


@register(Deadline)
class DeadlineTranslation(TranslationOptions):
    fields = ("title", "consequence")


@register(TradeFigure)
class TradeFigureTranslation(TranslationOptions):
    fields = ("goods", "source")
