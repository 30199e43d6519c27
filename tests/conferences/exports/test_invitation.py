"""The invitation on paper: three pages, and ink where their texts stand."""

from datetime import date

import pytest

from conferences.exports.invitation import pdf_of, sample_pdf
from conferences.models import Conference
from tests.conferences.exports.test_pdf import inks, opened, text_of
from tests.factories.conferences import VisaInvitationFactory

pytestmark = pytest.mark.django_db

WORDS = [
    (0, ["Приглашение", "Гражданство", "Российская", "ANNA", "750012345"]),
    (1, ["Invitation", "Citizenship", "Russian", "ANNA", "750012345"]),
    (2, ["邀请函", "国籍", "护照号码", "ANNA", "750012345"]),
]


@pytest.mark.parametrize(("page", "words"), WORDS)
def test_every_language_leaves_ink(page: int, words: list[str]) -> None:
    with opened(pdf_of(VisaInvitationFactory())) as document:
        assert len(document) == 3
        for word in words:
            shares = inks(document[page], word)
            assert min(shares) > 0.03, (word, shares)
            assert max(shares) < 0.7, (word, shares)
        picture = document[page].render(scale=2, grayscale=True).to_pil()
        assert min(picture.crop((0, 0, picture.width, 60)).tobytes()) == 255  # no ink where nothing stands


def test_the_organisers_own_words(conference: Conference) -> None:
    Conference.objects.update(invitation_text_en="Come to {{ city }}, {{ passport_name }}!\n\n| Born | {{ birth_date }} |")
    conference.refresh_from_db()
    said = text_of(sample_pdf(conference, day=date(2030, 1, 15)))
    assert f"Come to {conference.site.city}, MIRA VETROVA!" in said
    assert "14 March 1985" in said
    assert "Yours faithfully" not in said
    assert "Гражданство" in said  # the other languages as shipped
