from typing import Any

from api.examples import Example

HALL: dict[str, Any] = {
    "slug": "shenyang-floor-2",
    "name": "Gallery, second floor",
    "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [51, 0], [51, 36], [0, 36], [0, 0]]]},
    "north_degrees": 0,
}
STAND: dict[str, Any] = {
    "type": "Feature",
    "id": 2013,
    "geometry": {"type": "Polygon", "coordinates": [[[3, 3], [6, 3], [6, 9], [3, 9], [3, 3]]]},
    "properties": {
        "number": "B1-01",
        "hall": "shenyang-floor-2",
        "site": "shenyang",
        "area_m2": 18.0,
        "kind": "head",
        "open_sides": 3,
        "zone": "food",
        "power_kw": 5.0,
        "water": True,
        "drain": True,
        "internet": False,
        "status": "taken",
        "exhibitors": [{"id": 311, "name": "Soya Left Bank"}],
    },
}
GEOJSON: dict[str, Any] = {
    "type": "FeatureCollection",
    "coordinates_in": "metres",
    "fair": "made-in-russia-2024",
    "site": "shenyang",
    "hall": HALL,
    "features": [STAND],
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 975" role="img">…</svg>'

EXAMPLES = {
    "floor_plan_svg": Example(response=SVG),
    "floor_plan_geojson": Example(response=GEOJSON),
}
