from fairs.models.deadline import Deadline
from fairs.models.fair import Fair, PublicRevision
from fairs.models.ladder import QuietDays, Rung
from fairs.models.site import Hall, OpeningHours, Site
from fairs.models.staff import StaffMembership
from fairs.models.stand import Stand
from fairs.models.trade_figure import TradeFigure

__all__ = [
    "Deadline",
    "Fair",
    "Hall",
    "OpeningHours",
    "PublicRevision",
    "QuietDays",
    "Rung",
    "Site",
    "StaffMembership",
    "Stand",
    "TradeFigure",
]
