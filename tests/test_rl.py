from importlib import import_module

import checks_agents
import checks_environments
import checks_q_learning
import checks_rl
import numpy as np
import pytest
from checks_agents import clocks, small_agent
from helpers import normal, rng

from chainrule.activations import relu
from chainrule.combine import Sequential
from chainrule.convolution import Conv2d, flatten
from chainrule.dense import Dense
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.rl import (
    Agent,
    CartPole,
    GridWorld,
    Player,
    Vector,
    VectorCartPole,
    actor_critic,
    dqn,
    evaluate,
    ppo,
    q_learning,
    reinforce,
)
from chainrule.rl.actor_critic import judged
from chainrule.rl.policy import one_row

CHECKS = {
    "cartpole": [
        checks_environments.cartpole_follows_gymnasium,
        checks_environments.cartpole_ends,
        checks_environments.carts_in_step_are_single_carts,
    ],
    "gridworld": [checks_environments.grid_rules_in_full, checks_environments.grid_does_what_its_rules_say],
    "values": [checks_rl.values_of_two_states, checks_rl.values_agree_on_the_grid],
    "advantages": [checks_rl.gae_by_hand, checks_rl.gae_between_its_ends],
    "objectives": [checks_rl.policy_gradient_loss, checks_rl.clipped_loss, checks_rl.at_first_the_ratio_is_one],
    "policy": [checks_agents.one_row_is_the_network, checks_agents.actions_have_their_probabilities],
    "rollout": [checks_agents.a_player_keeps_count],
    "improve": [checks_agents.one_step_of_learning],
    "vector": [checks_agents.environments_in_step],
    "reinforce": [checks_agents.reinforce_learns_the_clock],
    "actor_critic": [checks_agents.actor_critic_learns_the_clock],
    "ppo": [checks_agents.ppo_learns_the_clock],
    "q_learning": [checks_q_learning.q_learning_by_hand],
    "dqn": [checks_q_learning.dqn_targets_and_loss, checks_q_learning.dqn_learns_the_clock],
    "replay": [checks_q_learning.replay_keeps_the_last],
}


@pytest.mark.parametrize(
    ("module", "check"), [(module, check) for module, checks in CHECKS.items() for check in checks]
)
def test_check(module, check):
    check(import_module(f"chainrule.rl.{module}"))


def test_single_environments_in_step_are_the_vector():
    fast, slow = VectorCartPole(3, max_steps=20), Vector([CartPole(20) for _ in range(3)])
    np.testing.assert_array_equal(fast.reset(seed=1)[0], slow.reset(seed=1)[0])
    for t in range(60):
        actions = rng(t).integers(0, 2, 3)
        ours, theirs = fast.step(actions), slow.step(actions)
        for a, b in zip(ours[:4], theirs[:4]):
            np.testing.assert_allclose(a, b, atol=1e-6)
        assert ours[4].keys() == theirs[4].keys()


@pytest.mark.parametrize("environment", [CartPole(), GridWorld(slip=0.5)])
def test_a_seed_repeats_the_episodes(environment):
    def run() -> list:
        seen = [environment.reset(seed=3)[0]]
        for _ in range(40):
            observation, _, terminated, truncated, _ = environment.step(1)
            seen.append(environment.reset()[0] if terminated or truncated else observation)
        return np.array(seen).tolist()

    assert run() == run()


def trainings() -> dict:
    """Each training with a fresh agent and environments, as seed → list of records."""
    cart = {"steps": 600}

    def of(train, **options):
        def run(seed):
            agent = Agent(mlp([4, 8, 2], rng(0)), mlp([4, 8, 1], rng(1)))
            return list(train(agent, VectorCartPole(3), Adam(agent), rng=rng(seed), **options))

        return run

    def with_dqn(seed):
        network = mlp([4, 8, 2], rng(0))
        return list(dqn(network, CartPole(), Adam(network), rng=rng(seed), warmup=100, **cart))

    def with_table(seed):
        return list(q_learning(np.zeros((20, 4)), GridWorld(slip=0.1), episodes=5, rng=rng(seed)))

    return {
        "reinforce": of(reinforce, updates=3),
        "actor_critic": of(actor_critic, **cart),
        "ppo": of(ppo, **cart),
        "dqn": with_dqn,
        "q_learning": with_table,
    }


@pytest.mark.parametrize("name", trainings())
def test_training_repeats_itself_with_the_same_generator(name):
    runs = [trainings()[name](seed) for seed in (0, 0, 1)]
    assert repr(runs[0]) == repr(runs[1]) != repr(runs[2]) and runs[0]


def test_an_agent_is_one_model():
    agent = small_agent()
    assert list(agent.params) == ["actor.W", "actor.b", "critic.W", "critic.b"]
    assert small_agent(critic=False).values(np.ones((2, 3, 1), np.float32)).tolist() == [[0] * 3] * 2
    x = np.ones((2, 1), np.float32)
    assert np.array_equal(agent(x)[0], agent.actor(x)[0]) and agent.values(x).shape == (2,)
    drawn = evaluate(agent, clocks(400, cut=False), rng(), greedy=False)
    assert 0 < drawn.mean() < 1 and set(drawn) == {0, 1}


def test_a_cart_that_runs_out_of_time_is_worth_what_the_critic_expects_there():
    agent = Agent(mlp([4, 8, 2], rng(0)), mlp([4, 8, 1], rng(1)))
    played = Player(agent, VectorCartPole(2, max_steps=3), rng()).play(7)
    assert played.over.sum(0).tolist() == [2, 2] and not played.terminated.any()
    returns = judged(agent, played, gamma=0.9, lam=0.5)[1]
    expected = 1 + 0.9 * agent.critic(played.reached[played.over])[0][:, 0]
    np.testing.assert_allclose(returns[played.over], expected, rtol=1e-5)
    assert not np.allclose(played.reached[played.over], played.observations[1:][played.over[:-1]], atol=1e-3)


def test_a_policy_of_images_plays_as_it_learns():
    network = Sequential(Conv2d(2, 3, 3, rng()), relu, flatten, Dense(60, 4, rng()))
    image = normal(2, 4, 5, dtype=np.float32)
    np.testing.assert_allclose(one_row(network, image), network(image[None])[0][0], rtol=1e-5, atol=1e-6)
    assert Agent(network).greedy(image) == network(image[None])[0].argmax()
