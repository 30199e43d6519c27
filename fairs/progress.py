"""A progress bar on a terminal; silence in a log."""

from typing import Any

_WIDTH = 30


class ProgressBar:
    """``bar(done, total)`` draws; call :meth:`clear` before anything else is written."""

    def __init__(self, output: Any, label: str) -> None:
        self._output = output
        self._label = label
        self._is_shown = bool(getattr(output, "isatty", lambda: False)())
        self._percent = -1

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if not self._is_shown or percent == self._percent:
            return
        self._percent = percent
        filled = _WIDTH * percent // 100
        self._write(f"\r{self._label} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}")

    def clear(self) -> None:
        if self._is_shown and self._percent >= 0:
            self._write("\r\033[K")

    def _write(self, text: str) -> None:
        self._output.write(text, ending="")
        self._output.flush()
