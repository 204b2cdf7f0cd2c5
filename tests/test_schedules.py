import math

import pytest
from helpers import normal, rng

from chainrule.dense import Dense
from chainrule.losses import mse
from chainrule.optimizers import SGD
from chainrule.schedules import OnPlateau, chain, constant, cosine, exponential, one_cycle, step, warmup
from chainrule.train import fit

LINE = lambda t: float(t)  # noqa: E731


def values(schedule, *steps: int) -> list[float]:
    return [schedule(t) for t in steps]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (constant(0.3), {1: 0.3, 1000: 0.3}),
        (step(0.1, 10), {1: 0.1, 10: 0.1, 11: 0.01, 20: 0.01, 21: 0.001}),
        (step(0.1, 1, 0.5), {1: 0.1, 2: 0.05, 3: 0.025}),
        (exponential(0.1, 0.5), {1: 0.1, 2: 0.05, 5: 0.1 / 16}),
        (cosine(1.0, 11), {1: 1, 6: 0.5, 11: 0, 12: 0, 500: 0}),
        (cosine(1.0, 5, floor=0.2), {1: 1, 2: 0.2 + 0.8 * (2 + math.sqrt(2)) / 4, 3: 0.6, 5: 0.2, 6: 0.2}),
        (cosine(1.0, 1), {1: 1, 2: 0, 9: 0}),
        (warmup(4, 0.8), {1: 0.2, 2: 0.4, 4: 0.8, 5: 0.8, 99: 0.8}),
        (warmup(1, 0.8), {1: 0.8, 2: 0.8}),
        (warmup(4, cosine(0.8, 3)), {2: 0.4, 4: 0.8, 5: 0.8, 6: 0.4, 7: 0, 8: 0}),
        (
            one_cycle(1.0, 10, start=0.1, end=0.0, rise=0.3),
            {1: 0.1, 2: 0.55, 3: 1, 6: math.cos(1.5 * math.pi / 7) ** 2, 10: 0},
        ),
        (one_cycle(2.0, 101), {1: 0.08, 30: 2, 101: 2e-4, 200: 2e-4}),
        (chain((2, constant(0.1)), (3, exponential(0.4, 0.5))), {1: 0.1, 2: 0.1, 3: 0.4, 5: 0.1, 6: 0.05}),
        (chain((2, LINE), (2, warmup(2, LINE)), (1, LINE)), {1: 1, 2: 2, 3: 0.5, 4: 1, 5: 1, 6: 2}),
    ],
)
def test_corner_values(schedule, expected):
    assert values(schedule, *expected) == pytest.approx(list(expected.values()), abs=1e-12)


@pytest.mark.parametrize("schedule", [cosine(1.0, 50), one_cycle(1.0, 50), warmup(10, cosine(1.0, 40))])
def test_one_rise_at_most_and_then_a_fall(schedule):
    rates = values(schedule, *range(1, 60))
    top = rates.index(max(rates))
    assert max(rates) == pytest.approx(1) and min(rates) >= 0
    assert rates[: top + 1] == sorted(rates[: top + 1]) and rates[top:] == sorted(rates[top:], reverse=True)


def test_schedules_remember_nothing():
    schedule = chain((3, warmup(2, 0.5)), (5, cosine(1.0, 5)))
    assert values(schedule, 5, 1, 7, 5) == values(schedule, 5, 1, 7, 5)


def test_on_plateau_lowers_the_rate_when_patience_runs_out():
    schedule, rates = OnPlateau(1.0, factor=0.1, patience=2, floor=0.05), []
    for loss in (3, 2, 2, 2, 2, 1.99999, 2, 2, 2, 1, 1, 1, 1):
        schedule.observe(loss)
        rates.append(schedule(1))
    assert rates == pytest.approx([1] * 4 + [0.1] * 3 + [0.05] * 6)


def test_on_plateau_is_not_fooled_by_a_loss_that_is_no_number():
    schedule = OnPlateau(1.0, factor=0.5, patience=1)
    for loss in (math.nan, 3, 2, 1):
        schedule.observe(loss)
    assert schedule(1) == 1 and schedule.best == 1


def test_on_plateau_takes_negative_losses():
    schedule = OnPlateau(1.0, factor=0.5, patience=0, margin=0.1)
    for loss, rate in ((-1, 1), (-2, 1), (-2.1, 0.5), (-2.3, 0.5)):
        schedule.observe(loss)
        assert schedule(1) == rate


@pytest.mark.parametrize(
    "compose",
    [
        lambda s: s,
        lambda s: warmup(3, s),
        lambda s: chain((2, constant(1e-12)), (1, s)),
        lambda s: warmup(1, warmup(1, s)),
    ],
    ids=["alone", "after warm-up", "in a chain", "twice inside"],
)
def test_fit_reports_to_on_plateau_wherever_it_is(compose):
    layer, x = Dense(3, 1, rng()), normal(8, 3).astype("f")
    plateau = OnPlateau(1e-12, factor=0.5, patience=2)  # too low to improve anything: five epochs, one lowering
    for _ in fit(layer, mse, (x, x[:, :1]), SGD(layer, compose(plateau)), epochs=5, rng=rng()):
        pass
    assert plateau.lr == 0.5e-12


@pytest.mark.parametrize("held_out", [False, True])
def test_fit_reports_the_mean_loss_of_the_epoch_or_the_validation_loss(held_out):
    heard, layer, x = [], Dense(3, 1, rng()), normal(7, 3).astype("f")
    plateau = OnPlateau(0.01)
    plateau.observe = heard.append
    validation = (2 * x, x[:, :1]) if held_out else None
    options = {"epochs": 3, "rng": rng(), "batch_size": 3, "validation": validation}
    records = list(fit(layer, mse, (x, x[:, :1]), SGD(layer, plateau), **options))
    assert heard == [r.validation if held_out else r.loss for r in records]


def test_schedules_without_a_listener_do_not_listen():
    assert not hasattr(warmup(3, cosine(1.0, 5)), "observe") and not hasattr(chain((1, LINE)), "observe")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: constant(-1), "lr takes a finite number >= 0, got -1"),
        (lambda: exponential(float("nan"), 0.5), "lr takes a finite number >= 0, got nan"),
        (lambda: step(0.1, 0), "every takes a positive integer, got 0"),
        (lambda: exponential(0.1, -0.5), r"factor takes a finite number >= 0, got -0\.5"),
        (lambda: cosine(0.1, 0), "steps takes a positive integer, got 0"),
        (lambda: cosine(0.1, 5, floor=0.2), r"floor takes a number in \[0, 0\.1\], got 0\.2"),
        (lambda: warmup(2.5, 0.1), r"steps takes a positive integer, got 2\.5"),
        (lambda: warmup(2, -0.1), r"lr takes a finite number >= 0, got -0\.1"),
        (lambda: one_cycle(float("inf"), 5), "peak takes a finite number >= 0, got inf"),
        (lambda: one_cycle(1.0, 5, rise=2), r"rise takes a number in \[0, 1\], got 2"),
        (lambda: chain(), r"chain takes at least one \(steps, schedule\)"),
        (lambda: chain((3, 0.1)), r"pairs \(steps, schedule\), got 0\.1 for a schedule"),
        (lambda: OnPlateau(0.1, patience=-1), "patience takes a finite number >= 0, got -1"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
