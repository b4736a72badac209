"""Files as people have them: understood, or one line that says what to do."""

import numpy as np
import pytest

from theory import OutOfDomain
from verify.data import data_set, load_data
from verify.data.labels import targets_of

RNG = np.random.default_rng(5)
X = RNG.standard_normal((12, 3)).round(4)
Y = (X[:, 0] - 2 * X[:, 1]).round(4)


def text(separator=",", header="a,b,c,y", decimal=".", index=False):
    rows = [header.replace(",", separator)] if header else []
    for k, row in enumerate(np.column_stack([X, Y])):
        cells = [str(value).replace(".", decimal) for value in row]
        rows.append(separator.join([str(k), *cells] if index else cells))
    return "\n".join(rows) + "\n"


def read(tmp_path, content, name="mine.csv", encoding="utf-8", **options):
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    return load_data(path, task=options.pop("task", "given"), **options)


def same(found):
    assert np.array_equal(found.points, X)
    assert np.array_equal(found.targets[0], Y)


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (text(header="0,1,2,3"), {}),
        (text(header=",a,b,c,y", index=True), {}),
        (text(header="Unnamed: 0,a,b,c,y", index=True), {}),
        (text(header="a,b,c,y", index=True), {}),
        (text(header=",0,1,2,3", index=True), {}),
        (text(header=None, index=True), {}),
        (text(header="a,2019,2020,y"), {}),
        (text(header="a,2019,2020,y"), {"label": "y"}),
        (text(";"), {}),
        (text("\t"), {}),
        (text("|"), {}),
        (text(" "), {}),
        (text(" ", header=None), {}),
        (text(";", decimal=","), {}),
        (text("\t", decimal=","), {}),
        (text(" ", decimal=","), {}),
        (text(";", header=None, decimal=","), {}),
        (text().replace("\n", ",,,\n"), {}),
        (text() + ",,,\n,,,\n", {}),
        ("# made by hand, twice\n#\n" + text(), {}),
        ("# a, b, c, y\n" + text(header=None), {"label": "y"}),
        (text().replace("\n", "\r\n"), {}),
        (text(", "), {}),
        (text(header="a,b,c,größe"), {"label": "größe", "encoding": "latin-1"}),
        (text(), {"encoding": "utf-16"}),
        (text(";", decimal=","), {"encoding": "utf-16-le"}),
        (text(), {"encoding": "utf-8-sig"}),
        (text("\t"), {"name": "mine.tsv"}),
        (text(" "), {"name": "mine.dat"}),
        (text(header=None), {"header": False}),
    ],
)
def test_formats_that_are_understood(tmp_path, content, options):
    same(read(tmp_path, content, **options))


def test_what_was_understood_is_said(tmp_path):
    said = str(read(tmp_path, text(";", ";a;b;c;y", ",", index=True)))
    for part in (
        "12 points",
        "semicolons",
        "decimal commas",
        "counts the rows",
        "label: y",
    ):
        assert part in said
    kept = read(tmp_path, text(header="t,a,b,c,y", index=True))
    assert kept.dimension == 4
    assert "column 't' counts the rows and is a feature" in str(kept)


@pytest.mark.parametrize(
    "mark", ["?", "-", ".", "n/a", "#N/A", "<NA>", "missing", "12.5 kg", '"12,5"']
)
def test_one_label_that_is_no_number_is_named(tmp_path, mark):
    lines = text().splitlines()
    lines[5] = lines[5].rpartition(",")[0] + "," + mark
    for task in (None, "values"):
        with pytest.raises(OutOfDomain, match=r"line 6.*label|line 6: the label"):
            read(tmp_path, "\n".join(lines), task=task)


def test_words_may_be_classes_and_marks_among_them_are_missing(tmp_path):
    body = "a,b,y\n1,2,+\n2,1,-\n3,3.5,+\n"
    assert read(tmp_path, body, task=None).targets.tolist() == [[1, -1, 1]]
    with pytest.raises(OutOfDomain, match="line 3: the label is missing"):
        read(tmp_path, body.replace("-", "n/a"), task=None)
    mixed = "a,b,y\n1,2,1\n2,1,1b\n3,3.5,1\n"
    with pytest.raises(OutOfDomain, match=r"line 3.*task = 'classes'"):
        read(tmp_path, mixed, task=None)
    assert read(tmp_path, mixed, task="classes").targets.tolist() == [[1, -1, 1]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text(header="a,b,a,y"), "two columns are called 'a'"),
        ("0,1,1\n1,0,1\n0,2,0\n".replace("0,1,1", "0,1,2"), "header or a point"),
        ("1.5,x,3\n2.5,1,1\n0.5,2,0\n", "line 1 is a header|not a number"),
        ("a;b;y\n1,234;2;1\n2,345;1;0\n", "groups of three digits"),
        ("a,b,y\n1,red,0\n2,blue,1\n", "line 2, column b: 'red' is not a number"),
        ('a,b,y\n"1,5",2,0\n2,1,1\n', "a decimal comma"),
        ("\x89PNG\x00\x01\x02", "not a text file"),
        ("PK\x03\x04abc", "Excel"),
        ("# only\n# comments\n", "comments only"),
        ("a,b,y\n1,2,1\n1,2\n2,1,1\n", "line 3 has 2 fields"),
    ],
)
def test_what_stays_open_is_one_line_that_says_what_to_do(tmp_path, content, said):
    with pytest.raises(OutOfDomain, match=said) as caught:
        read(tmp_path, content, task=None)
    assert "\n" not in str(caught.value)


