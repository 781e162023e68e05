"""A part of the supervisor itself: keeps the listening sockets open, counts starts, keeps process ids true."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from supervisor import events

from paperlane.local.home import LOCAL, Home


class Keeper:
    """An RPC interface of supervisord (`rpcinterface:paperlane`), made when the parts are known and none runs yet.

    supervisord closes a listening socket when the last process that had it ends; between that and the restart clients
    would be refused. One more reference, held here, keeps the socket, so that they wait in its queue instead.
    """

    def __init__(self, supervisord: Any) -> None:
        groups = supervisord.process_groups.values()
        self._sockets = [group.socket_manager.get_socket() for group in groups if hasattr(group, "socket_manager")]
        self._starts: Counter[str] = Counter()
        self._home = Home(Path.cwd())
        self._logger = supervisord.options.logger
        events.subscribe(events.ProcessStateStartingEvent, self._count)
        events.subscribe(events.ProcessStateRunningEvent, self._note)

    def starts(self) -> dict[str, int]:
        """How often each part was started since the supervisor began."""
        return dict(self._starts)

    def _count(self, event: Any) -> None:
        self._starts[event.process.config.name] += 1

    def _note(self, event: Any) -> None:
        """Write the part's new process id to local.json. A full disk must not end the supervisor."""
        name, pid = event.process.config.name, event.process.pid

        def change(local: dict[str, Any]) -> None:
            for kind in ("services", "servers"):
                if name in local.get(kind, {}):
                    local[kind][name]["pid"] = pid

        try:
            self._home.change_json(LOCAL, change)
        except (OSError, ValueError) as fault:
            self._logger.warn(f"{LOCAL} does not know that {name} is process {pid} now: {fault}")
