"""A data set is a domain: its spectrum is enclosed, and predictions take it as it is."""

import numpy as np
import pytest
from flint import arb_mat

import learnability
from learnability import data, predict, spectrum
from numerics import constant
from numerics.statistics.finite_population import predict_population
from theory import OutOfDomain, Unsupported, kernels

KERNEL = kernels.parse("ntk:relu:depth=2,bias_variance=0.1")
RNG = np.random.default_rng(2)
X = RNG.standard_normal((30, 3))
Y = np.sin(X[:, 0]) + 0.1 * RNG.standard_normal(30)


@pytest.fixture(scope="module")
def domain():
    return data(X, Y)


def test_eigenvalues_are_enclosed(domain):
    s = spectrum(KERNEL, domain)
    assert len(s) == int(domain.size) == 30
    assert s.domain is domain
    # a second way: the eigenvalues of the same matrix, enclosed by FLINT
    K = KERNEL.matrix(X)
    exact = sorted(
        (x.real for x in arb_mat(K.tolist()).eig(multiple=True)),
        key=float,
        reverse=True,
    )
    for level, value in zip(s, exact, strict=True):
        assert level.eigenvalue.overlaps(
            type(level.eigenvalue)(value / 30, None, "eig")
        )
        assert float(level.eigenvalue.radius) < 1e-11 * float(s[0].eigenvalue)


def test_prediction_is_that_of_the_finite_population(domain):
    e = domain.eigensystem(KERNEL)
    powers = e.coefficients**2
    p = predict(
        spectrum(KERNEL, domain).floats(),
        powers[0],
        [2, 5, 20],
        ["0", "1/2", "0"],
        sampling="distinct",
    )
    for place, (n, ridge) in enumerate([(2, 0), (5, 0.5), (20, 0)]):
        other = predict_population(e.eigenvalues, powers, [n], ridge, 30)
        for name in ("test_mse", "train_mse"):
            value = getattr(other, name)[0, 0]
            assert getattr(p, name)[place] == pytest.approx(value, rel=1e-9, abs=1e-14)
    assert p.relative_error < 1e-6
    c = constant(spectrum(KERNEL, domain), 5, "1/2", digits=6)
    assert float(c) == pytest.approx(
        predict_population(e.eigenvalues, powers, [5], 0.5).C[0]
    )


def test_norms_and_equality(domain):
    equal = data(X, Y, norms="equal")
    assert equal != domain
    assert data(X.copy(), Y) == domain
    values = [float(spectrum(KERNEL, one)[0].eigenvalue) for one in (domain, equal)]
    assert values[0] != pytest.approx(values[1], rel=0.01)
    with pytest.raises(OutOfDomain, match="norms = 'big' is unknown"):
        data(X, Y, norms="big")
    with pytest.raises(Unsupported, match="no closed form"):
        domain.definition(KERNEL, 0)


def test_text_names_files_with_options(tmp_path):
    np.savetxt(
        tmp_path / "mine.csv", np.column_stack([Y, X]), delimiter=",", header="y,a,b,c"
    )
    text = f"data:{tmp_path}/mine.csv?label=y&norms=equal"
    found = learnability.domains.parse(text)
    assert np.allclose(found.data.points, X)
    assert str(found) == text
    assert learnability.domains.parse(str(found)) == found
    assert found.facts["label"] == "y"
    assert "label: y" in found.understood()
    with pytest.raises(OutOfDomain, match="option 'color' is unknown"):
        learnability.domains.parse(text + "&color=1")
    with pytest.raises(OutOfDomain, match="no such file"):
        learnability.domains.parse("data:nowhere.csv")


def test_any_activation_has_a_spectrum_on_data(domain):
    s = spectrum("nngp:arctan:depth=1", domain, digits=None)
    K = kernels.parse("nngp:arctan:depth=1").matrix(X)
    assert s.eigenvalue[0] == pytest.approx(np.linalg.eigvalsh(K)[-1] / 30, rel=1e-9)


def test_points_that_coincide_are_refused_by_name():
    rays = data([[1.0, 0], [2, 0], [0, 1]], [1.5, 0, 2], norms="equal")
    with pytest.raises(OutOfDomain, match="rows 1 and 2 point in one direction"):
        spectrum(KERNEL, rays)
    with pytest.raises(OutOfDomain, match="rows 1 and 3 are the same point"):
        data([[1.0, 5], [2, 5], [1, 5]], [1.5, 0, 2], scale="standardized")
