import copy

import checks_training as checks
import numpy as np
import pytest
from helpers import normal, rng
from numpy.testing import assert_allclose

import chainrule.optimizers.muon
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.optimizers import AdamW, Muon
from chainrule.optimizers.muon import orthogonalised


@pytest.mark.parametrize("check", [checks.orthogonalised_in_closed_form, checks.muon_first_step])
def test_check(check):
    check(chainrule.optimizers.muon)


def test_orthogonalised_keeps_singular_vectors_and_dtype():
    for shape in ((8, 8), (20, 5), (4, 9), (1, 6)):
        g = normal(*shape, dtype=np.float32)
        o = orthogonalised(g)
        assert o.dtype == np.float32 and o.shape == shape
        s = np.linalg.svd(o, compute_uv=False)
        assert s.min() > 0.6 and s.max() < 1.3
        core = g.T @ o if shape[0] >= shape[1] else g @ o.T  # symmetric and positive where the vectors are kept
        assert_allclose(core, core.T, atol=2e-5 * np.abs(core).max())
        assert np.linalg.eigvalsh(core).min() > 0


def test_muon_leaves_vectors_to_adamw():
    net = Sequential(Dense(3, 4, rng(), dtype=np.float64), Dense(4, 2, rng(), dtype=np.float64))
    net.flat()[1][:] = normal(net.size)
    twin = copy.deepcopy(net)
    twin.flat()[1][:] = net.flat()[1]
    muon, adamw = Muon(net, vector_lr=0.01, weight_decay=0.1), AdamW(twin, 0.01, weight_decay=0.1)
    for optimizer in (muon, adamw) * 5:
        optimizer.step()
    for ours, theirs in zip(net.layers, twin.layers):
        assert_allclose(ours.b, theirs.b)
        assert np.abs(ours.W - theirs.W).max() > 1e-3
