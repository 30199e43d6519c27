"""Examples of the description; see api/examples.py."""

from api.examples import Example, page

SITE = {
    "slug": "shenyang",
    "name": "Shengjing Dajiating Mall, Zhongjie",
    "city": "Shenyang",
    "province": "CN-LN",
    "country": "CN",
    "kind": "mall",
    "starts_on": "2024-01-27",
    "ends_on": "2024-02-05",
    "address": "Zhongjie Pedestrian Street, Shenhe District, Shenyang, Liaoning",
    "position": {"latitude": 41.801333, "longitude": 123.456889},
    "opening_hours": [{"day": "2024-01-27", "opens_at": "2024-01-27T10:00:00+08:00", "closes_at": "2024-01-27T20:00:00+08:00"}],
    "buildings": [{"slug": "mall", "name": "Mall"}],
    "halls": [
        {
            "slug": "shenyang-atrium",
            "name": "Atrium",
            "building": "mall",
            "zones": [{"slug": "sweets", "name": "Sweets and bakery", "categories": ["17", "18", "19"]}],
        }
    ],
}
FAIR = {
    "slug": "made-in-russia-2024",
    "name": "Made in Russia Festival Fair 2024",
    "edition": 1,
    "status": "published",
    "starts_on": "2024-01-27",
    "ends_on": "2024-02-05",
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "applications_open_at": "2023-08-01T09:00:00+08:00",
    "applications_close_at": "2023-10-19T23:59:59+08:00",
    "takes_late_applications": True,
    "sites": [SITE],
    "deadlines": [{"code": "catalogue-entry", "title": "Catalogue entry", "due_at": "2023-12-13T23:59:59+08:00"}],
}
STAND = {
    "id": 508,
    "number": "A1-03",
    "hall": "shenyang-atrium",
    "site": "shenyang",
    "building": "mall",
    "zone": "sweets",
    "area_m2": 9.0,
    "kind": "island",
    "open_sides": 4,
    "outline": [[24, 3], [27, 3], [27, 6], [24, 6]],
    "status": "available",
    "uses": [],
}
TRADE_FIGURE = {
    "province": "CN-LN",
    "year": 2023,
    "flow": "turnover",
    "goods": None,
    "amount": {"amount": "54900000000.00", "currency": "CNY"},
    "amount_usd": "7700000000.00",
    "growth_percent": "53.0",
    "source": "Sputnik, 29 January 2024",
}

EXAMPLES = {
    "fairs_list": Example(response=page(FAIR)),
    "fairs_retrieve": Example(response=FAIR),
    "stands_list": Example(response=page(STAND)),
    "market_list": Example(response=page(TRADE_FIGURE)),
}
