"""Bugs to plant in the graph layers: see test_planted_bugs.py."""

BUGS = {
    "graph.convolution": {
        "graph_convolution_gradients": [
            ("dh = A.T @ dy", "dh = A @ dy"),
            ("self.dW += x.T @ dh", "self.dW = x.T @ dh"),
            ("self.db += column_sums(dy)", "self.db += column_sums(dh)"),
            ("            if not self._frozen:", "            if True:"),
        ],
        "graph_convolution_values": [
            ("y += self.b", "y -= self.b"),
            ("(values, (target, source))", "(values, (source, target))"),
            ("1 / np.sqrt(looped.targets.counts)", "1 / np.sqrt(looped.sources.counts)"),
            ("scale[source] * scale[target]", "scale[target] * scale[target]"),
        ],
        "graph_convolution_of_a_complete_graph_is_the_mean": [("looped = graph.with_loops", "looped = graph")],
    },
    "graph.attention": {
        "graph_attention_gradients": [
            ("self.da_source += (ds * h)", "self.da_source += (dt * h)"),
            ("return ds * a_source + dt * a_target", "return ds * a_source"),
            ("dh += back_weights(", "dh = back_weights("),
            ("dy[:, None] / heads", "dy[:, None]"),
        ],
        "graph_attention_values": [
            ("slots.sources.spread((h * a_source)", "slots.targets.spread((h * a_source)"),
            ("leaky_relu(scores, self.slope)", "leaky_relu(scores)"),
            ("segment_softmax(kinked, slots.targets)", "segment_softmax(kinked, slots.sources)"),
            ("return y + self.b", "return y - self.b"),
        ],
    },
    "graph.passing": {
        "graph_passing_gradients": [
            ("dstate[:, :d] + targets.sum(dends[:, :d])", "dstate[:, :d] + sources.sum(dends[:, :d])"),
            ("dx = dstate[:, :d] + ", "dx = "),
            ("(dx, dends[:, 2 * d :])", "(dx, -dends[:, 2 * d :])"),
        ],
        "graph_passing_values": [
            ("[targets.spread(x), sources.spread(x)]", "[sources.spread(x), targets.spread(x)]"),
            ("[self.aggregate](messages, targets)", "[self.aggregate](messages, sources)"),
            ("np.concatenate([x, heard], axis=1)", "np.concatenate([heard, x], axis=1)"),
        ],
    },
    "graph.segments": {
        "segment_gradients": [
            ("groups.spread(dy / size)", "groups.spread(dy)"),
            ("y * (dy - groups.spread(groups.sum(dy * y)))", "y * (dy - groups.spread(groups.sum(dy)))"),
            ("largest * groups.spread(dy / ties)", "groups.spread(dy / ties)"),
        ],
        "segment_values": [
            ("np.exp(x - groups.spread(groups.max(x)))", "np.exp(x)"),
            ("np.cumsum(self.counts) - self.counts", "np.cumsum(self.counts) - self.counts[0]"),
            ("np.maximum(groups.sum(largest), 1)", "np.ones_like(y)"),
            ("np.maximum.reduceat", "np.minimum.reduceat"),
        ],
    },
    "graph.structure": {
        "a_batch_joins_graphs": [
            ("graph.edges + start for", "graph.edges for"),
            ("graph.owner + i for", "graph.owner for"),
            ("pairs[::-1, pairs[0] != pairs[1]]", "pairs[::-1]"),
            ("Segments(self.edges[1], self.n)", "Segments(self.edges[0], self.n)"),
        ],
    },
    "graph.pooling": {
        "graph_pooling_values": [
            ("segment_sum(x, graph.nodes)", "segment_mean(x, graph.nodes)"),
            ("segment_mean(x, graph.nodes)", "segment_sum(x, graph.nodes)"),
            ("segment_max(x, graph.nodes)", "segment_sum(x, graph.nodes)"),
            ("segment_sum(x, graph.nodes)", "segment_max(x, graph.nodes)"),
        ],
    },
    "graph.stack": {
        "a_stack_gives_the_graph_to_those_who_need_it": [
            ("for back in reversed(backs)", "for back in backs[-1:]"),
            ("        dy = back(dy)", "        dy = -back(dy)"),
        ],
    },
    "graph.propagation": {
        "propagated_labels": [
            ("graph.edges[1] * graph.n + graph.edges[0]", "graph.edges[0] * graph.n + graph.edges[1]"),
            ("np.diag(A.sum(1)) - A", "np.diag(A.sum(1)) + A"),
            ("y[y.sum(1) < 0.5] = 1 / y.shape[1]", "y[y.sum(1) < 0.5] = 0"),
            ("y[known] = np.eye(labels.max() + 1)[labels]", "y[known] = np.eye(labels.max() + 1)[1 - labels]"),
        ],
    },
}
