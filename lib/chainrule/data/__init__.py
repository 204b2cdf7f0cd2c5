"""Small data sets, drawn with a generator or bundled with scikit-learn: points in the plane, iris, digits.

Every function returns arrays x (N, D) float32 and labels (N,) int64, or a `Split` of them.
"""

from chainrule.data.points import blobs, circles, gate, moons, two_spirals, xor
from chainrule.data.real import Split, digits, iris, split
from chainrule.data.scaling import standardise

__all__ = ["Split", "blobs", "circles", "digits", "gate", "iris", "moons", "split", "standardise", "two_spirals", "xor"]
