"""The walls around a child that reads a document: limits, another user, no files, no network, no other process.

Everything here is for good and for the process that calls it. `pyseccomp` loads the system's libseccomp on import.
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import resource
import signal
import sysconfig
from pathlib import Path

import pyseccomp

from services.extraction.adapters.sandbox import landlock
from services.extraction.adapters.sandbox.protocol import Limits

NOBODY = 65534
OPEN_FILES = 32
# The wall clock ends a child first; this ends one whose server is gone or stopped.
SPARE_CPU_SECONDS = 5
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_NO_NEW_PRIVILEGES = 1, 4, 38

# Reading needs fonts and, for what Python imports late, the libraries. Nothing else exists for a child.
READABLE = tuple(
    Path(path)
    for path in dict.fromkeys(
        [*(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")), "/usr/share/fonts"]
    )
)

# What a process that computes never calls, and one that was taken over would.
FORBIDDEN = (
    # another process, or another program
    *("fork", "vfork", "clone", "clone3", "execve", "execveat", "kill", "tkill", "ptrace", "process_vm_readv"),
    *("process_vm_writev", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo"),
    *("process_madvise", "kcmp", "setpgid", "setsid", "setpriority", "sched_setaffinity", "sched_setscheduler"),
    # network and other ways to talk
    *("socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg"),
    *("recvfrom", "recvmsg", "recvmmsg", "memfd_create", "shmget", "shmat", "msgget", "semget", "mq_open"),
    # files: Landlock forbids them too, where the kernel has it
    *("mkdir", "mkdirat", "mknod", "mknodat", "rename", "renameat", "renameat2", "link", "linkat", "symlink"),
    *("symlinkat", "unlink", "unlinkat", "rmdir", "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown"),
    *("fchownat", "truncate", "utimensat", "setxattr", "open_by_handle_at", "name_to_handle_at", "inotify_init1"),
    *("fanotify_init", "chroot", "pivot_root", "mount", "umount2", "open_tree", "move_mount", "fsopen", "fsmount"),
    # more rights, and the kernel's rarer doors
    *("setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid", "setfsgid"),
    *("capset", "unshare", "setns", "personality", "keyctl", "add_key", "request_key", "bpf", "perf_event_open"),
    *("userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "init_module", "finit_module"),
    *("delete_module", "kexec_load", "reboot", "swapon", "swapoff", "syslog", "quotactl", "acct", "settimeofday"),
    *("clock_settime", "clock_adjtime", "sethostname", "setdomainname", "vhangup", "lookup_dcookie", "iopl", "ioperm"),
)

_REFUSE = pyseccomp.ERRNO(errno.EPERM)
_libc = ctypes.CDLL(None, use_errno=True)


class Confinement:
    """Prepared once by the fork server, which may open what a child may not; entered by each child."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._server = limits, os.getpid()
        self._ruleset = landlock.prepare(folder for folder in READABLE if folder.is_dir())
        self._filter = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        for name in FORBIDDEN:
            self._filter.add_rule(_REFUSE, name)
        # The limits of another process; 0 is the caller.
        self._filter.add_rule(_REFUSE, "prlimit64", pyseccomp.Arg(0, pyseccomp.NE, 0))

    @property
    def has_landlock(self) -> bool:
        return self._ruleset is not None

    def enter(self) -> None:
        """Lock up this process, a fresh child of the one that prepared this; OSError when a wall cannot be built."""
        os.setsid()
        os.chdir("/")
        _set_limits(self._limits)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        # After the change of user, which clears it.
        _control(_SET_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != self._server:
            raise ProcessLookupError("the fork server died before its child was tied to it")
        _control(_SET_DUMPABLE, 0)
        _control(_SET_NO_NEW_PRIVILEGES, 1)
        if self._ruleset is not None:
            landlock.enter(self._ruleset)
            os.close(self._ruleset)
        # abort() sends a signal to its own process; to others there is nothing to say.
        self._filter.add_rule(_REFUSE, "tgkill", pyseccomp.Arg(0, pyseccomp.NE, os.getpid()))
        self._filter.load()


def _set_limits(limits: Limits) -> None:
    cpu_seconds = math.ceil(limits.seconds) + SPARE_CPU_SECONDS
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _control(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
