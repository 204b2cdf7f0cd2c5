import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from helpers import normal
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from chainrule import plots

X = normal(60, 2)
LABELS = np.arange(60) % 3


@pytest.fixture
def ax():
    return Figure().subplots()


def half_plane(points: np.ndarray) -> np.ndarray:
    """A probability that is ½ on the line x₀ = 0.2."""
    return 1 / (1 + np.exp(-5 * (points[:, 0] - 0.2)))


def contours(ax) -> list[np.ndarray]:
    return [path.vertices for c in ax.collections if isinstance(c, mpl.contour.ContourSet) for path in c.get_paths()]


def test_points_have_a_colour_a_marker_and_a_name_for_each_class(ax):
    drawn = plots.points(ax, X, LABELS, alpha=0.5)
    for c, collection in enumerate(drawn):
        np.testing.assert_allclose(collection.get_offsets(), X[c == LABELS])
        assert collection.get_label() == f"class {c}" and collection.get_alpha() == 0.5
        assert tuple(collection.get_facecolor()[0][:3]) == to_rgb(plots.CLASSES[c])
    assert len({c.get_paths()[0].vertices.tobytes() for c in drawn}) == 3


def test_ten_classes_are_ten_pairs_of_colour_and_marker(ax):
    drawn = plots.points(ax, X, np.arange(60) % 10)
    assert len({(c.get_facecolor().tobytes(), c.get_paths()[0].vertices.tobytes()) for c in drawn}) == 10


def test_grid_points_cover_the_extent_row_by_row():
    grid = plots.grid_points((-1, 1, 0, 3), n=4)
    assert grid.shape == (16, 2) and grid.dtype == np.float32
    assert (
        grid[0].tolist() == [-1, 0] and grid[3].tolist() == [1, 0] and grid[4].tolist() == [-1, 1] and grid[-1, 1] == 3
    )


def test_decision_regions_lie_where_the_classifier_puts_them(ax):
    image = plots.decision_regions(ax, half_plane, (-1, 1, -2, 2), n=50)
    p = image.get_array()
    assert p.shape == (50, 50) and image.get_clim() == (0, 1) and image.origin == "lower"
    assert list(image.get_extent()) == [-1, 1, -2, 2]
    assert p[0, -1] > 0.9 and p[-1, 0] < 0.1 and np.allclose(p[0], p[-1])
    (line,) = contours(ax)
    assert np.abs(line[:, 0] - 0.2).max() < 0.05 and np.ptp(line[:, 1]) > 3.5
    low, high = (image.cmap(v)[:3] for v in (0.0, 1.0))
    assert low == pytest.approx(to_rgb(plots.BLUE), abs=0.01) and high == pytest.approx(
        to_rgb(plots.VERMILION), abs=0.01
    )


def test_no_line_where_one_class_has_everything(ax):
    plots.decision_regions(ax, lambda x: np.full(len(x), 0.9), (-1, 1, -1, 1))
    assert not contours(ax)


def test_loss_curves(ax):
    train, test = plots.loss_curves(ax, {"train": [4, 2, 1], "test": [5, 4]}, xlabel="step")
    assert train.get_xydata().tolist() == [[1, 4], [2, 2], [3, 1]] and test.get_xdata().tolist() == [1, 2]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("step", "loss", "log")
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["train", "test"]
    ax = Figure().subplots()
    plots.loss_curves(ax, {"train": [4, 2]}, log=False)
    assert ax.get_yscale() == "linear" and ax.get_legend() is None


def test_heat_map(ax):
    matrix = np.array([[1.0, -2.0, 0.0], [0.25, 0.5, 1.999]])
    image = plots.heat_map(ax, matrix)
    assert np.array_equal(image.get_array(), matrix) and image.get_clim() == (-2, 2)
    assert [t.get_text() for t in ax.texts] == ["1", "-2", "0", "0.25", "0.5", "2"]
    assert [t.get_position() for t in ax.texts[:4]] == [(0, 0), (1, 0), (2, 0), (0, 1)]
    assert [t.get_color() == "white" for t in ax.texts] == [False, True, False, False, False, True]
    ax = Figure().subplots()
    assert plots.heat_map(ax, np.zeros((2, 2)), values=False).get_clim() == (-1, 1) and not ax.texts
    assert plots.heat_map(ax, matrix, limit=5).get_clim() == (-5, 5)


def test_network_draws_units_and_signed_weights(ax):
    weights = [np.array([[1.0, -4.0], [0.5, 2.0], [0.0, 1.0]]), np.array([[2.0], [-1.0]])]
    lines, circles = plots.network(ax, weights, names=[["a", "b", "c"], ["h", "k"], ["y"]])
    assert lines == list(ax.lines) and circles == list(ax.collections)
    assert len(lines) == 8 and [len(c.get_offsets()) for c in circles] == [3, 2, 1]
    assert [t.get_text() for t in ax.texts] == list("abchky")
    values = [v for w in weights for v in w.ravel()]
    for value, line in zip(values, ax.lines):
        assert line.get_color() == (plots.VERMILION if value > 0 else plots.BLUE)
    order = np.argsort(np.abs(values), kind="stable")
    widths = np.array([line.get_linewidth() for line in ax.lines])
    assert (np.diff(widths[order]) >= 0).all() and widths.max() == 4


def test_regions_and_loss():
    fig, labels = Figure(), (X[:, 0] > 0.2).astype(int)
    plane, curve = plots.regions_and_loss(fig, half_plane, X, labels, [0.7, 0.5], 10, (-3, 3, -3, 3))
    assert "100.0%" in plane.get_title() and "0.500" in curve.get_title() and curve.get_xlim() == (0, 10)
    assert len(curve.lines[0].get_xdata()) == 2 and len(contours(plane)) == 1


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda ax: plots.points(ax, normal(5, 3), np.zeros(5, int)), r"points takes x \(N, 2\) .* got \(5, 3\)"),
        (lambda ax: plots.points(ax, X, LABELS[:5]), r"labels \(N,\), got \(60, 2\) and \(5,\)"),
        (lambda ax: plots.heat_map(ax, np.ones(3)), r"heat_map takes a matrix, got shape \(3,\)"),
        (lambda ax: plots.decision_regions(ax, lambda x: np.ones(7), (0, 1, 0, 1)), "reshape array of size 7"),
    ],
)
def test_wrong_arguments(ax, draw, message):
    with pytest.raises(ValueError, match=message):
        draw(ax)


def test_the_style_is_complete_and_draws():
    with mpl.rc_context():
        plots.use_style()
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == list(plots.CLASSES)
        fig = Figure()
        plots.points(fig.subplots(), X, LABELS)
        fig.canvas.draw()


def test_drawing_leaves_pyplot_alone():
    code = "import sys, chainrule.plots; assert 'matplotlib.pyplot' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
