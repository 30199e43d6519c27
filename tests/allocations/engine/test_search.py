from allocations.engine import checker
from allocations.engine.greedy import greedy
from allocations.engine.groups import edges_of, pairs_of, pavilions_of, usable_points
from allocations.engine.objective import reward
from allocations.engine.prices import Relaxation, find_prices
from allocations.engine.problem import problem_of
from allocations.engine.search import Search
from benchmarks.allocation_instances import make


def test_points_are_counted_by_the_difference_and_every_move_keeps_the_rules() -> None:
    instance, _ = make(stands=60, exhibitors=52, seed=9)
    problem = problem_of(instance)
    points, edges = usable_points(problem), edges_of(problem)
    groups = pavilions_of(problem, points) + pairs_of(problem, points, edges)
    prices = find_prices(Relaxation(problem, points, groups, edges), rounds=50)
    search = Search(problem, points, groups, prices.stands, reward=reward(instance), seed=1)
    search.begin(greedy(problem))
    for number in range(120):
        search.move(search.pick(), heat=30.0) if number % 10 else search.polish()
        answer = problem.assignment(search.standing.places)
        assert checker.violations(instance, answer) == []
        assert abs(checker.comfort(instance, answer) + search.reward * len(answer) - search.points) < 1e-4
    assert abs(search.count() - search.points) < 1e-4
