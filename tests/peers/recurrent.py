"""RNN, LSTM and GRU over layers, directions, lengths and initial states; additive attention and the models of both."""

from typing import Any

import numpy as np
from helpers import normal, rng

from chainrule.attention.additive import AdditiveAttention
from chainrule.layer import Layer
from chainrule.models.charlm import CharLM
from chainrule.models.seq2seq import Seq2Seq
from chainrule.recurrent import GRU, LSTM, RNN
from peers import F, Peer, torch

THEIRS = {"LSTM": "lstm", "GRU": "gru", "RNN": "rnn_tanh", "RNN relu": "rnn_relu"}


class Run(Layer):
    """A recurrent layer called by `run`, with as many gradients coming back as there were inputs."""

    def __init__(self, layer: Layer):
        self.layer = layer

    def forward(self, x: np.ndarray, *states: np.ndarray, lengths: np.ndarray | None = None) -> tuple:
        ys, back = self.layer.run(x, *states, lengths=lengths)
        return ys, lambda *dys: back(*dys)[: 1 + len(states)]


def weights(kind: str, params: dict, prefix: str) -> list:
    """Our cells' parameters as the flat list that torch.lstm and the like take: W, U, b, b for each cell."""
    flat = []
    for k in range(sum(name.startswith(prefix) and name.endswith("_W") for name in params)):
        W, U, b = (params[f"{prefix}cells_{k}_{name}"] for name in "WUb")
        zeros = torch.zeros_like(b)
        if kind == "LSTM":  # i f o g → i f g o
            W, U, b = (
                torch.cat([p[..., i : i + len(U)] for i in len(U) * np.array([0, 1, 3, 2])], -1) for p in (W, U, b)
            )
        if kind == "GRU":
            zeros = torch.cat([zeros[: 2 * len(U)], params[f"{prefix}cells_{k}_b_m"]])
        flat += [W.T, U.T, b, zeros]
    return flat


def recurrence(
    kind: str, x: Any, states: tuple, flat: list, n_hidden: int, bidirectional: bool, lengths: Any = None
) -> tuple:
    """torch's own layer from functions alone: (y, *finals), batch first, packed where there are lengths."""
    cells = len(flat) // 4
    options = (True, cells // (1 + bidirectional), 0.0, False, bidirectional)
    zeros = x.new_zeros(cells, len(x), n_hidden)
    states = states or (zeros, zeros) if kind == "LSTM" else states or (zeros,)
    call = getattr(torch, THEIRS[kind])
    if lengths is None:
        y, *finals = call(x, states if kind == "LSTM" else states[0], flat, *options, True)
        return y, *finals
    pack = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    states = tuple(s.index_select(1, pack.sorted_indices) for s in states)
    data, *finals = call(pack.data, pack.batch_sizes, states if kind == "LSTM" else states[0], flat, *options)
    packed = torch.nn.utils.rnn.PackedSequence(data, pack.batch_sizes, pack.sorted_indices, pack.unsorted_indices)
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])
    return y, *(s.index_select(1, pack.unsorted_indices) for s in finals)


def case(
    kind: str, sizes: tuple, layers: int = 1, both: bool = False, given: bool = False, lengths: list | None = None
) -> Peer:
    """One layer of that kind on x (N, T, D) with H units; sizes are (N, T, D, H)."""
    n, steps, d, hidden = sizes
    name = kind.split()[0]
    extra = {"activation": "relu"} if "relu" in kind else {}

    def ours() -> tuple:
        layer = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}[name](
            d, hidden, rng(), layers=layers, bidirectional=both, **extra
        )
        states = [normal(layers * (1 + both), n, hidden, seed=1 + i) for i in range(1 + (name == "LSTM"))]
        options = {} if lengths is None else {"lengths": np.array(lengths)}
        return Run(layer), (normal(n, steps, d), *(states if given else ())), options

    def theirs(x: Any, *states: Any, **params: Any) -> tuple:
        return recurrence(kind, x, states, weights(kind, params, "layer_"), hidden, both, lengths)

    return Peer(name, ours, theirs)


