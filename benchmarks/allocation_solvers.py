"""General solvers on the instances of ``make bench``, by hand: the figures of the table in docs/adr/0018.

``pip install ortools highspy`` into an environment of their own, which the project does not need, then
``python -m benchmarks.allocation_solvers cpsat 500 60``: solver, stands of the instance, seconds.

Both get the same model, begin at greedy, and are judged by the same checker. A single chooses among its 40 best stands, a pavilion among
its 800 best blocks (at the prices of our own search, which is the best that can be done for them), each member on its stand of the block
that is best without the others; friends, competitors and products that should be apart are linearised.
"""

import json
import os
import resource
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from allocations.engine import checker
from allocations.engine.blocks import NEVER
from allocations.engine.greedy import greedy
from allocations.engine.groups import Group, edges_of, pairs_of, pavilions_of, usable_points
from allocations.engine.matching import best_match
from allocations.engine.prices import Relaxation, find_prices
from allocations.engine.problem import Problem, problem_of
from benchmarks.allocation_instances import instance

STANDS_OF_EACH, BLOCKS_OF_EACH = 40, 800
PLACED = 1000.0  # for everybody who is placed: ten times what a placement can bring
SCALE = 100  # CP-SAT counts in whole numbers

Row = tuple[float, dict[int, float]]
"""What the columns, each times its factor, may be together at most."""


@dataclass
class Model:
    """Columns of 0 or 1 with what each is worth, rows, and a start."""

    worth: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    at: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    """By applicant and stand the columns of which one puts it there."""
    on_stand: dict[int, list[int]] = field(default_factory=dict)

    def column(self, worth: float, start: float) -> int:
        self.worth.append(worth)
        self.start.append(start)
        return len(self.worth) - 1

    def put(self, who: int, where: int, column: int) -> None:
        self.at.setdefault(who, {}).setdefault(where, []).append(column)
        self.on_stand.setdefault(where, []).append(column)

    def at_most_one(self, columns: list[int]) -> None:
        self.rows.append((1.0, dict.fromkeys(columns, 1.0)))


def model_of(problem: Problem) -> Model:
    points, edges = usable_points(problem), edges_of(problem)
    groups = pavilions_of(problem, points)
    relaxation = Relaxation(problem, points, groups + pairs_of(problem, points, edges), edges)
    prices, by_hand, model = find_prices(relaxation, rounds=400).stands, greedy(problem), Model()
    in_group = {who for group in groups for who in group.members if len(group.points)}
    for who in range(problem.size[0]):
        if who not in in_group:
            best = (prices - points[who]).argsort(kind="stable")[:STANDS_OF_EACH].tolist()
            places = [where for where in dict.fromkeys([*best, by_hand.get(who, best[0])]) if points[who, where] > NEVER / 2]
            found = [model.column(PLACED + float(points[who, where]), float(by_hand.get(who) == where)) for where in places]
            for where, column in zip(places, found, strict=True):
                model.put(who, where, column)
            model.at_most_one(found)
    for group in groups:
        if len(group.points):
            _add_pavilion(model, group, points, prices, by_hand)
    for columns in model.on_stand.values():
        model.at_most_one(columns)
    _add_pairs(model, problem)
    _add_products(model, problem)
    return model


def _add_pavilion(model: Model, group: Group, points: Any, prices: Any, by_hand: dict[int, int]) -> None:
    there = tuple(sorted(by_hand[who] for who in group.members if who in by_hand))
    order = (prices[group.blocks].sum(axis=1) - group.points).argsort(kind="stable")[:BLOCKS_OF_EACH].tolist()
    order += [place for place, block in enumerate(group.blocks.tolist()) if tuple(block) == there and place not in order]
    found = []
    for place in order:
        block = group.blocks[place]
        found.append(model.column(PLACED * len(block) + float(group.points[place]), float(tuple(block.tolist()) == there)))
        rows, columns = best_match(points[list(group.members)][:, block])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            model.put(group.members[row], int(block[column]), found[-1])
    model.at_most_one(found)


def _add_pairs(model: Model, problem: Problem) -> None:
    weights = problem.instance.weights
    for pairs, weight in ((problem.near, weights.near), (problem.away, -weights.away)):
        for one, two in pairs:
            for where, first in model.at.get(one, {}).items():
                for degree in sorted(set(problem.close[where].values())):
                    there = model.at.get(two, {})
                    close = [column for other, found in problem.close[where].items() if found == degree for column in there.get(other, ())]
                    _add_pair(model, first, close, weight * degree)


