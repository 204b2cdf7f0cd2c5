"""One look for every figure: colours that colour-blind readers can tell apart (Okabe & Ito, 2008), quiet axes, and the
pictures that chapters draw again and again. Each returns what it drew.
"""

from collections.abc import Callable, Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

BLUE, ORANGE, GREEN, PINK, SKY, VERMILION, YELLOW, BLACK = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#222222",
)  # fmt: skip
CLASSES = (BLUE, VERMILION, GREEN, PINK, ORANGE, SKY, YELLOW, BLACK)
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*")  # a class is told apart by its shape too
DIVERGING = LinearSegmentedColormap.from_list("blue–white–vermilion", (BLUE, "#ffffff", VERMILION))

STYLE = {
    "figure.figsize": (7, 3.5),
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(color=CLASSES),
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "font.size": 10,
    "lines.linewidth": 1.8,
    "image.cmap": "viridis",
    "svg.hashsalt": "chainrule",
}


def use_style() -> None:
    """Draw in the book's style from now on."""
    mpl.rcParams.update(STYLE)


def points(ax: Axes, x: np.ndarray, labels: np.ndarray, size: float = 18, **style: object) -> list[PathCollection]:
    """The examples x (N, 2), a colour and a marker for each class of labels (N,); after eight, other pairs of them."""
    if x.ndim != 2 or x.shape[1] != 2 or labels.shape != x.shape[:1]:
        raise ValueError(f"points takes x (N, 2) and labels (N,), got {x.shape} and {labels.shape}")
    return [
        ax.scatter(
            *x[labels == c].T, s=size, c=CLASSES[c % 8], marker=MARKERS[(c + c // 8) % 8],
            edgecolors="white", linewidths=0.4, label=f"class {c}", **style,
        )
        for c in np.unique(labels)
    ]  # fmt: skip


def grid_points(extent: Sequence[float], n: int = 100, dtype: type = np.float32) -> np.ndarray:
    """n² points (n², 2) that cover extent = (left, right, bottom, top), row by row from the bottom."""
    left, right, bottom, top = extent
    gx, gy = np.meshgrid(np.linspace(left, right, n), np.linspace(bottom, top, n))
    return np.stack([gx.ravel(), gy.ravel()], 1).astype(dtype)


def decision_regions(
    ax: Axes, probability: Callable[[np.ndarray], np.ndarray], extent: Sequence[float], n: int = 100
) -> AxesImage:
    """The probability of class 1 over the plane, class 0 blue and class 1 vermilion, with the line where it is ½.

    probability takes points (n², 2) and returns (n²,) numbers in [0, 1].
    """
    p = np.reshape(probability(grid_points(extent, n)), (n, n))
    image = ax.imshow(
        p, extent=extent, origin="lower", cmap=DIVERGING, vmin=0, vmax=1, alpha=0.55, aspect="auto", zorder=0
    )
    if p.min() < 0.5 < p.max():
        ax.contour(p, levels=[0.5], extent=extent, colors=BLACK, linewidths=1.2)
    return image


def loss_curves(
    ax: Axes, curves: Mapping[str, Sequence[float]], xlabel: str = "epoch", log: bool = True
) -> list[Line2D]:
    """One line for each name: its losses at 1, 2, 3, …, on a logarithmic scale unless log=False."""
    lines = [ax.plot(range(1, len(losses) + 1), losses, label=name)[0] for name, losses in curves.items()]
    ax.set(xlabel=xlabel, ylabel="loss", yscale="log" if log else "linear")
    if len(curves) > 1:
        ax.legend()
    return lines


def heat_map(ax: Axes, matrix: np.ndarray, values: bool = True, limit: float | None = None) -> AxesImage:
    """A matrix as coloured cells, zero white, negative blue, positive vermilion; with its numbers where values=True."""
    if np.ndim(matrix) != 2:
        raise ValueError(f"heat_map takes a matrix, got shape {np.shape(matrix)}")
    limit = float(np.abs(matrix).max()) or 1.0 if limit is None else limit
    image = ax.imshow(matrix, cmap=DIVERGING, vmin=-limit, vmax=limit)
    ax.set(xticks=range(matrix.shape[1]), yticks=range(matrix.shape[0]))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if values:
        for (i, j), value in np.ndenumerate(matrix):
            colour = "white" if abs(value) > 0.85 * limit else BLACK  # whichever is easier to read on that cell
            ax.text(j, i, f"{value:.2g}", ha="center", va="center", fontsize=9, color=colour)
    return image


def network(
    ax: Axes, weights: Sequence[np.ndarray], names: Sequence[Sequence[str]] | None = None, limit: float | None = None
) -> tuple[list[Line2D], list[PathCollection]]:
    """Units as circles and weights as lines, thicker where larger, blue negative and vermilion positive.

    weights is one matrix (n_in, n_out) for each layer; names, one list of labels for each column of units.
    Returns the lines, in the order of the weights, and the circles, one collection for each column.
    """
    sizes = [weights[0].shape[0], *(w.shape[1] for w in weights)]
    limit = max(float(np.abs(w).max()) for w in weights) or 1.0 if limit is None else limit
    places = [[(column, (size - 1) / 2 - i) for i in range(size)] for column, size in enumerate(sizes)]
    lines, circles = [], []
    for column, w in enumerate(weights):
        for (i, j), value in np.ndenumerate(w):
            (x0, y0), (x1, y1) = places[column][i], places[column + 1][j]
            width = 0.3 + 3.7 * min(abs(value) / limit, 1)
            colour = VERMILION if value > 0 else BLUE
            lines += ax.plot([x0, x1], [y0, y1], color=colour, linewidth=width, zorder=1)
    for column, spots in enumerate(places):
        disc = {"s": 420, "c": "white", "edgecolors": BLACK, "linewidths": 1.2, "zorder": 2}
        circles.append(ax.scatter(*zip(*spots, strict=True), **disc))
        for i, (x, y) in enumerate(spots):
            if names:
                ax.text(x, y, names[column][i], ha="center", va="center", fontsize=9, zorder=3)
    ax.set(xlim=(-0.3, len(sizes) - 0.7), ylim=(-max(sizes) / 2 - 0.1, max(sizes) / 2 + 0.1))
    ax.set_axis_off()
    return lines, circles


def regions_and_loss(
    fig: Figure,
    probability: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    labels: np.ndarray,
    losses: Sequence[float],
    epochs: int,
    extent: Sequence[float],
) -> tuple[Axes, Axes]:
    """What a classifier of the plane has learnt, beside the loss on the way there.

    probability is as in `decision_regions`; losses holds one number an epoch, of `epochs` to come.
    """
    plane, curve = fig.subplots(1, 2, width_ratios=(1, 1.1))
    decision_regions(plane, probability, extent)
    points(plane, x, labels, size=14)
    right = ((probability(x).reshape(-1) > 0.5) == labels).mean()
    plane.set(
        xlim=extent[:2],
        ylim=extent[2:],
        xticks=[],
        yticks=[],
        aspect="equal",
        title=f"{right:.1%} of {len(x)} points right",
    )
    loss_curves(curve, {"training": losses})
    curve.set(xlim=(0, max(epochs, 1)), ylim=(1e-3, 10), ylabel="loss (cross-entropy)", title=f"loss {losses[-1]:.3f}")
    return plane, curve
