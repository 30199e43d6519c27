"""What a stand is worth to the fair: prices at which everybody chooses alone, and the bound on any answer that follows from them.

Lagrangian relaxation. The rule that a stand has one exhibitor is replaced by a price for each stand, of which there are as many as
stands. What is left falls apart into choices that can each be solved to its optimum: a single takes its best stand, a pavilion its best
block (all connected blocks are listed), two who ask for each other their best two stands. For any prices of 0 or more the sum of the
prices and of what each choice is worth, less its prices, is at least what any answer is worth that keeps the hard rules and places
everybody. Penalties (competitors, products) are left out: they only lower an answer. The prices are then moved to make the bound low.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocations.engine.blocks import NEVER
from allocations.engine.groups import Edges, Group
from allocations.engine.matching import prices_of
from allocations.engine.problem import Problem

if TYPE_CHECKING:
    from allocations.engine.floor import Floats

LISTED_STANDS = 120  # of a single, those that may become its best while prices move; the bound itself is taken over all
LISTED_BLOCKS = 1500
PATIENCE = 15


@dataclass(frozen=True)
class Prices:
    stands: "Floats"
    bound: float
    """No placement of all who are placeable has more points; who fits nowhere counts nothing."""
    placeable: int


class Relaxation:
    """The choices that are left when stands have prices."""

    def __init__(self, problem: Problem, points: "Floats", groups: list[Group], edges: Edges) -> None:
        import numpy as np

        self.problem, self.points, self.edges = problem, points, edges
        self.weight = problem.instance.weights.near
        self.pays = _pays(problem)
        self.pavilions = [group for group in groups if group.is_pavilion and group.is_complete and len(group.points)]
        self.pairs = [group for group in groups if not group.is_pavilion]
        grouped = {who for group in self.pavilions + self.pairs for who in group.members}
        able = np.any(points > NEVER / 2, axis=1)
        self.placeable = int(np.count_nonzero(able))
        self.singles = np.array([who for who in range(len(points)) if able[who] and who not in grouped], dtype=np.intp)
        self.friends, self.constant = self._friends({who: place for place, group in enumerate(self.pavilions) for who in group.members})
        self.singles = np.setdiff1d(self.singles, [who for friends in self.friends.values() for who in friends])
        self._pad()

    def _friends(self, pavilion_of: dict[int, int]) -> tuple[dict[int, list[int]], float]:
        """Singles near whom a pavilion's member asks to be: decided with the pavilion. Other near wishes are taken as fulfilled."""
        friends: dict[int, list[int]] = {}
        constant, used = 0.0, {who for group in self.pairs for who in group.members}
        in_pairs = {group.members for group in self.pairs}
        single = set(self.singles.tolist())
        for one, two in self.problem.near:
            inside, outside = (one, two) if one in pavilion_of else (two, one)
            if (one, two) in in_pairs:
                continue
            if inside in pavilion_of and outside in single and outside not in used:
                friends.setdefault(pavilion_of[inside], []).append(outside)
                used.add(outside)
            elif self._can_meet(one, two):
                constant += self.weight
        return friends, constant

    def _can_meet(self, one: int, two: int) -> bool:
        worth = self.points[one][self.edges.one] + self.points[two][self.edges.two]
        return bool((worth > NEVER / 2).any())

    def _pad(self) -> None:
        """For each stand those close to it as a table of equal width."""
        import numpy as np

        close = self.problem.close
        width = max((len(found) for found in close), default=0) or 1
        self.beside = np.zeros((len(close), width), dtype=np.intp)
        self.bonus = np.full((len(close), width), NEVER)
        for place, found in enumerate(close):
            self.beside[place, : len(found)] = list(found)
            self.bonus[place, : len(found)] = [self.weight * closeness for closeness in found.values()]

    def shorten(self, prices: "Floats") -> None:
        """List what may become best soon, so that a round is quick."""
        import numpy as np

        width = min(LISTED_STANDS, len(prices))
        self.listed = np.empty((len(self.singles), width), dtype=np.intp)
        for row, who in enumerate(self.singles):
            worth = self.points[who] - self.pays[who] * prices
            self.listed[row] = np.argpartition(-worth, width - 1)[:width]
        self.listed_points = np.take_along_axis(self.points[self.singles], self.listed, axis=1)
        self.short: list[Group] = []
        for group in self.pavilions:
            worth = group.points - self._toll(group) * prices[group.blocks].sum(axis=1)
            best = np.argsort(-worth, kind="stable")[:LISTED_BLOCKS]
            self.short.append(Group(group.members, group.blocks[best], group.points[best], True, True))

    def _toll(self, group: Group) -> float:
        return float(all(self.pays[who] for who in group.members))

    def sum(self, prices: "Floats", *, exact: bool) -> "tuple[float, Floats]":
        """What all choices are worth together with the prices, and how often each stand was paid for. A bound where ``exact``."""
        import numpy as np

        use = np.zeros(len(prices))
        total = float(prices.sum()) + self.constant
        total += self._choose_singles(prices, use, exact)
        for group in self.pairs:
            total += self._choose_pair(group, prices, use)
        for number, group in enumerate(self.pavilions if exact else self.short):
            total += self._choose_block(number, group, prices, use)
        return total, use

    def _choose_singles(self, prices: "Floats", use: "Floats", exact: bool) -> float:
        import numpy as np

        if not len(self.singles):
            return 0.0
        pays = self.pays[self.singles]
        if exact:
            worth = [self.points[who] - self.pays[who] * prices for who in self.singles]
            best = np.array([row.argmax() for row in worth])
            total = float(sum(row.max() for row in worth))
        else:
            table = self.listed_points - pays[:, None] * prices[self.listed]
            place = table.argmax(axis=1)
            best, total = self.listed[np.arange(len(place)), place], float(table.max(axis=1).sum())
        np.add.at(use, best, pays)
        return total

    def _choose_pair(self, group: Group, prices: "Floats", use: "Floats") -> float:
        one, two = group.members
        worth_one, worth_two = self.points[one] - self.pays[one] * prices, self.points[two] - self.pays[two] * prices
        here, there = int(worth_one.argmax()), int(worth_two.argmax())
        total = float(worth_one[here] + worth_two[there])
        close = group.points - self.pays[one] * prices[group.blocks[:, 0]] - self.pays[two] * prices[group.blocks[:, 1]]
        place = int(close.argmax())
        if close[place] > total:
            total = float(close[place])
            here, there = (int(stand) for stand in group.blocks[place])
        use[here] += self.pays[one]
        use[there] += self.pays[two]
        return total

    def _choose_block(self, number: int, group: Group, prices: "Floats", use: "Floats") -> float:
        """A block, and for each friend the better of its best stand and its best stand close to the block."""
        import numpy as np

        worth = group.points - self._toll(group) * prices[group.blocks].sum(axis=1)
        choices = []
        for who in self.friends.get(number, []):
            own = self.points[who] - self.pays[who] * prices
            near = (own[self.beside] + self.bonus).max(axis=1)
            at_block = near[group.blocks].max(axis=1)
            worth = worth + np.maximum(own.max(), at_block)
            choices.append((who, own, near, at_block))
        best = int(worth.argmax())
        use[group.blocks[best]] += self._toll(group)
        for who, own, near, at_block in choices:
            stand = int(own.argmax())
            if at_block[best] > own[stand]:
                edge = group.blocks[best][near[group.blocks[best]].argmax()]
                stand = int(self.beside[edge][(own[self.beside[edge]] + self.bonus[edge]).argmax()])
            use[stand] += self.pays[who]
        return float(worth[best])