def _add_products(model: Model, problem: Problem) -> None:
    """For every two close stands and every kind of products on the one: a loss where the other has something that should be apart."""
    weight = problem.instance.weights.products
    kinds: dict[int, dict[int, list[int]]] = {}
    for who, stands in model.at.items():
        if problem.apart[problem.products[who]].any():
            for where, columns in stands.items():
                kinds.setdefault(where, {}).setdefault(problem.products[who], []).extend(columns)
    for where, there in kinds.items():
        for other, closeness in problem.close[where].items():
            if where < other and other in kinds:
                for kind, first in there.items():
                    second = [column for rival, found in kinds[other].items() if problem.apart[kind, rival] for column in found]
                    _add_pair(model, first, second, -weight * closeness)


def _add_pair(model: Model, first: list[int], second: list[int], worth: float) -> None:
    """A gain is at most each of its conditions, a loss at least what both together leave over one."""
    if not first or not second or not worth:
        return
    is_both = any(model.start[column] for column in first) and any(model.start[column] for column in second)
    column = model.column(worth, float(is_both))
    if worth > 0:
        model.rows += [(0.0, {column: 1.0, **dict.fromkeys(some, -1.0)}) for some in (first, second)]
    else:  # one block may put both of them there: it counts twice
        model.rows.append((1.0, {column: -1.0, **dict.fromkeys(first, 1.0), **{one: 1.0 + (one in first) for one in second}}))


def cpsat(model: Model, seconds: float) -> tuple[list[float], float]:
    """The values of the columns, and the solver's own bound."""
    from ortools.sat.python import cp_model  # type: ignore[import-not-found]

    made = cp_model.CpModel()
    columns = [made.new_bool_var("") for _ in model.worth]
    for most, row in model.rows:
        terms = sum(int(factor) * columns[column] for column, factor in row.items())
        if most == 1 and min(row.values()) > 0:
            made.add_at_most_one(columns[column] for column in row)
        else:
            made.add(terms <= int(most))
    for column, start in zip(columns, model.start, strict=True):
        made.add_hint(column, int(start))
    made.maximize(sum(round(worth * SCALE) * column for worth, column in zip(model.worth, columns, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers, solver.parameters.linearization_level = seconds, 2, 2
    status = solver.solve(made)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return [float(solver.value(column)) for column in columns] if found else [], solver.best_objective_bound / SCALE


def highs(model: Model, seconds: float) -> tuple[list[float], float]:
    """The same of HiGHS."""
    import highspy  # type: ignore[import-not-found]
    import numpy as np

    made = highspy.Highs()
    for name, value in (("time_limit", seconds), ("threads", 2), ("output_flag", False), ("mip_rel_gap", 1e-6)):
        made.setOptionValue(name, value)
    count = len(model.worth)
    made.addVars(count, np.zeros(count), np.ones(count))
    made.changeColsCost(count, np.arange(count, dtype=np.int32), np.array(model.worth))
    made.changeColsIntegrality(count, np.arange(count, dtype=np.int32), np.full(count, highspy.HighsVarType.kInteger))
    starts = np.cumsum([0, *(len(row) for _most, row in model.rows)])[:-1].astype(np.int32)
    indices = np.array([column for _most, row in model.rows for column in row], dtype=np.int32)
    factors = np.array([factor for _most, row in model.rows for factor in row.values()])
    least = np.full(len(model.rows), -highspy.kHighsInf)
    most = np.array([most for most, _row in model.rows])
    made.addRows(len(model.rows), least, most, len(indices), starts, indices, factors)
    made.changeObjectiveSense(highspy.ObjSense.kMaximize)
    start = highspy.HighsSolution()
    start.col_value = list(model.start)
    made.setSolution(start)
    made.run()
    info = made.getInfo()
    return (list(made.getSolution().col_value) if info.primal_solution_status == 2 else []), info.mip_dual_bound


def places_of(model: Model, values: list[float]) -> dict[int, int]:
    """Who stands where."""
    return {
        who: where for who, stands in model.at.items() for where, columns in stands.items() if any(values[one] > 0.5 for one in columns)
    }


def run(name: str, size: int, seconds: float) -> dict[str, Any]:
    fair, _planted = instance(size)
    began, used = time.monotonic(), time.process_time()
    problem = problem_of(fair)
    model = model_of(problem)
    built, used_before = time.monotonic() - began, time.process_time()
    began = time.monotonic()
    values, bound = {"cpsat": cpsat, "highs": highs}[name](model, seconds)
    took = time.monotonic() - began
    answer = problem.assignment(places_of(model, values)) if values else {}
    return {
        "solver": name,
        "stands": size,
        "columns": len(model.worth),
        "rows": len(model.rows),
        "limit_s": seconds,
        "build_s": round(built, 1),
        "build_cpu_s": round(used_before - used, 1),
        "solve_s": round(took, 1),
        "solve_cpu_s": round(time.process_time() - used_before, 1),
        "comfort": round(checker.comfort(fair, answer), 1),
        "unplaced": len(fair.applicants) - len(answer),
        "own_bound": round(bound - PLACED * len(fair.applicants), 1),
        "violations": len(checker.violations(fair, answer)),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load": [round(one, 1) for one in os.getloadavg()],
    }


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
