"""Questions are answered by workers of bounded number, time and memory.

Each browser tab asks from a thread of the server. A long calculation there would hold up
every other tab, so it runs in a process of its own, which is ended when its time is up;
the next question gets a new one. Run as a module, this file is such a worker: it reads
pickled questions from its parent on standard input, and nobody else can write there.
"""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import Empty, Queue
from typing import IO, Any

from theory.errors import EngineError, Unsupported

SECONDS = 45.0
START_SECONDS = 60.0
WORKERS = 3
MEMORY = 4 << 30
READY = "ready"


class Worker:
    """One process that answers one question at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "learnability.explore.bounded"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.replies: Queue[Any] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        broken = (EOFError, OSError, ValueError, pickle.UnpicklingError)
        with self.process.stdout as replies, contextlib.suppress(*broken):
            while True:
                self.replies.put(pickle.load(replies))
        self.replies.put(None)

    def ask(self, what: str, question: Any, seconds: float) -> Any:
        """The reply; a process that does not give one in time is ended.

        Raises
        ------
        Unsupported
            When the time is up, or the process ended for lack of memory.
        EngineError
            What the question itself is refused for.
        """
        try:
            if self.replies.get(timeout=START_SECONDS) != READY:
                raise EOFError
            assert self.process.stdin is not None
            pickle.dump((what, question), self.process.stdin)
            self.process.stdin.flush()
            reply = self.replies.get(timeout=seconds)
        except Empty:
            self.end()
            raise Unsupported(
                f"no answer within {seconds:g} seconds; ask the command line instead"
            ) from None
        except (EOFError, OSError):
            reply = None
        if reply is None:
            self.end()
            raise Unsupported("the calculation ended early, for lack of memory perhaps")
        if isinstance(reply, Exception):
            raise reply
        return reply

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()


class Workers:
    """A bounded number of workers, started when they are first needed.

    Parameters
    ----------
    count
        How many questions are answered at once.
    seconds
        How long one question may take, and may wait for a free worker.
    """

    def __init__(self, count: int = WORKERS, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.places: Queue[Worker | None] = Queue()
        for _ in range(count):
            self.places.put(None)

    def ask(self, what: str, question: Any) -> Any:
        """The reply of a free worker to ``answer`` or ``simulate``.

        Raises
        ------
        EngineError
            When the question is refused, too long, or no worker is free.
        """
        try:
            worker = self.places.get(timeout=self.seconds)
        except Empty:
            raise Unsupported(
                "all workers are busy with other questions; ask again"
            ) from None
        try:
            if worker is None or worker.process.poll() is not None:
                worker = Worker()
            return worker.ask(what, question, self.seconds)
        finally:
            self.places.put(worker)

    def close(self) -> None:
        """End all workers."""
        while not self.places.empty():
            worker = self.places.get()
            if worker is not None:
                worker.end()


workers = Workers()


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _reply(calls: dict[str, Callable[[Any], Any]], what: str, question: Any) -> bytes:
    try:
        found: Any = calls[what](question)
    except EngineError as error:
        found = error
    except MemoryError:
        found = Unsupported("not enough memory for a question of this size")
    except Exception as error:  # a fault of ours must not end the page
        found = Unsupported(f"{type(error).__name__}: {error}")
    return pickle.dumps(found)


def _serve(questions: IO[bytes], replies: IO[bytes]) -> None:
    from learnability.explore.answers import answer
    from learnability.explore.simulation import simulate
    from learnability.startup import plugins

    plugins.load()
    calls = {"answer": answer, "simulate": simulate}
    _limit_memory()
    while True:
        pickle.dump(READY, replies)
        replies.flush()
        try:
            what, question = pickle.load(questions)
        except EOFError:
            return
        replies.write(_reply(calls, what, question))
        replies.flush()


if __name__ == "__main__":
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with replies
    _serve(sys.stdin.buffer, own)
