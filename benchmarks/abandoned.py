"""How soon a live explorer gives up a training run when a slider moves: messages to a real kernel, its own clock."""

import json
import random
import statistics
import time

from jupyter_client.manager import start_new_kernel

from benchmarks.harness import table

MOVES, LIMIT = 60, 50.0  # milliseconds, from the message sent to the run closed
EXPLORER = """
import json, time
import numpy as np
from chainrule.explore import explore

closed = []

def train(rate):
    try:
        for step in range(10**6 if rate else 1):
            sum(range(60_000))  # about a millisecond of work
            if step % 4 == 0:
                yield np.linspace(0, 1, 50) * rate
    finally:
        closed.append(time.time())

def draw(fig, curve, rate):
    for ax in fig.subplots(1, 2):
        ax.plot(curve)

explorer = explore(train, draw, name="runs", rate=list(range(7)), start={"rate": 0},
                   describe=lambda curve, rate: "A run.", caption="Runs.")
print(json.dumps(explorer.live.panel.inputs["rate"].model_id))
"""


def report() -> str:
    """Move the slider at irregular moments, and find when the kernel closed the run that was under way."""
    manager, client = start_new_kernel()
    try:
        slider = json.loads(run(client, EXPLORER))
        chance, sent = random.Random(0), []
        for k in range(MOVES):
            sent.append(move(client, slider, 1 + k % 6))
            time.sleep(chance.uniform(0.3, 0.4))
        move(client, slider, 0)
        time.sleep(1)
        closed = json.loads(run(client, "print(json.dumps(closed))"))
    finally:
        manager.shutdown_kernel(now=True)
    late = sorted(1e3 * (min(c for c in closed if c >= moved) - moved) for moved in sent[1:])
    rows = [("median", statistics.median(late)), ("nine of ten", late[int(0.9 * len(late))]), ("worst", late[-1])]
    held = f"limit {LIMIT:.0f} ms: {'holds' if late[-1] <= LIMIT else 'MISSED by the worst'}\n"
    return table(f"A run abandoned, {MOVES - 1} moves", ("", "ms"), [(name, f"{ms:.0f}") for name, ms in rows]) + held


def move(client, slider: str, index: int) -> float:
    """Set the slider's place as a browser does; the moment at which the message left."""
    data = {"method": "update", "state": {"index": index}, "buffer_paths": []}
    message = client.session.msg("comm_msg", {"comm_id": slider, "data": data})
    moment = time.time()
    client.shell_channel.send(message)
    return moment


def run(client, source: str) -> str:
    """What the source prints last."""
    said: list[str] = []
    answer = client.execute_interactive(source, output_hook=lambda m: said.append(m["content"].get("text", "")))
    if answer["content"]["status"] != "ok":
        raise RuntimeError(answer["content"]["evalue"])
    return "".join(said).strip().splitlines()[-1]
