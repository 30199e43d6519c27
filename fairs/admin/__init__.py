"""The desk's pages of a fair: one file per noun."""

from fairs.admin.building import BuildingAdmin
from fairs.admin.deadline import DeadlineAdmin
from fairs.admin.domain_limit import DomainLimitAdmin
from fairs.admin.fair import FairAdmin
from fairs.admin.hall import HallAdmin
from fairs.admin.letter_template import LetterTemplateAdmin
from fairs.admin.site import SiteAdmin
from fairs.admin.staff import StaffMembershipAdmin
from fairs.admin.stand import StandAdmin
from fairs.admin.trade_figure import TradeFigureAdmin
from fairs.admin.zone import ZoneAdmin

__all__ = [
    "BuildingAdmin",
    "DeadlineAdmin",
    "DomainLimitAdmin",
    "FairAdmin",
    "HallAdmin",
    "LetterTemplateAdmin",
    "SiteAdmin",
    "StaffMembershipAdmin",
    "StandAdmin",
    "TradeFigureAdmin",
    "ZoneAdmin",
]
