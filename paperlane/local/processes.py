"""The processes of a stack, found by a mark in their environment: what they use, and the end of those left over."""

from __future__ import annotations

import os
from collections.abc import Mapping

import psutil

from paperlane.local.home import Home

MARK = "PAPERLANE_STACK"
TERM_SECONDS = 15.0
KILL_SECONDS = 5.0

# Settings of services that `up` passes on when it is given them.
PASSED_ON = (
    "PAPERLANE_LOG_LEVEL",
    "PAPERLANE_JOB_SECONDS",
    "PAPERLANE_RETRY_SECONDS",
    "PAPERLANE_KEY_PUBLISH_SECONDS",
)
PASSED_ON_FROM_SYSTEM = ("TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


def environment(home: Home, caller: Mapping[str, str], binaries: str) -> dict[str, str]:
    """What every process of the stack gets: the mark, and nothing of the caller's that could change how it works
    (proxies, Python's switches, a home folder that may go away). `binaries` is the folder of our own interpreter.
    """
    passed = {name: caller[name] for name in (*PASSED_ON, *PASSED_ON_FROM_SYSTEM) if name in caller}
    path = f"{binaries}:{caller.get('PATH', '')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return passed | {
        MARK: str(home.path),
        "PATH": path,
        "HOME": str(home.path),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        # glibc keeps up to 8 heaps per core for the threads of one process; two serve ours as well.
        "MALLOC_ARENA_MAX": "2",
    }


def members(home: Home) -> list[psutil.Process]:
    """Every process that this stack, or an earlier run of it, started, whoever its parent is now."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == str(home.path):
                found.append(process)
        except psutil.Error:
            continue  # ended meanwhile, or another user's: not ours
    return found


def end_leftovers(home: Home) -> int:
    """End what runs without a supervisor: SIGTERM, then SIGKILL. Returns how many there were."""
    left = members(home)
    for process in left:
        _signal(process, "terminate")
    _, stubborn = psutil.wait_procs(left, TERM_SECONDS)
    for process in stubborn:
        _signal(process, "kill")
    psutil.wait_procs(stubborn, KILL_SECONDS)
    return len(left)


def memory(pid: int, with_children: bool = True) -> int:
    """Bytes of a process and all below it, shared pages split fairly (PSS); 0 when it has ended."""
    try:
        process = psutil.Process(pid)
        children = process.children(recursive=True) if with_children else []
        return sum(_proportional(member) for member in (process, *children))
    except psutil.NoSuchProcess:
        return 0


def _proportional(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _signal(process: psutil.Process, method: str) -> None:
    try:
        getattr(process, method)()
    except psutil.NoSuchProcess:
        return
