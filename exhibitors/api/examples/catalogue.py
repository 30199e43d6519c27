"""The public catalogue and the reference lists."""

from api.examples import Example, page

REGION = {"code": "RU-PRI", "name": "Primorsky Krai"}
HONEY = {"code": "04", "name": "Dairy, eggs and honey"}
EXHIBITOR = {
    "id": 31,
    "name": "Linden Ridge Honey",
    "role": "MAIN",
    "description": "When the Amur linden blooms in July, a family of beekeepers moves six hundred hives into the taiga.",
    "brands": ["Linden Ridge", "Old Yeremei"],
    "region": REGION,
    "categories": [HONEY],
    "stands": [{"site": "shenyang", "hall": "shenyang-atrium", "number": "A1-03"}],
    "website": "https://lipovy-uval.example",
    "logo": None,
}

EXAMPLES = {
    "exhibitors_list": Example(response=page(EXHIBITOR)),
    "exhibitors_retrieve": Example(response=EXHIBITOR),
    "product_categories_list": Example(response=page(HONEY)),
    "regions_list": Example(response=page(REGION)),
}
