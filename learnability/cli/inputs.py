"""DOMAIN and KERNEL as spectra; ``levels:FILE`` as a spectrum of its own."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from theory.errors import EngineError, OutOfDomain, Unsupported

if TYPE_CHECKING:
    from numerics import Spectrum
    from theory import Kernel

MAX_KERNELS = 1000
MAX_DEPTH = 4096
MAX_LEVELS = 1_000_000
MAX_DIGITS = 100_000
MAX_FILE_BYTES = 64 << 20
RANGE = re.compile(r"=(\d{1,18})\.\.(\d{1,18})")


def kernels(texts: Sequence[str], domain: str) -> "list[Kernel]":
    """All kernels that are named, ranges such as ``depth=1..5`` written out.

    Raises
    ------
    OutOfDomain
        When there is none, or one is malformed.

    Examples
    --------
    >>> [str(kernel) for kernel in kernels(["polynomial:degree=1..2"], "circle:8")]
    ['polynomial:degree=1', 'polynomial:degree=2']
    """
    from theory.kernels import parse_many

    if not texts:
        msg = f"KERNEL is missing: {domain} needs one, such as ntk:relu:depth=4"
        raise OutOfDomain(msg)
    found: list[Kernel] = []
    for text in texts:
        wide = None if text.startswith("expr:") else RANGE.search(text)
        if wide and int(wide[2]) - int(wide[1]) >= MAX_KERNELS:
            msg = f"kernel {text!r}: at most {MAX_KERNELS} kernels in a range"
            raise OutOfDomain(msg)
        for kernel in parse_many(text):
            depth = dict(kernel.parameters).get("depth", 1)
            if depth > MAX_DEPTH:
                msg = f"kernel {text!r}: depth = {depth}; at most {MAX_DEPTH} is evaluated"
                raise Unsupported(msg)
            if kernel in found:
                msg = f"kernel {kernel} is given twice"
                raise OutOfDomain(msg)
            found.append(kernel)
    return found


def place(text: str) -> Any:
    """The domain of that name, refused where its levels could not even be listed.

    Raises
    ------
    OutOfDomain
        When the name is unknown.
    Unsupported
        When there are too many levels.

    Examples
    --------
    >>> str(place("hypercube:8"))
    'hypercube:8'
    """
    from theory.domains import parse

    domain = parse(text)
    last = domain.last_level
    if last.is_Integer and last > MAX_LEVELS:
        msg = f"{domain} has {last + 1} levels; at most {MAX_LEVELS} are enclosed"
        raise Unsupported(msg)
    return domain


def spectra(domain: str, texts: Sequence[str], digits: int) -> "dict[str, Spectrum]":
    """Label → spectrum, for every kernel, or for the levels of a file.

    Raises
    ------
    OutOfDomain
        When the domain, a kernel or the file is malformed.
    """
    from numerics import spectrum

    kind, _, name = domain.partition(":")
    if kind == "levels":
        if not name:
            msg = f"domain {domain!r} names no file; write levels:FILE"
            raise OutOfDomain(msg)
        if texts:
            msg = f"kernel {texts[0]!r}: {domain} already holds the eigenvalues"
            raise OutOfDomain(msg)
        return {domain: from_file(Path(name))}
    where = place(domain)
    return {
        str(kernel): spectrum(kernel, where, digits=digits)
        for kernel in kernels(texts, domain)
    }


def from_file(path: Path) -> "Spectrum":
    """The spectrum of a CSV file with the columns λ and g; a head line is allowed.

    Raises
    ------
    OutOfDomain
        Naming the file and the line that is malformed.
    """
    from numerics import Spectrum
    from theory.numbers import integer, rational

    if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
        msg = f"levels:{path}: larger than {MAX_FILE_BYTES >> 20} MiB"
        raise OutOfDomain(msg)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        msg = f"levels:{path}: not a text file"
        raise OutOfDomain(msg) from None
    except ValueError as error:
        msg = f"levels:{path}: {error}"
        raise OutOfDomain(msg) from None
    levels = []
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if not levels and number == 1 and not re.search(r"\d", "".join(cells)):
            continue
        try:
            if len(cells) != 2:
                msg = f"{len(cells)} columns, where λ,g are needed"
                raise OutOfDomain(msg)
            value = rational(cells[0], "eigenvalue", least=0)
            count = integer(cells[1], "multiplicity", least=1)
        except EngineError as error:
            msg = f"levels:{path}, line {number}: {error}"
            raise OutOfDomain(msg) from None
        levels.append((value, count))
    if not levels:
        msg = f"levels:{path}: holds no level; lines λ,g are needed"
        raise OutOfDomain(msg)
    return Spectrum.from_levels(levels)
