"""Let Gymnasium's CartPole-v1 play, and keep what happened: `python tests/reference/cartpole.py` (needs gymnasium)."""

from pathlib import Path

import gymnasium
import numpy as np

PILOTS = {  # observation, number of the step → action
    "always right": lambda observation, step: 1,
    "alternating": lambda observation, step: step % 2,
    "against the lean": lambda observation, step: int(observation[2] > 0),
    "upright": lambda observation, step: int(observation[2] + 0.3 * observation[3] > 0),
    "drifting off": lambda observation, step: int(observation[2] + 0.3 * observation[3] > -0.05),
}

environment = gymnasium.make("CartPole-v1")
kept = {"gymnasium": np.array(gymnasium.__version__)}
for seed, (name, pilot) in enumerate(PILOTS.items()):
    observation, _ = environment.reset(seed=seed)
    observations, actions, over = [observation], [], False
    while not over:
        actions.append(pilot(observation, len(actions)))
        observation, reward, terminated, truncated, _ = environment.step(actions[-1])
        observations.append(observation)
        over = terminated or truncated
        assert reward == 1.0
    print(name, len(actions), "terminated" if terminated else "truncated", observation)
    kept |= {f"{seed} observations": np.array(observations), f"{seed} actions": np.array(actions, np.int8)}
    kept |= {f"{seed} ends": np.array([terminated, truncated])}
np.savez_compressed(Path(__file__).parent / "cartpole.npz", **kept)
