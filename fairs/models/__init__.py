from fairs.models.deadline import Deadline
from fairs.models.fair import Fair, PublicRevision
from fairs.models.ladder import QuietDays, Rung
from fairs.models.site import Building, Hall, OpeningHours, Site
from fairs.models.staff import StaffMembership
from fairs.models.stand import Stand
from fairs.models.trade_figure import TradeFigure
from fairs.models.zone import Zone

__all__ = [
    "Building",
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
    "Zone",
]
