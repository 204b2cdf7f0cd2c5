"""Changes of one token in the layers that normalise, and in dropout, which keep shapes and run."""

BUGS = {  # module: check: [(the source, what is planted there)]
    "normalization.channels": {
        "channel_sums_of_every_layout": [
            ("return column_sums(x)", "return column_sums(x) / len(x)"),
            ("return as_it_lies.reshape(", "return as_it_lies[::-1].reshape("),
            ("x.reshape(len(x), x.shape[1], places)", "x.swapaxes(0, 1).reshape(len(x), x.shape[1], places)"),
            ("@ ones(places, x.dtype)\n    places", "@ ones(places, x.dtype) * 2\n    places"),
        ],
        "every_order_of_memory": [
            ("if x.strides == model.strides:", "if True:"),
            ("range(0, len(places), BLOCK)", "range(0, len(places) - BLOCK, BLOCK)"),
            ("if model.flags.c_contiguous:", "if True:"),
        ],
    },
    "normalization.batch": {
        "batch_norm_gradients": [
            ("self.dgamma += dgamma", "self.dgamma = dgamma"),
            ("self.dbeta += dbeta", "self.dbeta -= dbeta"),
            ("if not self._frozen:", "if True:"),
            ("channel_sums(dy * xhat), channel_sums(dy)", "channel_sums(dy * x), channel_sums(dy)"),
            ("            if not training:\n", "            if training:\n"),
        ],
        "batch_norm_is_the_sum_of_three_paths": [
            ("xhat * per_channel(-dgamma / m, x.ndim)", "np.zeros_like(xhat)"),  # the path through the variance
            ("            dx -= per_channel(dbeta / m, x.ndim)\n", ""),  # the path through the mean
            ("per_channel(gamma * inverse, x.ndim)", "per_channel(gamma, x.ndim)"),
        ],
        "batch_norm_values": [
            ("channel_sums(xhat * xhat) / m", "channel_sums(xhat * xhat) / (m - 1)"),
            ("np.sqrt(variance + self.eps)", "(np.sqrt(variance) + self.eps)"),
            ("y += per_channel(self.beta", "y -= per_channel(self.beta"),
        ],
        "batch_norm_running_statistics": [
            ("variance * (m / (m - 1))", "variance"),
            ("self.momentum * (mean -", "(1 - self.momentum) * (mean -"),
            ("variance = self.running_var\n", "variance = channel_sums(xhat * xhat) / m\n"),
            ("self.momentum * (variance * (m", "self.momentum * ((variance + self.eps) * (m"),
            ("if training:\n            self._expect", "if True:\n            self._expect"),
        ],
    },
    "normalization.example": {
        "row_norm_gradients": [
            ("np.vecdot(dxhat, xhat)[..., None] / width)", "np.vecdot(dxhat, dxhat)[..., None] / width)"),
            ("removed += row_sums(dxhat) / width", "removed -= row_sums(dxhat) / width"),
            ("dxhat -= removed\n        dxhat *= inverse\n", "dxhat -= removed\n"),
            ("dxhat -= xhat * (np.vecdot", "dxhat += xhat * (np.vecdot"),
            ("            dxhat *= inverse\n", "            pass\n"),
            (
                "column_sums(rows(dy * xhat))\n                self.dbeta",
                "column_sums(rows(dy))\n                self.dbeta",
            ),
            ("return back(dy * gamma)", "return back(dy)"),
        ],
        "row_norm_values": [
            ("/ width + eps)", "/ (width - 1) + eps)"),
            ("        y += self.beta\n", ""),
            ("len(gamma) + self.eps)", "len(gamma))"),
            ("x - row_sums(x) / width", "x - row_sums(x)"),
        ],
        "group_norm_gradients": [
            ("self.dgamma += channel_sums(dy * xhat)", "self.dgamma += channel_sums(dy)"),
            ("self.dbeta += channel_sums(dy)", "self.dbeta -= channel_sums(dy)"),
            ("back((dy * per_channel(gamma, x.ndim))", "back((dy + per_channel(gamma, x.ndim))"),
        ],
        "group_norm_between_its_limits": [
            ("(len(x), self.groups, math.prod(x.shape[1:]) // self.groups)", "(len(x), 1, math.prod(x.shape[1:]))"),
            ("y = xhat * per_channel(gamma, x.ndim)", "y = xhat + per_channel(gamma, x.ndim)"),
        ],
    },
    "dropout": {
        "dropout_mean_and_variance": [
            (">= np.uint16(dropped)", "< np.uint16(dropped)"),
            ("LEVELS / (LEVELS - dropped)", "1"),
            ("LEVELS / (LEVELS - dropped)", "LEVELS / dropped"),
            ("rng.integers(0, LEVELS, factor.shape,", "rng.integers(0, LEVELS, (*factor.shape[:-1], 1),"),
        ],
        "dropout_gradients": [("lambda dy: dy * factor", "lambda dy: dy")],
        "dropout_evaluates_to_the_identity": [("if not self.training", "if self.training")],
        "spatial_dropout_drops_whole_channels": [("*(slice(1),) * (x.ndim - 2)", "*(slice(None),) * (x.ndim - 2)")],
    },
}
