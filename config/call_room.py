"""Room on Python's own call stack.

CPython keeps the frames of Python calls in chunks of 16 KB (``DATA_STACK_CHUNK_SIZE`` in Python/pystate.c), asks the system for the
next one when a call does not fit, and gives it back when that call returns. Django calls deep enough to reach such an edge, and a
loop that happens to run there pays two system calls and the page faults for each round: a third of the time of a request of 40 ms.
One frame that claims more than a chunk makes CPython take a chunk as large as the calls below it need, once.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

# In words of 8 bytes. CPython takes the next power of two above the frame and 1,000 words more: a chunk of 256 KB, half of it free.
WORDS = 16_000


def with_room(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, called from a frame that has room below it."""

    def roomy(*arguments: Any) -> Any:
        return function(*arguments)

    code = roomy.__code__.replace(co_stacksize=WORDS)
    return FunctionType(code, roomy.__globals__, roomy.__name__, closure=roomy.__closure__)
