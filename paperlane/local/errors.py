"""Why the local stack could not do what was asked, told with the cure."""

from __future__ import annotations

from collections.abc import Sequence


class StackFault(Exception):
    """An expected failure. `cure` is what the reader can do about it; `log` the last lines of the part's log."""

    def __init__(self, what: str, cure: str, log: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.cure = cure
        self.log = tuple(log)
