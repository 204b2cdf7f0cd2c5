"""Sequence to sequence: one network reads, another writes, and attention lets the writer look back at what was read."""

from typing import Any

import numpy as np

from chainrule.activations import log_softmax, tanh
from chainrule.arrays import expect_positive_int
from chainrule.attention.additive import AdditiveAttention
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.embedding import Embedding
from chainrule.layer import Layer
from chainrule.losses import Loss, cross_entropy
from chainrule.models.decoding import Hypothesis, State, beam_search, greedy
from chainrule.recurrent import GRU, LSTM, RNN
from chainrule.recurrent.stack import expect_recurrent


class Seq2Seq(Layer):
    """A recurrent encoder of both directions, a recurrent decoder that starts where it ended, additive attention.

    logits, back = model(source, target_in)     (N, S) and (N, T) of ids → logits (N, T, n_target)

    Teacher forcing: target_in is `start` and the true target but its last token, so all T steps are one call. With
    h_t the decoder's state and m_s the encoder's outputs, y_t = Σ_s p_ts m_s and logits = tanh([h_t, y_t] A) B;
    without attention logits = tanh(h_t A) B. Each encoder direction has n_hidden / 2 units, so that the two final
    states together are the decoder's first. What comes after a source's `pad` changes nothing.

    Source    encoder and decoder: Sutskever, Vinyals & Le (2014); scores: Bahdanau, Cho & Bengio (2015); their place
              after the decoder's step, which needs no loop over steps: Luong, Pham & Manning (2015), section 3.
    Raises    ValueError where n_hidden is odd, or a source begins with or goes on after padding.
    """

    def __init__(
        self,
        n_source: int,
        n_target: int,
        d: int,
        n_hidden: int,
        rng: np.random.Generator,
        cell: type[LSTM] | type[GRU] | type[RNN] = LSTM,
        layers: int = 1,
        attention: bool = True,
        pad: int = 0,
        start: int = 1,
        end: int = 2,
        dtype: Any = np.float32,
    ):
        expect_recurrent("Seq2Seq", cell)
        expect_positive_int("Seq2Seq n_hidden", n_hidden)
        if n_hidden % 2:
            raise ValueError(f"Seq2Seq takes an even n_hidden, half for each direction of its encoder, got {n_hidden}")
        if len({pad, start, end} & set(range(n_target))) < 3:
            got = f"{pad}, {start} and {end}"
            raise ValueError(f"Seq2Seq takes three different ids pad, start and end below {n_target}, got {got}")
        self.pad, self.start, self.end = pad, start, end
        self.source = Embedding(n_source, d, rng, dtype=dtype)
        self.encoder = cell(d, n_hidden // 2, rng, layers=layers, bidirectional=True, dtype=dtype)
        self.target = Embedding(n_target, d, rng, dtype=dtype)
        self.decoder = cell(d, n_hidden, rng, layers=layers, dtype=dtype)
        self.attention = AdditiveAttention(n_hidden, n_hidden, n_hidden, rng, dtype=dtype) if attention else None
        n_read = 2 * n_hidden if attention else n_hidden
        self.output = Sequential(
            Dense(n_read, n_hidden, rng, dtype=dtype), tanh, Dense(n_hidden, n_target, rng, dtype=dtype)
        )

    def forward(self, source: np.ndarray, target_in: np.ndarray) -> tuple:
        (memory, mask, states), back_encode = self._encode(source)
        (logits, _), back_write = self._write(target_in, states, memory, mask)

        def backward(dlogits: np.ndarray) -> tuple[None, None]:
            back_encode(*back_write(dlogits))
            return None, None

        return logits, backward

    def loss(self, logits: np.ndarray, target: np.ndarray) -> Loss:
        """Cross-entropy, the mean over the tokens of the target that are not padding; `fit` takes it as its loss."""
        return cross_entropy(logits, target, weights=target != self.pad)

    def decode(self, source: np.ndarray, max_length: int) -> np.ndarray:
        """The likeliest token each time, fed back: (N, at most max_length), filled with `end` after the end."""
        (memory, mask, states), _ = self._encode(source)
        return greedy(self._stepper(memory, mask), states, np.full(len(source), self.start), self.end, max_length)

    def beam(self, source: np.ndarray, width: int, max_length: int, length_penalty: float = 0.0) -> list[Hypothesis]:
        """The `width` best answers to one source (S,) that `beam_search` finds, best first."""
        (memory, mask, states), _ = self._encode(np.asarray(source)[None])
        step = self._stepper(memory, mask)
        return beam_search(step, states, self.start, self.end, width, max_length, length_penalty)

    def weights(self, source: np.ndarray, target_in: np.ndarray) -> np.ndarray:
        """What each step of the decoder looks at: attention weights (N, T, S)."""
        if self.attention is None:
            raise ValueError("Seq2Seq was built with attention=False; there are no weights to draw")
        (memory, mask, states), _ = self._encode(source)
        (h, *_), _ = self.decoder.run(self.target(target_in)[0], *states)
        return self.attention.weights(h, memory, mask)

    def _encode(self, source: np.ndarray) -> tuple:
        """((memory (N, S, H), mask (N, 1, S), decoder's first states), back); back(dmemory, dstates) → None."""
        if np.ndim(source) != 2 or source.dtype.kind not in "iu":
            raise ValueError(f"Seq2Seq takes sources (N, S) of integer ids, got {source.dtype} {source.shape}")
        inside = source != self.pad
        lengths = inside.sum(1)
        if not lengths.all() or (inside != (np.arange(source.shape[1]) < lengths[:, None])).any():
            raise ValueError(f"Seq2Seq takes sources of at least one token, padded with {self.pad} at their ends only")
        x, back_embedding = self.source(source)
        (memory, *finals), back_encoder = self.encoder.run(x, lengths=lengths)

        def backward(dmemory: np.ndarray | None, dstates: State) -> None:
            dx, *_ = back_encoder(dmemory, *(_two_directions(d) for d in dstates))
            back_embedding(dx)

        return (memory, inside[:, None], tuple(_one_direction(f) for f in finals)), backward

    def _write(self, target_in: np.ndarray, states: State, memory: np.ndarray, mask: np.ndarray) -> tuple:
        """((logits, states after the last step), back); back(dlogits) → (dmemory, dstates)."""
        x, back_embedding = self.target(target_in)
        (h, *finals), back_decoder = self.decoder.run(x, *states)
        read, back_attention = h, None
        if self.attention is not None:
            y, back_attention = self.attention(h, memory, mask=mask)
            read = np.concatenate([h, y], axis=2)
        logits, back_output = self.output(read)

        def backward(dlogits: np.ndarray) -> tuple:
            dh, dmemory = back_output(dlogits), None
            if back_attention is not None:
                dh, dy = np.split(dh, 2, axis=2)
                dq, dmemory = back_attention(dy)
                dh = dh + dq
            dx, *dstates = back_decoder(dh)
            back_embedding(dx)
            return dmemory, dstates

        return (logits, tuple(finals)), backward

    def _stepper(self, memory: np.ndarray, mask: np.ndarray) -> Any:
        """step(ids, state) for `decoding`, with one memory for all hypotheses or one for each."""

        def step(ids: np.ndarray, state: State) -> tuple[np.ndarray, State]:
            m, allowed = (np.broadcast_to(a, (len(ids), *a.shape[1:])) for a in (memory, mask))
            (logits, state), _ = self._write(ids[:, None], state, m, allowed)
            return log_softmax(logits[:, 0])[0], state

        return step


def _one_direction(state: np.ndarray) -> np.ndarray:
    """(layers · 2, N, H / 2) of both directions → (layers, N, H)."""
    twice, n, half = state.shape
    return state.reshape(twice // 2, 2, n, half).swapaxes(1, 2).reshape(twice // 2, n, 2 * half)


def _two_directions(state: np.ndarray) -> np.ndarray:
    """(layers, N, H) → (layers · 2, N, H / 2): the way back."""
    layers, n, hidden = state.shape
    return state.reshape(layers, n, 2, hidden // 2).swapaxes(1, 2).reshape(2 * layers, n, hidden // 2)
