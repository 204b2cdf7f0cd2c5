"""How far training has come, as a bar: a widget in a notebook, text in a terminal."""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chainrule.train.loop import Record


def with_bar(records: "Generator[Record]", epochs: int) -> Iterator["Record"]:
    """The same records, with a bar that counts epochs."""
    from tqdm.auto import tqdm

    with closing(records), tqdm(total=epochs, unit="epoch") as bar:
        for record in records:
            bar.update(record.epoch - bar.n)
            bar.set_postfix(loss=f"{record.loss:.4g}")
            yield record