def test_answers_to_such_questions(tmp_path):
    open_question = "0,1,2\n1,0,1\n0,2,0\n"
    assert read(tmp_path, open_question, header=True).size == 2
    assert read(tmp_path, open_question, header=False).size == 3
    grouped = "a;b;y\n1,234;2;1\n2,345;1;0\n"
    assert read(tmp_path, grouped, decimal=",").points[0, 0] == 1.234
    some = read(tmp_path, text(), features=["b", "c"])
    assert np.array_equal(some.points, X[:, 1:])


def test_archives_of_every_shape(tmp_path):
    np.savez(tmp_path / "halves.npz", x_train=X, y_train=Y, x_test=X[:3], y_test=Y[:3])
    with pytest.raises(OutOfDomain, match=r"x_train.*label = NAME"):
        load_data(tmp_path / "halves.npz")
    same(load_data(tmp_path / "halves.npz", label="y_train", task="given"))
    np.savez(tmp_path / "column.npz", x=X, y=Y[:, None])
    same(load_data(tmp_path / "column.npz", task="given"))
    assert load_data(tmp_path / "column.npz", task="given", points=10).size == 10
    np.savez(tmp_path / "short.npz", x=X, y=Y[:7])
    with pytest.raises(OutOfDomain, match="labels has shape"):
        load_data(tmp_path / "short.npz", points=10)
    np.savez(tmp_path / "point.npz", x=np.array(3.0), y=Y)
    with pytest.raises(OutOfDomain, match=r"x has shape \(\)"):
        load_data(tmp_path / "point.npz", points=10)


def test_labels_of_any_array():
    def target(labels, task=None):
        return targets_of(labels, task, len(Y), "data")[0]

    values = target(Y)
    assert np.allclose((values**2).mean(), 1)
    assert np.array_equal(target(Y.astype(object)), values)
    for scale in (1e-200, 1e200, 1e-300):
        assert np.allclose(target(Y * scale), values, rtol=1e-9)
    assert np.array_equal(target(Y[:, None]), values)
    with pytest.raises(OutOfDomain, match="complex"):
        target(Y + 1j)
    with pytest.raises(OutOfDomain, match="complex"):
        target((Y + 1j).astype(object))
    with pytest.raises(OutOfDomain, match="row 3"):
        target(np.array([1.5, 2, "x", *Y[3:]], dtype=object))
    with pytest.raises(OutOfDomain, match="'values'"):
        target(Y * 1e200, "given")
    several = target(np.column_stack([Y, X]))
    assert several.shape == (4, 12)
    assert np.allclose(several[0], values[0])
    one_hot = np.eye(3)[np.arange(12) % 3]
    assert np.array_equal(target(one_hot), 2 * one_hot.T - 1)


def test_points_of_any_array():
    with pytest.raises(OutOfDomain, match="complex"):
        data_set(X + 1j, Y)
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(OutOfDomain, match=r"\.toarray\(\)"):
        data_set(sparse.csr_matrix(X), Y)
    mixed = np.array([[1, 2.5], [True, 0.5], [2, 1]], dtype=object)
    assert data_set(mixed, [1.5, 2, 0]).points[1].tolist() == [1, 0.5]


def test_frames():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=["a", "b", "c"]).assign(y=Y)
    same(data_set(frame, label="y", task="given"))
    same(data_set(frame[["a", "b", "c"]], frame["y"], task="given"))
    kinds = frame.assign(y=np.where(Y > 0, "up", "down"))
    assert data_set(kinds, label="y").target_names == ("down against the rest",)
    with pytest.raises(OutOfDomain, match="column kind, row 1: 'x' is not a number"):
        data_set(frame.assign(kind="x"), label="y")
    with pytest.raises(OutOfDomain, match="column b, row 3: the entry is missing"):
        data_set(frame.assign(b=frame["b"].where(frame.index != 2).astype("Float64")))
    with pytest.raises(OutOfDomain, match="two columns are called 'a'"):
        data_set(pd.concat([frame, frame[["a"]]], axis=1), label="y")


def test_bundled_sets_have_one_target_a_column():
    pytest.importorskip("sklearn")
    linnerud = load_data("linnerud")
    assert linnerud.targets.shape == (3, 20)
    iris = load_data("iris")
    assert iris.size < 150
    assert "duplicate rows dropped" in str(iris)


def test_a_home_directory_is_expanded(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x.csv").write_text(text())
    same(load_data("~/x.csv", task="given"))
