"""Every case of `peers` equals PyTorch: as it answered when the reference was made, and as it answers today."""

import os

import peers
import pytest
from helpers import rng
from ledger import note

TOPICS = peers.topics()
CASES = [(topic, case) for topic, module in TOPICS.items() for case in module.PEERS]
RANDOM = [(topic, make) for topic, module in TOPICS.items() for make in getattr(module, "RANDOM", ())]
TOLERANCE = 1e-8


@pytest.mark.parametrize(("topic", "case"), CASES, ids=[f"{t}: {c}" for t, c in CASES])
def test_equals_the_kept_answers(topic, case):
    peer = TOPICS[topic].PEERS[case]
    answers = peers.kept(topic, case)
    assert answers, f"{topic}.npz has no {case!r}: run `python -m peers {topic}` in tests/"
    error = peers.difference(peers.run_ours(peer), answers)
    note(peer.subject, "pytorch", error)
    assert error < TOLERANCE


@pytest.mark.parametrize(("topic", "case"), CASES, ids=[f"{t}: {c}" for t, c in CASES])
def test_equals_pytorch_today(topic, case):
    _need_pytorch()
    peer = TOPICS[topic].PEERS[case]
    assert peers.difference(peers.run_ours(peer), peers.run_theirs(peer)) < TOLERANCE


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("topic", "make"), RANDOM, ids=[f"{t}: {m.__name__}" for t, m in RANDOM])
def test_equals_pytorch_for_random_options(topic, make, seed):
    _need_pytorch()
    peer = make(rng(seed))
    assert peers.difference(peers.run_ours(peer), peers.run_theirs(peer)) < TOLERANCE


def _need_pytorch() -> None:
    if peers.torch is None:
        said = "PyTorch is not installed; its kept answers are compared"
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
