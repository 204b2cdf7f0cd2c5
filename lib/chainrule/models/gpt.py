"""A decoder-only language model: causal transformer layers that predict each next token from those before it.

One pass gives a prediction at every position, so a sequence of T tokens is T examples. Writing goes token by token,
with a `Cache` that spares what was computed before.
"""

from typing import Any

import numpy as np

from chainrule.attention import Cache
from chainrule.dense import Dense
from chainrule.embedding import TiedOutput
from chainrule.layer import Layer
from chainrule.models.sampling import expect_prompt, written
from chainrule.transformer import Encoder, TokenEmbedding


class GPT(Layer):
    """Logits for the next token at every position: tokens and positions, causal layers, a norm, a linear map.

    ids (N, T) of integers → logits (N, T, vocabulary), where logits[:, t] depend on ids[:, : t + 1];  back → None.

    context     the longest sequence; None for no limit
    positions   "learnt" (needs a context), "sinusoidal", "rotary", "alibi" or None
    tied        the output shares the table of the tokens (TiedOutput)
    options     those of EncoderLayer: hidden, norm_first, activation, norm

    Init      the tables of tokens and positions normal with standard deviation 0.02, the rest as in their layers.
    Source    Radford et al. (2018), section 3.1, with pre-norm as in Radford et al. (2019), section 2.3.
    Raises    ValueError where ids are not integers (N, T) of the vocabulary, or are longer than the context.
    """

    def __init__(
        self,
        vocabulary: int,
        context: int | None,
        d: int,
        heads: int,
        layers: int,
        rng: np.random.Generator,
        positions: str | None = "learnt",
        tied: bool = False,
        dropout: float = 0.0,
        dtype: Any = np.float32,
        **options: Any,
    ):
        self.tokens = TokenEmbedding(vocabulary, d, rng, positions, context, dropout=dropout, std=0.02, dtype=dtype)
        options |= {"positions": self.tokens.in_attention, "dropout": dropout, "dtype": dtype}
        self.stack = Encoder(d, heads, layers, rng, causal=True, **options)
        self.head = TiedOutput(self.tokens.tokens) if tied else Dense(d, vocabulary, rng, bias=False, dtype=dtype)

    def forward(self, ids: np.ndarray, cache: Cache | None = None) -> tuple:
        x, back_tokens = self.tokens(ids, cache.length if cache is not None else 0)
        h, back_stack = self.stack(x, cache=cache)
        logits, back_head = self.head(h)
        return logits, lambda dlogits: back_tokens(back_stack(back_head(dlogits)))

    def weights(self, ids: np.ndarray) -> list[np.ndarray]:
        """The attention weights (N, heads, T, T) of each layer, for drawing."""
        return self.stack.weights(self.tokens(ids)[0])

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

        temperature, top_k, top_p as in `chainrule.models.sampling`; temperature 0 takes the likeliest. Call
        `evaluate()` before, where there is dropout. Raises ValueError where the sequence exceeds the context.
        """
        ids, context = expect_prompt(prompt, length, rng), self.tokens.context
        if context is not None and ids.shape[1] + length - 1 > context:  # the last token is not fed
            raise ValueError(
                f"generate takes a prompt and a length within the context of {context}, got {ids.shape[1]} + {length}"
            )
        cache = Cache()
        return written(lambda fed: self(fed, cache=cache)[0], ids, length, rng, temperature, top_k, top_p)
