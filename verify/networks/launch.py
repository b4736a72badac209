"""One worker process a device, on one machine.

    python -m verify.networks.launch FOLDER gpu:0 gpu:1

Each process sees its own GPU only, so that none reserves another's memory. Naming
``cpu`` several times starts as many processes, which share the cores.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from verify.networks.errors import DeviceError, NetworkError
from verify.networks.sweeps.folder import Folder


def _environment(device: str) -> dict[str, str]:
    platform, colon, number = device.partition(":")
    if platform == "cpu" and not colon:
        return {"JAX_PLATFORMS": "cpu"}
    if platform in ("gpu", "cuda") and number.isdecimal():
        return {"CUDA_VISIBLE_DEVICES": number}
    msg = f"device = {device!r}: must be cpu, or gpu:0, gpu:1 and so on"
    raise DeviceError(msg)


def launch(folder: str | os.PathLike[str], devices: Sequence[str]) -> bool:
    """Work on the sweeps of a folder with one process for each device.

    Parameters
    ----------
    folder : path
        Folder of results, with sweeps in it.
    devices : sequence of str
        ``"cpu"``, ``"gpu:0"``, ``"gpu:1"`` and so on.

    Returns
    -------
    bool
        Whether all cells are finished. A worker that dies leaves its cell to the
        others.

    Raises
    ------
    DeviceError
        If no device is named, or a name is none.
    FolderError
        If the folder asks for nothing, or is of another version.
    """
    if not devices:
        msg = "devices: must name one device or more"
        raise DeviceError(msg)
    environments = [_environment(device) for device in devices]
    place = Folder(folder, create=False)
    wanted = {cell.digest for cell in place.asked()}
    command = [sys.executable, "-m", "verify.networks.worker", os.fspath(folder)]
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    workers = [
        subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path, **extra})
        for extra in environments
    ]
    try:
        for worker in workers:
            worker.wait()
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()
    return wanted <= place.finished()


def main(arguments: list[str] | None = None) -> int:
    """Start the workers; the exit code is 0 when all cells are finished.

    Parameters
    ----------
    arguments : list of str, optional
        Command line; the process's own by default.

    Returns
    -------
    int
        0 all cells are finished, 2 bad input, 3 some are not, 130 interrupted.
    """
    parser = argparse.ArgumentParser(
        prog="python -m verify.networks.launch",
        description="Train missing nets with one process for each device.",
    )
    parser.add_argument("folder", help="folder of results, with sweeps in it")
    parser.add_argument("devices", nargs="+", help="cpu, gpu:0, gpu:1, …")
    options = parser.parse_args(arguments)
    try:
        return 0 if launch(options.folder, options.devices) else 3
    except NetworkError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
