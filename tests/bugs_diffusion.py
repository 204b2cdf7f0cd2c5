"""Planted bugs: diffusion."""

BUGS = {
    "models.diffusion.schedule": {
        "schedule_equals_its_single_steps": [
            ("self._at(np.sqrt(self.betas), t, x) * noise", "self._at(self.betas, t, x) * noise"),
            ("self._at(np.sqrt(1 - self.alpha_bars), t, x0)\n", "self._at(1 - self.alpha_bars, t, x0)\n"),
        ],
        "posterior_is_bayes_rule": [
            ("np.sqrt(before) * self.betas / left", "before * self.betas / left"),
            ("np.sqrt(self.alphas) * (1 - before) / left", "self.alphas * (1 - before) / left"),
            ("(1 - before) / left * self.betas", "self.betas"),
        ],
        "clean_and_noise_undo_noised": [
            ("scale * (x - added * noise)", "scale * (x + added * noise)"),
            ("scale * (x - kept * x0)", "x - kept * x0"),
        ],
        "schedules_in_their_own_words": [
            ("(1000 / steps)", "1"),
            ("(np.arange(steps + 1) / steps + offset) / (1 + offset)", "(np.arange(steps + 1) / steps + offset)"),
            ("np.cumprod(self.alphas)", "np.cumprod(self.alphas) ** 0.5"),
        ],
        "elbo_weights_turn_noise_into_means": [("(2 * self.alphas * _rest", "(2 * _rest")],
    },
    "models.diffusion.denoiser": {
        "denoiser_gradients": [
            ("            back_t(dh)\n", "            back_t(2 * dh)\n"),
            ("                back_label(dh)\n", "                pass\n"),
            ("(back_x(dh), None, None)", "(-back_x(dh), None, None)"),
        ],
        "denoiser_is_told_time_and_label": [
            ("        h += moment\n", "        h += 0 * moment\n"),
            ("np.full(len(x), self.classes)", "np.full(len(x), 0)"),
            ("< fraction, classes, labels", "< fraction, labels, classes"),
        ],
    },
    "models.diffusion.model": {
        "diffusion_loss": [
            ("self.schedule.noised(x0, t, noise), t, labels", "self.schedule.noised(x0, t, noise), t"),
            ("float(2 * dloss) * weights", "float(dloss) * weights"),
            ("elbo_weights(t) / len(x0)", "elbo_weights(t) / x0.size"),
            ("mse(predicted, noise)", "mse(predicted, x0)"),
            ("rng.integers(1, self.schedule.steps + 1,", "rng.integers(1, self.schedule.steps,"),
            ("back(back_loss(dloss))", "back(back_loss())"),
        ],
        "guidance_goes_from_none_beyond_one": [
            ("unconditional + float(guidance)", "conditional + float(guidance)"),
            ("labels is None or guidance == 0", "labels is None"),
            (
                "        if guidance == 1:\n            return conditional\n",
                "        if guidance == 0:\n            return conditional\n",
            ),
            ("return x0, self.schedule.noise_in(x, x0, t)", "return x0, noise"),
        ],
    },
    "models.diffusion.samplers": {
        "ddim_with_all_noise_is_ddpm": [
            ("math.sqrt(max(1 - a_s - sigma**2, 0.0))", "math.sqrt(1 - a_s)"),
            ("(1 - a_t / a_s)", "(1 - a_t)"),
            ("np.sqrt(variance) * rng", "variance * rng"),
        ],
        "samplers_written_out": [
            ("        if t > 1:\n", "        if t > 2:\n"),
            ("np.linspace(0, model", "np.linspace(1, model"),
            ("math.sqrt(a_s) * x0", "a_s * x0"),
            ("rng, (labels, guidance, limit))\n\n\ndef ddim(", "rng, (labels, guidance, None))\n\n\ndef ddim("),
        ],
    },
}
