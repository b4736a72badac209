"""What a prediction holds: the statistics of a target over n, ridge and noise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from numerics.numbers.ball import Ball
from theory import OutOfDomain, Unsupported
from theory.methods import FromAbove, method_of

SHOWN = 4
"""How many n one line lists before it says from where to where."""


def _same(a: Any, b: Any) -> bool:
    """Whether two entries are the same, balls by their enclosures, NaN like NaN."""
    if isinstance(a, Ball):
        return isinstance(b, Ball) and a.same_enclosure(b)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(x, b[k]) for k, x in a.items())
    if not isinstance(a, np.ndarray):
        return a == b
    if not isinstance(b, np.ndarray) or a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype != object:
        return np.array_equal(a, b, equal_nan=True)
    return all(_same(x, y) for x, y in zip(a.flat, b.flat, strict=True))


@dataclass(frozen=True, eq=False)
class Prediction:
    """Statistics as arrays over the broadcast shape of n, ridge and noise.

    With several spectra C, learnability and the statistics have an axis for them first;
    with several targets the statistics have an axis for those next. Entries are floats,
    or Balls where digits were asked for. ``bias`` leaves the label noise out,
    ``test_mse`` includes it.

    Attributes
    ----------
    n, ridge, noise
        The inputs, broadcast: exact numbers, or the arrays that were given.
    C
        The constant.
    learnability
        Level → array, for the levels of the target.
    statistics
        Name → array, for every registered statistic. Each is an attribute too: ``E0``,
        ``target_learnability``, ``bias``, ``variance``, ``test_mse``, ``train_mse``, ….
        NaN, or None in a row, where a statistic has no meaning for what was asked.
    digits
        Proved digits, or None for float64.
    relative_error
        Bound of the relative error in float64 (0 where balls carry their own); in units
        of the target's power plus σ² where ``absolute_error`` is given.
    spectra, targets
        How many, where a list was given; None where not.
    equation
        Name of the formula from which C was obtained.
    asked
        What was asked beyond n, ridge and noise: ``{"sampling": "distinct"}``.
    without_meaning
        Names of the columns that have none for what was asked.
    absolute_error
        Statistic → how far each entry may be off, shaped like it, and "learnability" for
        all of these; empty where ``relative_error`` says it.
    claimed
        On data, where the theory's agreement with regression is claimed: n ≤ M/8; an
        array of truth values, None elsewhere.
    measured, measured_error
        What regression on held-out points gave, and its standard error, where it was run.
    context
        What ``remarks`` needs to compare; None in a copy from a file.

    Two predictions are equal when all entries are: floats bit by bit, balls by their
    enclosures.

    Raises
    ------
    OutOfDomain
        When an entry is no array, or its shape is not the one that n, ridge, noise,
        spectra and targets give.
    """

    n: np.ndarray
    ridge: np.ndarray
    noise: np.ndarray
    C: np.ndarray
    learnability: Mapping[int, np.ndarray]
    statistics: Mapping[str, np.ndarray]
    digits: int | None
    relative_error: float
    spectra: int | None = None
    targets: int | None = None
    equation: str = "implicit_equation"
    asked: Mapping[str, Any] = field(default_factory=dict)
    without_meaning: frozenset[str] = frozenset()
    claimed: np.ndarray | None = None
    measured: np.ndarray | None = None
    measured_error: np.ndarray | None = None
    absolute_error: Mapping[str, np.ndarray] = field(default_factory=dict)
    context: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        cases = np.shape(self.n)
        first = () if self.spectra is None else (self.spectra,)
        both = first if self.targets is None else (*first, self.targets)
        learned = {f"learnability[{k}]": x for k, x in self.learnability.items()}
        for shape, entries in (
            (cases, {name: getattr(self, name) for name in ("n", "ridge", "noise")}),
            ((*first, *cases), {"C": self.C, **learned}),
            ((*both, *cases), dict(self.statistics)),
            ((*both, *cases), dict(self.absolute_error)),
        ):
            for name, array in entries.items():
                if not isinstance(array, np.ndarray) or array.shape != shape:
                    found = getattr(array, "shape", type(array).__name__)
                    raise OutOfDomain(
                        f"{name} has shape {found}; an array of shape {shape} is needed"
                    )

    def __getattr__(self, name: str) -> np.ndarray:
        statistics = self.__dict__.get("statistics", {})
        if name in statistics:
            return statistics[name]
        known = ", ".join(statistics)
        raise AttributeError(
            f"a prediction has no attribute {name!r} (its statistics: {known})"
        )

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.statistics})

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"context": None}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Prediction):
            return NotImplemented
        nested = ("learnability", "statistics", "absolute_error")
        for name in nested:
            if getattr(self, name).keys() != getattr(other, name).keys():
                return False
        names = [x.name for x in fields(self) if x.name not in (*nested, "context")]
        pairs = [(getattr(self, name), getattr(other, name)) for name in names]
        for name in nested:
            mine, theirs = getattr(self, name), getattr(other, name)
            pairs += [(x, theirs[k]) for k, x in mine.items()]
        return all(_same(a, b) for a, b in pairs)

    __hash__ = None  # type: ignore[assignment]  # arrays can be written to

    def select(self, spectrum: int = 0, target: int = 0) -> "Prediction":
        """The prediction of one spectrum and one target.

        Raises
        ------
        OutOfDomain
            When there is no such spectrum or target.
        """
        for name, at, count in (
            ("spectrum", spectrum, self.spectra),
            ("target", target, self.targets),
        ):
            if not 0 <= at < (count or 1):
                raise OutOfDomain(f"{name} = {at} is outside 0..{(count or 1) - 1}")
        first = () if self.spectra is None else (spectrum,)
        both = first if self.targets is None else (*first, target)
        return replace(
            self,
            C=np.asarray(self.C[first]),
            learnability={
                k: np.asarray(x[first]) for k, x in self.learnability.items()
            },
            statistics={
                name: np.asarray(x[both]) for name, x in self.statistics.items()
            },
            absolute_error={
                name: np.asarray(x[both]) for name, x in self.absolute_error.items()
            },
            measured=None if self.measured is None else self.measured[both],
            measured_error=None
            if self.measured_error is None
            else self.measured_error[both],
            spectra=None,
            targets=None,
            context=None
            if self.context is None
            else self.context.select(spectrum, target),
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        """One mapping for each combination, in order; learnability is nested.

        With several spectra or targets, each row says which as ``spectrum``, ``target``.
        """
        if self.spectra is not None or self.targets is not None:
            for a in range(self.spectra or 1):
                for b in range(self.targets or 1):
                    which = {} if self.spectra is None else {"spectrum": a}
                    which |= {} if self.targets is None else {"target": b}
                    for row in self.select(a, b).rows():
                        yield which | row
            return
        for index in np.ndindex(self.n.shape):
            row = {name: getattr(self, name)[index] for name in ("n", "ridge", "noise")}
            row["C"] = self._entry("C", self.C[index])
            row["learnability"] = {
                k: self._entry("learnability", x[index])
                for k, x in self.learnability.items()
            }
            for name, values in self.statistics.items():
                row[name] = self._entry(name, values[index])
            for name in ("claimed", "measured", "measured_error"):
                values = getattr(self, name)
                if values is not None:
                    row[name] = values[index].item()
            yield row

    def _entry(self, name: str, value: Any) -> Any:
        nothing = isinstance(value, float) and np.isnan(value)
        return None if nothing or name in self.without_meaning else value

    @property
    def modes(self) -> tuple[tuple[int, int], ...]:
        """Modes of the learned coefficients: (level, 0), along the target, and (level, 1).

        (k, 0) is the direction of the target's part in level k: its coefficient is the
        root of the level's power. (k, 1) stands for any other mode of the level, which
        the target lacks; a level of multiplicity 1 has none.
        """
        from numerics.statistics.second_order.setting import Setting

        return Setting.of(self).modes

    @property
    def coefficient_mean(self) -> np.ndarray:
        """The mean of each learned coefficient of ``modes``, shape [cases…, mode].

        An approximation, as the theory is; floats, or balls where digits were asked for.

        Examples
        --------
        >>> from numerics import Spectrum, predict
        >>> p = predict(Spectrum.from_levels([(1, 4)]), {0: 4}, 2)
        >>> p.modes, p.coefficient_mean
        (((0, 0), (0, 1)), array([1., 0.]))
        """
        from numerics.statistics.second_order.coefficients import coefficient_mean

        return coefficient_mean(self)

    @property
    def coefficient_covariance(self) -> np.ndarray:
        """Covariances of the learned coefficients, shape [cases…, mode, mode].

        E/n L² on the diagonal, as if the error were noise, and E₀/n w wᵀ with
        w = L (1 − L) v, the piece of rank one (``formulas["coefficient_covariance"]``),
        of leading order in 1/n.

        Raises
        ------
        Unsupported
            When what was asked has no formula for it.
        OutOfDomain
            At n = N where the variance is infinite.

        Examples
        --------
        >>> from numerics import Spectrum, predict
        >>> predict(Spectrum.from_levels([(1, 4)]), {0: 4}, 2).coefficient_covariance
        array([[0.5 , 0.  ],
               [0.  , 0.25]])
        """
        from numerics.statistics.second_order.coefficients import (
            coefficient_covariance,
        )

        return coefficient_covariance(self)

    def function_mean(self, x: Any) -> np.ndarray:
        """The mean of the learned function at points, shape [cases…, point].

        Parameters
        ----------
        x
            Angles on the circle; corners ±1 of the cube; vectors of any norm on the
            sphere. A single point has no axis. A target of level powers is made of the
            first mode of each level: the parity of the first k bits, √2 cos kθ, the zonal
            harmonic about the first axis.

        Raises
        ------
        OutOfDomain
            When a point is none of the domain.
        Unsupported
            When the spectrum has no domain, or proved values of a function are asked for.

        Examples
        --------
        >>> from numerics import predict, spectrum
        >>> p = predict(spectrum("gaussian:width=2", "hypercube:4"), {1: 1}, [4, 8])
        >>> p.function_mean([1, 1, 1, -1]).round(3)
        array([0.476, 0.803])
        >>> p.function_covariance([1] * 4).round(3)
        array([0.21 , 0.069])
        """
        from numerics.statistics.second_order.function_values import function_mean

        return function_mean(self, x)

    def function_covariance(
        self, x: Any, x2: Any = None, *, local: bool | None = None
    ) -> np.ndarray:
        """Cov(f̂(x), f̂(x′)) over data sets and noise, shape [cases…, x, x2].

        With ``local`` the squared error may differ from point to point
        (``formulas["local_function_covariance"]``, float64): it spreads like noise of that
        variance, and the mean over the domain is ``variance``. Without, the error is taken
        as equal everywhere, as modes that act like Gaussian ones have it
        (``formulas["learned_function_covariance"]``, also proved). By default it is local
        in float64, where points stand for the domain, and not for proved values.

        Points as ``function_mean`` takes them; ``x2`` is x by default. Levels above the
        listed ones are listed further until they hold less than 10⁻⁹ of the variance, or
        a warning says how much; balls contain what they hold.

        Raises
        ------
        Unsupported
            When what was asked has no formula, or levels have no zonal function.
        """
        from numerics.statistics.second_order.function_values import function_covariance

        return function_covariance(self, x, x2, local=local)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the numbers should know, computed when it is asked for.

        Which regime holds where n exceeds the number of modes; which other way of
        drawing the data would move a number by more than 1 %; and spectra for which the
        equation is known to fail.
        """
        return () if self.context is None else self.context.remarks(self)

    def table(self, **options: Any) -> Any:
        """The prediction as a table; what ``learnability.table.prediction`` takes.

        Raises
        ------
        Unsupported
            When the front door, which owns tables, has not been imported.
        """
        if self.spectra is not None or self.targets is not None:
            raise Unsupported(
                "a table shows one spectrum and one target: .select(0, 0).table()"
            )
        return self._table(**options)

    def latex(self, **options: Any) -> str:
        """The table in LaTeX; needs the front door, which owns tables."""
        return self.table(**options).latex()

    _table = FromAbove("learnability")
    plot = FromAbove("learnability")
    to_dataframe = FromAbove("learnability")
    save = FromAbove("learnability")

    def __repr__(self) -> str:
        """One line: how many cases, for which n, and in which arithmetic."""
        n = [f"{x:.6g}" for x in np.unique(np.asarray(self.n).astype(float))]
        span = ", ".join(n) if len(n) <= SHOWN else f"{n[0]} … {n[-1]}"
        many = {"spectra": self.spectra, "targets": self.targets}
        more = "".join(f", {k} {word}" for word, k in many.items() if k is not None)
        kind = "float64" if self.digits is None else f"{self.digits} proved digits"
        cases = self.n.size
        return f"<Prediction of {cases} case{'s' * (cases != 1)}, n = {span}{more}, {kind}>"

    def __str__(self) -> str:
        if not self._has_table():
            return repr(self)
        return str(self._table())

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython shows in a terminal: the table."""
        printer.text(repr(self) if cycle else str(self))

    def _has_table(self) -> bool:
        one = self.spectra is None and self.targets is None
        return one and method_of("Prediction._table") is not None

    def _repr_html_(self) -> str | None:
        """The table in a notebook, where the front door has been imported."""
        if not self._has_table():
            return None
        return self._table()._repr_html_()

    def to_xarray(self) -> Any:
        """The prediction as a labelled dataset (needs xarray).

        The axis ``case`` runs over n, ridge and noise; ``spectrum`` and ``target`` are
        axes where there are several.
        """
        import xarray

        first = [] if self.spectra is None else ["spectrum"]
        both = first if self.targets is None else [*first, "target"]

        def flat(values: Any, axes: list[str]) -> tuple[list[str], np.ndarray]:
            array = np.asarray(values).astype(float)
            return [*axes, "case"], array.reshape(*array.shape[: len(axes)], -1)

        data = {name: flat(x, both) for name, x in self.statistics.items()}
        data["C"] = flat(self.C, first)
        for k, values in self.learnability.items():
            data[f"learnability_{k}"] = flat(values, first)
        coordinates = {
            name: ("case", np.ravel(getattr(self, name)).astype(float))
            for name in ("n", "ridge", "noise")
        }
        told: dict[str, Any] = {"equation": self.equation}
        for name, value in self.asked.items():
            if isinstance(value, np.ndarray):
                coordinates[name] = ("case", np.ravel(value).astype(float))
            else:
                told[name] = str(value)
        return xarray.Dataset(data, coords=coordinates, attrs=told)
