import checks_interpret
import numpy as np
import pytest
from checks_interpret import IMAGES, START, X, quadratic, weighing
from helpers import Noise, normal, rng

import chainrule.interpret.gradients
import chainrule.interpret.places
import chainrule.interpret.score
from chainrule.combine import Sequential
from chainrule.data import shapes
from chainrule.dense import Dense
from chainrule.interpret import grad_cam, input_gradients, integrated_gradients, occlusion
from chainrule.losses import bce, cross_entropy
from chainrule.models.cnn import cnn
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.train import fit

CHECKS = {
    chainrule.interpret.gradients: (
        "gradients_in_closed_form",
        "integrals_in_closed_form",
        "attributions_are_complete",
        "more_steps_come_closer",
        "the_predicted_class_is_that_of_the_input",
    ),
    chainrule.interpret.places: ("covering_in_loops", "maps_in_closed_form"),
    chainrule.interpret.score: ("models_are_left_as_they_were", "scores_by_hand"),
}
ASKED = {
    "input_gradients": (input_gradients, mlp([3, 5, 4], rng()), normal(6, 3)),
    "integrated_gradients": (integrated_gradients, mlp([3, 5, 4], rng()), normal(6, 3)),
    "occlusion": (lambda model, x: occlusion(model, x, 2), weighing, IMAGES),
    "grad_cam": (lambda model, x: grad_cam(model, x, 1), Sequential(lambda x: (x, lambda dy: dy), weighing), IMAGES),
}


@pytest.mark.parametrize(("module", "check"), [(m, check) for m, checks in CHECKS.items() for check in checks])
def test_check(module, check):
    getattr(checks_interpret, check)(module)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ASKED)
def test_what_comes_back_is_new_and_of_one_dtype_and_the_input_is_left_alone(name, dtype):
    f, model, x = ASKED[name]
    model, x = model.astype(dtype) if name.endswith("gradients") else model, x.astype(dtype)
    x.setflags(write=False)
    found = f(model, x)
    if name.endswith("gradients"):
        assert found.dtype == dtype  # `weighing` is float64 whatever comes in
    assert found.shape == (x.shape if x.ndim == 2 else (3, 5, 6)) and np.isfinite(found).all()
    assert not np.shares_memory(found, x)
    np.testing.assert_allclose(f(model, x[:1]), found[:1], rtol=1e-4, atol=1e-6)  # each row for itself


def test_a_model_with_noise_is_asked_without_it_and_learns_nothing():
    model = Sequential(Noise(), Dense(3, 2, rng(), dtype=np.float64))
    model.zero_grad()
    state = model[0].rng.bit_generator.state
    for f in (input_gradients, integrated_gradients):
        assert np.array_equal(f(model, X), f(model, X))
    np.testing.assert_allclose(input_gradients(model, X, 1), np.broadcast_to(model[1].W[:, 1], X.shape))
    assert model.training and model[0].training and not model.flat()[1].any()
    assert model[0].rng.bit_generator.state == state


def test_integrals_do_not_depend_on_how_many_rows_are_asked_at_once(monkeypatch):
    whole = integrated_gradients(quadratic, X, baseline=START, steps=30), occlusion(weighing, IMAGES, 2)
    monkeypatch.setattr(chainrule.interpret.score, "ROWS", 1)
    alone = integrated_gradients(quadratic, X, baseline=START, steps=30), occlusion(weighing, IMAGES, 2)
    for a, b in zip(whole, alone):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


def test_the_input_that_decides_is_found():
    x = normal(300, 4, dtype=np.float32)
    model = mlp([4, 16, 1], rng())
    list(fit(model, bce, (x, (x[:, 2:3] > 0).astype("f")), Adam(model, 0.02), epochs=60, rng=rng()))
    shares = np.abs(integrated_gradients(model, x)).mean(0)
    assert shares.argmax() == 2 and shares[2] > 4 * np.delete(shares, 2).max()


