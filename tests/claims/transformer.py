"""What transformers learn: to write a sequence from end to start, English letter by letter, and digits by patches."""

import numpy as np

from chainrule.data import digits
from chainrule.data.sequences import END, PADDING, START, reversal
from chainrule.data.text import Characters, Parts, corpus, cut, windows
from chainrule.losses import cross_entropy
from chainrule.metrics import accuracy, bits_per_character, exact_match
from chainrule.models.gpt import GPT
from chainrule.models.vit import ViT
from chainrule.optimizers import Adam, AdamW
from chainrule.schedules import cosine, warmup
from chainrule.train import fit
from chainrule.transformer import Transformer
from claims import Claim


def reversing(seed: int) -> float:
    """Per cent of new sequences, of 1 to 10 of 10 symbols, that come out wholly right, each token fed back."""
    rng = np.random.default_rng(seed)
    pairs, others = reversal(20_000, rng, longest=10), reversal(2000, rng, longest=10)
    seen = {source.tobytes() for source in pairs.sources}
    new = np.array([source.tobytes() not in seen for source in others.sources])
    model = Transformer(13, 13, d=64, heads=4, layers=1, rng=rng, hidden=128)
    data = (pairs.sources, pairs.targets[:, :-1]), pairs.targets[:, 1:]
    optimizer = Adam(model, warmup(100, cosine(3e-3, 4 * 313 - 100)))
    list(fit(model, of_symbols, data, optimizer, epochs=4, batch_size=64, rng=rng, workers=2))
    written = model.generate(others.sources[new], START, END, length=11)
    return 100 * exact_match(written, others.targets[new, 1:], end=END)


def of_symbols(logits: np.ndarray, target: np.ndarray) -> tuple:
    return cross_entropy(logits, target, weights=target != PADDING)


def lead_on_a_trigram(seed: int) -> float:
    """Bits per character by which a GPT leads an interpolated trigram model on the last tenth of the corpus."""
    rng, T = np.random.default_rng(seed), 64
    characters = Characters(corpus())
    parts = cut(characters.encode(corpus()))
    model = GPT(len(characters), T, d=64, heads=4, layers=2, rng=rng, positions="rotary")
    data = windows(parts.train, T, step=T // 2)
    steps = 3 * -(-len(data[0]) // 16)
    optimizer = AdamW(model, warmup(50, cosine(6e-3, steps - 50)), betas=(0.9, 0.99))
    list(fit(model, cross_entropy, data, optimizer, epochs=3, batch_size=16, rng=rng, workers=2))
    return trigram_bits(parts, len(characters)) - gpt_bits(model, parts.test, T)


def gpt_bits(model: GPT, test: np.ndarray, T: int) -> float:
    """Each character but the first few is predicted once, from the 32 to 63 before it."""
    x, target = windows(test, T, step=T // 2)
    second_half = np.broadcast_to(np.arange(T) >= T // 2, x.shape)
    return bits_per_character(cross_entropy(model(x)[0], target, weights=second_half)[0])


def trigram_bits(parts: Parts, n: int) -> float:
    """Shares of three-, two-, one- and no-letter counts, mixed by weights that fit the validation part best (EM)."""
    one, two, three = (counts(parts.train, k, n) for k in (1, 2, 3))

    def experts(ids: np.ndarray) -> np.ndarray:
        a, b, c = ids[:-2], ids[1:-1], ids[2:]
        third = three[a, b, c] / np.maximum(three[a, b].sum(-1), 1)
        second = two[b, c] / np.maximum(two[b].sum(-1), 1)
        return np.stack([third, second, one[c] / one.sum(), np.full(len(c), 1 / n)])

    weights, held_out = np.full(4, 0.25), experts(parts.validation)
    for _ in range(100):
        shares = weights[:, None] * held_out
        weights = (shares / shares.sum(0)).mean(1)
    return float(-np.log2(weights @ experts(parts.test)).mean())


def counts(ids: np.ndarray, k: int, n: int) -> np.ndarray:
    """How often each k letters stand in a row, (n, …, n)."""
    place = np.ravel_multi_index([ids[i : len(ids) - k + 1 + i] for i in range(k)], (n,) * k)
    return np.bincount(place, minlength=n**k).reshape((n,) * k)


def digits_by_patches(seed: int) -> float:
    """Per cent of the test digits that a vision transformer with patches of 2 × 2 gets right."""
    rng, data = np.random.default_rng(seed), digits()
    x_train, x_test = (x.reshape(-1, 1, 8, 8) for x in (data.x_train, data.x_test))
    model = ViT(size=8, patch=2, classes=10, d=48, heads=4, layers=2, rng=rng, dropout=0.1, pool="mean")
    optimizer = AdamW(model, warmup(50, cosine(3e-3, 30 * 43 - 50)))
    list(fit(model, smooth, (x_train, data.y_train), optimizer, epochs=30, batch_size=32, rng=rng))
    return 100 * accuracy(model(x_test)[0], data.y_test)


def smooth(logits: np.ndarray, labels: np.ndarray) -> tuple:
    return cross_entropy(logits, labels, smoothing=0.1)


CLAIMS = [
    Claim("Reversing sequences with a transformer: new ones wholly right", reversing, 99, "%"),
    Claim("GPT on the corpus: lead on an interpolated trigram model", lead_on_a_trigram, 0.3, "bits/character"),
    Claim("Digits: a vision transformer", digits_by_patches, 95, "%"),
]