def random_recurrent(generator: np.random.Generator) -> Peer:
    n, steps, d, hidden = generator.integers(1, 6, 4).tolist()
    lengths = generator.integers(1, steps + 1, n).tolist() if generator.random() < 0.5 else None
    kind = generator.choice(list(THEIRS))
    options = {"layers": int(generator.integers(1, 4)), "both": bool(generator.integers(2))}
    return case(str(kind), (n, steps, d, hidden), given=bool(generator.integers(2)), lengths=lengths, **options)


def _attend(q: Any, memory: Any, mask: Any, W: Any, U: Any, v: Any) -> Any:
    scores = torch.tanh((q @ W)[:, :, None] + (memory @ U)[:, None]) @ v
    return scores.masked_fill(~torch.as_tensor(mask), -torch.inf).softmax(-1) @ memory


def random_additive(generator: np.random.Generator) -> Peer:
    n, queries, s, d_query, d_memory, hidden = generator.integers(1, 6, 6).tolist()
    mask = generator.random((n, queries, s)) < 0.6
    mask[..., generator.integers(s)] = True
    return Peer(
        "AdditiveAttention",
        lambda: (
            AdditiveAttention(d_query, d_memory, hidden, rng()),
            (normal(n, queries, d_query), normal(n, s, d_memory, seed=1)),
            {"mask": mask},
        ),
        lambda q, memory, W, U, v: _attend(q, memory, mask, W, U, v),
    )


SOURCE, TARGET_IN = np.array([[3, 5, 4, 3], [4, 0, 0, 0], [5, 3, 0, 0]]), np.array([[1, 4, 3], [1, 5, 0], [1, 3, 3]])


def _seq2seq(source: Any, target_in: Any, kind: str = "GRU", **p: Any) -> Any:
    lengths = (source != 0).sum(1).tolist()
    x = F.embedding(source, p["source_W"])
    memory, *finals = recurrence(kind, x, (), weights(kind, p, "encoder_"), 2, True, lengths)
    states = tuple(torch.stack([torch.cat([s[2 * k], s[2 * k + 1]], -1) for k in range(len(s) // 2)]) for s in finals)
    h, *_ = recurrence(kind, F.embedding(target_in, p["target_W"]), states, weights(kind, p, "decoder_"), 4, False)
    mask = (source != 0)[:, None]
    y = _attend(h, memory, mask, p["attention_W"], p["attention_U"], p["attention_v"])
    a = torch.tanh(torch.cat([h, y], -1) @ p["output_layers_0_W"] + p["output_layers_0_b"])
    return a @ p["output_layers_2_W"] + p["output_layers_2_b"]


def _charlm(ids: Any, **p: Any) -> Any:
    x = F.embedding(ids, p["embedding_W"])
    y, *_ = recurrence("LSTM", x, (), weights("LSTM", p, "recurrent_"), 4, False)
    return y @ p["output_W"] + p["output_b"]


PEERS = {
    **{f"{kind}, one layer": case(kind, (2, 5, 3, 4)) for kind in THEIRS},
    **{f"{kind}, all options": case(kind, (3, 5, 2, 3), 2, True, True, [5, 2, 4]) for kind in THEIRS},
    "LSTM, lengths, no states": case("LSTM", (3, 4, 2, 3), lengths=[1, 4, 2]),
    "AdditiveAttention": random_additive(rng(2)),
    "CharLM": Peer("CharLM", lambda: (CharLM(6, 3, 4, rng()), (SOURCE,), {}), _charlm),
    "Seq2Seq of GRUs": Peer(
        "Seq2Seq", lambda: (Seq2Seq(6, 7, 3, 4, rng(), GRU, layers=2), (SOURCE, TARGET_IN), {}), _seq2seq
    ),
    "Seq2Seq of LSTMs": Peer(
        "Seq2Seq",
        lambda: (Seq2Seq(6, 7, 3, 4, rng(), LSTM), (SOURCE, TARGET_IN), {}),
        lambda *ids, **p: _seq2seq(*ids, kind="LSTM", **p),
    ),
}
RANDOM = [random_recurrent, random_additive]
