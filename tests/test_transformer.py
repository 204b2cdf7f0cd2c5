import checks_transformer as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng

import chainrule.transformer.decoder
import chainrule.transformer.encoder
import chainrule.transformer.encoder_decoder
import chainrule.transformer.sublayer
import chainrule.transformer.tokens
from chainrule.attention import Cache, padding_mask
from chainrule.check import gradcheck
from chainrule.combine import Sequential
from chainrule.normalization import RMSNorm
from chainrule.transformer import Decoder, DecoderLayer, Encoder, EncoderLayer, TokenEmbedding, Transformer

OPTIONS = [{}, {"norm_first": False}, {"causal": True, "positions": "alibi"}, {"dropout": 0.3, "norm": RMSNorm}]
X = normal(2, 5, 8)
IDS = np.array([[3, 1, 4, 1], [2, 2, 5, 0]])


@pytest.mark.parametrize(
    ("check", "module"),
    [
        (checks.sublayer_values, chainrule.transformer.sublayer),
        (checks.sublayer_gradients, chainrule.transformer.sublayer),
        (checks.encoder_values, chainrule.transformer.encoder),
        (checks.encoder_gradients, chainrule.transformer.encoder),
        (checks.decoder_values, chainrule.transformer.decoder),
        (checks.decoder_gradients, chainrule.transformer.decoder),
        (checks.tokens_values, chainrule.transformer.tokens),
        (checks.tokens_gradients, chainrule.transformer.tokens),
        (checks.transformer_gradients, chainrule.transformer.encoder_decoder),
        (checks.transformer_generates_greedily, chainrule.transformer.encoder_decoder),
    ],
    ids=lambda part: part.__name__,
)
def test_check(check, module):
    check(module)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_contract(options, dtype):
    for shape in ((2, 5, 8), (1, 1, 8), (0, 3, 8)):
        expect_contract(EncoderLayer(8, 2, rng(), **options), shape, dtype)
        expect_contract(Encoder(8, 2, 2, rng(), **options), shape, dtype)


def test_two_inputs_are_left_alone_and_memory_gradients_add_up():
    y, memory = X.astype("f"), normal(2, 3, 8, seed=1, dtype=np.float32)
    for a in (y, memory):
        a.setflags(write=False)
    model = Decoder(8, 2, 2, rng())
    z, back = model(y, memory)
    dy, dmemory = back(z)
    again = back(z)
    assert (dy.shape, dmemory.shape, z.dtype, dy.dtype, dmemory.dtype) == (y.shape, memory.shape, *["float32"] * 3)
    assert np.array_equal(dy, again[0]) and np.array_equal(dmemory, again[1])


def test_a_shared_layer_and_its_frozen_twin():
    layer = EncoderLayer(8, 2, rng())
    gradcheck(Sequential(layer, layer), X, rng=rng(1), tol=1e-5)


def test_numbers_of_parameters():
    d, hidden, n = 8, 12, 7
    norm, attention, network = 2 * d, 4 * (d * d + d), 2 * d * hidden + hidden + d
    assert EncoderLayer(d, 2, rng(), hidden=hidden).size == attention + network + 2 * norm
    assert DecoderLayer(d, 2, rng(), hidden=hidden).size == 2 * attention + network + 3 * norm
    assert Encoder(d, 2, 3, rng(), hidden=hidden).size == 3 * (attention + network + 2 * norm) + norm
    assert Encoder(d, 2, 3, rng(), hidden=hidden, norm_first=False).size == 3 * (attention + network + 2 * norm)
    stacks = 5 * norm + 3 * attention + 2 * network + 2 * norm
    assert Transformer(n, 5, d, 2, 1, rng(), hidden=hidden).size == n * d + 5 * d + stacks + 5 * d + 5


def test_without_positions_an_encoder_does_not_see_the_order():
    p = rng().permutation(5)
    model = Encoder(8, 2, 2, rng(), dtype=np.float64)
    np.testing.assert_allclose(model(X[:, p])[0], model(X)[0][:, p])


