"""How good the allocation of stands is: greedy, the solver, the bound, each fair in a process of its own, so that its memory is its own.

Points are comfort, without the reward for being placed, which would make every gap look small; who is not placed brings nothing.
"""

import json
import resource
import subprocess
import sys
import time

from benchmarks.figures import Figures


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
    from allocations.engine.greedy import greedy
    from allocations.engine.problem import problem_of
    from benchmarks.allocation_instances import instance

    fair, _ = instance(size)
    began, used = time.monotonic(), time.process_time()
    problem = problem_of(fair)
    by_hand = problem.assignment(greedy(problem))
    seconds, cpu_seconds = time.monotonic() - began, time.process_time() - used
    return {
        "greedy": checker.comfort(fair, by_hand),
        "greedy_unplaced": len(fair.applicants) - len(by_hand),
        "greedy_seconds": seconds,
        "greedy_cpu_seconds": cpu_seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "violations": len(checker.violations(fair, by_hand)),
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
