"""Changes of one token in embeddings and positions, which keep shapes and run."""

BUGS = {  # module: check: [(the source, what is planted there)]
    "embedding": {
        "add_rows_equals_add_at": [
            ("one_hot.ravel()[np.arange(0, one_hot.size, n) + ids] = 1", "one_hot.ravel()[ids] = 1"),
            ("table += one_hot.T @ values", "table -= one_hot.T @ values"),
            ("table[ids[first]] += np.add.reduceat(values[order]", "table[ids[first]] += np.add.reduceat(values"),
            ("table[ids[first]] += np.add", "table[ids[first]] = np.add"),
            ("if n <= 1 << 16", "if n <= 1 << 17"),
        ],
        "embedding_gradients": [
            ("add_rows(self.dW, flat, rows(dy) if", "add_rows(self.dW, flat, 2 * rows(dy) if"),
            ("else rows(dy) * stands", "else rows(dy)"),
            ("            if not self._frozen:", "            if True:"),
            ("            y *= stands\n", ""),
        ],
        "embedding_values": [("(float(std) * rng", "(rng"), ("std: float = 1.0", "std: float = 0.1")],
        "padding_is_zero_and_stays_so": [
            ("self.W[padding] = 0", "pass"),
            ("(flat != self.padding)", "(flat == self.padding)"),
            ("            y[..., padding] = 0\n", "            pass\n"),
            ("                dy[..., padding] = 0\n", ""),
        ],
        "tied_gradients": [
            ("self.embedding.dW += rows(dy).T @ rows(x)", "self.embedding.dW = rows(dy).T @ rows(x)"),
            ("return dy @ W", "return 2 * dy @ W"),
            ("if not self.embedding._frozen", "if True"),
        ],
    },
    "attention.positions": {
        "sinusoidal_values": [
            ("[turns.imag, turns.real]", "[turns.real, turns.imag]"),
            ("np.arange(0, d, 2) / d", "np.arange(0, d, 2) / (d - 2)"),
            ("np.arange(offset, offset + T)[:, None] * frequencies", "np.arange(1, 1 + T)[:, None] * frequencies"),
        ],
        "sinusoidal_shift_is_one_fixed_matrix": [
            (
                "turns = np.exp(1j * np.arange(offset, offset + T)",
                "turns = np.exp(1j * np.sqrt(np.arange(offset, offset + T))",
            )
        ],
        "learnt_positions_gradients": [
            ("self.dP[place] += column_sums", "self.dP[place] = column_sums"),
            ("self.dP[place] +=", "self.dP[: x.shape[-2]] +="),
            ("return dy.copy()", "return 2 * dy"),
            ("            if not self._frozen:", "            if True:"),
        ],
        "learnt_positions_values": [
            ("slice(offset, offset + x.shape[-2])", "slice(0, x.shape[-2])"),
            ("std: float = 0.02", "std: float = 0.2"),
        ],
        "rotary_gradients": [("turned(dy, turns.conj())", "turned(dy, turns)")],
        "rotary_values": [
            ("return turned(x, turns)", "return turned(x, turns.conj())"),
            ("T, d, offset, base, kind)\n\n    def", "T, d, 0, base, kind)\n\n    def"),
        ],
        "rotary_products_know_the_distance_alone": [
            ("np.exp(1j * np.arange(offset, offset + T)", "np.exp(1j * np.square(np.arange(offset, offset + T))"),
            ("np.exp(1j *", "np.cos(1 *"),
        ],
        "alibi_values": [
            ("2.0 ** (-8 / below", "2.0 ** (-4 / below"),
            ("np.arange(1, 2 * below, 2)", "np.arange(0, 2 * below, 2)"),
            ("between[: heads - below]", "between[below - heads - 1 :][: heads - below]"),
            ("nearness = -np.abs", "nearness = np.abs"),
            ("np.abs(np.arange(offset, offset + T)[:, None]", "np.abs(np.arange(T)[:, None]"),
        ],
    },
    "optimizers.muon": {
        "muon_leaves_tables_to_adamw": [
            (" and name not in layer.tables", ""),
            ("name not in layer.tables", "name in layer.tables"),
        ],
    },
}
