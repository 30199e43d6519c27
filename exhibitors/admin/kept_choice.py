"""A choice on a list that a page of its own goes on with: a short one stands in the page's address, a long one waits here."""

from collections.abc import Collection, Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exhibitors.admin.held import ids_in
from exhibitors.models import Application
from fairs.admin import kept_files

_IN_ADDRESS = 100  # ids; an address takes some 1,300 before a web server refuses it
_KEPT = "kept-"
ANNOUNCE, REFUSE = "announce", "refuse"
GONE = _("The choice was kept for an hour only: choose again.")


def written(ids: Collection[int], *, purpose: str, user_id: int | None) -> str:
    """What the address says of these: the ids, or the name under which they are kept for an hour, for this person alone."""
    text = ",".join(str(pk) for pk in sorted(ids))
    if len(ids) <= _IN_ADDRESS:
        return text
    return _KEPT + kept_files.keep("", text.encode(), purpose=purpose, user_id=user_id)


def read(text: str, *, purpose: str, user_id: int | None) -> list[int] | None:
    """The ids that :func:`written` wrote; None when they are kept no more, or for somebody else."""
    if not text.startswith(_KEPT):
        return ids_in(text)
    found = kept_files.kept(text.removeprefix(_KEPT), purpose=purpose, user_id=user_id)
    return None if found is None else ids_in(found[1].decode())


def announcing(request: HttpRequest, chosen: Iterable[Application]) -> HttpResponse | None:
    """On to the page that sets the moment, for applications of one fair that have something held; else it says why not."""
    held = set(Application.objects.with_held().filter(pk__in=[row.pk for row in chosen]).values_list("pk", "fair"))
    if not held:
        messages.warning(request, _("None of these applications has a decision that is held."))
        return None
    fairs = {fair for _pk, fair in held}
    if len(fairs) > 1:
        messages.warning(request, _("Choose applications of one fair: an announcement has its fair's moment."))
        return None
    ids = written([pk for pk, _fair in held], purpose=ANNOUNCE, user_id=request.user.pk)
    return HttpResponseRedirect(f"{reverse('admin:exhibitors_announcement_add')}?fair={fairs.pop()}&applications={ids}")
