"""The documentation's pictures, all made again: python -m learnability.figure.reference.

Each is what ``learnability figure NAME`` draws without options.
"""

import sys
from pathlib import Path

from learnability import figure
from learnability.atomic_writing import check_folder, write_bytes

FOLDER = Path("docs/figures")
DOTS_PER_INCH = 130


def regenerate(folder: Path) -> list[Path]:
    """Write every figure of the gallery as PNG into a folder.

    Raises
    ------
    BadRequest
        When the folder cannot be written.
    """
    import io

    check_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in figure.FIGURES:
        picture = getattr(figure, name.replace("-", "_"))()
        memory = io.BytesIO()
        picture.savefig(
            memory, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None}
        )
        path = folder / f"{name}.png"
        write_bytes(path, memory.getvalue())
        written.append(path)
    return written


if __name__ == "__main__":
    for made in regenerate(Path(sys.argv[1]) if sys.argv[1:] else FOLDER):
        print(made)
