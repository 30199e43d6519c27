"""A letter as its reader will see it, within a page of the desk."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from notifications.models import Letter


def letter_frame(letter: Letter) -> SafeString | str:
    """Without any right: no script, no form, no way out of the frame. Of a secret letter the words that say so."""
    if letter.is_secret:
        return gettext("Secret: the letter holds a code or a signed link, which only its reader sees.")
    return format_html(
        '<iframe sandbox="" srcdoc="{}" title="{}" style="width:100%;max-width:640px;height:640px;border:1px solid #d0d5dd;'
        'border-radius:6px;background:#fff"></iframe>',
        letter.html,
        letter.subject,
    )
