"""What must hold of initializers and optimizers, as functions of the module: see checks.py."""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from ledger import note
from numpy.testing import assert_allclose
from reference.make import CASES, reference, run

from chainrule.dense import Dense
from chainrule.initializers import lecun


def initializer_variances(m: ModuleType) -> None:
    n, k = 300, 200
    for f, variance in ((m.glorot, 2 / (n + k)), (m.he, 2 / n), (m.lecun, 1 / n)):
        w = f((n, k), rng())
        assert_allclose(w.var(dtype=np.float64), variance, rtol=0.03, err_msg=f.__name__)
        assert abs(w.mean(dtype=np.float64)) < 4 * math.sqrt(variance / w.size)
        assert_allclose(f((n, k), rng(), gain=3.0), w * 3.0 / (math.sqrt(2) if f is m.he else 1.0), rtol=1e-5)
    limit = math.sqrt(6 / (n + k))
    assert 0.99 * limit < np.abs(m.glorot((n, k), rng())).max() <= limit


def orthogonal_singular_values(m: ModuleType) -> None:
    for shape in ((5, 3), (3, 5), (4, 4), (1, 3)):
        w = m.orthogonal(shape, rng(), gain=2.5, dtype=np.float64)
        assert w.shape == shape
        assert_allclose(np.linalg.svd(w, compute_uv=False), 2.5)
    signs = [np.sign(m.orthogonal((2, 2), rng(seed))[0, 0]) for seed in range(40)]
    assert 8 < sum(s > 0 for s in signs) < 32  # uniform: QR alone would leave one sign


def optimizers_equal_reference(m: ModuleType) -> None:
    for name, case in CASES.items():
        if hasattr(m, case.ours):
            ours = run(getattr(m, case.ours), case)
            assert_allclose(ours, reference(name), rtol=0, atol=1e-8, err_msg=name)
            note(case.ours, "pytorch", float(np.abs(ours - reference(name)).max()))


def orthogonalised_in_closed_form(m: ModuleType) -> None:
    for shape in ((6, 4), (3, 7)):
        g = lecun(shape, rng(), dtype=np.float64)
        u, s, vt = np.linalg.svd(g, full_matrices=False)
        s = s / np.linalg.norm(s)
        for _ in range(5):
            s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
        assert_allclose(m.orthogonalised(g), (u * s) @ vt, atol=1e-5)
        assert s.min() > 0.6 and s.max() < 1.3


def muon_first_step(m: ModuleType) -> None:
    layer = Dense(3, 12, rng(), dtype=np.float64)
    optimizer, W, b = m.Muon(layer, lr=0.1, vector_lr=0.01), layer.W.copy(), layer.b.copy()
    layer.dW, layer.db = normal(3, 12), normal(12)
    optimizer.step()
    assert_allclose(layer.W, W - 0.1 * 2 * m.orthogonalised(layer.dW), atol=1e-6)
    assert_allclose(layer.b, b - 0.01 * np.sign(layer.db), rtol=1e-5)
