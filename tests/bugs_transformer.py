"""Planted bugs in the transformer, the models made from it and the rules of sampling (see test_planted_bugs.py)."""

BUGS = {
    "transformer.sublayer": {
        "sublayer_values": [
            ("return x + z, backward", "return h + z, backward"),
            ("self.norm(x + z)", "self.norm(z)"),
            ("if self.norm_first else", "if not self.norm_first else"),
            ('if hasattr(self, "dropout") else', 'if hasattr(self, "drop") else'),
        ],
        "sublayer_gradients": [
            ("_with(dy + back_norm(dh), dmemory)", "_with(back_norm(dh), dmemory)"),
            ("_with(ds + dx, dmemory)", "_with(dy + dx, dmemory)"),
            ("dz if back_drop is None else back_drop(dz)", "dz"),
            ("return (gradients[0], gradients[1:])", "return (gradients[0], (-gradients[1],))"),
        ],
    },
    "transformer.encoder": {
        "encoder_values": [
            ("hidden or 4 * d", "4 * d"),
            ("norm_first: bool = True", "norm_first: bool = False"),
            ("part.norm(x)[0] if part.norm_first else x, mask", "x, mask"),
            ("            x, _ = layer(x, mask=mask)\n", ""),
        ],
        "encoder_gradients": [
            ("back_attention(back_network(dy))", "back_network(dy)"),
            ("for back in reversed(backs):", "for back in backs[::-1][1:]:"),
            ("back_attention(back_network(dy))", "back_attention(dy)"),
        ],
    },
    "transformer.decoder": {
        "decoder_values": [
            ("h, memory, mask=memory_mask, cache=cache)", "h, memory, cache=cache)"),
            ("rng, causal=True, positions", "rng, causal=False, positions"),
            ("z, back_network = self.network(h)", "z, back_network = self.network(y)"),
            ("self.norm(y) if hasattr", "self.norm(-y) if hasattr"),
        ],
        "decoder_gradients": [
            ("return back_attention(dh), dmemory", "return dh, dmemory"),
            ("dmemory += part", "dmemory = part"),
            ("back_cross(back_network(dz))", "back_cross(dz)"),
            ("dy if back_norm is None else back_norm(dy), np", "dy, np"),
        ],
    },
    "transformer.tokens": {
        "tokens_values": [
            ("self.learnt(y, offset)", "self.learnt(y, 0)"),
            ("y.shape[2], offset, dtype", "y.shape[2], 0, dtype"),
            ("padding=padding, std=std", "std=std"),
            ("if self.positions in ADDED else", "if self.positions not in ADDED else"),
        ],
        "tokens_gradients": [
            ("for back in reversed(backs):", "for back in reversed(backs[:1]):"),
            ("for back in reversed(backs):", "for back in reversed(backs[1:]):"),
        ],
    },
    "transformer.encoder_decoder": {
        "transformer_gradients": [
            ("            back_tokens(dy)\n", ""),
            ("back_tokens(back_encoder(dmemory))", "back_tokens(dmemory)"),
            ("back_memory(back_logits(dlogits))", "back_logits(dlogits)"),
            ("back_decoder(back_head(dlogits))", "back_decoder(2 * back_head(dlogits))"),
        ],
        "transformer_generates_greedily": [
            ("cache.length if cache is not None else 0", "0"),
            ("np.where(done, self.padding, logits.argmax(-1))", "logits.argmax(-1)"),
            ("            done |= token == end\n", ""),
            ("self.encoder(x, mask=source != self.padding)", "self.encoder(x)"),
            ("memory_mask=memory_mask, cache=cache)", "cache=cache)"),
        ],
    },
    "models.gpt": {
        "gpt_gradients": [
            ("back_tokens(back_stack(back_head(dlogits)))", "back_tokens(back_head(dlogits))"),
            ("back_tokens(back_stack(back_head(dlogits)))", "back_stack(back_head(dlogits))"),
        ],
        "gpt_caches": [
            ("cache.length if cache is not None else 0", "0"),
            ("self.stack(x, cache=cache)", "self.stack(x)"),
        ],
        "gpt_generates": [
            ("lambda fed: self(fed", "lambda fed: -self(fed"),
            ("rng, temperature, top_k, top_p)", "rng, temperature, None, top_p)"),
            ("rng, temperature, top_k, top_p)", "rng, temperature, top_k, None)"),
            ("rng, temperature, top_k, top_p)", "rng, min(temperature, 1e-9), top_k, top_p)"),
        ],
    },
    "models.vit": {
        "vit_values": [
            ('h[:, 0] if self.pool == "class"', 'h[:, 1] if self.pool == "class"'),
            ("patches(x, self.patch)", "patches(x[:, ::-1], self.patch)"),
            ("np.broadcast_to(self.token", "np.broadcast_to(-self.token"),
        ],
        "vit_gradients": [
            ("dpooled[:, None] / h.shape[1]", "dpooled[:, None]"),
            ("self.dtoken += dh[:, 0].sum(0)", "self.dtoken += dh[0, 0]"),
            ("if first and not self._frozen:", "if first:"),
            ("back_cut(back_embed(dh[:, first:]))", "back_cut(-back_embed(dh[:, first:]))"),
        ],
    },
    "models.sampling": {
        "temperature_values": [("/ float(t)", "* float(t)"), ("    if t == 0:\n", "    if t < 1:\n")],
        "top_values": [
            ("_ranks(logits) < k", "_ranks(logits) <= k"),
            ("np.take_along_axis(before, ranks, -1) < p", "np.take_along_axis(before, ranks, -1) <= p"),
            ("np.cumsum(descending, axis=-1) - descending", "np.cumsum(descending, axis=-1)"),
            ("order = np.argsort(-logits,", "order = np.argsort(logits,"),
        ],
        "samples_follow_their_distribution": [
            ("    sums /= sums[..., -1:]\n", "    sums *= sums\n"),
            ("(sums > rng.random", "(sums < rng.random"),
            ("logits if p is None else top_p(logits, p)", "logits"),
            ("logits = temperature(logits, t)", "logits = temperature(logits, t * t)"),
        ],
        "rows_are_drawn_apart": [("rng.random((*logits.shape[:-1], 1))", "rng.random()")],
    },
}