def test_a_trained_convolution_looks_at_the_shape():
    x, labels = shapes(1200, rng())
    model = cnn((1, 16, 16), [8, 16], 4, rng(1))
    list(fit(model, cross_entropy, (x, labels), Adam(model, 3e-3), epochs=8, rng=rng(2), batch_size=32))
    (seen, labels), clean = shapes(200, rng(3)), shapes(200, rng(3), noise=0)[0][:, 0] > 0.3
    cam = grad_cam(model, seen, 4, labels)  # after the second convolution, 8 × 8
    assert (cam * clean.reshape(200, 8, 2, 8, 2).mean((2, 4))).sum() > 1.8 * clean.mean() * cam.sum() > 0
    heat = np.maximum(occlusion(model, seen, 4, labels), 0)
    assert (heat * clean).sum() > 1.8 * clean.mean() * heat.sum() > 0
    found = integrated_gradients(model, seen, labels, steps=100).sum((1, 2, 3))
    (score, blank), each = (model(images)[0] for images in (seen, 0 * seen)), np.arange(200)
    np.testing.assert_allclose(found, score[each, labels] - blank[each, labels], atol=0.1)


def test_a_patch_as_large_as_the_image_covers_it_whole():
    square = IMAGES[..., :5]
    heat = occlusion(lambda x: (x.sum((1, 2, 3)), None), square, 5)
    np.testing.assert_allclose(heat, np.broadcast_to(square.sum((1, 2, 3))[:, None, None], (3, 5, 5)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: input_gradients(quadratic, X, 4), "classes takes one class, or one for each of 5 rows, 0 to 3, got 4"),
        (lambda: input_gradients(quadratic, X, -1), "0 to 3, got -1"),
        (lambda: input_gradients(quadratic, X, np.array([0, 1])), r"each of 5 rows, 0 to 3, got array\(\[0, 1\]\)"),
        (lambda: input_gradients(quadratic, X, 1.0), r"0 to 3, got 1\.0"),
        (lambda: input_gradients(quadratic, np.ones(3, int)), r"input_gradients takes .*, got int64 \(3,\): ids have"),
        (lambda: input_gradients(quadratic, np.array(1.0)), r"input_gradients takes .*, got float64 \(\)"),
        (lambda: occlusion(weighing, IMAGES.astype(int), 2), "occlusion takes floating-point inputs .*, got int64"),
        (lambda: grad_cam(ASKED["grad_cam"][1], IMAGES.astype(int), 1), "grad_cam takes .*, got int64"),
        (lambda: input_gradients(quadratic, [[1.0]]), "input_gradients takes floating-point inputs .*, got list"),
        (lambda: integrated_gradients(quadratic, X[:0]), r"integrated_gradients takes .*, got float64 \(0, 3\)"),
        (lambda: input_gradients(lambda x: (x[None], None), X), r"outputs \(N, C\).* got \(1, 5, 3\)"),
        (lambda: integrated_gradients(quadratic, X, steps=0), "steps takes a positive integer, got 0"),
        (lambda: integrated_gradients(quadratic, X, None, np.ones(4)), r"baseline takes .* \(5, 3\), got \(4,\)"),
        (lambda: integrated_gradients(quadratic, X, None, np.ones((2, 5, 3))), r"x \(5, 3\), got \(2, 5, 3\)"),
        (lambda: occlusion(weighing, IMAGES, 6), r"at least 6 × 6 pixels, got \(3, 2, 5, 6\)"),
        (lambda: occlusion(weighing, IMAGES[0], 2), r"images \(N, C, H, W\) .* got \(2, 5, 6\)"),
        (lambda: occlusion(weighing, IMAGES, 0), "size takes a positive integer, got 0"),
        (lambda: occlusion(weighing, IMAGES, 2, stride=0), "stride takes a positive integer, got 0"),
        (lambda: occlusion(weighing, IMAGES, 2, stride=3), "a stride of at most the patch's size, 2, got 3"),
        (lambda: occlusion(weighing, IMAGES, 2, fill=np.ones(5)), r"fill takes a number .*, got \(5,\)"),
        (lambda: grad_cam(weighing, IMAGES, 1), "grad_cam takes a Sequential .* got function"),
        (lambda: grad_cam(ASKED["grad_cam"][1], IMAGES, 0), "grad_cam takes a Sequential .* got 0 of 2"),
        (lambda: grad_cam(ASKED["grad_cam"][1], IMAGES, 2), "grad_cam takes a Sequential .* got 2 of 2"),
        (lambda: grad_cam(mlp([3, 4, 2], rng(), dtype=float), X, 1), r"after 1 parts the model has \(5, 4\)"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
