"""A Russian company with an INN, and what it does at a fair. An application asks for nothing until it gets a ``SiteWishFactory``."""

import hashlib
import secrets
from datetime import UTC, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from api.file_kinds import FileKind
from api.models import StoredFile
from api.text import fold
from exhibitors.domain.search import search_text_of
from exhibitors.enums import (
    ApplicationStatus,
    CoExhibitorStatus,
    CompanyRole,
    ContactRole,
    ExhibitorRole,
    FormSection,
    PlacementStatus,
    ProductFate,
    QuestionAudience,
    QuestionType,
    Scheme,
    StandRole,
)
from exhibitors.models import (
    Announcement,
    Application,
    CoExhibitor,
    Company,
    CompanyContact,
    CompanyInvitation,
    CompanyMember,
    Document,
    DocumentRequirement,
    Exhibitor,
    Pavilion,
    Placement,
    Product,
    ProductCategory,
    Question,
    QuestionOption,
    Region,
    RepresentedCompany,
    SiteWish,
    StandHold,
    StandStaff,
    StandStaffDays,
)
from tests.factories.accounts import UserFactory
from tests.factories.fairs import DeadlineFactory, FairFactory, SiteFactory, StandFactory, square

SUBMITTED_AT = datetime(2030, 1, 10, 8, tzinfo=UTC)
DECIDED_AT = datetime(2030, 1, 12, 8, tzinfo=UTC)


def inn(number: int) -> str:
    """An INN of 10 digits that begins with 00 and so belongs to nobody; ``number`` < 10,000,000."""
    digits = f"00{number:07d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return digits + str(sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 % 10)


class ByCodeFactory(DjangoModelFactory):
    """One row of a code: the first is made, whoever asks later gets it. Nobody races for it, so it needs no savepoint."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, **fields):
        return model_class.objects.filter(code=fields["code"]).order_by().first() or super()._create(model_class, **fields)


class RegionFactory(ByCodeFactory):
    """The Primorye of every test; another code makes another region."""

    class Meta:
        model = Region

    code = "RU-PRI"
    country = factory.LazyAttribute(lambda region: region.code[:2])
    name_ru = "Приморский край"
    name_zh_hans = "滨海边疆区"
    name_en = "Primorsky Krai"
    time_zones = factory.LazyFunction(lambda: ["Asia/Vladivostok"])


class ProductCategoryFactory(ByCodeFactory):
    """Fish and seafood; another code makes another category."""

    class Meta:
        model = ProductCategory

    code = "03"
    name_ru = "Рыба и морепродукты"
    name_zh_hans = "鱼类和海鲜"
    name_en = "Fish and seafood"


class CompanyFactory(DjangoModelFactory):
    """Of Primorye, with names in three languages and an INN. It has no contacts, members or categories."""

    class Meta:
        model = Company

    legal_name = factory.Sequence(lambda n: f"ООО «Компания {n:05}»")
    name_ru = factory.Sequence(lambda n: f"Компания {n:05}")
    name_zh_hans = factory.Sequence(lambda n: f"公司{n:05}")
    name_en = factory.Sequence(lambda n: f"Company {n:05}")
    brands_ru = brands_zh_hans = brands_en = ""
    description_ru = description_zh_hans = description_en = ""
    country = "RU"
    region = factory.SubFactory(RegionFactory)
    inn = factory.Sequence(inn)
    ogrn = kpp = uscc = ""
    website = ""
    search_text = factory.LazyAttribute(search_text_of)


class CompanyContactFactory(DjangoModelFactory):
    class Meta:
        model = CompanyContact

    company = factory.SubFactory(CompanyFactory)
    role = ContactRole.OPERATIONS
    name = "Анна Иванова"
    email = factory.Sequence(lambda n: f"contact-{n:05}@example.com")
    phone = ""
    language = "ru"
    time_zone = "Asia/Vladivostok"


class CompanyMemberFactory(DjangoModelFactory):
    """The owner of a company."""

    class Meta:
        model = CompanyMember

    company = factory.SubFactory(CompanyFactory)
    user = factory.SubFactory(UserFactory)
    role = CompanyRole.OWNER


class CompanyInvitationFactory(DjangoModelFactory):
    """Open, for an editor; the code that it hashes was never written down."""

    class Meta:
        model = CompanyInvitation

    company = factory.SubFactory(CompanyFactory)
    email = factory.Sequence(lambda n: f"invited-{n:05}@example.com")
    role = CompanyRole.EDITOR
    language = "ru"
    invited_by = None
    code_hash = factory.Sequence(lambda n: f"{n:064d}")
    created_at = SUBMITTED_AT
    expires_at = datetime(2030, 1, 24, 8, tzinfo=UTC)


class ApplicationFactory(DjangoModelFactory):
    """A draft without sites and categories. ``submitted=True``, ``admitted=True`` or ``accepted=True`` set status and moments only."""

    class Meta:
        model = Application

    class Params:
        submitted = factory.Trait(status=ApplicationStatus.SUBMITTED, submitted_at=SUBMITTED_AT)
        admitted = factory.Trait(status=ApplicationStatus.ADMITTED, submitted_at=SUBMITTED_AT, decided_at=DECIDED_AT)
        accepted = factory.Trait(status=ApplicationStatus.ACCEPTED, submitted_at=SUBMITTED_AT, decided_at=DECIDED_AT)

    fair = factory.SubFactory(FairFactory)
    company = factory.SubFactory(CompanyFactory)
    status = ApplicationStatus.DRAFT
    late = False
    pavilion = None
    fascia_text = ""
    message = ""
    waitlist_rank = None
    responsible = None
    created_by = None
    submitted_at = None
    decided_at = None
    # the exhibitor knows it all, unless a test holds something back
    told_status = factory.SelfAttribute("status")
    told_message = factory.SelfAttribute("message")
    told_waitlist_rank = factory.SelfAttribute("waitlist_rank")
    told_decided_at = factory.SelfAttribute("decided_at")


class SiteWishFactory(DjangoModelFactory):
    """9 m², 6 to 12, on all days of a site of the application's fair."""

    class Meta:
        model = SiteWish

    application = factory.SubFactory(ApplicationFactory)
    site = factory.SubFactory(SiteFactory, fair=factory.SelfAttribute("..application.fair"))
    area_min_m2 = Decimal("6.00")
    area_wished_m2 = Decimal("9.00")
    area_max_m2 = Decimal("12.00")
    open_sides = None
    scheme = Scheme.SHELL
    power_kw = None
    water = False
    cold_storage_m2 = None
    first_day = factory.LazyAttribute(lambda wish: wish.site.starts_on)
    last_day = factory.LazyAttribute(lambda wish: wish.site.ends_on)


