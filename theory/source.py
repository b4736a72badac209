"""Where a statement comes from: a paper, a DLMF entry, or our own derivation."""

from dataclasses import dataclass
from importlib import resources

from theory.errors import OutOfDomain


@dataclass(frozen=True, slots=True)
class Source:
    """A key of ``references.bib``, and the place only where it has been confirmed.

    A rule of one's own may cite a work that is not listed there: ``entry`` is its BibTeX.

    Examples
    --------
    >>> print(Source("cho2009kernel"))
    cho2009kernel
    >>> Source("cho2009kernel").bibtex().splitlines()[0]
    '@inproceedings{cho2009kernel,'
    """

    key: str
    where: str = ""
    entry: str = ""

    def __str__(self) -> str:
        return f"{self.key}, {self.where}" if self.where else self.key

    def bibtex(self) -> str:
        """The BibTeX entry of the source.

        Raises
        ------
        OutOfDomain
            When ``references.bib`` has no such key.
        """
        if self.entry:
            return self.entry
        text = resources.files("theory").joinpath("references.bib").read_text("utf-8")
        for block in text.split("\n\n"):
            if block.lstrip().partition("{")[2].startswith(self.key + ","):
                return block.strip()
        raise OutOfDomain(f"source key {self.key!r} is not in references.bib")


OURS = Source("learnability", "our derivation")
