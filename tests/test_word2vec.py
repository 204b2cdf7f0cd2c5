import checks_generative as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.word2vec
from chainrule.models.word2vec import SkipGram, draw_negatives, noise_distribution, skip_grams
from chainrule.optimizers import Adam
from chainrule.train import minimise


@pytest.mark.parametrize(
    "check",
    [
        checks.skip_gram_gradients,
        checks.skip_gram_rests_at_the_pointwise_mutual_information,
        checks.word_statistics,
        checks.word_arithmetic,
    ],
)
def test_check(check):
    check(chainrule.models.word2vec)


def test_it_starts_undecided():
    model = SkipGram(50, 8, rng())
    loss, back = model.loss(np.array([1, 2]), np.array([3, 4]), np.array([[5, 6, 7], [8, 9, 1]]))
    assert loss == pytest.approx(4 * np.log(2)) and loss.dtype == np.float32 and back() is None
    np.testing.assert_allclose(SkipGram(3000, 16, rng()).centres.W.var(), 1 / 16, rtol=0.05)


def test_only_the_words_of_the_batch_move():
    model = SkipGram(300, 4, rng())
    model.contexts.W = normal(300, 4)
    model.loss(np.array([1, 1]), np.array([3, 4]), np.array([[5, 5], [8, 299]]))[1]()
    assert np.flatnonzero(model.grads["centres.W"].any(1)).tolist() == [1]
    assert np.flatnonzero(model.grads["contexts.W"].any(1)).tolist() == [3, 4, 5, 8, 299]


def test_scores_far_out_stay_finite():
    model = SkipGram(3, 1, rng())
    model.centres.W, model.contexts.W = [[1000], [1], [-1000]], [[1000], [1], [1000]]
    loss, back = model.loss(np.array([0, 2]), np.array([0, 0]), np.array([[2], [2]]))
    back()
    assert loss == pytest.approx(1e6) and np.isfinite(model.flat()[1]).all()


def test_words_of_one_topic_become_neighbours():
    """Three topics of five words; a sentence keeps to its topic."""
    draw = rng()
    text = np.concatenate([5 * draw.integers(0, 3) + draw.integers(0, 5, 12) for _ in range(400)])
    p = noise_distribution(np.bincount(text))
    model = SkipGram(15, 8, rng(1))

    def loss(centre, context):
        return model.loss(centre, context, draw_negatives(p, (len(centre), 5), draw))

    records = list(minimise(loss, skip_grams(text, 3, draw), Adam(model, 0.02), epochs=4, rng=rng(2), batch_size=500))
    assert records[-1].loss < records[0].loss
    for word in range(15):
        assert {n // 5 for n in model.neighbours(word, 4).tolist()} == {word // 5}


def test_the_window_is_cut_at_both_ends_of_the_text():
    centres, contexts = skip_grams(np.array([7, 8]), 5, rng())
    assert sorted(zip(centres.tolist(), contexts.tolist())) == [(7, 8), (8, 7)]
    assert all(len(part) == 0 for part in skip_grams(np.array([7]), 2, rng()))


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: SkipGram(0, 3, rng()), "words takes a positive integer, got 0|n takes a positive integer"),
        (lambda: SkipGram(5, 3, rng())(np.array([1]), np.array([1])), r"SkipGram takes centres \(N,\) and contexts"),
        (lambda: SkipGram(5, 3, rng())(np.array([5]), np.array([[1]])), r"Embedding\(5 → 3\) takes ids 0 to 4"),
        (lambda: SkipGram(5, 3, rng()).neighbours(0, 0), "k takes a positive integer, got 0"),
        (lambda: noise_distribution(np.zeros(3)), "noise_distribution takes counts >= 0 of each word, not all zero"),
        (lambda: noise_distribution(np.array([1, -1])), "noise_distribution takes counts"),
        (lambda: noise_distribution(np.ones(3), -1), "power takes a finite number >= 0, got -1"),
        (lambda: skip_grams(np.array([0.5]), 1, rng()), r"skip_grams takes a text as integer ids \(T,\), got float64"),
        (lambda: skip_grams(np.array([1, 2]), 0, rng()), "window takes a positive integer, got 0"),
        (lambda: draw_negatives(np.ones(2) / 2, (3,), 0), "rng takes"),
    ],
)
def test_wrong_input(act, message):
    with pytest.raises(ValueError, match=message):
        act()
