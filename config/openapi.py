"""How the API describes itself: settings of drf-spectacular, which only this package may fill, because it knows every app."""

from typing import Any

DESCRIPTION = """\
Fairs, their exhibitors and their conferences.

**Signing in.** Sign up and sign in under `/_allauth/app/v1/` (the *app* client of django-allauth's headless API) and send the
session token of its answer as `X-Session-Token`. What is public needs none.

**Languages.** `Accept-Language` (ru, zh-hans, en) chooses the language of texts and messages; with `?lang=all` a text is an object
with all three. Writing takes either form.

**Lists** are narrowed by parameters. A choice, such as `region` or `status`, may be given more than once or with commas and then means
any of them: `?region=RU-PRI&region=RU-KHA` is `?region=RU-PRI,RU-KHA`. Different parameters narrow together. Codes of regions and
countries are found in capitals or not; what has a known set of values refuses others, and an unknown code or slug finds nothing.
Every other parameter is given once: a second one is a 400.

**Errors** are problem details (RFC 9457) as `application/problem+json`; `errors` names each wrong field by a JSON pointer.

**Changing an object** needs the `ETag` that you read as `If-Match`; a step of an application may carry it.
**Creating** takes an `Idempotency-Key`: the same request sent again within 24 hours gets the first answer and creates nothing.
"""

TAGS = [
    ("fairs", "Fairs with their sites, halls, days, opening hours and public deadlines; their stands and markets."),
    ("catalogue", "The exhibitors of a fair, as visitors find them."),
    ("conferences", "The programme of a conference and its speakers."),
    ("delegates", "Registering for a conference; one's own place, pass, sessions and visa invitation."),
    ("me", "The person who is signed in."),
    ("companies", "Companies and who may act for them."),
    ("applications", "A company asks for a place at a fair."),
    ("steps", "What happens to an application; `allowed_actions` of an application names the steps that are open now."),
    ("documents", "What an exhibitor hands in, version by version, and its review."),
    ("stand holds", "A stand kept for somebody until a moment. Staff alone hear of it."),
    ("allocation", "Runs that look for the best stand for everybody, and their proposals. For those who place exhibitors."),
    ("announcements", "When decisions that are held are told to the exhibitors."),
    ("co-exhibitors", "Companies on a main exhibitor's stand with own staff and own products."),
    ("staff", "The people on an exhibitor's stand, and how many passes there are for them."),
    ("files", "Files that were handed in: their links are part of what they belong to."),
    ("delivery reports", "What mail servers tell of our letters."),
    ("reference", "Lists of codes, and the front page."),
]

SPECTACULAR: dict[str, Any] = {
    "TITLE": "Yarmarka",
    "DESCRIPTION": DESCRIPTION,
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "TAGS": [{"name": name, "description": text} for name, text in TAGS],
    "GET_LIB_DOC_EXCLUDES": "api.schema.without_own_description",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PATH_CONVERTER_OVERRIDES": {
        "id": {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
        "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_NAME_OVERRIDES": {
        "LanguageEnum": "django.conf.settings.LANGUAGES",
        "StaffRoleEnum": "fairs.enums.StaffRole",
        "StandKindEnum": "fairs.enums.StandKind",
        "StandStatusEnum": "fairs.enums.StandStatus",
        "TradeFlowEnum": "fairs.enums.TradeFlow",
        "ApplicationStatusEnum": "exhibitors.enums.ApplicationStatus",
        "FileKindEnum": "api.file_kinds.FileKind",
        "CompanyRoleEnum": "exhibitors.enums.CompanyRole",
        "CoExhibitorStatusEnum": "exhibitors.enums.CoExhibitorStatus",
        "StandRoleEnum": "exhibitors.enums.StandRole",
        "StepEnum": "exhibitors.api.serializers.ALLOWED_ACTIONS",
        "AllocationRuleEnum": "allocations.api.serializers.RULES",
        "RunPhaseEnum": "allocations.enums.RunPhase",
        "RunStatusEnum": "allocations.enums.RunState",
        "ProposalLineStatusEnum": "allocations.enums.LineState",
        "SessionKindEnum": "conferences.enums.SessionKind",
        "DraftProblemEnum": "conferences.enums.DraftProblem",
        "SessionRoleEnum": "conferences.enums.SessionRole",
        "DelegateKindEnum": "conferences.enums.DelegateKind",
        "InvitationStatusEnum": "conferences.enums.InvitationStatus",
        "SignUpStatusEnum": "conferences.enums.SignUpStatus",
        "DelegateStatusEnum": "conferences.enums.DelegateStatus",
    },
}
