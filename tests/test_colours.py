"""Do readers with each kind of sight tell the book's colours apart?"""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from chainrule import plots

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB
SIGHT = {
    "normal": np.eye(3).tolist(),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    f = np.cbrt(to_xyz @ np.clip(rgb, 1e-4, 1) / [0.9505, 1, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def smallest_gap(colours, sight: str) -> float:
    """The smallest distance ΔE between two of the colours, as that eye sees them."""
    c = np.array([to_rgb(colour) for colour in colours])
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return min(np.linalg.norm(a - b) for a, b in combinations([lab(np.array(SIGHT[sight]) @ rgb) for rgb in linear], 2))


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_are_told_apart(sight):
    assert smallest_gap(plots.CLASSES, sight) > 15
    assert smallest_gap(plots.CLASSES[:2], sight) > 80  # blue and vermilion carry every decision region


def test_the_measure_knows_bad_colours():
    red_and_green, vividly = ("#d62728", "#2ca02c"), ("#ff0000", "#00a000")
    assert smallest_gap(red_and_green, "deuteranopia") < 10 < 80 < smallest_gap(red_and_green, "normal")
    assert smallest_gap(vividly, "deuteranopia") < 15
