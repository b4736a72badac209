"""An isolated environment for neural-tangents: built by one command, reused later.

It is a virtual environment of its own in a cache folder, from pinned requirements that
ship with the package. It is built beside its final place and moved there when it works,
so that an interrupted build leaves nothing that looks finished. Where it cannot be built
the reason is given, and whatever needed it was not run.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from theory.errors import EngineError

PYTHONS = ((3, 10), (3, 13))
NEEDED_BYTES = 1_500_000_000
MARKER = "learnability-oracle.json"
ONLINE = ("connection", "resolve", "timed out", "network", "retry", "retries", "ssl")
Progress = Callable[[int, int, str], None]


class OracleUnavailable(EngineError, RuntimeError):
    """The oracle cannot be asked here; the message is the reason."""


def requirements() -> str:
    """The pinned packages, as text.

    Examples
    --------
    >>> "neural-tangents==0.6.5" in requirements()
    True
    """
    return files("verify.oracles").joinpath("requirements.txt").read_text()


def digest() -> str:
    """SHA-256 of the pinned packages: an environment of other ones is built anew."""
    pinned = [x for x in requirements().splitlines() if x and not x.startswith("#")]
    return hashlib.sha256("\n".join(pinned).encode()).hexdigest()


def default_folder() -> Path:
    """``neural-tangents`` in the user's cache folder for learnability."""
    cache = os.environ.get("XDG_CACHE_HOME")
    base = Path(cache) if cache else Path.home() / ".cache"
    return base / "learnability" / "neural-tangents"


@dataclass(frozen=True, slots=True)
class Environment:
    """The oracle's environment in a folder, there or not.

    Examples
    --------
    >>> Environment(Path("/nowhere/at/all")).is_ready
    False
    """

    folder: Path

    @classmethod
    def default(cls) -> "Environment":
        """The environment in the user's cache."""
        return cls(default_folder())

    @property
    def python(self) -> Path:
        """Its interpreter."""
        inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        return self.folder.joinpath(*inside)

    @property
    def is_ready(self) -> bool:
        """Whether it was finished, from the packages that are pinned now."""
        try:
            marker = json.loads((self.folder / MARKER).read_text())
        except (OSError, ValueError):
            return False
        return marker.get("requirements") == digest() and self.python.exists()

    def build(self, progress: Progress | None = None) -> None:
        """Make the environment, unless it is there already: about 560 MB, some minutes.

        It may be interrupted at any moment; the next call starts again beside what was
        left. A folder that holds something else is never touched.

        Parameters
        ----------
        progress
            Called with (steps done, steps in all, what is going on).

        Raises
        ------
        OracleUnavailable
            When there is no suitable Python, no room, no package index, or the folder is
            somebody else's.
        """
        if self.is_ready:
            return
        say = progress or (lambda *_: None)
        folder = self.folder.expanduser().absolute()
        self._check_folder(folder)
        interpreter = _interpreter()
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
            room = shutil.disk_usage(folder.parent).free
        except OSError as error:
            raise OracleUnavailable(
                f"{folder.parent} cannot be written ({error.strerror})"
            ) from None
        if room < NEEDED_BYTES:
            raise OracleUnavailable(
                f"{folder.parent} has {room / 1e9:.1f} GB free; about "
                f"{NEEDED_BYTES / 1e9:.1f} GB are needed while the oracle is built"
            )
        partial = folder.with_name(f"{folder.name}.building-{os.getpid()}")
        pinned = len([x for x in requirements().splitlines() if "==" in x])
        total = 2 * pinned + 3
        try:
            say(0, total, f"making an environment in {folder}")
            _run([interpreter, "-m", "venv", str(partial)], "making an environment")
            listed = partial / "requirements.txt"
            listed.write_text(requirements())
            for done, line in _install(Environment(partial).python, listed):
                say(min(1 + done, total - 2), total, line)
            say(total - 1, total, "importing neural-tangents for the first time")
            versions = next(Environment(partial).ask([]))
            marker = {"requirements": digest(), **versions}
            (partial / MARKER).write_text(json.dumps(marker, indent=2) + "\n")
            if folder.exists():
                shutil.rmtree(folder)
            partial.rename(folder)
            say(total, total, "done")
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _check_folder(self, folder: Path) -> None:
        if not folder.exists():
            return
        if not folder.is_dir():
            raise OracleUnavailable(
                f"{folder} is a file; the oracle needs a folder of its own"
            )
        ours = (folder / MARKER).exists()
        if any(folder.iterdir()) and not ours:
            raise OracleUnavailable(
                f"{folder} holds something else; it is left alone. Choose another folder"
            )

    def ask(self, jobs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Versions first, then the answer to each job, as the oracle gives them.

        Raises
        ------
        OracleUnavailable
            When the process fails; the message is its last line.
        """
        script = Path(__file__).with_name("process.py")
        command = [str(self.python), "-I", str(script)]
        keep = {
            k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JAX"))
        }
        with (
            tempfile.TemporaryFile("w+") as errors,
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=keep,
            ) as process,
        ):
            assert process.stdin
            assert process.stdout
            try:
                try:
                    json.dump({"jobs": jobs}, process.stdin)
                    process.stdin.close()
                except BrokenPipeError:
                    pass  # it died before reading; its last line says why
                for line in process.stdout:
                    yield json.loads(line)
                if process.wait() != 0:
                    errors.seek(0)
                    said = errors.read().strip().splitlines() or ["no message"]
                    raise OracleUnavailable(f"the oracle's process failed: {said[-1]}")
            finally:
                process.kill()


def _interpreter() -> str:
    """A Python that the pinned packages have wheels for."""
    least, most = PYTHONS
    if least <= sys.version_info[:2] <= most:
        return sys.executable
    for minor in range(most[1], least[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    span = f"{least[0]}.{least[1]} to {most[0]}.{most[1]}"
    raise OracleUnavailable(
        f"jax 0.5.3 needs Python {span}, and there is none on the path"
    )


def _sweep(folder: Path) -> None:
    """Remove what builds left that are no longer running."""
    for left in folder.parent.glob(f"{folder.name}.building-*"):
        number = left.name.rpartition("-")[2]
        if number.isdecimal() and not _alive(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(number: int) -> bool:
    if os.name == "nt":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _run(command: list[str], what: str) -> None:
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        lines = (found.stderr or found.stdout).strip().splitlines()
        raise OracleUnavailable(
            f"{what} failed: {lines[-1] if lines else 'no message'}"
        )


def _install(python: Path, listed: Path) -> Iterator[tuple[int, str]]:
    """Install the pinned packages; (lines of progress so far, what is going on)."""
    command = [
        str(python), "-m", "pip", "install", "--no-deps", "--no-input",
        "--disable-pip-version-check", "--progress-bar", "off", "--retries", "1",
        "--timeout", "20", "-r", str(listed),
    ]  # fmt: skip
    lines: list[str] = []
    done = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        try:
            for line in process.stdout:
                lines.append(line.strip())
                if line.startswith(("Collecting", "  Downloading", "Installing")):
                    done += 1
                    yield done, line.partition(" (from")[0].strip()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise OracleUnavailable(_why(lines))


def _why(lines: list[str]) -> str:
    """One line on why pip failed."""
    text = "\n".join(lines).lower()
    errors = [x for x in lines if x.startswith("ERROR")]
    last = errors[-1] if errors else (lines[-1] if lines else "no message")
    if any(word in text for word in ONLINE):
        return f"the package index cannot be reached (pip: {last})"
    return f"the pinned packages cannot be installed (pip: {last})"
