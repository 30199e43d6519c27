"""Who stands where while an answer is being made, and what that means for those who still look for a stand."""

from typing import TYPE_CHECKING

from allocations.engine.problem import Problem

SMALL = 100_000

if TYPE_CHECKING:
    import numpy as np

    from allocations.engine.floor import Flags, Floats


class Standing:
    """Applicants and stands by place. Begins with those who are fixed."""

    def __init__(self, problem: Problem) -> None:
        import numpy as np

        _, stands = problem.size
        self.problem = problem
        self.places: dict[int, int] = {}
        self.busy = np.zeros((len(problem.meets), stands), dtype=np.int16)
        """``busy[days, stand]``: how many there share a day with those of these days."""
        self.strained = np.zeros((len(problem.apart), stands))
        """``strained[products, stand]``: how close products stand that these should be apart from."""
        self.asked: list[list[tuple[int, float]]] = [[] for _ in range(problem.size[0])]
        weights = problem.instance.weights
        for pairs, weight in ((problem.near, weights.near), (problem.away, -weights.away)):
            for one, two in pairs:
                self.asked[one].append((two, weight))
                self.asked[two].append((one, weight))
        self._rivals = [np.nonzero(row)[0].tolist() for row in problem.meets]
        self._apart = [np.nonzero(row)[0][:, None] for row in problem.apart]
        self._close = [(np.array(list(close), dtype=np.intp), np.array(list(close.values()))) for close in problem.close]
        for who, where in problem.placed.items():
            self.place(who, where)

    def place(self, who: int, where: int, *, counted: bool = True) -> None:
        """Without counting only where what was saved is restored afterwards."""
        self.places[who] = where
        if counted:
            self._count(who, where, 1)

    def remove(self, who: int, *, counted: bool = True) -> int:
        """Returns where it stood."""
        where = self.places.pop(who)
        if counted:
            self._count(who, where, -1)
        return where

    def saved(self) -> "tuple[np.ndarray, Floats] | None":
        """What is counted, to be restored; None where the tables are so large that counting anew is quicker."""
        return (self.busy.copy(), self.strained.copy()) if self.strained.size <= SMALL else None

    def restore(self, saved: "tuple[np.ndarray, Floats]") -> None:
        self.busy[:], self.strained[:] = saved

    def _count(self, who: int, where: int, sign: int) -> None:
        for days in self._rivals[self.problem.days[who]]:
            self.busy[days, where] += sign
        apart = self._apart[self.problem.products[who]]
        if len(apart):
            stands, closeness = self._close[where]
            self.strained[apart, stands] += sign * closeness

    def free(self, who: int) -> "Flags":
        """Stands that nobody has on its days."""
        return self.busy[self.problem.days[who]] == 0

    def pair_points(self, who: int) -> "Floats":
        """What near wishes, competitors and products of those who are placed add to each stand for ``who``, who must not be placed."""
        points = -self.problem.instance.weights.products * self.strained[self.problem.products[who]]
        for other, weight in self.asked[who]:
            if other in self.places:
                for stand, closeness in self.problem.close[self.places[other]].items():
                    points[stand] += weight * closeness
        return points

    def gains(self, who: int) -> "Floats":
        """Points that each stand brings now; -inf where it is taken or excluded. Says nothing of pavilions."""
        import numpy as np

        return np.where(self.free(who), self.problem.points[who] + self.pair_points(who), -np.inf)
