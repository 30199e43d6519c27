"""What belongs to an application form."""

from api.examples import Example, page
from exhibitors.api.examples.catalogue import REGION

PAVILION = {"slug": "primorye", "name": "Primorye pavilion", "region": REGION, "institution": "Export Centre of Primorye"}

EXAMPLES = {
    "pavilions_list": Example(response=page(PAVILION)),
}