def _pays(problem: Problem) -> "Floats":
    """1 for who comes on the day that most of its site come on, who all compete for stands then; 0 for others, who pay no price."""
    import numpy as np

    counts: dict[str, dict[object, int]] = {}
    for who in problem.instance.applicants:
        for day in sorted(who.days):
            counts.setdefault(who.site, {})[day] = counts.get(who.site, {}).get(day, 0) + 1
    busiest = {site: max(days, key=lambda day: days[day]) for site, days in counts.items()}
    return np.array([float(busiest.get(who.site) in who.days) for who in problem.instance.applicants])


def find_prices(relaxation: Relaxation, *, rounds: int, stop: Callable[[], bool] = lambda: False, step: float = 0.003) -> Prices:
    """Begins at the prices of the plain assignment and follows the demand: dear where many choose, cheaper where nobody does."""
    import numpy as np

    best_prices = prices = prices_of(relaxation.points)
    if not relaxation.placeable:
        return Prices(prices, 0.0, 0)
    relaxation.shorten(prices)
    lowest, waited = float("inf"), 0
    trend = np.zeros(len(prices))
    for number in range(rounds):
        if stop():
            break
        total, use = relaxation.sum(prices, exact=False)
        if total < lowest - 1e-3:
            lowest, best_prices, waited = total, prices, 0
        else:
            waited += 1
            if waited >= PATIENCE:
                step, waited, prices = step * 0.6, 0, best_prices
        trend = 0.7 * trend + 0.3 * (1.0 - use) if number else 1.0 - use
        slope = np.where((prices <= 0) & (trend > 0), 0.0, trend)
        length = float((slope**2).sum())
        if length < 1e-9 or step < 1e-8:
            break
        prices = np.maximum(0.0, prices - step * abs(lowest) / length * slope)
    bound, _ = relaxation.sum(best_prices, exact=True)
    return Prices(best_prices, bound, relaxation.placeable)
