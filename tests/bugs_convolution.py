"""Changes of one token in the layers for images, which keep shapes and run."""

BUGS = {  # module: check: [(the source, what is planted there)]
    "convolution.kernel": {
        "kernel_geometry": [
            ("self.dilation[axis] * (self.size[axis] - 1) + 1", "self.dilation[axis] * self.size[axis]"),
            ("self.span(1)) // self.stride[1] + 1", "self.span(1)) // self.stride[0] + 1"),
            ("top + image[0] + bottom", "top + image[0] + top"),
            ("d * (k - 1) if padding", "d * k if padding"),
            ("(down // 2, down - down // 2)", "(down - down // 2, down // 2)"),
            ("slice(left, left + image[1])", "slice(top, top + image[1])"),
        ],
    },
    "convolution.columns": {
        "columns_are_windows": [
            ("memory[:, self.taps :] = 1", "memory[:, self.taps :] = 0"),
            ("dh * h, dw * w, sh * h", "dh * h, sw * w, sh * h"),
            ("dw * w, sh * h, sw * w", "dw * w, dh * h, sw * w"),
            (
                "frame[:, *kernel.inside(image)] = channel_major(x)",
                "frame[:, *kernel.inside(image)] = -channel_major(x)",
            ),
        ],
        "spread_is_the_adjoint": [
            ("place += part", "place[...] = part"),
            ("frame += b[:, None, None, None]", "frame -= b[:, None, None, None]"),
            ("ones(matrix.shape[1], dy.dtype)", "ones(matrix.shape[1], dy.dtype) / 2"),
        ],
        "blocks_change_nothing": [
            ("self.windows[..., top:bottom, :, :]", "self.windows[..., : bottom - top, :, :]"),
            ("seen = windows[..., top:bottom, :, :]", "seen = windows[..., : bottom - top, :, :]"),
            ("yield slice(top * pixels, bottom * pixels), X", "yield slice(0, (bottom - top) * pixels), X"),
            ("matrices[..., top * pixels : bottom * pixels]", "matrices[..., : (bottom - top) * pixels]"),
        ],
    },
    "convolution.conv": {
        "conv_gradients": [
            ("self.dW += dW.reshape", "self.dW = dW.reshape"),
            ("self.db += db", "self.db -= db"),
            ("if not self._frozen:", "if True:"),
            ("return spread(dy, W,", "return spread(dy, -W,"),
        ],
        "conv_values": [
            ("W, self.b if bias else None)", "W, -self.b if bias else None)"),
            ("(1, dilation), groups", "(1, stride), groups"),
            ('Kernel(size, pair(f"{name} stride", stride), dilation', "Kernel(size, dilation, dilation"),
        ],
        "conv_keeps_the_scale": [("W = init((taps, n_out), rng,", "W = init((taps, n_out), rng, gain=1.0,")],
    },
    "convolution.transpose": {
        "transpose_is_the_adjoint": [
            ("return spread(x, W,", "return spread(x, W[:, :, ::-1],"),
            ("- sum(k.padding[a])", "- k.padding[a][0]"),
        ],
        "transpose_gradients": [
            ("self.dW += outer(columns, x, W)[0]", "self.dW = outer(columns, x, W)[0]"),
            ("self.db += channel_sums(dy)", "self.db += channel_sums(dy) / 2"),
            ("if not self._frozen:", "if True:"),
            ("return correlate(columns, W, None)", "return correlate(columns, -W, None)"),
        ],
        "transpose_values": [
            ("(n - 1) * k.stride[a] + k.span(a)", "n * k.stride[a] + k.span(a) - 1"),
            ("math.sqrt(math.prod(stride))", "math.prod(stride)"),
            ("self.b if bias else None, kernel, image", "None, kernel, image"),
            ("+ self.output_padding[a] for", "for"),
        ],
    },
    "convolution.pool": {
        "pool_gradients": [
            ("dx[part] += won", "dx[part] = won"),
            ("rest = rest - won", "rest = rest + 0 * won"),
            ("np.subtract(rest, won, out=dx[slices[0]])", "np.add(rest, 0 * won, out=dx[slices[0]])"),
            ("dx[part] += share", "dx[part] = share"),
            ("dx, share = zeros(shape, dy.dtype), dy * (1 / size)", "dx, share = zeros(shape, dy.dtype), dy"),
            ("np.expand_dims(dy * share, axes)", "np.expand_dims(dy, axes)"),
        ],
        "pool_values": [
            ("_maximum, -np.inf", "_maximum, 0.0"),
            ("return y * (1 / size), backward", "return y * (1 / (size + 1)), backward"),
            ("size if stride is None", "(1, 1) if stride is None"),
            ("y = np.maximum(y, x[part])", "y = np.minimum(y, x[part])"),
            ("x.sum(axes) * share", "x.sum(axes)"),
        ],
        "the_first_of_equals_wins": [
            ("leads.append(x[part] > y)", "leads.append(x[part] >= y)"),
            (
                "y, back_columns = along(framed, 3, kernel.size[1], kernel.stride[1], out[1])\n"
                "        y, back_rows = along(y, 2, kernel.size[0], kernel.stride[0], out[0])",
                "y, back_columns = along(framed, 2, kernel.size[0], kernel.stride[0], out[0])\n"
                "        y, back_rows = along(y, 3, kernel.size[1], kernel.stride[1], out[1])",
            ),
        ],
    },
    "convolution.upsample": {
        "upsample_gradients": [("_both(A.T, dy, B.T)", "_both(A.T, dy, 2 * B.T)")],
        "upsample_values": [
            ("+ 0.5) / factor - 0.5", "+ 0.5) / factor - 0.4"),
            ("np.clip(at, 0, n - 1)", "np.clip(at, -1, n)"),
            ("1 - np.abs(at", "1 - 0.9 * np.abs(at"),
            ("zip(x.shape[2:], self.factor)", "zip(x.shape[2:], self.factor[::-1])"),
        ],
    },
    "convolution.reshape": {
        "reshaping": [
            ("dx[...] = dy.reshape(x.shape)", "dx[...] = 2 * dy.reshape(x.shape)"),
            ("grid.transpose(0, 3, 1, 4, 2, 5)", "grid.transpose(0, 3, 2, 4, 1, 5)"),
            ("grid.transpose(0, 2, 4, 1, 3, 5)", "grid.transpose(0, 4, 2, 1, 3, 5)"),
            ("grid.transpose(0, 2, 4, 1, 3, 5)", "grid.transpose(0, 2, 4, 1, 5, 3)"),
        ],
    },
    "models.cnn": {
        "cnn_is_its_layers": [
            ("MaxPool2d(2), relu]", "AvgPool2d(2), relu]"),
            ("classes], rng, relu, dtype", "classes], rng, tanh, dtype"),
        ],
        "lenet_5": [("AvgPool2d(2), tanh]", "AvgPool2d(2), relu]"), ("120, 84, classes]", "84, 120, classes]")],
        "residual_blocks_start_as_relu": [
            ("gamma = np.zeros(n_out)", "gamma = np.ones(n_out)"),
            ("return Residual(f), relu", "return Residual(f), tanh"),
            ("rng, dtype, stride), relu, *_normalised", "rng, dtype, stride), tanh, *_normalised"),
        ],
        "residual_cnn_halves": [
            ("2 if first and stage else 1", "2 if stage else 1"),
            ("2 if first and stage else 1", "2 if first else 1"),
            ("n_in, n_out, 1, rng, dtype, stride))), relu", "n_in, n_out, 1, rng, dtype, stride))), tanh"),
        ],
    },
}
