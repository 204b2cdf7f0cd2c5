"""Bugs to plant in reinforcement learning: see test_planted_bugs.py."""

BUGS = {
    "rl.cartpole": {
        "cartpole_follows_gymnasium": [
            ("cos * pushed) / (HALF", "cos + pushed) / (HALF"),
            ("(spin * spin) * sin", "spin * sin"),
            ("POLE * (cos * cos) / total", "POLE * cos / total"),
            ("angle + SECONDS * spin,", "angle + SECONDS * (spin + SECONDS * spin_rate),"),
        ],
        "cartpole_ends": [
            ("FARTHEST, STEEPEST = 2.4,", "FARTHEST, STEEPEST = 2.5,"),
            ("terminated = abs(self._state[0]) > FARTHEST", "terminated = self._state[0] > FARTHEST"),
            ("math.radians(12)", "math.radians(15)"),
            ("        truncated = self._steps >= self.max_steps\n        if", "        truncated = False\n        if"),
        ],
        "carts_in_step_are_single_carts": [
            ("FORCE * (2.0 * actions - 1)", "FORCE * (1 - 2.0 * actions)"),
            ("seed + i for i", "seed for i"),
            ("            self._steps[over] = 0", "            self._steps[:] = 0"),
            ("np.abs(self._state[2]) > STEEPEST)\n", "np.abs(self._state[2]) > 2 * STEEPEST)\n"),
        ],
    },
    "rl.gridworld": {
        "grid_rules_in_full": [
            ("(-1, self.slip / 2), (1, self.slip / 2)", "(-1, self.slip), (1, 0)"),
            ("* ~self.terminal[:, None]", "* 1"),
            ("MOVES = ((-1, 0), (0, 1), (1, 0)", "MOVES = ((1, 0), (0, 1), (-1, 0)"),
            ('if inside and self.rows[row][column] != "#" else cell', "if inside else cell"),
        ],
        "grid_does_what_its_rules_say": [
            ("float(self._gain[cell])", "float(self._gain[self._cell])"),
            ("self._cumulative[self._cell, action]", "self._cumulative[self._cell, 3 - action]"),
            ("bool(self.terminal[cell])", "bool(self._gain[cell] > 0)"),
        ],
    },
    "rl.values": {
        "values_of_two_states": [
            ("return R + gamma * (P @ V)", "return R - gamma * (P @ V)"),
            (".argmax(1)\n\n\ndef value", ".argmin(1)\n\n\ndef value"),
            ("gamma * change > tol * (1 - gamma)", "change > 0.1"),
            ("np.eye(len(P)) - gamma * moves", "np.eye(len(P)) - moves.T * gamma"),
            ("if not better.any():", "if better.all() or not better.all():"),
        ],
        "values_agree_on_the_grid": [("gamma).max(1)", "gamma).mean(1)")],
    },
    "rl.advantages": {
        "gae_by_hand": [
            ("next_values * ~terminated", "next_values * ~over"),
            ("gamma * lam * ~over", "gamma * lam * ~terminated"),
            ("later = errors[t] + keep[t] * later", "later = errors[t] + keep[t - 1] * later"),
        ],
        "gae_between_its_ends": [
            ("tail[over] = next_values[over]", "tail[over] = 0"),
            ("tail[-1] = next_values[-1]", "tail[-1] = 0"),
            ("gamma, lam=1.0)", "gamma, lam=0.9)"),
        ],
    },
    "rl.objectives": {
        "policy_gradient_loss": [
            ("-gain) - entropy * back_bonus)", "-gain) + entropy * back_bonus)"),
            ("h, -p * (log_p + h[:, None])", "h, -p * log_p"),
            ("d = -np.exp(log_p) * weights[:, None]", "d = np.zeros_like(log_p)"),
            ("-(gain * chosen).mean()", "-(gain * np.exp(chosen)).mean()"),
        ],
        "clipped_loss": [
            ("np.clip(ratio, 1 - clip, 1 + clip)", "np.clip(ratio, 1 - clip, 1)"),
            ("-np.minimum(ratio * gain", "-np.maximum(ratio * gain"),
            ("free = ratio * gain <= limited * gain", "free = ratio == limited"),
            ("-gain * ratio * free", "-gain * free"),
        ],
        "at_first_the_ratio_is_one": [
            ("ratio * gain <= limited * gain", "ratio * gain < limited * gain"),
            ("float(dloss / len(gain))", "float(dloss)"),
        ],
    },
    "rl.policy": {
        "one_row_is_the_network": [
            ("                h += part.b", "                h -= part.b"),
            ("h = np.maximum(h, _zeros", "h = np.minimum(h, _zeros"),
            ("h = np.tanh(h)", "h = np.sinh(h)"),
            ("h = np.maximum(h, _zeros(h.shape, h.dtype))", "h = np.maximum(h, 0, out=h)"),
        ],
        "actions_have_their_probabilities": [
            ("math.exp(logit - top)", "math.exp(0.5 * (logit - top))"),
            ("point *= sum(weights)", "point *= len(weights) / 2"),
            ("math.exp(min(logits[0] - logits[1]", "math.exp(min(logits[1] - logits[0]"),
            ("np.exp(logits - logits.max(1, keepdims=True)).cumsum(1)", "np.exp(logits - 899).cumsum(1) ** 0.5"),
            ("(sums[:, :-1] <= points)", "(sums[:, :-1] > points)"),
        ],
    },
    "rl.rollout": {
        "a_player_keeps_count": [
            ("reached = observation.copy()\n", "return observation\n"),
            ("self.totals[over] = 0", "self.totals[:] = 0"),
            ("- rollout.over == 0", "== 0"),
            ("(rollout.rewards * mask).sum(0)", "rollout.rewards.sum(0)"),
            ("rows.append((self.observation,", "rows.append((observation,"),
            ("self.steps += len(rewards)", "self.steps += 1"),
        ],
    },
    "rl.reinforce": {
        "reinforce_learns_the_clock": [
            ("weights = returns - agent", "weights = -returns + agent"),
            ("guesses = agent", "guesses = 0 * agent"),
            ("weights = standardised(weights)", "weights = -standardised(weights)"),
            ("actions=played.actions[mask]", "actions=1 - played.actions[mask]"),
        ],
    },
    "rl.actor_critic": {
        "actor_critic_learns_the_clock": [
            ("return advantages, advantages + values", "return advantages, advantages"),
            ("agent.values(played.reached)", "0 * agent.values(played.reached)"),
            ("advantages=advantages.ravel()", "advantages=-advantages.ravel()"),
            ("actions=played.actions.ravel()", "actions=1 - played.actions.ravel()"),
        ],
    },
    "rl.ppo": {
        "ppo_learns_the_clock": [
            ("standardised(advantages[chosen])", "standardised(-advantages[chosen])"),
            ("clip=clip", "clip=0.2"),
            ("returns[chosen], ", "-returns[chosen], "),
            ("start in range(0, n, size)", "start in range(0, n - size, size)"),
        ],
    },
    "rl.q_learning": {
        "q_learning_by_hand": [
            ("reward if terminated else", "reward if terminated or truncated else"),
            ("gamma * Q[after].max()", "Q[after].max()"),
            ("Q[state, action] += rate *", "Q[state, action] += 2 * rate *"),
            ("values == values.max()", "values >= values[0]"),
        ],
    },
    "rl.dqn": {
        "dqn_targets_and_loss": [
            ("* ~steps.terminated", "* steps.terminated"),
            ("if double else after", "if not double else after"),
            ("dQ[rows, actions] = back_huber(dloss)", "dQ[rows, actions] = -back_huber(dloss)"),
        ],
        "dqn_learns_the_clock": [
            ("reached, reward, terminated)\n", "reached, reward, terminated or truncated)\n"),
            ("target.flat()[0][...] = network.flat()[0]", "pass"),
            ("observation, action, reward, reached, terminated", "observation, 0, reward, reached, terminated"),
        ],
    },
    "rl.replay": {
        "replay_keeps_the_last": [
            ("self._added % self.capacity", "min(self._added, self.capacity - 1)"),
            ("rng.integers(len(self), size=n)", "rng.integers(len(self) - 1, size=n)"),
            ("memory.reached[chosen],", "memory.observations[chosen],"),
            ("= observation, action, reward\n", "= observation, action, action\n"),
        ],
    },
    "rl.improve": {
        "one_step_of_learning": [
            ("    agent.zero_grad()\n", ""),
            ("back_mse(value_weight)", "back_mse()"),
            ("clipper(clip_norm, None)", "clipper(None, None)"),
            ("mse(values, returns", "mse(values, -returns"),
        ],
    },
    "rl.vector": {
        "environments_in_step": [
            ("seed + i, options", "seed, options"),
            ("observations.copy()", "observations"),
            ("np.flatnonzero(terminated | truncated)", "np.flatnonzero(terminated)"),
            ("observations[i] = self", "observations[0] = self"),
        ],
    },
}
