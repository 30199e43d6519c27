"""Which texts of exhibitors are kept in Russian, Chinese and English."""

from modeltranslation.translator import TranslationOptions, register

from exhibitors.models import Company, DocumentRequirement, ProductCategory, Region, ReviewCriterion


@register(Region)
class RegionTranslation(TranslationOptions):
    fields = ("name",)


@register(ProductCategory)
class ProductCategoryTranslation(TranslationOptions):
    fields = ("name",)


@register(Company)
class CompanyTranslation(TranslationOptions):
    fields = ("name", "brands", "description")


@register(DocumentRequirement)
class DocumentRequirementTranslation(TranslationOptions):
    fields = ("title", "help")


@register(ReviewCriterion)
class ReviewCriterionTranslation(TranslationOptions):
    fields = ("name",)
