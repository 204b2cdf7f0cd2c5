"""Planted bugs in chainrule.attention (see test_planted_bugs.py)."""

BUGS = {
    "attention.dot_product": {
        "attention_values": [
            ("    scale = 1 / math.sqrt(q.shape[-1])", "    scale = 1 / q.shape[-1]"),
            ("    y *= r\n", "    y *= r[..., :1, :]\n"),
            ("_exponentials(q * (1 / math.sqrt(q.shape[-1])),", "_exponentials(q,"),
            ("return e * _inverse_sums(e)", "return e * _inverse_sums(e).mean()"),
            ('scores += _fitting("bias"', 'scores -= _fitting("bias"'),
            ("        scores *= factor\n", "        scores *= 1 - factor\n"),
            ("        factors.append(causal_factor", "        list(causal_factor"),
            ("return np.where(scores < -80, -np.inf, scores)", "return np.where(scores < -1, -np.inf, scores)"),
        ],
        "attention_gradients": [
            ("        rdy = dy * r\n", "        rdy = dy\n"),
            ("ds -= row_sums(rdy * y)", "ds -= row_sums(rdy)"),
            ("        ds *= e\n", "        ds *= e * r\n"),
            ("        dq *= scale\n", ""),
            ("ds.swapaxes(-1, -2), scaled, out", "ds.swapaxes(-1, -2), q, out"),
        ],
        "attention_is_safe": [
            ("        scores = _shifted(scores, allowed)\n", "        pass\n"),
            ("return 1 / (sums + (sums == 0))", "return 1 / sums"),
            ("np.where(top == -np.inf, 0, top)", "top"),
            ("scores.min(initial=0) > -SAFE", "True"),
        ],
    },
    "attention.masks": {
        "masks_values": [
            ("np.tri(T, S, S - T, dtype=bool)", "np.tri(T, S, dtype=bool)"),
            ("np.tri(T, S, S - T, dtype=bool)", "np.tri(T, S, S - T - 1, dtype=bool)"),
            ("np.arange(T) < lengths[:, None]", "np.arange(T) <= lengths[:, None]"),
            ("    factor.flags.writeable = False\n", ""),
        ],
    },
    "attention.heads": {
        "heads_are_views": [
            ("transpose(2, 0, 3, 1, 4)\n", "transpose(2, 0, 3, 1, 4)[::-1]\n"),
            (".transpose(2, 0, 3, 1, 4)", ".transpose(2, 0, 3, 1, 4).copy()"),
            ("return y.transpose(0, 2, 1, 3).reshape", "return y.reshape"),
        ],
        "key_masks": [
            ("mask[:, None, None, :] if", "mask[None, None] if"),
            ("else mask[:, None]\n", "else mask[None]\n"),
        ],
    },
    "attention.multihead": {
        "multihead_gradients": [
            ("back_out(dz), 1, self.heads", "dz, 1, self.heads"),
            ("dq, dk = back_q(dq), back_k(dk)", "dq, dk = back_q(dq), back_k(-dk)"),
            ("[joined(dq), joined(dk), joined(dv)]", "[joined(dk), joined(dq), joined(dv)]"),
            (
                "return back_q(joined(dq)), back_kv(np.concatenate([joined(dk), joined(dv)], axis=-1))",
                "return back_q(joined(dq)), back_kv(np.concatenate([joined(dv), joined(dk)], axis=-1))",
            ),
            ("            if not self._frozen:\n", "            if True:\n"),
            ("self.dW[:, columns] += ", "self.dW[:, columns] = "),
            ("self.db[columns] += column_sums(rows(dz))", "self.db[columns] += rows(dz)[0]"),
        ],
        "multihead_values": [
            ("            z += self.b[columns]\n", "            z -= self.b[columns]\n"),
            ("split(z, 3, self.heads)", "split(z, 3, self.heads)[[1, 0, 2]]"),
            ("split(zkv, 2, self.heads)", "split(zkv, 2, self.heads)[::-1]"),
            (
                "return attention_weights(q, k, key_mask(self, mask)",
                "return attention_weights(k, q, key_mask(self, mask)",
            ),
        ],
        "cached_equals_whole": [
            ("rotary(q, start), rotary(k, start)", "rotary(q, start), rotary(k, 0)"),
            ("alibi_bias(self.heads, T, S - T, dtype=q.dtype)", "alibi_bias(self.heads, S, dtype=q.dtype)[:, :T]"),
            ("dk[:, :, -T:], dv[:, :, -T:]", "dk[:, :, :T], dv[:, :, :T]"),
        ],
        "memory_is_projected_once": [("return cache.once(self,", "return (lambda _, f: f())(self,")],
    },
    "attention.cache": {
        "cache_grows": [
            ("self._room[:, :, :start] = old[:, :, :start]", "self._room[:, :, :start] = 0"),
            ("self.length = new, stop", "self.length = new, start"),
            ("return self._room[:, :, :stop]", "return self._room[:, :, start:stop]"),
            ("return keys.append(k), values.append(v)", "return keys.append(k), values.append(-v)"),
            ("return self._seen[layer][0].length if", "return self.length - 1 if"),
        ],
    },
    "attention.pooling": {
        "pooling_values": [
            ("attention(self._query(x), x, x, None if", "attention(self._query(x) * 2, x, x, None if"),
            ("return y[:, 0], backward", "return -y[:, 0], backward"),
            (
                "attention_weights(self._query(x), x, None if mask is None else mask[:, None])[:, 0]",
                "attention_weights(self._query(x), x)[:, 0]",
            ),
        ],
        "pooling_gradients": [
            ("return dk + dv", "return dk - dv"),
            ("self.dq += dq.sum((0, 1))", "self.dq += dq.mean((0, 1))"),
            ("            if not self._frozen:\n", "            if True:\n"),
            ("self.dq += dq", "self.dq -= dq"),
        ],
    },
}
