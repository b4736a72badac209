"""DOMAIN and KERNEL as spectra; ``levels:FILE`` as a spectrum of its own."""

import csv
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from theory.errors import EngineError, OutOfDomain, Unsupported

if TYPE_CHECKING:
    from numerics import Spectrum
    from theory import Kernel

MAX_KERNELS = 1000
MAX_DEPTH = 4096
ANNOUNCED_DEPTH = 256
MAX_LEVELS = 1_000_000
MAX_DIGITS = 20_000
MAX_FILE_BYTES = 16 << 20
MAX_FILE_LEVELS = 10_000
MAX_FILE_BITS = 20_000_000
ANNOUNCED_LEVELS = 2_000
EIGENVALUES = {"eigenvalue", "eigenvalues", "lambda", "λ", "lam", "lambda_k", "λ_k"}
COUNTS = {"multiplicity", "multiplicities", "g", "g_k", "count", "counts", "degeneracy"}
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
        raise OutOfDomain(
            f"KERNEL is missing: {domain} needs one, such as ntk:relu:depth=4"
        )
    found: list[Kernel] = []
    for text in texts:
        wide = None if text.startswith("expr:") else RANGE.search(text)
        if wide and int(wide[2]) - int(wide[1]) >= MAX_KERNELS:
            raise OutOfDomain(
                f"kernel {text!r}: at most {MAX_KERNELS} kernels in a range"
            )
        for kernel in parse_many(text):
            depth = dict(kernel.parameters).get("depth", 1)
            if depth > MAX_DEPTH:
                raise Unsupported(
                    f"kernel {text!r}: depth = {depth}; at most {MAX_DEPTH} is evaluated"
                )
            if depth > ANNOUNCED_DEPTH:
                warnings.warn(
                    f"kernel {text!r}: depth = {depth}; deep kernels take minutes; a line "
                    "every minute says what is done",
                    stacklevel=2,
                )
            if kernel in found:
                raise OutOfDomain(f"kernel {kernel} is given twice")
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
    from learnability.data_texts import know_data
    from theory.domains import parse

    know_data()
    domain = parse(text)
    last = domain.last_level
    if last.is_Integer and last > MAX_LEVELS:
        raise Unsupported(
            f"{domain} has {last + 1} levels; at most {MAX_LEVELS} are enclosed"
        )
    return domain


def with_options(domain: str, label: str | None, norms: str | None) -> str:
    """``data:FILE`` with its options written out, as ``data:FILE?label=y&norms=equal``.

    Raises
    ------
    OutOfDomain
        When they are given for another domain.

    Examples
    --------
    >>> with_options("data:x.csv", "y", "equal"), with_options("hypercube:8", None, None)
    ('data:x.csv?label=y&norms=equal', 'hypercube:8')
    """
    from urllib.parse import quote

    given = {"label": label, "norms": norms}
    options = [f"{k}={quote(x, safe=' ')}" for k, x in given.items() if x is not None]
    if not options:
        return domain
    if not is_data(domain):
        name = "--label" if label is not None else "--norms"
        raise OutOfDomain(f"{name} is for data:FILE, and the domain is {domain}")
    return domain + ("&" if "?" in domain else "?") + "&".join(options)


def is_data(domain: str) -> bool:
    """Whether the text names a data set."""
    return domain.strip().startswith("data:")


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
            raise OutOfDomain(f"domain {domain!r} names no file; write levels:FILE")
        if texts:
            raise OutOfDomain(
                f"kernel {texts[0]!r}: {domain} already holds the eigenvalues"
            )
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
    Unsupported
        When it has more than 10 000 levels.
    """
    from numerics import Spectrum
    from theory.numbers import integer, rational

    path = path.expanduser()
    text = _text_of(path)
    lines = text.count("\n")
    if lines > MAX_FILE_LEVELS + 1:
        raise Unsupported(
            f"levels:{path}: {lines} lines; at most {MAX_FILE_LEVELS} levels are taken, "
            "equal eigenvalues as one level with their multiplicity"
        )
    if lines > ANNOUNCED_LEVELS:
        warnings.warn(
            f"levels:{path}: {lines} levels, about {lines // 200} seconds for each n",
            stacklevel=2,
        )
    levels, bits, seen, swapped = [], 0, False, False
    for number, row in _rows(path, text):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if not seen and not re.search(r"\d", "".join(cells)):
            seen, swapped = True, _is_swapped(cells, f"levels:{path}, line {number}")
            continue
        seen = True
        try:
            if len(cells) != 2:
                raise OutOfDomain(f"{len(cells)} columns, where λ,g are needed")
            if swapped:
                cells.reverse()
            value = rational(cells[0], "eigenvalue", least=0)
            count = integer(cells[1], "multiplicity", least=1)
        except EngineError as error:
            raise OutOfDomain(f"levels:{path}, line {number}: {error}") from None
        levels.append((value, count))
        bits += sum(int(x).bit_length() for x in (value.p, value.q, count))
        if bits > MAX_FILE_BITS:
            raise Unsupported(
                f"levels:{path}, line {number}: numbers of more than {MAX_FILE_BITS} bits"
            )
    if not levels:
        raise OutOfDomain(f"levels:{path}: holds no level; lines λ,g are needed")
    return Spectrum.from_levels(levels)


def _is_swapped(names: list[str], where: str) -> bool:
    """Whether a head line names the multiplicity first.

    Raises
    ------
    OutOfDomain
        When it names neither column.
    """
    known = [
        0 if name.lower() in EIGENVALUES else 1 if name.lower() in COUNTS else None
        for name in names
    ]
    if len(names) != 2 or known == [None, None] or known[0] == known[1]:
        raise OutOfDomain(
            f"{where}: the columns are called {', '.join(names)}; eigenvalue,multiplicity "
            "(or lambda,g) are needed, in either order"
        )
    return known[0] == 1 or known[1] == 0


def _text_of(path: Path) -> str:
    """The text of a file of levels; what is no file, or too large, is refused unread."""
    try:
        kind = path.stat()
    except ValueError as error:
        raise OutOfDomain(f"levels:{path}: {error}") from None
    if path.exists() and not (path.is_file() or path.is_fifo()):
        what = "a directory" if path.is_dir() else "a device"
        raise OutOfDomain(f"levels:{path}: {what}, where a file is needed")
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        if max(kind.st_size, len(content)) > MAX_FILE_BYTES:
            raise OutOfDomain(f"levels:{path}: larger than {MAX_FILE_BYTES >> 20} MiB")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OutOfDomain(f"levels:{path}: not a text file") from None


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows; a line that is no row of a table is refused by its number."""
    reader = csv.reader(text.splitlines())
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise OutOfDomain(
                f"levels:{path}, line {reader.line_num}: {error}"
            ) from None
        yield reader.line_num, row
