"""Methods of spectra, predictions and kernels that tables and figures compute.

They are entered in the registry of ``theory.methods`` when one of them is first called.
"""

from typing import Any

from theory.methods import install


def _prediction_table(prediction: Any, **options: Any) -> Any:
    from learnability.table.predictions import prediction as table

    return table(prediction, **options)


def _prediction_plot(prediction: Any, ax: Any = None, **options: Any) -> Any:
    """Learnability and test MSE over n, as ``learnability.figure`` draws."""
    from learnability.figure.prediction_plot import prediction_curves

    return prediction_curves(prediction, ax=ax, **options)


def _spectrum_table(spectrum: Any, **options: Any) -> Any:
    from learnability.table.level_tables import of_spectrum

    return of_spectrum(spectrum, **options)


def _spectrum_plot(spectrum: Any, ax: Any = None, **options: Any) -> Any:
    from learnability.figure.spectra_plot import spectra

    return spectra(spectrum, ax=ax, **options)


def _choice_table(choice: Any, **options: Any) -> Any:
    from learnability.table.choice_table import choice as table

    return table(choice, **options)


def _choice_plot(choice: Any, ax: Any = None, **options: Any) -> Any:
    from learnability.figure.regression.ranking_plot import ranking

    return ranking(choice, ax, **options)


def _save(result: Any, path: Any) -> Any:
    """Write it to a file with a hash, which ``learnability.load`` reads."""
    from verify.storage.results import save

    return save(result, path)


def _formula_check(formula: Any, examples: int = 40, seed: int = 0) -> Any:
    """The formula against every second way to it that is known, as a report.

    Raises
    ------
    Unsupported
        When no second way is known.
    """
    from theory.errors import Unsupported
    from verify.exact.testing.law import examine
    from verify.formulas.registry import judges_of
    from verify.verdicts.verdict import Verdict

    judges = judges_of(formula.name)
    if not judges:
        raise Unsupported(f"no second way to {formula.name} is known")
    reports = [examine(make(formula), examples, seed) for make in judges]
    return next((x for x in reports if x.verdict != Verdict.CONFIRMED), reports[0])


def _frame(made: Any) -> Any:
    """The rows of a table as a pandas frame of floats and words.

    Raises
    ------
    Unsupported
        When pandas is missing.
    """
    from theory.errors import Unsupported

    try:
        import pandas as pd
    except ImportError:
        raise Unsupported("to_dataframe needs pandas: pip install pandas") from None
    columns = {
        column.key: [_plain(row[i]) for row in made.rows]
        for i, column in enumerate(made.columns)
    }
    return pd.DataFrame(columns)


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, (str, int)):
        return cell
    if hasattr(cell, "text"):
        return cell.text
    return float(cell.value if hasattr(cell, "error") else cell)


install("Prediction._table", _prediction_table)
install("Prediction.plot", _prediction_plot)
install("Prediction.to_dataframe", lambda p: _frame(_prediction_table(p)))
install("Spectrum.table", _spectrum_table)
install("Spectrum.plot", _spectrum_plot)
install("Spectrum.save", _save)
install("Prediction.save", _save)
install("Ball.save", _save)
install("Formula.check", _formula_check)
install("Spectrum.to_dataframe", lambda s: _frame(_spectrum_table(s)))
install("FloatSpectrum.plot", _spectrum_plot)
install("Table.to_dataframe", _frame)
install("Choice.table", _choice_table)
install("Choice.plot", _choice_plot)
install("Choice.to_dataframe", lambda choice: _frame(_choice_table(choice)))
