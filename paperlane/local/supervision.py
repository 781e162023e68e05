"""The supervisor of a stack: its configuration, its start, and the calls that it takes over a socket in the home."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import Faults, SupervisorTransport

from paperlane.local.errors import StackFault
from paperlane.local.home import CONTROL_SOCKET, Home
from paperlane.local.parts import Part

CONFIGURATION = "run/supervisord.conf"
START_LOG = "supervisord-start"
START_SECONDS = 15.0
STOP_SECONDS = 60.0

# The supervisor runs in the home, and everything below is relative to it: a socket's path may have 107 bytes at most,
# and a path in this file no quote, no percent sign and no " #".
_HEAD = f"""\
[supervisord]
nodaemon = true
silent = true
identifier = paperlane
logfile = logs/supervisord.log
logfile_maxbytes = 5MB
logfile_backups = 2
pidfile = run/supervisord.pid
{{user}}
[unix_http_server]
file = /proc/self/cwd/{CONTROL_SOCKET}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[rpcinterface:paperlane]
supervisor.rpcinterface_factory = paperlane.local.keeper:Keeper
"""

_PROGRAM = """
[{kind}:{name}]
{socket}command = python -P -m paperlane.local.launch {name}
autostart = false
autorestart = true
startsecs = 1
startretries = 1000
stopwaitsecs = {stop_seconds}
killasgroup = true
redirect_stderr = true
stdout_logfile = logs/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 3
"""

# A listening socket of the supervisor's own is what an fcgi-program gets as its standard input, whatever it speaks.
_SOCKET = "socket = tcp://127.0.0.1:{port}\nsocket_backlog = 2048\n"


def configuration(parts: Sequence[Part]) -> str:
    """supervisord.conf for `parts`; each is started by name, in the order that `up` knows."""
    programs = (
        _PROGRAM.format(
            kind="fcgi-program" if part.listens_on else "program",
            socket=_SOCKET.format(port=part.listens_on) if part.listens_on else "",
            name=part.name,
            stop_seconds=part.stop_seconds,
        )
        for part in parts
    )
    return _HEAD.format(user="user = root\n" if os.geteuid() == 0 else "") + "".join(programs)


@dataclass(frozen=True, slots=True)
class Program:
    """A part as the supervisor sees it: `state` in its words, `pid` None while there is no process, `started_at` in
    seconds since 1970, and how often it was started since the supervisor began.
    """

    state: str
    pid: int | None
    started_at: float
    starts: int

    @property
    def runs(self) -> bool:
        return self.state in ("RUNNING", "STARTING")


@dataclass(frozen=True, slots=True)
class Supervisor:
    """The supervisor of `home`, running or not."""

    home: Home

    def runs(self) -> bool:
        try:
            self._call("supervisor.getState")
        except OSError:
            return False
        return True

    def launch(self, environment: Mapping[str, str]) -> None:
        """Start the supervisor in a session of its own, keeping none of our files open; StackFault when it fails to."""
        log = self.home.log(START_LOG)
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", "supervisor.supervisord", "-c", CONFIGURATION],
                cwd=self.home.path,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.runs():
            if process.poll() is not None or time.monotonic() > deadline:
                raise StackFault(
                    "The supervisor did not start.",
                    f"Its words are below and in {log}.",
                    self.home.log_tail(START_LOG),
                )
            time.sleep(0.02)
        process.returncode = 0  # it outlives us: no warning that it still runs

    def programs(self) -> dict[str, Program]:
        """Every part that this stack runs itself, by name."""
        starts = self._call("paperlane.starts")
        return {
            info["name"]: Program(info["statename"], info["pid"] or None, info["start"], starts.get(info["name"], 0))
            for info in self._call("supervisor.getAllProcessInfo")
        }

    def pid(self) -> int:
        return int(self._call("supervisor.getPID"))

    def start(self, names: Sequence[str]) -> None:
        """Start those of the parts that do not run, now, also when a retry was due later; wait for none."""
        for name, program in self.programs().items():
            if name in names and not program.runs:
                self._call("supervisor.stopProcess", name, False, ignoring=Faults.NOT_RUNNING)
                self._call("supervisor.startProcess", name, False, ignoring=Faults.ALREADY_STARTED)

    def stop(self, names: Sequence[str]) -> None:
        """Stop the parts and wait until they have ended, by SIGKILL at the latest."""
        for name in names:
            self._call("supervisor.stopProcess", name, False, ignoring=Faults.NOT_RUNNING)
        deadline = time.monotonic() + STOP_SECONDS
        while any(self.programs()[name].pid for name in names) and time.monotonic() < deadline:
            time.sleep(0.05)

    def shutdown(self) -> None:
        """End the supervisor itself; what still runs is stopped with it."""
        self._call("supervisor.shutdown")

    def _call(self, method: str, *arguments: Any, ignoring: int | None = None) -> Any:
        """One XML-RPC call; OSError when the supervisor is not there."""
        folder = os.open(self.home.path / Path(CONTROL_SOCKET).parent, os.O_RDONLY)
        try:
            address = f"unix:///proc/self/fd/{folder}/{Path(CONTROL_SOCKET).name}"
            with xmlrpc.client.ServerProxy("http://localhost", SupervisorTransport(None, None, address)) as server:
                call: Any = server
                for name in method.split("."):
                    call = getattr(call, name)
                return call(*arguments)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != ignoring:
                raise
        finally:
            os.close(folder)