@pytest.mark.parametrize("norm_first", [True, False])
def test_the_future_leaks_nothing(norm_first):
    memory, dy, other = normal(2, 3, 8, seed=1), normal(2, 5, 8, seed=2), X.copy()
    dy[:, 3:], other[:, 3:] = 0, 2 * X[:, 3:]
    options = {"norm_first": norm_first, "dtype": np.float64}
    encoder, decoder = Encoder(8, 2, 2, rng(), causal=True, **options), Decoder(8, 2, 2, rng(), **options)
    for model, rest in ((encoder, ()), (decoder, (memory,))):
        found = []
        for x in (X, other):
            model.zero_grad()
            y, back = model(x, *rest)
            dx = back(dy)
            dx = dx if isinstance(dx, np.ndarray) else dx[0]
            found.append((y[:, :3], dx, model.flat()[1].copy()))
            assert not dx[:, 3:].any()
        for a, b in zip(*found):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_padding_of_the_source_changes_nothing():
    model = Transformer(7, 7, 8, 2, 2, rng(), dtype=np.float64)
    source = np.array([[3, 4, 5, 0, 0]])
    np.testing.assert_allclose(model(source, IDS[:1])[0], model(source[:, :3], IDS[:1])[0])
    encoder, mask = Encoder(8, 2, 2, rng(), dtype=np.float64), padding_mask(np.array([5, 3]), 5)
    np.testing.assert_allclose(encoder(X, mask=mask)[0][1, :3], encoder(X[1:, :3])[0][0])


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_decoder_with_a_cache_equals_the_whole_pass(norm_first):
    model = Decoder(8, 2, 2, rng(), norm_first=norm_first, positions="rotary", dtype=np.float64)
    memory, mask, cache = normal(2, 3, 8, seed=1), padding_mask(np.array([3, 2]), 3), Cache()
    whole = model(X, memory, memory_mask=mask)[0]
    parts = [model(x, memory, memory_mask=mask, cache=cache)[0] for x in np.split(X, [2, 3], axis=1)]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, rtol=1e-9)


def test_dropout_only_in_training():
    model = Transformer(7, 7, 8, 2, 1, rng(), dropout=0.5)
    assert np.abs(model(IDS, IDS)[0] - model(IDS, IDS)[0]).max() > 0.01
    model.evaluate()
    assert np.array_equal(model(IDS, IDS)[0], model(IDS, IDS)[0])


MODEL = Transformer(7, 7, 8, 2, 1, rng(), positions="learnt", context=5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Encoder(8, 2, 0, rng()), "Encoder layers takes a positive integer, got 0"),
        (lambda: Decoder(8, 2, 0, rng()), "Decoder layers takes a positive integer, got 0"),
        (lambda: EncoderLayer(8, 3, rng()), "takes a d that heads divides"),
        (lambda: EncoderLayer(8, 2, rng())(X[0].astype("f")), r"LayerNorm|takes x \(N, T, 8\), got \(5, 8\)"),
        (lambda: TokenEmbedding(7, 8, rng(), "learnt"), "context takes a positive integer, got None"),
        (lambda: TokenEmbedding(7, 8, rng(), "waves"), "positions takes one of .*, got 'waves'"),
        (lambda: TokenEmbedding(7, 8, rng())(IDS[0]), r"takes ids \(N, T\), got \(4,\)"),
        (lambda: TokenEmbedding(5, 8, rng())(IDS), "takes ids 0 to 4, got 0 to 5"),
        (lambda: MODEL(np.tile(IDS, 2), IDS), "takes sequences of at most 5 tokens, its context, got 8"),
        (lambda: MODEL.generate(IDS, 1, 2, 0), "generate length takes a positive integer, got 0"),
        (lambda: MODEL.target(IDS, 3), r"at most 5 tokens, its context, got 7 \(3 of them in the cache\)"),
    ],
)
def test_wrong_inputs(call, message):
    with pytest.raises(ValueError, match=message):
        call()
