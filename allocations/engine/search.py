"""Better and better answers by moving a few at a time: a pavilion or a pair of friends to another block, the singles by assignment.

Every move ends with the assignment of those it has displaced, and of some others, to all free stands, solved to its optimum. A move
that loses a little is sometimes kept, early more than late (simulated annealing). All points are counted exactly, by the difference.
"""

import math
import random
from typing import TYPE_CHECKING

from allocations.engine.blocks import NEVER
from allocations.engine.groups import Group
from allocations.engine.matching import best_match
from allocations.engine.problem import Problem
from allocations.engine.standing import Standing

if TYPE_CHECKING:
    from allocations.engine.floor import Flags, Floats

# Points that a move may lose with a chance of 1 in e, at first and at last; less in a fair of over 500, where each has fewer moves.
HOT, COLD = 20.0, 0.5
OTHERS = 25  # singles who are assigned anew with those displaced: they stand where these would like to
AT_RANDOM = 5
APPEALING = 25
CHOICES = 600  # blocks of a group, the best at their prices, that it may move to
SCARCE = 400  # blocks: a group with fewer may run out of them
RANK = 40  # the mean rank of the block that a group is moved to


class Search:
    """The answer is in ``standing.places``; ``points`` is what it is worth, with ``reward`` for each who is placed."""

    def __init__(self, problem: Problem, points: "Floats", groups: list[Group], prices: "Floats", *, reward: float, seed: int) -> None:
        import numpy as np

        self.problem, self.table, self.reward = problem, points, reward
        self.random = random.Random(seed)  # noqa: S311 (a search, not a secret)
        self.standing = Standing(problem)
        fixed = problem.placed.keys()
        self.groups = [group for group in groups if len(group.points) and not fixed >= set(group.members)]
        self.groups = [group for group in self.groups if group.is_pavilion or not fixed & set(group.members)]
        self.order = [self._order(group, prices) for group in self.groups]
        self.by_order = [group.blocks[order] for group, order in zip(self.groups, self.order, strict=True)]
        self.group_of = {who: number for number, group in enumerate(self.groups) for who in group.members}
        self.frozen = {who for group in problem.pavilions for who in group} - self.group_of.keys()
        able = np.nonzero((points > NEVER / 2).any(axis=1))[0].tolist()
        self.able = len(able)
        self.singles = [who for who in able if problem.pavilion_of[who] is None and who not in fixed]
        self.appeal = self._appeal(prices)
        self.friends = self._friends_of_pavilions()
        self.occupants: list[list[int]] = [[] for _ in range(problem.size[1])]
        self.taken = np.zeros(problem.size[1], dtype=bool)
        self.solid = np.zeros(problem.size[1], dtype=bool)
        """Stands of pavilions and of those who are fixed: whoever is displaced does not displace these in turn if there is a choice."""
        for who, where in self.standing.places.items():
            self._enter(who, where)
        self.points = 0.0

    def _order(self, group: Group, prices: "Floats") -> list[int]:
        worth = group.points - prices[group.blocks].sum(axis=1)
        return [int(place) for place in (-worth).argsort(kind="stable")[:CHOICES]]

    def _appeal(self, prices: "Floats") -> dict[int, list[int]]:
        """For each single the stands that are best for it at their prices."""
        import numpy as np

        width = min(APPEALING, len(prices))
        best = {who: np.argpartition(prices - self.table[who], width - 1)[:width] for who in self.singles}
        return {who: [int(stand) for stand in found if self.table[who, stand] > NEVER / 2] for who, found in best.items()}

    def _friends_of_pavilions(self) -> dict[int, list[int]]:
        friends: dict[int, list[int]] = {}
        singles = set(self.singles)
        for pair in self.problem.near:
            for inside, outside in (pair, pair[::-1]):
                if self.problem.pavilion_of[inside] is not None and inside in self.group_of and outside in singles:
                    friends.setdefault(self.group_of[inside], []).append(outside)
        return friends

    # --- one applicant

    def _enter(self, who: int, where: int) -> None:
        self.occupants[where].append(who)
        self.taken[where] = True
        if self.problem.pavilion_of[who] is not None or who in self.problem.placed:
            self.solid[where] = True

    def _gain(self, who: int, where: int) -> float:
        """Points of ``who``, who is not placed, on a stand."""
        standing, problem = self.standing, self.problem
        gain = float(self.table[who, where] - problem.instance.weights.products * standing.strained[problem.products[who], where])
        for other, weight in standing.asked[who]:
            place = standing.places.get(other)
            if place is not None:
                gain += weight * problem.close[where].get(place, 0.0)
        return gain + self.reward

    def _place(self, who: int, where: int) -> float:
        gain = self._gain(who, where)
        self.standing.place(who, where)
        self._enter(who, where)
        return gain

    def _remove(self, who: int) -> tuple[float, int]:
        where = self.standing.remove(who)
        self._leave(who, where)
        return self._gain(who, where), where

    def _leave(self, who: int, where: int) -> None:
        self.occupants[where].remove(who)
        self.taken[where] = bool(self.occupants[where])
        self.solid[where] = any(self.problem.pavilion_of[one] is not None or one in self.problem.placed for one in self.occupants[where])

    # --- many at once

    def _assign(self, crowd: list[int], least: float = -math.inf) -> float | None:
        """Give the free stands to the crowd as is best, given who stands already. Who finds none stays without.

        None, and nothing is done, where that is sure to bring less than ``least``.
        """
        import numpy as np

        standing, problem = self.standing, self.problem
        shares = not problem.meets.all()  # somewhere two may have a stand on different days
        stands = np.arange(len(self.taken)) if shares else np.nonzero(~self.taken)[0]
        if not crowd or not len(stands):
            return 0.0
        table = self.table[np.array(crowd)[:, None], stands]
        if problem.instance.products_apart:
            products = np.array([problem.products[who] for who in crowd])
            table -= problem.instance.weights.products * standing.strained[products[:, None], stands]
        column = np.full(len(self.taken), -1)
        column[stands] = np.arange(len(stands))
        for row, who in enumerate(crowd):
            for other, weight in standing.asked[who]:
                if other in standing.places:
                    for stand, closeness in problem.close[standing.places[other]].items():
                        if column[stand] >= 0:
                            table[row, column[stand]] += weight * closeness
            if shares:
                table[row, ~standing.free(who)] = NEVER
        rows, columns = best_match(table)
        found = [
            (row, place)
            for row, place, points in zip(rows.tolist(), columns.tolist(), table[rows, columns].tolist(), strict=True)
            if points > NEVER / 2
        ]
        if least > -math.inf:
            among = {who: None for who in crowd if standing.asked[who]}
            friends = sum(weight for who in among for other, weight in standing.asked[who] if other in among and weight > 0) / 2
            if float(sum(table[row, place] for row, place in found)) + self.reward * len(found) + friends < least:
                return None
        return sum(self._place(crowd[row], int(stands[place])) for row, place in found)

    def _strangers(self, crowd: list[int]) -> list[int]:
        """Some of them, of whom no two win or lose by standing close: for these the assignment is exact."""
        import numpy as np

        problem, chosen = self.problem, set[int]()
        shunned = np.zeros(len(problem.apart), dtype=bool)
        for who in self.random.sample(crowd, len(crowd)):
            product = problem.products[who]
            if not shunned[product] and not any(other in chosen for other, _ in self.standing.asked[who]):
                chosen.add(who)
                shunned |= problem.apart[product]
        return sorted(chosen)

    def _seat(self, number: int, choice: int) -> float:
        """A group on one of its blocks, whose stands are free."""
        import numpy as np

        group = self.groups[number]
        block = [int(stand) for stand in group.blocks[choice]]
        if not group.is_pavilion:
            return sum(self._place(who, where) for who, where in zip(group.members, block, strict=True))
        table = np.array([[self._gain(who, where) for where in block] for who in group.members])
        rows, columns = best_match(table)
        return sum(self._place(group.members[row], block[place]) for row, place in zip(rows.tolist(), columns.tolist(), strict=True))

    # --- answers

    def begin(self, frozen: dict[int, int]) -> None:
        """A first answer: those of ``frozen`` who cannot be moved, each group on its best free block, the scarcest first, then the rest."""
        for who in sorted(self.frozen & frozen.keys() - self.standing.places.keys()):
            self.points += self._place(who, frozen[who])
        waiting = set(range(len(self.groups)))
        while waiting:
            number = min(waiting, key=lambda number: (self._ways(number), number))
            waiting.remove(number)
            members = self.groups[number].members
            for who in members:
                if who in self.standing.places:
                    self._remove(who)
            for choice in self.order[number]:
                if not self.taken[self.groups[number].blocks[choice]].any():
                    self._seat(number, choice)
                    break
            else:
                for who in members:
                    if who in self.problem.placed:
                        self._place(who, self.problem.placed[who])
        self._assign([who for who in self.singles if who not in self.standing.places])
        self.points = self.count()

    def _ways(self, number: int) -> int:
        """How many blocks a group can still have; of many, how many it had."""
        blocks = self.groups[number].blocks
        return len(blocks) if len(blocks) > SCARCE else int((~(self.taken & ~self._own(number))[blocks].any(axis=1)).sum())

    def _own(self, number: int) -> "Flags":
        """Where its members are held already."""
        import numpy as np

        own = np.zeros(len(self.taken), dtype=bool)
        own[[self.problem.placed[who] for who in self.groups[number].members if who in self.problem.placed]] = True
        return own

    def count(self) -> float:
        """The points counted from nothing: what ``points`` must be."""
        places = dict(self.standing.places)
        total = sum(self._remove(who)[0] for who in places)
        for who, where in places.items():
            self._place(who, where)
        return total

    def polish(self, crowd_size: int | None = None) -> None:
        """Assign many singles anew, given everybody else. Never worse than before."""
        crowd = self.singles if crowd_size is None or crowd_size >= len(self.singles) else self.random.sample(self.singles, crowd_size)
        Move(self, heat=0.0).finish(crowd, others=0)

    def pick(self) -> int:
        """Pavilions as often as pairs of friends, for they are fewer and weigh more."""
        pavilions = sum(group.is_pavilion for group in self.groups)
        if pavilions and (pavilions == len(self.groups) or self.random.random() < 0.5):
            return self.random.randrange(pavilions)
        return self.random.randrange(pavilions, len(self.groups))

    def move(self, number: int, heat: float) -> None:
        """Move one group to another block; it displaces whoever stands there."""
        Move(self, heat).run(number)


