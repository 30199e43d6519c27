"""How good the allocation of stands is: greedy, the solver, the bound, each fair in a process of its own, so that its memory is its own.

Points are comfort, without the reward for being placed, which would make every gap look small; who is not placed brings nothing.
"""

import json
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.figures import Figures

if TYPE_CHECKING:
    from allocations.engine.instance import Instance
    from allocations.engine.solve import Solution

SECONDS = {150: 4.8, 500: 30.0, 1000: 60.0, 5000: 150.0}  # what a run is given
BOUND_ROUNDS = 2000


def measure(figures: Figures) -> None:
    """Each size of fair in turn; the hard rules that are broken in all of them are counted together."""
    from benchmarks.allocation_instances import SIZES

    broken = 0.0
    for size in SIZES:
        done = subprocess.run([sys.executable, "-m", "benchmarks.allocate", str(size)], stdout=subprocess.PIPE, check=True)
        values: dict[str, float] = json.loads(done.stdout)
        broken += values.pop("violations")
        for name, value in values.items():
            figures.add(f"allocate_{size}_{name}", value)
    figures.add("allocate_violations", broken)


def run(size: int) -> dict[str, float]:
    """Figures of one fair."""
    from allocations.engine import checker
    from allocations.engine.solve import solve
    from benchmarks.allocation_instances import instance

    fair, _ = instance(size)
    used = time.process_time()
    found = solve(fair, seconds=SECONDS[size])
    cpu_seconds, peak = time.process_time() - used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    comfort, bound = checker.comfort(fair, found.assignment), _bound(fair, found)
    return {
        "gap": (bound - comfort) / bound,
        "won": (comfort - found.greedy_comfort) / (bound - found.greedy_comfort),
        "gain": comfort / found.greedy_comfort - 1,
        "seconds": found.seconds,
        "cpu_seconds": cpu_seconds,
        "peak_mb": peak,
        "unplaced": len(fair.applicants) - len(found.assignment),
        "greedy_unplaced": len(fair.applicants) - found.greedy_placed,
        "comfort": comfort,
        "greedy": found.greedy_comfort,
        "bound": bound,
        "rounds": found.rounds,
        "violations": len(checker.violations(fair, found.assignment)),
    }


def _bound(fair: "Instance", found: "Solution") -> float:
    """The bound of the run, or a lower one from more rounds at the prices, where these cost little."""
    from allocations.engine.groups import edges_of, pairs_of, pavilions_of, usable_points
    from allocations.engine.prices import Relaxation, find_prices
    from allocations.engine.problem import problem_of

    if len(fair.stands) > 1000:
        return found.bound
    problem = problem_of(fair)
    points, edges = usable_points(problem), edges_of(problem)
    relaxation = Relaxation(problem, points, pavilions_of(problem, points) + pairs_of(problem, points, edges), edges)
    return min(found.bound, find_prices(relaxation, rounds=BOUND_ROUNDS).bound)


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
