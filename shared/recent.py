"""A memory of bounded size for what is known of others: whoever was seen longest ago is forgotten first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values of the `size` keys that were asked for last, for all threads; each is made when its key is new."""

    def __init__(self, size: int, make: Callable[[], Value]) -> None:
        self._size = size
        self._make = make
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Key) -> Value:
        """The key's value; the same for everybody who asks, until it is forgotten."""
        with self._lock:
            value = self._values.get(key)
            if value is None:
                value = self._values[key] = self._make()
                if len(self._values) > self._size:
                    self._values.popitem(last=False)
            else:
                self._values.move_to_end(key)
            return value

    def forget(self, key: Key, when: Callable[[Value], bool] = lambda _: True) -> None:
        """Forget the key's value, if there is one that `when` is true of."""
        with self._lock:
            value = self._values.get(key)
            if value is not None and when(value):
                del self._values[key]