class Move:
    """One change of the answer, kept or undone as a whole."""

    def __init__(self, search: Search, heat: float) -> None:
        self.search, self.heat = search, heat
        self.lost, self.won = 0.0, 0.0
        self.before: list[tuple[int, int]] = []
        self.touched: set[int] = set()
        self.crowd: dict[int, None] = {}
        self.held: set[int] = set()
        self.seen: set[int] = set()
        self.saved = search.standing.saved()

    def _take(self, who: int) -> None:
        if who in self.search.standing.places and who not in self.touched:
            points, where = self.search._remove(who)
            self.lost += points
            self.before.append((who, where))
        self.touched.add(who)

    def run(self, number: int) -> None:
        search, waiting = self.search, [number]
        self.seen.add(number)
        rank = min(int(search.random.expovariate(1 / RANK)), len(search.order[number]) - 1)
        choice: int | None = search.order[number][rank]
        while waiting:
            group = waiting.pop(0)
            for who in search.groups[group].members:
                self._take(who)
            if choice is None:
                choice = self._next_choice(group)
            if choice is None and not search.groups[group].is_pavilion:
                self.crowd.update(dict.fromkeys(search.groups[group].members))
                continue
            if choice is None or not self._clear(group, choice, waiting):
                return self._undo()
            self.won += search._seat(group, choice)
            self.held.update(search.groups[group].blocks[choice].tolist())
            choice = None
            for friend in search.friends.get(group, ()):
                if friend not in self.touched:
                    self._take(friend)
                    self.crowd[friend] = None
        return self.finish(list(self.crowd), others=OTHERS)

    def _next_choice(self, number: int) -> int | None:
        """The best block for a displaced group on no stand of this move nor, where it can, of a pavilion; now and then a worse one."""
        import numpy as np

        search = self.search
        held = np.zeros(len(search.taken), dtype=bool)
        held[list(self.held)] = True
        blocks = search.by_order[number]
        for barred in (held | search.solid, held):
            open_ones = np.nonzero(~barred[blocks].any(axis=1))[0]
            if len(open_ones):
                rank = min(int(search.random.expovariate(1 / 3)), len(open_ones) - 1) if search.random.random() < 0.3 else 0
                return search.order[number][int(open_ones[rank])]
        return None

    def _clear(self, number: int, choice: int, waiting: list[int]) -> bool:
        """Take away whoever stands on a block and shares a day; groups wait for another block. False where somebody cannot go."""
        search, problem = self.search, self.search.problem
        days = {problem.days[who] for who in search.groups[number].members}
        for stand in search.groups[number].blocks[choice].tolist():
            if stand in self.held:
                return False
            for who in list(search.occupants[stand]):
                if not any(problem.meets[problem.days[who], day] for day in days):
                    continue
                if who in problem.placed or who in search.frozen:
                    return False
                group = search.group_of.get(who)
                if group is None or not self._is_together(group):
                    self._take(who)
                    self.crowd[who] = None
                elif group in self.seen or (search.groups[group].is_pavilion and len(self.seen) > 3):
                    return False
                else:
                    self.seen.add(group)
                    waiting.append(group)
                    for member in search.groups[group].members:
                        self._take(member)
        return True

    def _is_together(self, number: int) -> bool:
        """A pavilion always; two friends while they are close to each other."""
        group, places = self.search.groups[number], self.search.standing.places
        if group.is_pavilion:
            return True
        one, two = (places.get(who) for who in group.members)
        return one is not None and two is not None and two in self.search.problem.close[one]

    def finish(self, crowd: list[int], *, others: int) -> None:
        """Assign those who were displaced, ``others`` as well, and anybody who has no stand yet; keep it or undo it."""
        search = self.search
        if others:
            crowd = [*dict.fromkeys([*crowd, *search._strangers(self._others(crowd, others))])]
        else:
            crowd = search._strangers(crowd)
        for who in crowd:
            self._take(who)
        # What may be lost is drawn beforehand, so that most of the bad moves need not be made.
        may_lose = -self.heat * math.log(1.0 - search.random.random()) + 1e-9
        gained = search._assign(crowd, self.lost - self.won - may_lose)
        if gained is not None and self.won + gained - self.lost >= -may_lose:
            search.points += self.won + gained - self.lost
        else:
            self._undo()

    def _others(self, crowd: list[int], most: int) -> list[int]:
        """Singles without a stand, some who stand where the crowd would like to, some at random."""
        search = self.search
        places = search.standing.places
        idle = [who for who in search.singles if who not in places][:most] if len(places) < search.able else []
        rivals = {who: None for one in crowd for stand in search.appeal.get(one, ()) for who in search.occupants[stand]}
        wanted = [who for who in rivals if who in search.appeal and who not in self.touched]
        wanted = search.random.sample(wanted, min(len(wanted), most))
        some = search.random.sample(search.singles, min(AT_RANDOM, len(search.singles)))
        return [who for who in dict.fromkeys(idle + wanted + some) if who not in self.touched]

    def _undo(self) -> None:
        search = self.search
        for who in self.touched:
            if who in search.standing.places:
                search._leave(who, search.standing.remove(who, counted=self.saved is None))
        for who, where in self.before:
            search.standing.place(who, where, counted=self.saved is None)
            search._enter(who, where)
        if self.saved is not None:
            search.standing.restore(self.saved)
