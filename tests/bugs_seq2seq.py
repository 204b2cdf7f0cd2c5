"""Changes of one token in additive attention, decoding and recurrent models, which keep shapes and run."""

BUGS = {  # module: check: [(the source, what is planted there)]
    "attention.additive": {
        "additive_gradients": [
            ("(1 - a * a)", "(1 - a)"),
            ("dz.sum(2), dz.sum(1)", "dz.sum(2), -dz.sum(1)"),
            ("self.dv += de", "self.dv = de"),
            ("p.swapaxes(1, 2) @ dy + dz_memory", "dz_memory"),
            ("            if not self._frozen:", "            if True:"),
        ],
        "additive_values": [
            ("[:, :, None] + (memory", "[:, :, None] - (memory"),
            ("scores.dtype.type(-np.inf)", "scores.dtype.type(0)"),
            ("return p @ memory, backward", "return p @ memory[:, ::-1], backward"),
        ],
    },
    "models.decoding": {
        "a_wide_beam_is_exact": [
            ("sorted(ended + grown", "sorted(grown"),
            ("total = np.array([[h.log_probability] for h in living]) + log_p", "total = log_p"),
            ("norm = ((5 + length) / 6)", "norm = ((6 + length) / 6)"),
            ("alive = [i for i, h in enumerate(beam) if h.ids[-1] != end]", "alive = [i for i, h in enumerate(beam)]"),
        ],
        "a_narrow_beam_keeps_what_ended": [
            ("s[:, [kept[i][1] for i in alive]]", "s[:, [0 for i in alive]]"),
            ("-pair[0].score", "pair[0].score"),
            ("np.argsort(-total", "np.argsort(total"),
        ],
        "greedy_follows_the_likeliest": [
            ("np.where(done, end, log_p.argmax(1))", "log_p.argmax(1)"),
            ("log_p.argmax(1))", "log_p.argmin(1))"),
            ("log_p, state = step(ids, state)\n        ids", "log_p, _ = step(ids, state)\n        ids"),
        ],
    },
    "models.seq2seq": {
        "seq2seq_gradients": [
            ("dh = dh + dq", "dh = dq"),
            ("            back_embedding(dx)\n            return dmemory", "            return dmemory"),
            ("(_two_directions(d) for d in dstates)", "(0 * _two_directions(d) for d in dstates)"),
            ("dmemory = back_attention(dy)", "dmemory = back_attention(-dy)"),
        ],
        "seq2seq_padding_changes_nothing": [
            ("self.encoder.run(x, lengths=lengths)", "self.encoder.run(x)"),
            ("self.attention(h, memory, mask=mask)", "self.attention(h, memory)"),
            ("weights=target != self.pad", "weights=target == self.pad"),
        ],
        "seq2seq_feeds_back_what_it_wrote": [
            ("(logits, state), _ = self._write", "(logits, _), _ = self._write"),
            ("np.full(len(source), self.start)", "np.full(len(source), self.end)"),
            ("log_softmax(logits[:, 0])[0]", "logits[:, 0]"),
            ("(logits, tuple(finals)), backward", "(logits, tuple(reversed(finals))), backward"),
        ],
    },
    "models.charlm": {
        "charlm_gradients": [
            ("return back_embedding(dx), *dstates", "return None, *dstates"),
            ("back_output(dlogits)", "-back_output(dlogits)"),
        ],
        "charlm_continues_and_writes": [
            ("self.recurrent.run(x, *states)", "self.recurrent.run(x)"),
            ("(logits, *states), _ = self.run(fed, *states)", "(logits, *_), _ = self.run(fed)"),
            ("back_output(dlogits), *dfinals)", "back_output(dlogits), *(None for _ in dfinals))"),
        ],
    },
}
