"""The assignment of some applicants to some stands, by itself: solved to its optimum in milliseconds."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from allocations.engine.floor import Floats

    Indices = np.ndarray[Any, np.dtype[np.intp]]


def best_match(points: "Floats") -> "tuple[Indices, Indices]":
    """Rows and columns, one of each, with the most points together."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(points, maximize=True)
    return rows, columns


def prices_of(points: "Floats", rounds: int = 2000) -> "Floats":
    """What each column costs at the least if all buyers are content with what the best match gives them; 0 for one that is left over."""
    import numpy as np

    rows, columns = best_match(points)
    prices = np.zeros(points.shape[1])
    envy = points[rows] - points[rows, columns][:, None]
    for _ in range(rounds):
        higher = np.maximum(prices, (envy + prices[columns][:, None]).max(axis=0, initial=0.0))
        if np.abs(higher - prices).max(initial=0.0) < 1e-9:
            break
        prices = higher
    return prices
