"""Draws the picture that a message shows of a link to the book: `python -m website.card`, then commit the file.

It is computed, as all pictures of the book are: the two spirals, and what a network of the library made of them.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from chainrule.activations import sigmoid
from chainrule.combine import Sequential
from chainrule.data import two_spirals
from chainrule.losses import bce
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.train import fit

CARD = Path("book/_static/social-card.png")
NIGHT, BLUE, AMBER, WORDS = "#14181d", "#7fbce8", "#ffb454", "#f0f3f6"
LINE = "An interactive textbook\nof deep learning:\nderived, run and checked."


def trained(x: np.ndarray, labels: np.ndarray) -> Sequential:
    """The network of the book's first page, trained as it is there."""
    rng = np.random.default_rng(0)
    model = mlp([2, 32, 32, 1], rng)
    model[0].W *= 2
    for _ in fit(model, bce, (x, labels[:, None]), Adam(model, 0.02), epochs=800, rng=rng):
        pass
    return model


def draw(path: Path) -> None:
    """1200 × 630 pixels: the boundary that was learnt, and the book's name."""
    x, labels = two_spirals(500, np.random.default_rng(0))
    model = trained(x, labels)
    figure = plt.figure(figsize=(12, 6.3), dpi=100, facecolor=NIGHT)
    axes = figure.add_axes((0.5, 0, 0.5, 1))
    axes.set_axis_off()
    side = np.linspace(-1.2, 1.2, 315, dtype=np.float32)
    grid = np.stack(np.meshgrid(1.2 * side / 1.26, side), axis=-1).reshape(-1, 2)
    share = sigmoid(model(grid)[0])[0].reshape(315, 315)
    axes.contourf(grid[:315, 0], side, share, levels=[0, 0.5, 1], colors=["#1d3b52", "#523c1b"])
    axes.contour(grid[:315, 0], side, share, levels=[0.5], colors=[WORDS], linewidths=2)
    for label, colour in ((0, BLUE), (1, AMBER)):
        axes.scatter(*x[labels == label].T, s=22, color=colour, linewidths=0)
    figure.text(0.06, 0.60, "Chain Rule", size=58, color=WORDS, weight="bold")
    figure.text(0.06, 0.34, LINE, size=23, color=WORDS)
    figure.savefig(path, facecolor=NIGHT)
    plt.close(figure)
    Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    draw(CARD)
    print(f"{CARD}  {CARD.stat().st_size / 1e3:.0f} kB")
