"""Changes of one token in recurrent layers, which keep shapes and run."""

BUGS = {  # module: check: [(the source, what is planted there)]
    "recurrent.rnn": {
        "recurrent_gradients": [
            ("return 1 - h * h", "return 1 - h"),
            ("(h > 0).astype", "(h >= 0).astype"),
            ("dh += dys[t]", "dh = dys[t].copy()"),
            ("dh += dh_last.T * ends[t]", "dh += dh_last.T"),
            ("dh = dz[t, d:]", "dh += dz[t, d:]"),
            ("            if not self._frozen:", "            if True:"),
            ("np.concatenate([self.W, self.U])\n", "np.concatenate([self.W, self.U.T])\n"),
        ],
        "rnn_values": [
            ("self.b[None]]).T", "-self.b[None]]).T"),
            ("np.maximum(a, 0, out=out)", "np.abs(a, out=out)"),
            ("zip(z, h[1:])", "zip(z, h[:-1])"),
        ],
    },
    "recurrent.lstm": {
        "recurrent_gradients": [
            ("dc += np.multiply(dc_dh[t], dh, out=scratch)", "dc = np.multiply(dc_dh[t], dh, out=scratch)"),
            ("o *= dh", "o *= dc"),
            ("    g *= dc", "    g *= dh"),
            ("dc *= gates[t, hidden : 2 * hidden]", "dc *= gates[t, :hidden]"),
            ("dc += dc_last.T * ends[t]", "dc += dc_last.T"),
            ("sigmoids[:, hidden : 2 * hidden] *= c_before", "sigmoids[:, hidden : 2 * hidden] *= tanh_c"),
            ("np.subtract(1, slope_g, out=slope_g)", "np.subtract(1, g, out=slope_g)"),
            ("_slopes(gates, c[:-1], tanh_c)", "_slopes(gates, c[1:], tanh_c)"),
            ("dh.T.copy(), dc.T.copy()", "dh.T.copy(), dh.T.copy()"),
            ("    dc_dh *= o\n", ""),
        ],
        "lstm_values": [
            ("np.multiply(f, c_before, out=c_t)", "np.multiply(o, c_before, out=c_t)"),
            ("c_t += np.multiply(i, g", "c_t -= np.multiply(i, g"),
            ("np.multiply(o, tanh_c_t, out=h_t)", "np.multiply(o, c_t, out=h_t)"),
            ("c[0] = c0.T", "c[0] = h0.T"),
            ("sigmoids_from_tanh(a[: 3 * hidden])", "sigmoids_from_tanh(a)"),
        ],
        "starts_as_it_says": [
            ("self.b[n_hidden : 2 * n_hidden] = forget_bias", "self.b[:n_hidden] = forget_bias"),
            ("forget_bias: float = 1.0,\n        dtype", "forget_bias: float = 0.0,\n        dtype"),
        ],
    },
    "recurrent.gru": {
        "recurrent_gradients": [
            ("gates[t, hidden : 2 * hidden] * dh", "gates[t, :hidden] * dh"),
            ("dz[t, d:] += gates", "dz[t, d:] -= gates"),
            ("np.multiply(1 - g * g, 1 - u, out=dg)", "np.multiply(1 - g * g, u, out=dg)"),
            ("np.multiply(r, dg, out=dm)", "np.multiply(u, dg, out=dm)"),
            ("np.multiply(m * (1 - r), dm, out=dr)", "np.multiply(m * (1 - r), dg, out=dr)"),
            ("(h_before - g) * u", "(h_before + g) * u"),
            ("self.db_m += dS", "self.db_m -= dS"),
            ("self.dU[:, 2 * hidden :] += dS[d:-1, 3", "self.dU[:, 2 * hidden :] = dS[d:-1, 3"),
        ],
        "gru_values": [
            ("g += r * m", "g += m"),
            ("h_t *= u", "h_t *= r"),
            ("np.subtract(h_before, g, out=h_t)", "np.subtract(g, h_before, out=h_t)"),
            ("halved(weights, 2 * hidden)", "halved(weights, 3 * hidden)"),
            ("S[-1, 3 * hidden :] = self.b_m", "pass"),
        ],
    },
    "recurrent.stack": {
        "stack_gradients": [
            ("dxs[0] + dxs[1]", "dxs[0] - dxs[1]"),
            ("for back in reversed(backs):", "for back in backs[-1:]:"),
            ("dxs.append(_turned(dx, last) if k else dx)", "dxs.append(dx)"),
            ("left[first + k] = dstate", "left[k] = dstate"),
            ("np.zeros_like(y) if dy is None", "np.ones_like(y) if dy is None"),
        ],
        "stack_is_cells_after_each_other": [
            ("ys.append(_turned(y, last) if k else y)", "ys.append(y)"),
            ("return x[:, ::-1]", "return x"),
            ("cell.scan(_turned(x, last) if k else x,", "cell.scan(x,"),
        ],
        "what_lies_beyond_a_length_changes_nothing": [
            ("        y = _within(x, inside)\n", "        y = x\n"),
            (
                "return _within(np.concatenate(ys, axis=2) if len(ys) > 1 else ys[0], inside)",
                "return (np.concatenate(ys, axis=2) if len(ys) > 1 else ys[0])",
            ),
            ("inside.sum(1) - 1", "np.full(len(x), x.shape[1] - 1)"),
            ("np.arange(steps) < lengths[:, None]", "np.arange(steps) <= lengths[:, None]"),
            ("else _within(dy, inside)", "else dy"),
            ("np.where(steps <= last[:, None], last", "np.where(steps < last[:, None], last"),
        ],
        "last_step_gradients": [
            ("dy[:, -1] = dlast", "dy[:, 0] = dlast"),
            ("return y[:, -1].copy()", "return y[:, 0].copy()"),
        ],
    },
    "recurrent.columns": {
        "columns_hold_what_steps_see": [
            ("z[0, d:-1] = h0.T", "z[0, d:-1] = 0"),
            ("z[:, -1] = 1", "z[:, -1] = 0"),
            ("columns[last + 1, ", "columns[last, "),
            ("last == t for t", "last >= t for t"),
        ],
        "sums_over_steps": [
            ("(z[:-1].swapaxes(1, 2))", "(z[1:].swapaxes(1, 2))"),
            ("S[:n] *= 0.5", "S[n:] *= 0.5"),
            ("a += half", "a += 1"),
            ("self.dU += dS[len(self.W) : -1]", "self.dU = dS[len(self.W) : -1]"),
            ("self.db += dS[-1]", "self.db += dS[0]"),
        ],
    },
    "recurrent.chunks": {
        "one_chunk_is_the_full_gradient": [
            ("back(back_loss())", "back(-back_loss())"),
            ("yield float(value), states", "yield float(value), states[::-1]"),
        ],
        "chunks_carry_the_state_and_not_the_gradient": [
            ("run(x[:, chunk], *states)", "run(x[:, chunk])"),
            ("target[:, chunk])", "target[:, :steps][:, : y.shape[1]])"),
            ("range(0, x.shape[1], steps)", "range(0, x.shape[1] - 1, steps)"),
        ],
    },
}
