"""A recurrent language model: from the tokens so far, the probabilities of the next one."""

from typing import Any

import numpy as np

from chainrule.dense import Dense
from chainrule.embedding import Embedding
from chainrule.layer import Layer
from chainrule.models.sampling import expect_prompt, written
from chainrule.recurrent import GRU, LSTM, RNN
from chainrule.recurrent.stack import expect_recurrent


class CharLM(Layer):
    """Embedding → recurrent layers → logits of the next token at every step.

    `logits, back = model(ids)` reads ids (N, T) from zero states to logits (N, T, n).
    `(logits, *finals), back = model.run(ids, *states)` does so from given states, as `recurrent.truncated` uses it;
    `back(dlogits, *dfinals)` gives (None, *dstates), and None after a plain call. cell is LSTM, GRU or RNN.

    Source    Graves (2013), section 2.
    """

    def __init__(
        self,
        n: int,
        d: int,
        n_hidden: int,
        rng: np.random.Generator,
        cell: type[LSTM] | type[GRU] | type[RNN] = LSTM,
        layers: int = 1,
        dtype: Any = np.float32,
    ):
        expect_recurrent("CharLM", cell)
        self.embedding = Embedding(n, d, rng, dtype=dtype)
        self.recurrent = cell(d, n_hidden, rng, layers=layers, dtype=dtype)
        self.output = Dense(n_hidden, n, rng, dtype=dtype)

    def forward(self, ids: np.ndarray) -> tuple:
        (logits, *_), back = self.run(ids)
        return logits, lambda dlogits: back(dlogits)[0]

    def run(self, ids: np.ndarray, *states: np.ndarray | None) -> tuple:
        """((logits, *finals), back) from given states; see the class."""
        x, back_embedding = self.embedding(ids)
        (h, *finals), back_recurrent = self.recurrent.run(x, *states)
        logits, back_output = self.output(h)

        def backward(dlogits: np.ndarray, *dfinals: np.ndarray | None) -> tuple:
            dx, *dstates = back_recurrent(back_output(dlogits), *dfinals)
            return back_embedding(dx), *dstates

        return (logits, *finals), backward

    def generate(
        self,
        prompt: np.ndarray,
        length: int,
        rng: np.random.Generator,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
    ) -> np.ndarray:
        """The prompt (N, T) and `length` more tokens, drawn one by one: ids (N, T + length).

        temperature, top_k, top_p as in `chainrule.models.sampling`; temperature 0 takes the likeliest. Each token
        is fed to the state that those before it left, so it costs one step.
        """
        states: tuple = ()

        def logits_after(fed: np.ndarray) -> np.ndarray:
            nonlocal states
            (logits, *states), _ = self.run(fed, *states)
            return logits

        return written(logits_after, expect_prompt(prompt, length, rng), length, rng, temperature, top_k, top_p)
