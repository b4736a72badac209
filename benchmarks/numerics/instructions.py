"""Instructions that three hot paths execute, counted by callgrind: load moves none.

    python benchmarks/numerics/instructions.py [--write]

Each path runs twice under valgrind, with a few and with more repetitions; the difference
is what one repetition takes, without imports and caches. The counts are compared with
those kept in instructions.json, which ``--write`` renews; a path that takes a tenth more
is named, and the exit code is 1.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

KEPT = Path(__file__).with_suffix(".json")
FEW, MANY = 10, 60
TOLERATED = 1.1
PATHS = {
    "proved spectrum of a new depth-4 ReLU NTK, 8-cube": """
from numerics import spectrum
def run(i):
    spectrum(f"ntk:relu:depth=4,bias_variance=1/{100 + i}", "hypercube:8")
""",
    "all statistics at 200 n, 51 levels": """
import numpy as np
from numerics import predict, spectrum
s = spectrum("ntk:relu:depth=4,bias_variance=0.01", "hypercube:50").floats()
def run(i):
    predict(s, {1: 1}, np.geomspace(1, 1e6 + i, 200))
""",
    "kernel matrix of a depth-4 ReLU NTK, 200 × 200": """
import numpy as np
from learnability import kernels
K = kernels.parse("ntk:relu:depth=4,bias_variance=0.01")
def run(i):
    X = np.random.default_rng(i).normal(size=(200, 8))
    K.matrix(X / np.linalg.norm(X, axis=1, keepdims=True))
""",
}


def counted(code: str, repetitions: int) -> int:
    """Instructions of a fresh process that runs the path so many times."""
    program = f"{code}\nfor i in range({repetitions}):\n    run(i)\n"
    done = subprocess.run(
        [
            "valgrind",
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            sys.executable,
            "-c",
            program,
        ],
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        raise RuntimeError(f"valgrind failed: {done.stderr[-2000:]}")
    return int(found[1])


def main() -> int:
    """Count, compare, and keep where that is asked."""
    if shutil.which("valgrind") is None:
        print("valgrind is not installed", file=sys.stderr)
        return 2
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    found, worse = {}, False
    for name, code in PATHS.items():
        each = (counted(code, MANY) - counted(code, FEW)) / (MANY - FEW)
        found[name] = round(each / 1e6, 2)
        before = kept.get(name)
        ratio = f", {found[name] / before:.2f} of what is kept" if before else ""
        print(f"{found[name]:10.2f} million instructions: {name}{ratio}", flush=True)
        worse |= before is not None and found[name] > TOLERATED * before
    if "--write" in sys.argv:
        KEPT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return int(worse)


if __name__ == "__main__":
    raise SystemExit(main())
