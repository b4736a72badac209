"""Figures: what they show, where they show themselves, and what their files hold."""

import re
import warnings

import numpy as np
import pytest

from learnability import figure, load_data, predict, spectrum, spectrum_of_data

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure
from matplotlib.text import Text

from theory.errors import OutOfDomain

FEW = {"phase_diagram": {"weight_variances": [1, 2], "bias_variances": [0, 1], "n": 3}}
DOMAINS = ["hypercube:4", "sphere:8", "sphere:3", "circle", "circle:9"]


def drawn(name, *subject, **options):
    return getattr(figure, name)(*subject, **FEW.get(name, {}), **options)


def shown(obj):
    """What a notebook shows of the last line of a cell."""
    formatter = pytest.importorskip("IPython.core.formatters").DisplayFormatter()
    data, _ = formatter.format(obj)
    return data


def test_a_notebook_shows_a_picture_once():
    picture = drawn("conservation", "hypercube:3", "exponential", n=[1, 4])
    assert shown(picture)["image/png"].startswith(b"\x89PNG")
    from matplotlib import pyplot

    assert pyplot.get_fignums() == []


def clipped(picture):
    """Texts that reach out of the canvas."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(picture)
    canvas.draw()
    whole = picture.bbox
    out = []
    for text in picture.findobj(Text):
        if not text.get_visible() or not text.get_text():
            continue
        box = text.get_window_extent(canvas.get_renderer())
        axis_hidden = (
            text.axes is not None and not text.get_clip_on() and box.width == 0
        )
        if axis_hidden or text.get_text() in picture_ticks_outside(picture, text):
            continue
        if box.x0 < -1 or box.y0 < -1 or box.x1 > whole.x1 + 1 or box.y1 > whole.y1 + 1:
            out.append(text.get_text())
    return out


def picture_ticks_outside(picture, text):
    """Labels of ticks beyond the limits of an axis are never drawn."""
    for axes in picture.axes:
        for axis, (low, high) in (
            (axes.xaxis, axes.get_xlim()),
            (axes.yaxis, axes.get_ylim()),
        ):
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if text in (tick.label1, tick.label2) and not (
                    min(low, high) <= tick.get_loc() <= max(low, high)
                ):
                    return [text.get_text()]
    return []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize(
    "name", ["conservation", "heatmap", "learning_curves", "spectra"]
)
def test_no_label_leaves_the_canvas(name, domain):
    picture = drawn(name, domain, "ntk:relu:depth=2")
    assert clipped(picture) == []
    assert all(axes.get_position().width > 0.2 for axes in picture.axes[:1])


def test_levels_above_those_shown_make_one_part_of_each_bar():
    picture = drawn("conservation", "sphere:8", "ntk:relu:depth=4", ridge="1/10")
    names = [text.get_text() for text in picture.legends[0].get_texts()]
    assert len(names) <= 11
    for row in picture.table.rows:
        n, *parts = row
        assert abs(sum(float(x) for x in parts) - float(n)) < 1e-9 * float(n)


def test_files_embed_fonts_of_type_42(tmp_path):
    picture = drawn("spectra", "hypercube:3", "exponential")
    picture.save(tmp_path / "x.pdf")
    content = (tmp_path / "x.pdf").read_bytes()
    assert b"/Type3" not in content
    assert re.search(rb"/Subtype /(TrueType|CIDFontType2)", content)


def test_n_is_continuous_on_the_curve_and_agrees_with_predict():
    picture = drawn("learning_curves", "hypercube:6", "laplace", target={1: 1, 2: "1/2"},
                    noise="1/10", n=[1, 8, 32])  # fmt: skip
    line = picture.axes[1].lines[0]
    x, y = line.get_data()
    assert np.any(x % 1 != 0)
    s = spectrum("laplace", "hypercube:6")
    p = predict(s, {1: 1, 2: "1/2"}, x, 0, "1/10")
    assert np.allclose(y, p.test_mse, rtol=1e-12)


def test_kernels_ridges_and_measured_points_share_a_figure():
    picture = drawn(
        "learning_curves", "circle:16", ["laplace", "gaussian"], levels=[1], n=[2, 4],
        ridge=[0, "1/2"], measured=20,
    )  # fmt: skip
    names = [text.get_text() for text in picture.legends[0].get_texts()]
    assert "Laplace, width 1" in names
    assert "kernel regression, 20 data sets" in names
    assert sum(r"\delta" in name for name in names) == 2
    assert len(picture.axes[1].containers) == 4


def test_a_data_set_has_its_learning_curve():
    s = spectrum_of_data("laplace", load_data("wine"), norms="equal")
    picture = figure.learning_curves(s, ridge="1/10", n=[5, 20])
    x, y = picture.axes[1].lines[0].get_data()
    held = s.predict([5, 20], "1/10").held_out_mse[0]
    assert np.allclose([y[x == 5][0], y[x == 20][0]], held)
    assert len(figure.spectra(s).axes[0].lines) == 1


def test_axes_of_the_caller_are_drawn_on_and_returned():
    axes = Figure().subplots(1, 2)
    assert figure.learning_curves("hypercube:4", "laplace", ax=axes) is axes
    assert len(axes[1].lines) >= 3
    alone = Figure().subplots()
    assert figure.spectra("hypercube:4", "laplace", ax=alone) is alone
    with pytest.raises(ValueError, match="2 panels"):
        figure.learning_curves("hypercube:4", "laplace", ax=[alone] * 3)


def test_venues_have_their_width_and_unknown_ones_are_refused():
    picture = drawn("learning_curves", "hypercube:4", "laplace", style="icml2024")
    assert picture.get_size_inches()[0] == pytest.approx(6.75)
    picture = drawn("spectra", "hypercube:4", "laplace", style="neurips2024", width=3)
    assert picture.get_size_inches()[0] == 3
    with pytest.raises(ValueError, match="neurips2024"):
        drawn("spectra", style="nips")


def test_saving_draws_no_warning(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("spectra", "conservation", "heatmap", "learning_curves"):
            drawn(name, "sphere:3", "gaussian").save(tmp_path / "x.png")


def test_more_curves_than_colors_take_pairs_of_color_and_dash():
    drawn = figure.learning_curves(
        "laplace", "hypercube:3", target={1: 1}, n=[1, 2], ridge=[0, 1], noise=[0, 1]
    )
    assert len({(x.get_color(), x.get_linestyle()) for x in drawn.axes[0].lines}) == 4
    many = [{1: k} for k in range(1, 10)]
    drawn = figure.learning_curves("laplace", "hypercube:3", target=many, n=[1, 2])
    lines = drawn.axes[1].lines
    assert len({(x.get_color(), x.get_linestyle()) for x in lines}) == 9
    assert len(drawn.legends[0].get_texts()) == 9
    with pytest.raises(OutOfDomain, match="at most 28"):
        figure.learning_curves(
            "laplace", "hypercube:3", target=[{1: k} for k in range(1, 30)]
        )
