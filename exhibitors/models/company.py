from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exhibitors.enums import CompanyRole, ContactRole
from exhibitors.models.reference import ProductCategory, Region
from exhibitors.roles import CompanyRight, roles_with
from exhibitors.validators import validate_phone
from fairs.models.site import country_code
from fairs.validators import validate_time_zone

if TYPE_CHECKING:
    from accounts.models import User


class CompanyQuerySet(models.QuerySet["Company"]):
    def of_member(self, user: "User", right: CompanyRight = CompanyRight.VIEW) -> "CompanyQuerySet":
        """The companies that ``user`` may act for in this way."""
        return self.filter(pk__in=CompanyMember.objects.filter(user=user, role__in=roles_with(right)).values("company"))


class Company(models.Model):
    """Somebody who exhibits, kept across fairs."""

    legal_name = models.CharField(_("legal name"), max_length=300)
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("As visitors know it."))
    brands = models.TextField(_("brands"), max_length=2000, blank=True, help_text=_("One a line."))
    description = models.TextField(_("description"), max_length=4000, blank=True)
    country = models.CharField(_("country"), max_length=2, validators=[country_code], help_text=_("ISO 3166-1 code, such as RU."))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("region"))
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    ogrn = models.CharField(_("OGRN"), max_length=15, blank=True)
    kpp = models.CharField(_("KPP"), max_length=9, blank=True)
    uscc = models.CharField(_("USCC"), max_length=18, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)
    categories = models.ManyToManyField(ProductCategory, blank=True, related_name="companies", verbose_name=_("product categories"))
    # Names, brands, descriptions, region and categories, folded: what a search looks at, alike on both databases (domain/search.py).
    search_text = models.TextField(blank=True, editable=False)
    # What other spellings of the name have in common, and the own site: what a duplicate is found by (domain/duplicates.py).
    match_key = models.CharField(max_length=120, blank=True, editable=False)
    look_key = models.CharField(max_length=120, blank=True, editable=False)
    web_key = models.CharField(max_length=120, blank=True, editable=False)
    # Somebody entered a company anew that was there before, and staff said so (domain/claims.py): nobody acts for this row any more.
    retired_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("is now")
    )
    # A company without members and applications is nobody's but theirs who entered it at the desk (domain/company_queries.py).
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["legal_name", "pk"]
        indexes = [
            models.Index(fields=["inn"], name="company_inn", condition=~Q(inn="")),
            models.Index(fields=["ogrn"], name="company_ogrn", condition=~Q(ogrn="")),
            models.Index(fields=["uscc"], name="company_uscc", condition=~Q(uscc="")),
            models.Index(fields=["match_key"], name="company_match_key", condition=~Q(match_key="")),
            models.Index(fields=["look_key"], name="company_look_key", condition=~Q(look_key="")),
            models.Index(fields=["web_key"], name="company_web_key", condition=~Q(web_key="")),
        ]
        constraints = [models.CheckConstraint(condition=~Q(legal_name=""), name="company_has_legal_name")]

    def __str__(self) -> str:
        return str(self.name or self.legal_name)


class CompanyContact(models.Model):
    """Somebody of the company whom letters go to; a contact need not be a user."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("company"))
    role = models.CharField(_("role"), max_length=12, choices=ContactRole, default=ContactRole.OPERATIONS)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=200)
    email = models.EmailField(_("email address"))
    phone = models.CharField(
        _("phone"), max_length=20, blank=True, validators=[validate_phone], help_text=_("E.164, such as +74232550123.")
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="ru")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow", validators=[validate_time_zone])

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["company_id", "role", "pk"]
        indexes = [models.Index(fields=["phone"], name="contact_phone", condition=~Q(phone=""))]
        constraints = [
            models.UniqueConstraint(fields=["company", "role", "email"], name="contact_once_per_role"),
            models.CheckConstraint(condition=Q(role__in=ContactRole.values), name="contact_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name != self.email else self.email  # a person without a name goes by the address


class CompanyMember(models.Model):
    """Who may act for a company, and how far (exhibitors/roles.py)."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="members", verbose_name=_("company"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="company_memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=12, choices=CompanyRole)

    class Meta:
        verbose_name = _("company member")
        verbose_name_plural = _("company members")
        ordering = ["company_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user"],
                name="company_member_once",
                violation_error_message=_("This person is a member of this company already."),
            ),
            models.CheckConstraint(condition=Q(role__in=CompanyRole.values), name="company_member_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class CompanyInvitationQuerySet(models.QuerySet["CompanyInvitation"]):
    def waiting(self) -> "CompanyInvitationQuerySet":
        """Neither accepted nor withdrawn; some may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class CompanyInvitation(models.Model):
    """Somebody is asked by letter to act for a company. The code in the letter is kept as a hash and works once."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("company"))
    email = models.EmailField(_("email address"), help_text=_("In lower case."))
    role = models.CharField(_("role"), max_length=12, choices=CompanyRole)
    # Of the letter, for somebody whose own is not known.
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    by_staff = models.BooleanField(_("by staff"), default=False, help_text=_("An organiser invited the company's contact."))
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = CompanyInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"], condition=Q(accepted_at=None, withdrawn_at=None), name="company_invitation_once_open"
            ),
            models.CheckConstraint(condition=Q(role__in=CompanyRole.values), name="company_invitation_role_known"),
            models.CheckConstraint(condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="company_invitation_ends_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="company_invitation_email_lower"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.email}"
