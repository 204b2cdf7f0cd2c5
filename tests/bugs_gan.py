"""Planted bugs: the game of two networks."""

BUGS = {
    "models.gan.losses": {
        "adversarial_loss_gradients": [
            ("(back_real(dloss), back_fake(dloss))", "(back_fake(dloss), back_real(dloss))"),
            ("back(-dloss)", "back(dloss)"),
            ("np.full_like(real, -dloss / real.size)", "np.full_like(real, dloss / real.size)"),
            ("np.full_like(fake, -dloss / fake.size)", "np.full_like(fake, -dloss)"),
        ],
        "adversarial_loss_values": [
            ("np.full_like(real, 1 - smoothing)", "np.full_like(real, 1 - smoothing / 2)"),
            ("return bce(fake, np.ones_like(fake))", "return bce(fake, np.zeros_like(fake))"),
            ("fake.mean() - real.mean()", "real.mean() - fake.mean()"),
        ],
    },
    "models.gan.penalty": {
        "penalty_gradients": [
            ("(excess * float(", "(norm * float("),
            ("x - step * direction", "x"),
            ("np.concatenate([dy, -dy])", "np.concatenate([dy, dy])"),
            ("(len(x) * step)", "(2 * len(x) * step)"),
            ("dpair[: len(x)] + dpair[len(x) :]", "dpair[: len(x)] - dpair[len(x) :]"),
            ("with critic.frozen():", "with critic.train().evaluate().label and critic.layers[0].frozen():"),
        ],
        "penalty_values": [
            ("excess = norm - 1", "excess = norm"),
            ("fake + _each(", "real + _each("),
        ],
    },
    "models.gan.game": {
        "game_gradients": [
            ("                back_extra(dloss)\n", "                pass\n"),
            ("f[:n], f[n:], self.smoothing", "f[n:], f[:n], self.smoothing"),
            ("back_G(dfake[0] if", "back_G(-dfake[0] if"),
        ],
        "game_values": [
            ("x, labels, self.penalty)", "x, labels)"),
            ("            loss += extra\n", ""),
            ('loss: str = "non-saturating"', 'loss: str = "saturating"'),
        ],
        "each_player_learns_alone": [
            ("            with self.discriminator.frozen():\n", "            if True:\n"),
        ],
    },
    "models.gan.networks": {
        "conditional_gradients": [("back(dy)[:, : x.shape[1]]", "back(dy)[:, -x.shape[1] :]")],
        "conditional_adds_a_one_hot_label": [
            ("[np.arange(len(x)), labels] = 1", "[np.arange(len(x)), labels - 1] = 1")
        ],
        "perceptrons_play": [
            ("slope=0.2)", "slope=0.1)"),
            ("mlp(generator, rng, relu,", "mlp(generator, rng, lenient,"),
        ],
    },
    "models.gan.convolutional": {
        "convolutional_players": [
            ("dy.reshape(len(dy), -1).copy()", "2 * dy.reshape(len(dy), -1)"),
            ("        sigmoid,\n", "        relu,\n"),
            ("x.reshape(len(x), *image)", "x.reshape(len(x), *image)[:, :, ::-1]"),
            (
                "        lenient,\n        Conv2d(channels, 2",
                "        BatchNorm(channels),\n        Conv2d(channels, 2",
            ),
        ],
    },
    "models.gan.training": {
        "training_is_the_game_written_out": [
            ("for _ in range(d_steps):", "for _ in range(1):"),
            ("np.clip(theta, -game.clip,", "np.clip(theta, 0 * game.clip,"),
            ("        optimizer.model.zero_grad()\n", ""),
            ("_move(g_optimizer, game.generator_loss", "_move(d_optimizer, game.generator_loss"),
        ],
    },
}
