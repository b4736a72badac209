"""Another distribution that brings ``theory``, ``numerics`` or ``verify`` is noticed."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from importlib.metadata import PathDistribution

import pytest

from learnability import doctor
from learnability.startup import name_conflicts


def installed(site, name, files, top_level=None):
    """A distribution in a folder, as an installer leaves it."""
    info = site / f"{name}-1.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n"
    )
    record = []
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
        digest = urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=")
        record.append(f"{path},sha256={digest.decode()},{len(text)}")
    (info / "RECORD").write_text("\n".join([*record, f"{info.name}/RECORD,,"]))
    if top_level is not None:
        (info / "top_level.txt").write_text(top_level)
    return PathDistribution(info)


@pytest.mark.parametrize(
    ("files", "top_level", "package"),
    [
        ({"theory/__init__.py": ""}, None, "theory"),
        ({"verify.py": ""}, None, "verify"),
        ({}, "numerics\n", "numerics"),
    ],
)
def test_another_owner_is_named(tmp_path, files, top_level, package):
    other = installed(tmp_path, "Other_Tool", files, top_level)
    harmless = installed(tmp_path, "harmless", {"theory_of_x/__init__.py": ""})
    ours = installed(tmp_path, "learnability", {"theory/a.py": "", "verify/b.py": ""})
    found = name_conflicts.foreign_owners([other, harmless, ours])
    assert found == {package: ["Other_Tool 1.5"]}


def test_a_file_that_was_overwritten_or_removed_is_named(tmp_path):
    names = ["theory/a.py", "numerics/b.py", "learnability/c.py", "verify/d.py"]
    ours = installed(tmp_path, "learnability", dict.fromkeys(names, "x = 1\n"))
    assert name_conflicts.overwritten(ours) == []
    (tmp_path / "numerics" / "b.py").write_text("x = 2\n")
    (tmp_path / "verify" / "d.py").unlink()
    found = name_conflicts.overwritten(ours)
    assert found == ["numerics/b.py", "verify/d.py (missing)"]


@pytest.mark.parametrize(
    ("owners", "changed", "says"),
    [
        ({"theory": ["other 2"]}, [], "also installed: theory by other 2"),
        ({}, ["verify/d.py", "theory/a.py"], "changed since installation: verify/d.py"),
    ],
)
def test_doctor_says_so_and_is_not_well(monkeypatch, owners, changed, says):
    monkeypatch.setattr(name_conflicts, "foreign_owners", lambda: owners)
    monkeypatch.setattr(name_conflicts, "overwritten", lambda: changed)
    finding = doctor._names()
    assert not finding.well
    assert says in finding.says
    assert finding in doctor._core()
