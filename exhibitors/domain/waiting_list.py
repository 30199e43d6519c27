"""The ranks of a fair's waiting list. A rank is given once and stays: what an exhibitor was told never changes by itself.

So ranks have gaps when others leave the list, and the next one is the lowest that is left. A rank that another application
has, or has been told and still believes in, is refused: to put somebody first, give the others other ranks before.
"""

from django.db.models import Max, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from api.problems import Conflict, Invalid, field_error
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.models import Fair

HIGHEST_RANK = 100_000


class RankTaken(Conflict):
    """Another application has this rank on the waiting list."""

    code = "rank-taken"


def take_rank(application: Application, rank: int | None) -> int:
    """``rank``, or the one after the last when none is given; the fair stays locked, so two at once get one rank each.

    One that is on the list gets another rank only when it is given. Raises RankTaken, and Invalid for a rank that would leave places
    before it that nobody has had.
    """
    Fair.objects.select_for_update(no_key=True).get(pk=application.fair_id)
    others = Application.objects.filter(fair=application.fair_id).exclude(pk=application.pk)
    highest = Greatest(Coalesce("waitlist_rank", 0), Coalesce("told_waitlist_rank", 0))
    following = (others.aggregate(last=Max(highest))["last"] or 0) + 1
    if rank is None:
        if why := why_not_at_the_end(application):
            raise Invalid([field_error("/rank", "required", why)])
        return following
    if rank > following:
        text = _("The next rank on the waiting list is %(next)d: give this one, or one before it that is free.") % {"next": following}
        raise Invalid([field_error("/rank", "rank_beyond_the_end", text)])
    if others.filter(Q(waitlist_rank=rank) | Q(told_waitlist_rank=rank)).exists():
        text = _(
            "Another application has rank %(rank)d on the waiting list. The next one is %(next)d; to put this application before the "
            "other, give the other another rank first."
        ) % {"rank": rank, "next": following}
        raise RankTaken(text, errors=[field_error("/rank", RankTaken.code, text)])
    return rank


def why_not_at_the_end(application: Application) -> str:
    """Why it is not put at the end of the list without a rank being given; '' where it is."""
    if application.waitlist_rank is None:
        return ""
    text = _("The application is on the waiting list already, with rank %(rank)d: give its new rank.")
    return text % {"rank": application.waitlist_rank}


def head(fair_id: int, *, site_ids: list[int]) -> Application | None:
    """Who is first on the list of those who wish for one of the sites, as everybody knows it: a held decision changes nothing."""
    waiting = Application.objects.filter(fair=fair_id, told_status=ApplicationStatus.WAITLISTED)
    return waiting.filter(site_wishes__site__in=site_ids).order_by("told_waitlist_rank", "pk").select_related("fair", "company").first()
