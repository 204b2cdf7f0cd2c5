"""Explorers' pictures: what is kept between two of them never shows."""

import re

import numpy as np
import pytest
from matplotlib.axis import XAxis
from matplotlib.ticker import FixedLocator

from chainrule.explore.painter import Painter, encode

X = np.linspace(0, 6, 50)


def curves(fig, k):
    left, right = fig.subplots(1, 2, width_ratios=[3, 2])
    left.imshow(np.outer(np.sin(X + k), np.cos(X)), extent=(0, 6, 0, 6), aspect="auto")
    left.contour(X, X, np.outer(np.sin(X + k), np.cos(X)), levels=[0.2])
    left.scatter(X, 3 + 3 * np.sin(X * k), s=8)
    right.plot(X, np.sin(k * X))
    right.set(title=f"k = {k}", xlabel="x", xlim=(0, 6), ylim=(-1, 1))


def with_grid(fig, k):
    ax = fig.subplots()
    ax.fill_between(X, 1e6 * np.sin(X * k))
    ax.grid(True)
    ax.plot(X, 1e6 * np.sin(X * k), label=f"{k}")
    ax.legend()


def inward_ticks(fig, k):
    ax = fig.subplots()
    ax.fill_between(X, np.full(50, k))
    ax.tick_params(direction="in", length=9)


def beyond_the_edge(fig, k):
    ax = fig.subplots()
    ax.scatter(X[::5], np.zeros(10), s=2000, clip_on=False)
    ax.set(xlim=(0, 6), ylim=(0, 3))


def one_label(fig, k):
    fig.subplots().set_xlabel("x", color="red" if k == 2 else "black")


def one_limit(fig, k):
    ax = fig.subplots()
    ax.set_xlim(0, 1 + k / 10)
    ax.xaxis.set_major_locator(FixedLocator([0.2, 0.4]))


def one_face(fig, k):
    fig.subplots().set_facecolor("lightyellow" if k == 2 else "white")


def one_tick(fig, k):
    fig.subplots().get_xticklabels()[1].set_color("red" if k == 2 else "black")


def on_top(fig, k):
    left, right = fig.subplots(1, 2)
    left.matshow(np.outer(X, X) * k)
    left.set_title(f"k = {k}")
    right.plot(X, k * X)
    right.tick_params(right=True, left=k == 2, labelright=True)
    right.minorticks_on()


def with_colorbar(fig, k):
    ax = fig.subplots()
    fig.colorbar(ax.pcolormesh(np.outer(X, X) * k), ax=ax)
    ax.set_aspect("equal")
    ax.set_xticks([0, 20, 40], ["a", "b", f"c{k}"], rotation=45)


def with_inset(fig, k):
    ax = fig.subplots()
    ax.plot(X, np.exp(k * X))
    ax.set_yscale("log" if k % 2 else "linear")
    ax.set_ylabel("odd" if k % 2 else "", color="red")
    inset = fig.add_axes((0.3, 0.5, 0.3, 0.3))
    inset.plot(X, k * X)
    ax.twinx().plot(X, -X * k, "r")


def in_space(fig, k):
    ax = fig.add_subplot(projection="3d")
    ax.plot(X, np.sin(k * X), X)
    fig.suptitle(f"turn {k}")


def bare(fig, k):
    for i, ax in enumerate(fig.subplots(2, 2, sharex=True, sharey=True).flat):
        ax.plot(X, k * X)
        ax.set_axis_off() if i == k else ax.spines[["top", "right"]].set_visible(False)


SCENES = [
    curves,
    with_grid,
    inward_ticks,
    beyond_the_edge,
    one_label,
    one_limit,
    one_face,
    one_tick,
    on_top,
    with_colorbar,
    with_inset,
    in_space,
    bare,
]


@pytest.mark.parametrize("scene", SCENES)
def test_a_picture_after_others_equals_a_fresh_one(scene):
    """To the last byte; and Matplotlib's own drawing but for a shade where a tick's end touches the edge of a mesh."""
    painter = Painter(lambda fig, result, k: scene(fig, k), (6, 3), 80)
    for k in (1, 2, 3, 2, 1, 1):
        pixels = painter.paint(None, {"k": k})
        fresh = Painter(painter.draw, painter.figsize, painter.dpi)
        fresh._places = painter._places
        assert np.array_equal(pixels, fresh.paint(None, {"k": k})), k
        fig = painter.figure(None, {"k": k})
        fig.canvas.draw()
        difference = np.abs(np.asarray(fig.canvas.buffer_rgba())[..., :3].astype(int) - pixels).max(axis=-1)
        assert difference.max() <= 16, k
        assert (difference > 0).sum() <= 12, k


def test_ticks_that_do_not_change_are_not_drawn_again(monkeypatch):
    def fixed(fig, k):
        curves(fig, k)
        fig.axes[0].set(xlim=(0, 6), ylim=(0, 6))

    painter = Painter(lambda fig, result, k: fixed(fig, k), (6, 3), 80)
    painter.paint(None, {"k": 1})
    drawn = []
    monkeypatch.setattr(XAxis, "draw", lambda self, renderer: drawn.append(self) if self.get_visible() else None)
    painter.paint(None, {"k": 3})
    assert not drawn


def test_pictures_carry_no_metadata():
    file = encode(np.zeros((2, 2, 3), np.uint8), "png")
    assert re.findall(rb"IHDR|tEXt|tIME|iTXt|pHYs|IEND", file) == [b"IHDR", b"IEND"]
