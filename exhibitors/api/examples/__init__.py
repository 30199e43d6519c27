"""Examples of the description, one file a subject; see api/examples.py. The companies are invented."""

from exhibitors.api.examples import (
    announcements,
    applications,
    catalogue,
    co_exhibitors,
    companies,
    documents,
    floor_plan,
    form,
    stand_holds,
    stand_staff,
    steps,
)

EXAMPLES = {
    **catalogue.EXAMPLES,
    **floor_plan.EXAMPLES,
    **companies.EXAMPLES,
    **applications.EXAMPLES,
    **documents.EXAMPLES,
    **form.EXAMPLES,
    **steps.EXAMPLES,
    **announcements.EXAMPLES,
    **co_exhibitors.EXAMPLES,
    **stand_staff.EXAMPLES,
    **stand_holds.EXAMPLES,
}
