import checks_cnn as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.cnn
from chainrule.check import gradcheck
from chainrule.convolution import Conv2d
from chainrule.data import digits
from chainrule.losses import cross_entropy
from chainrule.metrics import accuracy
from chainrule.models.cnn import cnn, lenet, residual_block, residual_cnn
from chainrule.normalization import BatchNorm
from chainrule.optimizers import Adam
from chainrule.schedules import cosine
from chainrule.train import DataParallel, fit


@pytest.mark.parametrize(
    "check",
    [checks.cnn_is_its_layers, checks.residual_blocks_start_as_relu, checks.residual_cnn_halves, checks.lenet_5],
)
def test_check(check):
    check(chainrule.models.cnn)


def test_how_it_prints():
    assert repr(cnn((1, 8, 8), [16, 32], 10, rng())) == "\n".join(
        (
            "Sequential                         6,090",
            "├─ layers.0: Conv2d(1 → 16, 3×3)     160",
            "├─ layers.1: MaxPool2d(2×2)            0",
            "├─ layers.2: relu",
            "├─ layers.3: Conv2d(16 → 32, 3×3)  4,640",
            "├─ layers.4: MaxPool2d(2×2)            0",
            "├─ layers.5: relu",
            "├─ layers.6: flatten",
            "└─ layers.7: Dense(128 → 10)       1,290",
        )
    )


@pytest.mark.parametrize(
    ("model", "image"),
    [
        (cnn((2, 5, 6), [3, 4], 2, rng(), hidden=[5]), (2, 5, 6)),
        (cnn((1, 4, 4), [], 2, rng()), (1, 4, 4)),
        (lenet((1, 4, 5), 3, rng()), (1, 4, 5)),
    ],
    ids=["cnn", "no convolution", "lenet"],
)
@pytest.mark.parametrize("count", [1, 3])
def test_gradients(model, image, count):
    gradcheck(model, normal(count, *image), rng=rng(1))


def test_gradients_of_the_residual_cnn():
    """With γ moved away from zero: where it starts, every zero of a block's input lies on the kink of ReLU."""
    model = residual_cnn((1, 5, 4), [2, 3], 2, rng(), blocks=2, dtype=np.float64)
    for i, array in enumerate(model.params.values()):
        array += 0.3 * normal(*array.shape, seed=i)
    gradcheck(model, normal(3, 1, 5, 4), rng=rng(1))


def test_dtypes_and_sizes():
    assert cnn((3, 9, 11), [4], 2, rng(), size=5)(normal(2, 3, 9, 11, dtype=np.float32))[0].dtype == np.float32
    for make in (
        lambda **o: cnn((1, 8, 8), [2], 3, rng(), **o),
        lambda **o: residual_cnn((1, 8, 8), [2], 3, rng(), **o),
    ):
        model = make(dtype=np.float64)
        assert {array.dtype for array in model.params.values()} == {np.dtype(np.float64)}
        assert model(normal(2, 1, 8, 8))[0].shape == (2, 3)
    assert lenet((1, 28, 28), 10, rng()).size == 6 * 26 + 16 * 151 + 784 * 120 + 120 + 121 * 84 + 85 * 10
    twenty = residual_cnn((3, 32, 32), [16, 32, 64], 10, rng(), blocks=3)
    convolutions = [layer for _, layer in twenty.walk() if isinstance(layer, Conv2d) and layer.kernel.size == (3, 3)]
    assert len(convolutions) + 1 == 20
    assert all("b" not in layer.names for layer in convolutions)


def test_batch_norm_is_used_as_it_was_trained():
    model = residual_cnn((1, 8, 8), [4], 3, rng())
    x = normal(6, 1, 8, 8, dtype=np.float32)
    model(x)
    model.evaluate()
    np.testing.assert_allclose(model(x)[0][:2], model(x[:2])[0], atol=1e-5)


@pytest.mark.parametrize(
    "make", [lambda r: cnn((1, 8, 8), [8, 16], 10, r), lambda r: residual_cnn((1, 8, 8), [8, 16], 10, r)]
)
def test_it_learns_digits(make):
    data, generator = digits(), rng()
    model = make(generator)
    train = (data.x_train.reshape(-1, 1, 8, 8), data.y_train)
    optimizer = Adam(model, cosine(1e-2, 4 * 43))
    list(fit(model, cross_entropy, train, optimizer, epochs=4, rng=generator, batch_size=32))
    assert accuracy(model(data.x_test.reshape(-1, 1, 8, 8))[0], data.y_test) > 0.93


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: cnn((1, 8, 3), [4, 4], 2, rng()),
            r"cnn takes images \(C, H, W\) of at least 4×4 here, got \(1, 8, 3\)",
        ),
        (lambda: cnn((8, 8), [4], 2, rng()), r"cnn takes images \(C, H, W\) .* got \(8, 8\)"),
        (lambda: lenet((1, 3, 8), 2, rng()), r"lenet takes images .* at least 4×4 here, got \(1, 3, 8\)"),
        (lambda: residual_cnn((1, 3, 3), [2, 2, 2], 2, rng()), r"residual_cnn takes .* at least 4×4 here"),
        (lambda: residual_cnn((1, 3, 3), [], 2, rng()), "residual_cnn takes at least one number of channels"),
        (
            lambda: residual_cnn((1, 3, 3), [2], 2, rng(), blocks=0),
            "residual_cnn blocks takes a positive integer, got 0",
        ),
        (lambda: cnn((1, 8, 8), [0], 2, rng()), "Conv2d n_out takes a positive integer, got 0"),
        (
            lambda: cnn((1, 8, 8), [2], 2, rng())(np.zeros((1, 3, 8, 8), "f")),
            r"Conv2d\(1 → 2, 3×3\) takes \(N, 1, H, W\)",
        ),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_block_that_changes_the_shape_has_a_shortcut_of_its_own():
    same, wider = residual_block(4, 4, rng())[0], residual_block(4, 8, rng(), stride=2)[0]
    assert len([layer for _, layer in same.walk() if isinstance(layer, BatchNorm)]) == 2
    y, back = wider(normal(2, 4, 5, 6, dtype=np.float32))
    assert y.shape == (2, 8, 3, 3) and back(y).shape == (2, 4, 5, 6)


def test_two_workers_find_the_gradient_of_one():
    model, x, labels = cnn((1, 8, 8), [4, 8], 3, rng(), dtype=np.float64), normal(7, 1, 8, 8), rng(1).integers(0, 3, 7)
    found = []
    for workers in (1, 2):
        loss = DataParallel(model, cross_entropy, workers)(x, labels)
        found.append((loss, model.flat()[1].copy()))
    np.testing.assert_allclose(found[0][0], found[1][0])
    np.testing.assert_allclose(found[0][1], found[1][1], atol=1e-12)
