"""A map to walk on. It is small enough for its rules to be written out in full, as the two arrays P and R, so what an
agent learns by walking can be compared with what is true.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np

from chainrule.arrays import expect_number, expect_positive_int
from chainrule.rl.spaces import Discrete, seeded

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
NAMES = ("up", "right", "down", "left")
MAP = ("....G", ".#.#O", ".....", "S#.O.")


class GridWorld:
    """Walk from S to G; `#` is a wall, `O` a hole, `.` free ground. With Gymnasium's interface.

    Observation  the cell's number, row by row from the top left
    Action       0 up, 1 right, 2 down, 3 left; against a wall or the rim it stays where it is. With probability `slip`
                 the step goes to one of the two sides instead, half of it each
    Reward       `step_reward` for each step; 1 more on reaching G, −1 more on falling into a hole
    Terminated   at G or in a hole;  truncated after `max_steps`

    P (S, A, S) holds P[s, a, s'] = p(s' | s, a) and R (S, A) the expected reward. G, holes and walls lead to
    themselves for nothing. `terminal` (S,) is True there.
    Raises ValueError for a map without exactly one S, with rows of different lengths or other letters.
    """

    def __init__(self, rows: Sequence[str] = MAP, slip: float = 0.0, step_reward: float = -0.04, max_steps: int = 100):
        expect_number("GridWorld slip", slip, low=0, high=1)
        expect_number("GridWorld step_reward", step_reward)
        expect_positive_int("GridWorld max_steps", max_steps)
        cells = "".join(rows)
        if len({len(row) for row in rows}) != 1 or set(cells) - set(".#SGO") or cells.count("S") != 1:
            raise ValueError(f"GridWorld takes rows of one length made of . # O G and one S, got {tuple(rows)}")
        self.rows, self.slip, self.step_reward, self.max_steps = tuple(rows), slip, step_reward, max_steps
        self.shape, self.start = (len(rows), len(rows[0])), cells.index("S")
        self.observation_space, self.action_space = Discrete(len(cells)), Discrete(len(MOVES))
        self.terminal = np.array([cell in "GO#" for cell in cells])
        self._gain = np.array([{"G": 1.0, "O": -1.0}.get(cell, 0.0) for cell in cells])
        self.P, self.R = self._rules()
        self._cumulative = self.P.cumsum(-1)
        self._rng: np.random.Generator | None = None
        self._cell, self._steps = -1, 0

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[int, dict]:
        """(observation, info): at S, or in the cell options["cell"].

        Raises ValueError where no seed has ever been given, or the cell is not free ground.
        """
        self._rng = seeded(self._rng, seed, "GridWorld")
        cell = (options or {}).get("cell", self.start)
        if not self.observation_space.contains(cell) or self.terminal[cell]:
            raise ValueError(f"GridWorld starts on free ground, got cell {cell!r}")
        self._cell, self._steps = int(cell), 0
        return self._cell, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict]:
        """(observation, reward, terminated, truncated, info) after a step.

        Raises ValueError where action is not 0 … 3, or no episode is running.
        """
        if not self.action_space.contains(action):
            raise ValueError(f"GridWorld takes action 0 to {len(MOVES) - 1}, got {action!r}")
        if self._cell < 0 or self._rng is None:
            raise ValueError("GridWorld: no episode is running; call reset() first")
        chances = self._cumulative[self._cell, action]
        cell = int(np.searchsorted(chances, self._rng.random() * chances[-1], side="right"))
        self._steps += 1
        terminated, truncated = bool(self.terminal[cell]), self._steps >= self.max_steps
        self._cell = -1 if terminated or truncated else cell
        return cell, self.step_reward + float(self._gain[cell]), terminated, truncated, {}

    def neighbour(self, cell: int, action: int) -> int:
        """Where a step without slipping leads."""
        row, column = (i + d for i, d in zip(divmod(cell, self.shape[1]), MOVES[action]))
        inside = 0 <= row < self.shape[0] and 0 <= column < self.shape[1]
        return row * self.shape[1] + column if inside and self.rows[row][column] != "#" else cell

    def _rules(self) -> tuple[np.ndarray, np.ndarray]:
        states, actions = self.observation_space.n, self.action_space.n
        P = np.zeros((states, actions, states))
        for s, a in product(range(states), range(actions)):
            if self.terminal[s]:
                P[s, a, s] = 1
                continue
            for turn, chance in ((0, 1 - self.slip), (-1, self.slip / 2), (1, self.slip / 2)):
                P[s, a, self.neighbour(s, (a + turn) % actions)] += chance
        return P, (self.step_reward + P @ self._gain) * ~self.terminal[:, None]
