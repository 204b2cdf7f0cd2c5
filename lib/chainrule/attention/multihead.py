"""Multi-head attention: several attentions side by side, each in a subspace of its own.

One product makes queries, keys and values of all heads; a head is a view of its result, never a copy.
"""

from typing import Any

import numpy as np

from chainrule.arrays import column_sums, expect_float_dtype, expect_positive_int, expect_rows, product, rows
from chainrule.attention.cache import Cache
from chainrule.attention.dot_product import attention, attention_weights
from chainrule.attention.heads import joined, key_mask, split
from chainrule.attention.positions import alibi_bias, rotary
from chainrule.dense import Dense
from chainrule.initializers import glorot
from chainrule.layer import Layer


class MultiHeadAttention(Layer):
    """Self-attention y = layer(x), or attention to a memory y = layer(x, memory).

    [q k v] = x W + b, cut into heads of d / heads columns;  y_h = softmax(q_h k_hᵀ / √(d / heads)) v_h;
    y = [y_1 … y_heads] Wₒ + bₒ. With a memory the keys and values are made from it.

    x (N, T, d), memory (N, S, d) → y (N, T, d);  W (d, 3 d) = [W_q W_k W_v], b (3 d,), out.W (d, d), out.b (d,)

    causal      each position sees itself and earlier ones
    positions   "rotary": queries and keys are turned by their positions; "alibi": scores fall with distance;
                None: the layer does not see the order
    mask        at a call, boolean, True where attending is allowed: (N, S) says which keys are there for everyone
                (`padding_mask`), (N, T, S) is per query, (N, heads, T, S) per head too; an axis may have length 1
    cache       at a call, a `Cache`: keys and values of earlier positions are taken from it, the new ones put into it

    Backward  of attention (see `attention`), between those of the two affine maps; back → dx, or (dx, dmemory).
    Init      W_q, W_k, W_v and out.W by Glorot & Bengio (2010), eq. 16; b zero.
    Source    Vaswani et al. (2017), section 3.2.2.
    Raises    ValueError where shapes or dtypes do not fit, heads does not divide d, or a layer that is causal or
              knows positions is given a memory.
    """

    def __init__(
        self,
        d: int,
        heads: int,
        rng: np.random.Generator,
        causal: bool = False,
        positions: str | None = None,
        bias: bool = True,
        dtype: Any = np.float32,
    ):
        expect_positive_int("MultiHeadAttention d", d)
        expect_positive_int("MultiHeadAttention heads", heads)
        if d % heads:
            raise ValueError(f"MultiHeadAttention takes a d that heads divides, got d = {d}, heads = {heads}")
        if positions not in (None, "rotary", "alibi"):
            raise ValueError(f'MultiHeadAttention positions takes None, "rotary" or "alibi", got {positions!r}')
        if positions == "rotary" and d // heads % 2:
            raise ValueError(f"MultiHeadAttention with rotary positions takes an even d / heads, got {d // heads}")
        self.heads, self.causal, self.positions = heads, causal, positions
        self.parameters(W=np.concatenate([glorot((d, d), rng, dtype=dtype) for _ in range(3)], axis=1))
        if bias:
            self.parameters(b=np.zeros(3 * d, expect_float_dtype(dtype)))
        self.out = Dense(d, d, rng, bias=bias, dtype=dtype)

    def forward(
        self,
        x: np.ndarray,
        memory: np.ndarray | None = None,
        mask: np.ndarray | None = None,
        cache: Cache | None = None,
    ) -> tuple:
        q, k, v, back_qkv = self._qkv(x, memory, cache)
        y, back_attention = attention(q, k, v, key_mask(self, mask), self._bias(q, k), self.causal)
        z, back_out = self.out(joined(y))

        def backward(dz: np.ndarray) -> Any:
            (dy,) = split(back_out(dz), 1, self.heads)
            return back_qkv(*back_attention(dy))

        return z, backward

    def weights(self, x: np.ndarray, memory: np.ndarray | None = None, mask: np.ndarray | None = None) -> np.ndarray:
        """The weights (N, heads, T, S) by which each position of x mixes the values, for drawing."""
        q, k, _, _ = self._qkv(x, memory, None)
        return attention_weights(q, k, key_mask(self, mask), self._bias(q, k), self.causal)

    def _qkv(self, x: np.ndarray, memory: np.ndarray | None, cache: Cache | None) -> tuple:
        """(q, k, v, back), each (N, heads, T, d / heads);  back(dq, dk, dv) → dx or (dx, dmemory)."""
        self._expect("x", x)
        return self._from_itself(x, cache) if memory is None else self._from_memory(x, memory, cache)

    def _from_itself(self, x: np.ndarray, cache: Cache | None) -> tuple:
        if cache is not None and not self.causal:
            raise ValueError(f"{self.label()} takes a cache only if causal: later positions would change earlier ones")
        T, d = x.shape[1:]
        z, back_z = self._affine(x, 0, 3 * d)
        q, k, v = split(z, 3, self.heads)
        back_q = back_k = None
        if self.positions == "rotary":
            start = cache.seen(self) if cache is not None else 0
            (q, back_q), (k, back_k) = rotary(q, start), rotary(k, start)
        if cache is not None:
            k, v = cache.extend(self, k, v)

        def backward(dq: np.ndarray, dk: np.ndarray, dv: np.ndarray) -> np.ndarray:
            dk, dv = dk[:, :, -T:], dv[:, :, -T:]  # without what was cached
            if back_q is not None and back_k is not None:
                dq, dk = back_q(dq), back_k(dk)
            return back_z(np.concatenate([joined(dq), joined(dk), joined(dv)], axis=-1))

        return q, k, v, backward

    def _from_memory(self, x: np.ndarray, memory: np.ndarray, cache: Cache | None) -> tuple:
        self._expect("memory", memory)
        if self.causal or self.positions:
            raise ValueError(f"{self.label()} is causal or knows positions: it is for self-attention alone")
        if len(memory) != len(x):
            raise ValueError(f"{self.label()} takes a memory for each of {len(x)} sequences, got {memory.shape}")
        d = x.shape[-1]
        zq, back_q = self._affine(x, 0, d)
        zkv, back_kv = self._memorised(memory, cache)
        (q,), (k, v) = split(zq, 1, self.heads), split(zkv, 2, self.heads)

        def backward(dq: np.ndarray, dk: np.ndarray, dv: np.ndarray) -> tuple:
            return back_q(joined(dq)), back_kv(np.concatenate([joined(dk), joined(dv)], axis=-1))

        return q, k, v, backward

    def _memorised(self, memory: np.ndarray, cache: Cache | None) -> tuple:
        """Keys and values of the memory: the same at every step of a generation."""
        d = memory.shape[-1]
        if cache is None:
            return self._affine(memory, d, 3 * d)
        return cache.once(self, lambda: self._affine(memory, d, 3 * d))

    def _affine(self, x: np.ndarray, start: int, stop: int) -> tuple:
        """x W + b with the columns from start to stop, and its way back."""
        columns = slice(start, stop)
        W = self.W[:, columns]
        z = product(x, W)
        if "b" in self.names:
            z += self.b[columns]

        def backward(dz: np.ndarray) -> np.ndarray:
            if not self._frozen:
                self.dW[:, columns] += rows(x).T @ rows(dz)
                if "b" in self.names:
                    self.db[columns] += column_sums(rows(dz))
            return product(dz, W.T)

        return z, backward

    def _bias(self, q: np.ndarray, k: np.ndarray) -> np.ndarray | None:
        if self.positions != "alibi":
            return None
        T, S = q.shape[2], k.shape[2]
        return alibi_bias(self.heads, T, S - T, dtype=q.dtype)

    def _expect(self, name: str, x: np.ndarray) -> None:
        expect_rows(self, x, len(self.W), self.W.dtype)
        if x.ndim != 3:
            raise ValueError(f"{self.label()} takes {name} (N, T, {len(self.W)}), got {x.shape}")

    def label(self) -> str:
        return f"MultiHeadAttention({len(self.W)}, {self.heads} head{'s' * (self.heads > 1)})"
