"""A visa invitation on paper: one page in Russian, one in English, one in Chinese."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import HRFlowable, KeepTogether, PageBreak, SimpleDocTemplate, Spacer, Table, TableStyle

from conferences.domain import invitations
from conferences.domain.invitation_texts import LANGUAGES, Block, Facts, blocks_of, text_of, values_in
from conferences.domain.invitation_values import Passport
from conferences.exports.printing import GREY, LINE, paragraph, settable, style, use_font
from conferences.models import Conference, VisaInvitation
from notifications import moments

CONTENT_TYPE = "application/pdf"
_MARGIN = 22 * mm
_HEAD, _PLAIN, _SMALL = style(18, space_after=4), style(11, space_after=8), style(9, colour=GREY)
_LABEL = 55 * mm  # the column of labels


def invitation_pdf(facts: Facts, *, number: str, day: date) -> bytes:
    """The letter of ``day`` under ``number``. The same facts give the same bytes."""
    use_font()
    content = BytesIO()
    document = SimpleDocTemplate(
        content, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=settable(facts.conference.name), author=settable(str(facts.conference.fair)), invariant=1,
    )  # fmt: skip
    story: list[Any] = []
    for language in LANGUAGES:
        with override(language):
            story += [PageBreak()] if story else []
            story += _page(facts, language=language, number=number, day=day)
    document.build(story)
    return content.getvalue()


def pdf_of(invitation: VisaInvitation) -> bytes:
    """The letter that was issued. Raises PassportErased."""
    delegate = invitation.delegate
    facts = Facts(
        conference=delegate.conference,
        passport=invitations.passport_of(invitation),
        organisation=delegate.organisation,
        entry_on=invitation.entry_on,
        leave_on=invitation.leave_on,
        host=invitation.host,
    )
    moment = invitation.issued_at or invitation.asked_at
    return invitation_pdf(facts, number=str(invitation.pk), day=delegate.conference.fair.day_of(moment))


def sample_pdf(conference: Conference, *, day: date) -> bytes:
    """The letter as it would read for somebody made up."""
    facts = Facts(
        conference=conference,
        passport=Passport("MIRA VETROVA", "000000000", date(1985, 3, 14), "RU"),
        organisation="Vetrov & Co. (demo)",
        entry_on=conference.starts_on - timedelta(days=1),
        leave_on=conference.ends_on + timedelta(days=1),
        host="Liaoning Trade Office (demo)",
    )
    return invitation_pdf(facts, number="0", day=day)


def _page(facts: Facts, *, language: str, number: str, day: date) -> list[Any]:
    values = values_in(language, facts)
    head = _("No. %(number)s, %(day)s") % {"number": number, "day": moments.written_day(day, language=language)}
    story: list[Any] = [
        paragraph(values["fair"], _SMALL),
        HRFlowable(width="100%", color=LINE, spaceBefore=2, spaceAfter=14),
        paragraph(_("Invitation"), _HEAD),
        paragraph(head, _SMALL),
        Spacer(0, 14),
    ]
    for block in blocks_of(text_of(facts.conference, language), values):
        story.append(_table(block) if block.rows else paragraph("\n".join(block.lines), _PLAIN))
    signature = Table([["", ""], [paragraph(_("Signature"), _SMALL), paragraph(_("Seal"), _SMALL)]], colWidths=["60%", "40%"])
    signature.setStyle(
        TableStyle([("LINEABOVE", (0, 1), (0, 1), 0.6, GREY), ("TOPPADDING", (0, 0), (-1, 0), 22), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    )
    return [*story, KeepTogether([Spacer(0, 10), signature])]


def _table(block: Block) -> Table:
    rows = [[paragraph(label, _SMALL), paragraph(value, style(11))] for label, value in block.rows]
    table = Table(rows, colWidths=[_LABEL, None], hAlign="LEFT", spaceBefore=4, spaceAfter=12)
    lines = [("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    table.setStyle(TableStyle(lines))
    return table