class PavilionFactory(DjangoModelFactory):
    """A group of a fair's exhibitors, of no region."""

    class Meta:
        model = Pavilion

    fair = factory.SubFactory(FairFactory)
    slug = factory.Sequence(lambda n: f"pavilion-{n:05}")
    name_ru = "Павильон"
    name_zh_hans = "展团"
    name_en = "Pavilion"
    region = None
    institution_ru = institution_zh_hans = institution_en = ""


class ProductFactory(DjangoModelFactory):
    """Frozen pollock, to be tasted at every site of its application."""

    class Meta:
        model = Product

    application = factory.SubFactory(ApplicationFactory)
    name_ru = "Минтай мороженый"
    name_zh_hans = "冷冻明太鱼"
    name_en = "Frozen pollock"
    description_ru = description_zh_hans = description_en = ""
    code = "0303670000"
    category = factory.SubFactory(ProductCategoryFactory)
    brand = gacc_number = unit = ""
    fate = ProductFate.TASTE


class RepresentedCompanyFactory(DjangoModelFactory):
    """A Russian company without tax numbers."""

    class Meta:
        model = RepresentedCompany

    application = factory.SubFactory(ApplicationFactory)
    legal_name = factory.Sequence(lambda n: f"ООО «Представляемая {n:05}»")
    name_ru = name_zh_hans = name_en = ""
    country = "RU"
    brands = inn = ogrn = kpp = uscc = ""


