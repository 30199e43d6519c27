"""A few documents of the demo's exhibitors, in every state, so that queue and checklist look like a real day. Made once."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

import clock
from accounts.models import User
from exhibitors.domain import documents
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, Document
from fairs.enums import StaffRole
from fairs.models import Fair

_CERTIFIED_UNTIL = date(2024, 12, 31)
_REASON = "На этикетке не указан импортёр (GB 7718). Добавьте его название и адрес на китайском языке."
_FOOD = [f"{chapter:02}" for chapter in range(2, 25)]


@transaction.atomic
def make_documents(*, fair_slug: str) -> None:
    """Label proofs, registrations and contracts of the first exhibitors; nothing when there are documents already."""
    fair = Fair.objects.get(slug=fair_slug)
    if Document.objects.filter(application__fair=fair).exists():
        return
    reviewer = User.objects.filter(staff_memberships__fair=fair, staff_memberships__role=StaffRole.REVIEWER).order_by("pk").first()
    now = clock.now()
    accepted = Application.objects.filter(fair=fair, told_status=ApplicationStatus.ACCEPTED, categories__code__in=_FOOD)
    for number, application in enumerate(accepted.distinct().order_by("pk")[:8]):
        _hand_in(application, number, reviewer=reviewer, now=now)


def _hand_in(application: Application, number: int, *, reviewer: User | None, now: datetime) -> None:
    sent = now - timedelta(days=number % 5, hours=2 + number)
    given: dict[str, Any] = {"application_id": application.pk, "by": None, "as_staff": True}
    contract = documents.upload(file=_pdf("Договор участия", "dogovor.pdf"), requirement="contract", now=sent, **given)
    label = documents.upload(file=_picture(number), requirement="label-proofs", now=sent, **given)
    if number % 2 == 0:
        until = _CERTIFIED_UNTIL if number % 4 == 0 else date(2024, 1, 31)
        file = _pdf("GACC", "gacc.pdf")
        documents.upload(file=file, requirement="gacc-registration", valid_until=until, now=sent, **given)
    if reviewer is None:
        return
    if number % 3 == 0:
        documents.approve(document_id=contract.pk, by=reviewer, now=now)
    if number % 4 == 1:
        documents.return_(document_id=label.pk, reason=_REASON, by=reviewer, now=now)
    if number % 8 == 5:
        documents.upload(file=_picture(number + 50), requirement="label-proofs", now=now, **given)


def _pdf(title: str, name: str) -> SimpleUploadedFile:
    """One page that says what it is."""
    lines = f"BT /F1 24 Tf 72 720 Td (Demo document) Tj ET % {title}".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(lines) + lines + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    end += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(content))
    return SimpleUploadedFile(name, content + end)


def _picture(number: int) -> SimpleUploadedFile:
    """A label as a picture: bars of colour, no words."""
    from PIL import Image, ImageDraw

    label = Image.new("RGB", (900, 600), (250, 248, 240))
    draw = ImageDraw.Draw(label)
    for bar in range(6):
        shade = (40 + 30 * bar, 90 + (number * 37) % 120, 150 - 15 * bar)
        draw.rectangle((60, 60 + 80 * bar, 840 - 90 * ((bar + number) % 4), 110 + 80 * bar), fill=shade)
    content = BytesIO()
    label.save(content, "PNG")
    return SimpleUploadedFile("etiketka.png", content.getvalue())
