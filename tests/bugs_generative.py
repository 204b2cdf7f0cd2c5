"""Planted bugs: autoencoders, variational autoencoder, contrastive learning, word vectors, their loop."""

BUGS = {
    "models.autoencoder": {
        "autoencoder_gradients": [("dy: back_encoder(back_decoder(dy))", "dy: back_encoder(2 * back_decoder(dy))")],
        "autoencoder_values": [
            ("x if target is None else target", "x"),
            (".mean(1)", ".sum(1)"),
            ("(self(x)[0] - x)", "(self(x)[0] + x)"),
        ],
        "corruption_does_what_it_says": [("x + float(std) *", "x + float(std) ** 2 *"), (">= fraction", "< fraction")],
    },
    "train.objective": {
        "minimise_is_the_loop_written_out": [
            ("        optimizer.model.zero_grad()\n", ""),
            ("            back()\n", "            back(), back()\n"),
        ],
    },
    "models.contrastive": {
        "contrastive_gradients": [
            ("(dy - y * row_sums(y * dy)) / length", "dy / length"),
            ("back_a(dS @ unit_b), back_b(dS.T @ unit_a)", "back_a(dS @ unit_b), back_b(-dS.T @ unit_a)"),
            ("back_S(sharpness * back_loss(dloss))", "back_S(back_loss(dloss))"),
            ("np.vdot(logits, dlogits)", "np.vdot(S, dlogits)"),
            ("back(dloss / 2) + back_T(dloss / 2).T", "back(dloss / 2) + back_T(dloss / 2)"),
            ("if not self._frozen:", "if True:"),
        ],
        "contrastive_values": [
            ("sharpness = 1 / float(temperature)", "sharpness = float(temperature)"),
            ("-math.log(temperature)", "math.log(temperature)"),
            ("(loss + loss_T) / 2", "loss + loss_T"),
        ],
    },
    "models.word2vec": {
        "skip_gram_gradients": [
            ("back_v((dscores[:, None, :] @ u)[:, 0])", "back_v(2 * (dscores[:, None, :] @ u)[:, 0])"),
            ("sign * (0.5 * (1 + np.tanh(0.5 * wrong)))", "0.5 * (1 + np.tanh(0.5 * wrong))"),
            ("(0.5 * (1 + np.tanh(0.5 * wrong)))", "(0.5 * (1 + np.tanh(wrong)))"),
        ],
        "skip_gram_rests_at_the_pointwise_mutual_information": [("sign[:, 0] = -1", "sign[:, 1] = -1")],
        "word_statistics": [
            ("power: float = 0.75", "power: float = 1.0"),
            ("(abs(offset) <= reach)", "(abs(offset) < reach)"),
            ("rng.random(shape) * sums[-1]", "rng.random(shape)"),
        ],
        "word_arithmetic": [
            ("units[b] - units[a] + units[c]", "units[a] - units[b] + units[c]"),
            ("{a, b, c}, k", "{a, b}, k"),
        ],
    },
    "models.vae.gaussian": {
        "gaussian_gradients": [
            ("0.5 * spread * dz", "spread * dz"),
            ("std * dz", "dz"),
            ("mean * d[:, None]", "d[:, None] + 0 * mean"),
            ("0.5 * surplus * d[:, None]", "0.5 * (surplus + 1) * d[:, None]"),
        ],
        "gaussian_values": [
            ("np.exp(0.5 * log_var)", "np.exp(log_var)"),
            ("mean * mean + surplus - log_var", "mean * mean + surplus + log_var"),
        ],
    },
    "models.vae.likelihoods": {
        "likelihood_gradients": [
            ("(0.5 * (1 + t) - x)", "(0.5 * (1 + t) + x)"),
            ("_each(d, y) * error * (1 / self.std)", "_each(d, y) * error"),
        ],
        "likelihood_values": [
            ("(1 - 2 * x) * half", "(1 - x) * half"),
            ("(math.log(self.std)", "(-math.log(self.std)"),
            ("np.log(0.5 + 0.5 * np.abs(t))", "np.log(0.5 + 0.5 * t)"),
        ],
    },
    "models.vae.model": {
        "vae_gradients": [
            ("dmean + dmean_z, dlog_var + dlog_var_z", "dmean_z, dlog_var + dlog_var_z"),
            ("dmean + dmean_z, dlog_var + dlog_var_z", "dmean + dmean_z, dlog_var"),
            ("back_kl(self.beta * each)", "back_kl(each)"),
            ("dloss / len(x)", "dloss"),
        ],
        "vae_bounds_are_tight_where_the_posterior_is_exact": [
            ("eps * eps + log_var - z * z", "eps * eps - log_var - z * z"),
            ("np.mean(np.exp(weights - top), axis=0)", "np.sum(np.exp(weights - top), axis=0)"),
            ("[0] - gaussian_kl(", "[0] + gaussian_kl("),
            ("(nll + self.beta * kl).mean()", "(nll + kl).mean()"),
        ],
        "vae_decodes_to_the_mean": [
            ("self.likelihood.mean(self.decoder(z)[0])", "self.decoder(z)[0]"),
            ("return h[:, :k], h[:, k:], back", "return h[:, k:], h[:, :k], back"),
        ],
    },
}