class QuestionFactory(DjangoModelFactory):
    """One line of text, not required, asked of everybody."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    fair = factory.SubFactory(FairFactory)
    code = factory.Sequence(lambda n: f"question-{n:05}")
    section = FormSection.OTHER
    position = factory.Sequence(lambda n: n % 30000)
    text_ru = "Вопрос?"
    text_zh_hans = "问题？"
    text_en = "Question?"
    help_ru = help_zh_hans = help_en = ""
    type = QuestionType.TEXT
    required = False
    audience = QuestionAudience.ALL
    shown_if = None
    shown_if_values = factory.LazyFunction(list)
    active = True

    @factory.post_generation
    def options(self, create, codes, **_more):
        for number, code in enumerate(codes or ()):
            texts = {f"text_{language}": code.title() for language in ("ru", "zh_hans", "en")}
            QuestionOption.objects.create(question=self, code=code, position=number, **texts)


class PlacementFactory(DjangoModelFactory):
    """Accepted, on a stand of its own at the application's fair, on all days of the site. Writes no catalogue row."""

    class Meta:
        model = Placement

    application = factory.SubFactory(ApplicationFactory, accepted=True)
    stand = factory.SubFactory(
        StandFactory,
        hall__site__fair=factory.SelfAttribute("....application.fair"),
        outline=factory.Sequence(lambda n: square(3.0 * (n % 10), 3.0 * (n // 10 % 10))),
    )
    site = factory.LazyAttribute(lambda placement: placement.stand.hall.site)
    first_day = factory.LazyAttribute(lambda placement: placement.site.starts_on)
    last_day = factory.LazyAttribute(lambda placement: placement.site.ends_on)
    status = PlacementStatus.ACCEPTED
    offered_at = factory.LazyAttribute(lambda placement: None if placement.status == PlacementStatus.PLANNED else DECIDED_AT)
    answer_by = None
    answered_at = None


class CoExhibitorFactory(DjangoModelFactory):
    """Declared under a main exhibitor's accepted application."""

    class Meta:
        model = CoExhibitor

    application = factory.SubFactory(ApplicationFactory, accepted=True)
    company = factory.SubFactory(CompanyFactory)
    status = CoExhibitorStatus.DECLARED
    declared_at = SUBMITTED_AT
    decided_at = None


class ExhibitorFactory(DjangoModelFactory):
    """A row of the public catalogue with the accepted application behind it; give it a ``PlacementFactory`` for a stand."""

    class Meta:
        model = Exhibitor

    fair = factory.SubFactory(FairFactory)
    company = factory.SubFactory(CompanyFactory)
    application = factory.SubFactory(
        ApplicationFactory, accepted=True, fair=factory.SelfAttribute("..fair"), company=factory.SelfAttribute("..company")
    )
    role = ExhibitorRole.MAIN
    sort_ru = factory.LazyAttribute(lambda exhibitor: fold(exhibitor.company.name_ru))
    sort_zh_hans = factory.LazyAttribute(lambda exhibitor: fold(exhibitor.company.name_zh_hans))
    sort_en = factory.LazyAttribute(lambda exhibitor: fold(exhibitor.company.name_en))


class DocumentRequirementFactory(DjangoModelFactory):
    """Label proofs of everybody with an accepted stand; no deadline."""

    class Meta:
        model = DocumentRequirement

    fair = factory.SubFactory(FairFactory)
    code = factory.Sequence(lambda n: f"label-proofs-{n:05}")
    title_ru = "Макеты этикеток"
    title_zh_hans = "标签样稿"
    title_en = "Label proofs"
    help_ru = help_zh_hans = help_en = ""

    class Params:
        due = factory.Trait(deadline=factory.SubFactory(DeadlineFactory, fair=factory.SelfAttribute("..fair")))


class StoredFileFactory(DjangoModelFactory):
    """The row alone: nothing lies under its name."""

    class Meta:
        model = StoredFile

    name = factory.LazyFunction(lambda: f"files/00/{secrets.token_hex(16)}.pdf")
    original_name = "Этикетка.pdf"
    kind = FileKind.PDF
    size = 1000
    sha256 = hashlib.sha256(b"").hexdigest()
    uploaded_at = SUBMITTED_AT
    kept_at = SUBMITTED_AT


class DocumentFactory(DjangoModelFactory):
    """The first version of a required document, waiting for review."""

    class Meta:
        model = Document

    application = factory.SubFactory(ApplicationFactory, accepted=True)
    requirement = factory.SubFactory(DocumentRequirementFactory, fair=factory.SelfAttribute("..application.fair"))
    file = factory.SubFactory(StoredFileFactory)
    uploaded_at = SUBMITTED_AT


class StandStaffFactory(DjangoModelFactory):
    """Somebody on the stand of an admitted application, at no site until there is a ``StandStaffDaysFactory``."""

    class Meta:
        model = StandStaff

    application = factory.SubFactory(ApplicationFactory, admitted=True)
    name_in_latin = "ANNA PETROVA"
    name_in_cyrillic = "Анна Петрова"
    name_in_chinese = ""
    role = StandRole.SALES
    languages = factory.LazyFunction(lambda: ["ru"])
    email = phone = ""
    needs_visa_invitation = False


class StandStaffDaysFactory(DjangoModelFactory):
    """All days of a site that the application asks for; the wish is made with it."""

    class Meta:
        model = StandStaffDays

    class Params:
        wish = factory.SubFactory(SiteWishFactory, application=factory.SelfAttribute("..staff.application"))

    staff = factory.SubFactory(StandStaffFactory)
    site = factory.LazyAttribute(lambda days: days.wish.site)
    first_day = factory.LazyAttribute(lambda days: days.wish.first_day)
    last_day = factory.LazyAttribute(lambda days: days.wish.last_day)


class AnnouncementFactory(DjangoModelFactory):
    """Planned for a day after every test; it has no steps yet."""

    class Meta:
        model = Announcement

    fair = factory.SubFactory(FairFactory)
    at = datetime(2030, 3, 1, 8, tzinfo=UTC)
    created_at = DECIDED_AT
    created_by = None


class StandHoldFactory(DjangoModelFactory):
    """Kept for somebody whom a note names, until the end of January; give ``application`` where it is for one."""

    class Meta:
        model = StandHold

    stand = factory.SubFactory(StandFactory)
    application = None
    note = "The honey makers of Altai"
    until = datetime(2030, 2, 1, 8, tzinfo=UTC)
    created_at = DECIDED_AT
