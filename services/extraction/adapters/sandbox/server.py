"""The fork server: a process with all libraries loaded and one thread, which forks a child for every document.

    python -m services.extraction.adapters.sandbox.server JSON

The worker starts it with a socket as its standard input and the limits in JSON. It ends when the worker does: then the
socket is closed. It opens no document itself; the language models are all it reads.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from services.extraction.adapters.reading.ocr import Ocr, load, models_for
from services.extraction.adapters.sandbox import child
from services.extraction.adapters.sandbox.confinement import Confinement
from services.extraction.adapters.sandbox.protocol import End, Limits, Ready, Request, receive, send
from services.extraction.adapters.sandbox.rehearsal import LANGUAGES, rehearse

# Of a document's time: what cannot be read in it stays out, and the rest is still understood and shown.
READING_SHARE = 0.7


class ForkServer:
    """Serves one worker, one document at a time."""

    def __init__(self, worker: socket.socket, limits: Limits, tessdata: Path) -> None:
        self._worker, self._limits, self._tessdata = worker, limits, tessdata
        self._confinement = Confinement(limits)

    def serve(self) -> None:
        """Until the worker is gone; SystemExit when this machine cannot confine a child."""
        rehearse(self._ocr(LANGUAGES))
        self._try_the_walls()
        # What is there now stays for ever: not moving it keeps the children's memory shared with ours.
        gc.collect()
        gc.freeze()
        try:
            send(self._worker, Ready(self._confinement.has_landlock))
            while True:
                request, (document, answer) = receive(self._worker, descriptors=2)
                send(self._worker, self._read(Request(**request), document, answer))
        except (EOFError, ConnectionError):
            return

    def _read(self, request: Request, document: int, answer: int) -> End:
        ocr = self._ocr(request.languages).within(READING_SHARE * self._limits.seconds)
        pid = os.fork()
        if pid == 0:
            child.run(request, document, answer, ocr, self._confinement)
        os.close(document)
        os.close(answer)
        return self._watch(pid)

    def _ocr(self, languages: Sequence[str]) -> Ocr:
        return load(models_for(languages, self._tessdata), self._tessdata)

    def _watch(self, pid: int) -> End:
        """Wait for the child; whatever happens, it and what it may have started are gone afterwards."""
        ended = os.pidfd_open(pid)
        ready, _, _ = select.select([ended, self._worker.fileno()], [], [], self._limits.seconds)
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:  # it has not made its group yet
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        os.close(ended)
        if ready == [self._worker.fileno()]:
            raise EOFError
        return End(os.waitstatus_to_exitcode(status), timed_out=not ready, peak=usage.ru_maxrss * 1024)

    def _try_the_walls(self) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                self._confinement.enter()
            finally:
                os._exit(sys.exc_info()[0] is not None)
        if os.waitpid(pid, 0)[1]:
            raise SystemExit("This machine cannot confine a child: seccomp filters or resource limits are refused.")


def main() -> None:
    # The worker decides when this ends; a Ctrl-C or a stop for its whole group must not tear down a running child.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    options = json.loads(sys.argv[1])
    ForkServer(socket.socket(fileno=0), Limits(**options["limits"]), Path(options["tessdata"])).serve()


if __name__ == "__main__":
    main()
