"""The list of planted faults, and whether it still fits the code."""

from pathlib import Path

from verify.planted.fault import TOP, BadFault, Fault, read

HERE = Path(__file__).parent


def faults(path: Path | None = None) -> list[Fault]:
    """All faults, those of ``verify`` first."""
    if path:
        return read(path)
    order = ("verify", "numerics", "theory", "learnability")
    files = (HERE / f"{name}.toml" for name in order)
    return [fault for file in files if file.is_file() for fault in read(file)]


def problems(listed: list[Fault]) -> list[str]:
    """What is out of date: places that are not there once, tests that do not exist."""
    found = []
    for fault in listed:
        path, _, name = fault.noticed_by.partition("::")
        test = TOP / path
        if name and not (
            test.is_file()
            and f"def {name.partition('[')[0]}(" in test.read_text("utf-8")
        ):
            found.append(f"{fault.file}: there is no test {fault.noticed_by}")
        try:
            fault.planted((TOP / fault.file).read_text("utf-8"))
        except (BadFault, OSError) as error:
            found.append(str(error))
    return found
