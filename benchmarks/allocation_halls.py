"""Halls as they are built: rows of stands back to back, aisles of 3 m, heads and islands. The same for the same seed."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from allocations.engine.instance import Stand

SITE = "expo"
DAYS = frozenset(date(2030, 1, 27) + timedelta(days=number) for number in range(10))
LATE_DAYS = frozenset(sorted(DAYS)[4:])  # a part of the floor is built up later
ROW_LENGTH, AISLE, CROSS_AISLE = 36.0, 3.0, 4.0  # metres
ROWS_A_ZONE = 3
STANDS_A_HALL = 420
WIDTHS, WIDTH_SHARES = (3.0, 4.0, 5.0, 6.0, 8.0), (45, 20, 12, 18, 5)
TOUCH = 0.5  # metres of a shared edge, or of facing fronts, that count


@dataclass(frozen=True)
class Box:
    """A stand as a rectangle of its hall, with open sides as it is built."""

    hall: int
    zone: str
    x: float
    y: float
    width: float
    depth: float
    open_sides: int
    duct: bool

    @property
    def area(self) -> float:
        return self.width * self.depth


def halls(rng: random.Random, count: int) -> list[Stand]:
    """Exactly ``count`` stands, in as many halls as they need."""
    boxes: list[Box] = []
    hall = 0
    while len(boxes) < count:
        size = min(STANDS_A_HALL, count - len(boxes))
        built: list[Box] = []
        row = 0
        while len(built) < size:
            for column in range(2):
                built += _double_row(rng, hall, row, column)
            row += 1
        boxes += built[:size]
        hall += 1
    return _stands(rng, boxes)


def _double_row(rng: random.Random, hall: int, row: int, column: int) -> list[Box]:
    depth = rng.choice((3.0, 3.0, 4.0))
    x0, y0 = column * (ROW_LENGTH + CROSS_AISLE), row * (2 * 4.0 + AISLE)
    zone, duct = f"{hall}-{column}-{row // ROWS_A_ZONE}", rng.random() < 0.3
    if rng.random() < 0.06:  # islands instead of rows
        return [Box(hall, zone, x0 + number * 12, y0, 8.0, 2 * depth, 4, duct) for number in range(3)]
    left, right, boxes = x0, x0 + ROW_LENGTH, []
    if rng.random() < 0.35:
        boxes.append(Box(hall, zone, left, y0, 4.0, 2 * depth, 3, duct))
        left += 4.0
    if rng.random() < 0.35:
        right -= 4.0
        boxes.append(Box(hall, zone, right, y0, 4.0, 2 * depth, 3, duct))
    for side in range(2):
        x = left
        while right - x > 0.1:
            width = rng.choices(WIDTHS, WIDTH_SHARES)[0]
            width = right - x if right - x - width < 3.0 else width
            corner = (x == x0) or (x + width == x0 + ROW_LENGTH)
            boxes.append(Box(hall, zone, x, y0 + side * depth, width, depth, 2 if corner else 1, duct))
            x += width
    return boxes


def _stands(rng: random.Random, boxes: list[Box]) -> list[Stand]:
    neighbours, across = _close(boxes)
    stands = []
    for number, box in enumerate(boxes):
        water = box.duct and rng.random() < 0.9
        stands.append(
            Stand(
                id=number + 1,
                site=SITE,
                hall=str(box.hall),
                zone=box.zone,
                centre=(box.x + box.width / 2, box.y + box.depth / 2),
                area_m2=box.area,
                open_sides=box.open_sides,
                days=DAYS,
                power_kw=rng.choices((3.0, 5.0, 10.0, 20.0), (30, 40, 20, 10))[0],
                water=water,
                drain=water and rng.random() < 0.9,
                neighbours=frozenset(other + 1 for other in neighbours[number]),
                across=frozenset(other + 1 for other in across[number]),
            )
        )
    for number in rng.sample(range(len(stands)), max(1, len(stands) // 75)):
        stands[number] = replace(stands[number], blocked=True)
    return stands


def _close(boxes: list[Box]) -> tuple[list[set[int]], list[set[int]]]:
    """Stands that share an edge, and stands that face each other across an aisle."""
    neighbours: list[set[int]] = [set() for _ in boxes]
    across: list[set[int]] = [set() for _ in boxes]
    for one, a in enumerate(boxes):
        for two in range(one + 1, len(boxes)):
            b = boxes[two]
            if b.hall != a.hall:
                break
            gap_x = max(a.x, b.x) - min(a.x + a.width, b.x + b.width)
            gap_y = max(a.y, b.y) - min(a.y + a.depth, b.y + b.depth)
            beside, facing = (gap_x, gap_y) if gap_y < gap_x else (gap_y, gap_x)
            if facing > -TOUCH:
                continue
            kind = neighbours if beside < 0.01 else across if beside <= 5.0 else None
            if kind is not None:
                kind[one].add(two)
                kind[two].add(one)
    return neighbours, across
