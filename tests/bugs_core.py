"""Changes of one token, which keep shapes and run, in the modules that every chapter stands on."""

BUGS = {  # module: check: [(the source, what is planted there)]
    "dense": {
        "dense_gradients": [
            ("self.dW += rows(x).T @ rows(dy)", "self.dW -= rows(x).T @ rows(dy)"),
            ("self.dW += rows(x).T @ rows(dy)", "self.dW = rows(x).T @ rows(dy)"),
            ("    if not self._frozen:\n                self.dW", "    if True:\n                self.dW"),
        ],
        "dense_values": [("y += self.b", "y -= self.b")],
        "low_rank_gradients": [
            (
                "self.dB += rows(h).T @ rows(dy)\n                self.dA",
                "self.dB += rows(h).T @ rows(-dy)\n                self.dA",
            ),
            ("dh = dy @ B.T\n", "dh = dy @ B.T * 0.5\n"),
        ],
        "low_rank_is_a_product": [("return h @ B + self.b", "return h @ B - self.b")],
        "lora_gradients": [
            ("self.dB += scale * rows(h).T", "self.dB += rows(h).T"),
            ("dh = scale * dy @ B.T", "dh = dy @ B.T"),
            ("return dy @ self._W.T + dh @ A.T", "return dy @ self._W.T - dh @ A.T"),
        ],
        "lora_starts_at_its_base_and_merges": [
            ("self._W + self.scale * (self.A", "self._W + (self.A"),
            ("float(alpha) / rank", "float(alpha)"),
            ("B=np.zeros((rank, n_out), dtype))", "B=np.ones((rank, n_out), dtype))"),
        ],
    },
    "combine": {
        "combined_gradients": [
            ("lambda dy: dy + back(dy)", "lambda dy: back(dy)"),
            ("start=gradients[0])", "start=0 * gradients[0])"),
        ],
        "combined_values": [
            ("return x + y,", "return x - y,"),
            ("sum(ys[1:], start=ys[0])", "sum(ys[:1], start=ys[0])"),
        ],
    },
    "activations": {
        "activation_gradients": [
            ("lambda dy: y * (1 - y) * dy", "lambda dy: y * (1 + y) * dy"),
            ("lambda dy: (1 - y * y) * dy", "lambda dy: (1 - y) * dy"),
            ("dy * (y > 0)", "dy * (y >= 0)"),
            ("lambda dy: factor * dy", "lambda dy: dy"),
            ("(y + alpha) * ~positive", "(y - alpha) * ~positive"),
            ("np.exp(-0.5 * x * x)", "np.exp(-x * x)"),
            ("slope *= 6 * c * k", "slope *= 2 * c * k"),
            ("slope += H\n", "slope += 0.5\n"),
            ("(s + y * (1 - s)) * dy", "(s + x * (1 - s)) * dy"),
            ("y * (dy - row_sums(dy * y))", "y * (dy - row_sums(dy))"),
            ("dy - np.exp(y) * row_sums(dy)", "dy - y * row_sums(dy)"),
        ],
        "activation_values": [
            ("k = math.sqrt(2 / math.pi), 0.044715", "k = math.sqrt(2 / math.pi), 0.044751"),
            ("slope: float = 0.01", "slope: float = 0.1"),
            ("np.log1p(np.exp(-np.abs(x)))\n", "np.log1p(np.exp(-x))\n"),
        ],
    },
    "losses": {
        "loss_gradients": [
            ("float(2 * dloss / y.size) * error", "float(dloss / y.size) * error"),
            ("(dloss / y.size) * np.sign(error)", "(dloss / len(y)) * np.sign(error)"),
            ("(dloss / y.size) * clipped", "(dloss / y.size) * error"),
            ("np.tanh(0.5 * logits)) - t)", "np.tanh(0.5 * logits)) + t)"),
            ("dtype.type(dloss / len(z))", "dtype.type(dloss)"),
            ("float(dloss) * share", "float(dloss) * share * share"),
        ],
        "loss_values": [
            ("_mean(error * error)", "_mean(0.5 * error * error)"),
            ("(error - 0.5 * clipped)", "(error - clipped)"),
            ("(w / w.sum())", "(w / w.size)"),
            ("smoothing / z.shape[1]", "smoothing / len(z)"),
            ("return loss + np.sum(t * np.log", "return loss - np.sum(t * np.log"),
        ],
    },
    "initializers": {
        "initializer_variances": [
            ("2 / sum(_two(shape))", "1 / sum(_two(shape))"),
            ("math.sqrt(3) * gain", "math.sqrt(2) * gain"),
            ("gain: float = math.sqrt(2)", "gain: float = 1.0"),
            ("(gain * std * rng.standard_normal(shape))", "(std * rng.standard_normal(shape))"),
        ],
        "orthogonal_singular_values": [
            ("(gain * (q if", "((q if"),
            ("q *= np.sign(np.diag(r))", "q *= np.abs(np.sign(np.diag(r)))"),
        ],
    },
    "optimizers.gradient": {
        "optimizers_equal_reference": [
            ("gradient + self.momentum * self.v if", "gradient + self.v if"),
            ("self.v *= self.momentum", "self.v *= 1 - self.momentum"),
            ("self.s += np.multiply(gradient, gradient,", "self.s += np.multiply(gradient, 2 * gradient,"),
            ("(1 - self.rho) * gradient", "gradient"),
        ],
    },
    "optimizers.adam": {
        "optimizers_equal_reference": [
            ("(1 - b2**t) / (1 - b2)", "(1 - b2) / (1 - b2)"),
            ("(1 - b1) / (1 - b1**t)", "(1 - b1)"),
            ("scratch += eps * root", "scratch += eps"),
            ("weight_decay: float = 0.01", "weight_decay: float = 0.0"),
        ],
    },
    "optimizers.muon": {
        "orthogonalised_in_closed_form": [("c * (gram @ gram)", "c * gram"), ("= (3.4445, ", "= (3.4545, ")],
        "muon_first_step": [("shape[1] / shape[0]", "shape[0] / shape[1]"), ("w -= (rate", "w += (rate")],
    },
}
