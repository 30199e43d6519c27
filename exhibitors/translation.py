"""Which texts of exhibitors are kept in Russian, Chinese and English."""

from modeltranslation.translator import TranslationOptions, register

from exhibitors.models import (
    Company,
    DocumentRequirement,
    Mailing,
    Pavilion,
    Product,
    ProductCategory,
    Question,
    QuestionOption,
    Region,
    RepresentedCompany,
    ReviewCriterion,
)


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


@register(Pavilion)
class PavilionTranslation(TranslationOptions):
    fields = ("name", "institution")


@register(Product)
class ProductTranslation(TranslationOptions):
    fields = ("name", "description")


@register(RepresentedCompany)
class RepresentedCompanyTranslation(TranslationOptions):
    fields = ("name",)


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text", "help")


@register(QuestionOption)
class QuestionOptionTranslation(TranslationOptions):
    fields = ("text",)


@register(Mailing)
class MailingTranslation(TranslationOptions):
    fields = ("subject", "text")
