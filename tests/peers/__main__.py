"""`python -m peers [NAME …]`: ask PyTorch and keep its answers."""

import sys

import numpy as np

from peers import HERE, run_theirs, topics

for name, module in topics().items():
    if name in sys.argv[1:] or not sys.argv[1:]:
        answers = {f"{case}|{key}": a for case, peer in module.PEERS.items() for key, a in run_theirs(peer).items()}
        np.savez_compressed(HERE / f"{name}.npz", **answers)
        print(f"{name}: {len(module.PEERS)} cases")
