"""What must hold of the environments, as functions of a module."""

from pathlib import Path
from types import ModuleType

import numpy as np
from helpers import rng
from numpy.testing import assert_allclose

REFERENCE = Path(__file__).parent / "reference" / "cartpole.npz"


def cartpole_follows_gymnasium(m: ModuleType) -> None:
    with np.load(REFERENCE) as file:
        for seed in range(5):
            cart = m.CartPole()
            seen = [cart.reset(seed=seed)[0]]
            for action in file[f"{seed} actions"]:
                observation, reward, *ends, info = cart.step(int(action))
                seen.append(observation)
                assert reward == 1 and info == {} and (len(seen) > len(file[f"{seed} actions"]) or not any(ends))
            assert ends == file[f"{seed} ends"].tolist()
            assert_allclose(seen, file[f"{seed} observations"], atol=1e-5)


def cartpole_ends(m: ModuleType) -> None:
    """A step is over the limit where the state is, and the last allowed one is truncated."""
    cart = m.CartPole(max_steps=2)
    for start, speed, over in ((2.38, 1.1, True), (-2.38, -1.1, True), (2.38, 0.9, False), (0, 0, False)):
        low = np.array([start, speed, 0, 0])
        cart.reset(seed=0, options={"low": low, "high": low})
        assert cart.step(1)[2] is over
    for angle, spin, over in ((0.2, 0.6, True), (-0.2, -0.6, True), (0.2, 0.4, False)):
        low = np.array([0, 0, angle, spin])
        cart.reset(seed=0, options={"low": low, "high": low})
        assert cart.step(0)[2] is over
    cart.reset(seed=0)
    assert [cart.step(1)[3] for _ in range(2)] == [False, True]


def carts_in_step_are_single_carts(m: ModuleType) -> None:
    together, single = m.VectorCartPole(4, max_steps=30), [m.CartPole(max_steps=30) for _ in range(4)]
    seen = together.reset(seed=7)[0]
    assert_allclose(seen, [cart.reset(seed=7 + i)[0] for i, cart in enumerate(single)])
    draw, ended = rng(), 0
    for _ in range(100):
        actions = draw.integers(0, 2, 4)
        seen, rewards, terminated, truncated, info = together.step(actions)
        assert rewards.tolist() == [1] * 4 and ("final_obs" in info) == bool((terminated | truncated).any())
        reached = info.get("final_obs", seen)
        for i, cart in enumerate(single):
            expected = cart.step(int(actions[i]))
            assert_allclose(reached[i], expected[0], atol=1e-6)
            assert (terminated[i], truncated[i]) == expected[2:4]
            if terminated[i] or truncated[i]:
                ended += 1
                assert_allclose(seen[i], cart.reset()[0])
    assert ended > 10


def grid_rules_in_full(m: ModuleType) -> None:
    """S . / # G, slipping: every entry of P and R of two cells by hand."""
    grid = m.GridWorld(("S.", "#G"), slip=0.2, step_reward=-0.5)
    assert_allclose(grid.P.sum(-1), 1)
    assert_allclose(grid.P[0, :, 0], [0.9, 0.2, 0.9, 1])  # up, right, down, left: rim, wall and start
    assert_allclose(grid.P[0, :, 1], [0.1, 0.8, 0.1, 0])
    assert_allclose(grid.P[1, 2], [0.1, 0.1, 0, 0.8])
    assert_allclose(grid.R[:2], [[-0.5] * 4, [-0.5, -0.4, 0.3, -0.4]])
    assert_allclose(grid.P[[2, 3]], np.eye(4)[[[2] * 4, [3] * 4]])
    assert not grid.R[2:].any() and grid.terminal.tolist() == [False, False, True, True]


def grid_does_what_its_rules_say(m: ModuleType) -> None:
    grid, draw = m.GridWorld(slip=0.4), rng(1)
    counts, gains = np.zeros_like(grid.P), np.zeros_like(grid.R)
    state, free = grid.reset(seed=1)[0], np.flatnonzero(~grid.terminal)
    for _ in range(40000):
        action = int(draw.integers(4))
        after, reward, terminated, truncated, _ = grid.step(action)
        counts[state, action, after] += 1
        gains[state, action] += reward
        assert terminated == grid.terminal[after]
        elsewhere = terminated or truncated or draw.random() < 0.5
        state = grid.reset(options={"cell": draw.choice(free)})[0] if elsewhere else after
    tried = counts.sum(-1)
    often = tried > 200
    assert often[free].all()
    assert_allclose((counts / np.maximum(tried, 1)[..., None])[often], grid.P[often], atol=0.12)
    assert_allclose((gains / np.maximum(tried, 1))[often], grid.R[often], atol=0.12)
