"""What is installed, what it runs on, and whether known answers come out.

Every self-check compares with a value found another way, so each of them can fail.
"""

import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from math import comb
from typing import Any

from learnability.startup import name_conflicts

CORE = ("sympy", "mpmath", "python-flint", "numpy", "scipy", "cyclopts", "rich")
EXTRAS = {
    "jax": ("jax", "filelock"),
    "verify": ("hypothesis", "scikit-learn"),
    "sweeps": ("xarray", "h5netcdf", "dask"),
    "figures": ("matplotlib", "tueplots"),
    "explore": ("marimo", "matplotlib"),
    "docs": ("sphinx", "furo", "myst-nb", "sphinx-mathjax-offline"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    well: bool
    says: str


@dataclass(frozen=True, slots=True)
class Health:
    """All findings: about the core, the extras, the devices and the self-checks."""

    core: tuple[Finding, ...]
    extras: tuple[Finding, ...]
    devices: tuple[Finding, ...]
    checks: tuple[Finding, ...]

    @property
    def well(self) -> bool:
        """Whether the core is there and every self-check passes."""
        return all(finding.well for finding in (*self.core, *self.checks))

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"well": self.well, **asdict(self)}

    def __str__(self) -> str:
        lines = []
        for title, findings in (
            ("core", self.core),
            ("extras", self.extras),
            ("devices", self.devices),
            ("self-checks", self.checks),
        ):
            lines.append(title)
            lines += [f"  {_mark(f)} {f.name.ljust(14)} {f.says}" for f in findings]
        last = "everything works" if self.well else "something is wrong"
        return "\n".join([*lines, last])


def examine() -> Health:
    """Look at everything; nothing raises, what fails is reported."""
    return Health(_core(), _extras(), _devices(), _checks())


def _mark(finding: Finding) -> str:
    return "ok" if finding.well else "--"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _core() -> tuple[Finding, ...]:
    found = [
        Finding("learnability", True, str(_version("learnability"))),
        Finding("python", True, f"{platform.python_version()} at {sys.executable}"),
    ]
    for package in CORE:
        has = _version(package)
        says = has or f"missing; pip install {package}"
        found.append(Finding(package, has is not None, says))
    return (*found, _names())


def _names() -> Finding:
    """Whether the import names of the engine are its own, in files that it installed."""
    owners, changed = name_conflicts.foreign_owners(), name_conflicts.overwritten()
    if owners:
        who = "; ".join(f"{name} by {', '.join(d)}" for name, d in owners.items())
        says = f"also installed: {who}; use an environment without them"
    elif changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        says = f"changed since installation: {changed[0]}{more}; install again"
    else:
        says = f"{', '.join(name_conflicts.PACKAGES)} are this engine's own"
    return Finding("import names", not owners and not changed, says)


def _extras() -> tuple[Finding, ...]:
    found = []
    for extra, packages in EXTRAS.items():
        versions = {package: _version(package) for package in packages}
        missing = [package for package, has in versions.items() if has is None]
        here = ", ".join(f"{package} {has}" for package, has in versions.items() if has)
        cure = f"missing {', '.join(missing)}; pip install 'learnability[{extra}]'"
        says = "; ".join(filter(None, [here, cure if missing else ""]))
        found.append(Finding(extra, not missing, says))
    return tuple(found)


def _devices() -> tuple[Finding, ...]:
    if _version("jax") is None:
        return (Finding("jax", False, "not installed; nets cannot be trained"),)
    try:
        import jax

        devices = jax.devices()
    except Exception as error:  # whatever a driver raises is a finding
        return (Finding("jax", False, f"{type(error).__name__}: {error}"),)
    return tuple(
        Finding(f"{device.platform}:{device.id}", True, device.device_kind)
        for device in devices
    )


def _checks() -> tuple[Finding, ...]:
    checks: dict[str, Callable[[], str]] = {
        "transform": check_transform,
        "constant": check_constant,
        "conservation": check_conservation,
    }
    found = []
    for name, check in checks.items():
        try:
            found.append(Finding(name, True, check()))
        except Exception as error:  # a self-check reports, whatever went wrong
            found.append(Finding(name, False, f"{type(error).__name__}: {error}"))
    return tuple(found)


def check_transform() -> str:
    """Hypercube eigenvalues of 1/(2 − t) against the exact sum over all corners.

    Raises
    ------
    Disagreement
        When an enclosure misses the exact value.

    Examples
    --------
    >>> check_transform()
    '1/(2 - t) on hypercube:6: 7 enclosures hold the exact sums'
    """
    from numerics import spectrum
    from theory.errors import Disagreement

    d = 6
    s = spectrum("expr:1/(2 - t)", f"hypercube:{d}", digits=20)
    for level in s.levels:
        k, total = level.index, Fraction(0)
        for m in range(d + 1):
            signs = sum(
                (-1) ** j * comb(m, j) * comb(d - m, k - j) for j in range(k + 1)
            )
            corner = 1 / (2 - (1 - Fraction(2 * m, d)))
            total += Fraction(comb(d, m) * signs, comb(d, k) * 2**d) * corner
        if not level.eigenvalue.contains(total):
            raise Disagreement(f"level {k}: {level.eigenvalue} does not hold {total}")
    return f"1/(2 - t) on hypercube:{d}: {d + 1} enclosures hold the exact sums"


def check_constant() -> str:
    """C of one level, λ(g − n)/n, against its closed form.

    Raises
    ------
    Disagreement
        When the enclosure misses it.
    """
    from numerics import Spectrum, constant
    from theory.errors import Disagreement

    c = constant(Spectrum.from_levels([("2/3", 7)]), 3, digits=40)
    expected = Fraction(2, 3) * 4 / 3
    if not c.contains(expected):
        raise Disagreement(f"{c} does not hold {expected}")
    return "one level, 40 digits: C encloses λ(g - n)/n"


def check_conservation() -> str:
    """Σ L over the points of a domain is n, for one data set, in rational arithmetic.

    Raises
    ------
    Disagreement
        When it is not.
    """
    from sympy import Matrix, Rational

    from theory.errors import Disagreement

    size, n = 5, 3
    kernel = Matrix(size, size, lambda i, j: Rational(1, 1 + abs(i - j)))
    data = kernel.extract(range(n), range(n))
    predictor = kernel.extract(range(size), range(n)) * data.inv()
    total = sum(predictor[i, i] for i in range(n))
    learned = (predictor * kernel.extract(range(n), range(size)) * kernel.inv()).trace()
    if total != n or learned != n:
        raise Disagreement(f"the learnabilities sum to {learned}, not {n}")
    return f"{n} points of {size}: the learnabilities sum to exactly {n}"
