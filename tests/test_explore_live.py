"""Explorers in a live kernel: the latest setting wins, progress and errors show, Play waits."""

import asyncio
import base64
import io
import re
import time
import weakref

import numpy as np
from an_explorer import made
from PIL import Image


def test_live_bundle_holds_a_picture_and_never_html():
    bundle = made()._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert bundle["text/plain"] == 'Explorer "decay": rate × depth, 6 frames'
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).size == (800, 350)
    assert made()._repr_mimebundle_()["image/png"] == bundle["image/png"]


def test_moving_a_slider_without_a_loop_runs_to_the_end():
    live = made().live
    before = live.panel.image.value
    live.panel.inputs["rate"].value = 0.3
    assert "0.6" in live.panel.says.value
    assert live.panel.image.value != before


def test_a_stale_computation_is_abandoned_and_closed():
    log, kept = [], []

    def compute(rate, depth):
        kept.append(training(rate))  # so that only an explicit close can end it
        return kept[-1]

    def training(rate):
        try:
            for step in range(400 if rate == 0.3 else 3):
                log.append((rate, step))
                yield np.full(3, rate)
                if rate == 0.3:
                    time.sleep(0.005)
        finally:
            log.append((rate, "closed"))

    async def reader(live):
        live.panel.inputs["rate"].value = 0.3
        await asyncio.sleep(0.1)
        live.panel.inputs["depth"].value = 1
        live.panel.inputs["rate"].value = 0.1
        await live.idle()

    live = made(compute=compute).live
    asyncio.run(reader(live))
    steps = [step for rate, step in log if rate == 0.3]
    assert steps[-1] == "closed"
    assert 0 < len(steps) < 200
    assert log[-1] == (0.1, "closed")
    assert "0.1" in live.panel.says.value


def test_progress_is_shown_while_a_computation_goes_on():
    def compute(rate, depth):
        for step in range(10):
            yield np.full(3, step)
            time.sleep(0.1)

    live = made(compute=compute).live
    seen = []
    live.panel.says.observe(lambda change: seen.append(re.sub("<.*?>", "", change["new"])), "value")
    live.panel.inputs["rate"].value = 0.3
    assert seen[0] == "The loss is 9. Computing rate = 0.3, depth = 2 …"
    assert len(seen) >= 4
    assert seen[-1] == "The loss is 9."


def test_a_move_is_heard_between_the_steps_of_a_passing_picture(monkeypatch):
    monkeypatch.setattr("chainrule.explore.live.PICTURE_EVERY", 0)
    painted, left_behind, live = [], [], made().live

    def compute(rate, depth):
        try:
            yield np.full(3, rate)
            yield np.full(3, rate)
        finally:
            left_behind.append((rate, bytes(live.panel.image.value)))

    def draw(fig, curve, rate, depth):
        ax = fig.subplots()
        monkeypatch.setattr(ax, "draw", lambda renderer: painted.append(rate))
        if rate == 0.3:
            asyncio.get_running_loop().call_soon(setattr, live.panel.inputs["rate"], "value", 0.1)

    async def reader():
        live.panel.inputs["rate"].value = 0.3
        await live.idle()

    live = made(compute=compute, draw=draw).live
    before = bytes(live.panel.image.value)
    painted.clear()
    left_behind.clear()
    asyncio.run(reader())
    assert left_behind[0] == (0.3, before)
    assert set(painted) == {0.1}


def test_a_figure_is_gone_as_soon_as_its_picture_is_shown():
    figures = []

    def draw(fig, curve, rate, depth):
        fig.subplots().plot(curve)
        figures.append(weakref.ref(fig))

    live = made(draw=draw).live
    for rate in (0.1, 0.3, 0.2):
        live.panel.inputs["rate"].value = rate
        assert all(ref() is None for ref in figures)
    assert len(figures) >= 4


def test_an_exception_is_shown_and_the_picture_stays():
    def compute(rate, depth):
        if rate == 0.3:
            raise ArithmeticError("diverged <badly>")
        return np.full(3, rate)

    live = made(compute=compute).live
    before = live.panel.image.value
    live.panel.inputs["rate"].value = 0.3
    assert 'role="alert"' in live.panel.says.value
    assert "At rate = 0.3, depth = 2: ArithmeticError: diverged &lt;badly&gt;" in live.panel.says.value
    assert live.panel.image.value == before
    live.panel.inputs["rate"].value = 0.1
    assert "The loss is 0.1." in live.panel.says.value


def test_play_draws_every_value_in_order(monkeypatch):
    monkeypatch.setattr("chainrule.explore.live.PLAY_PAUSE", 0)

    def compute(rate, depth):
        for _ in range(5):
            time.sleep(0.015)
            yield np.full(3, rate * depth)

    live = made(compute=compute, play="rate", start={"rate": 0.1}).live
    seen = []
    live.panel.image.observe(lambda change: seen.append(live.panel.inputs["rate"].value), "value")

    async def press():
        live.panel.play.value = True
        while live.panel.play.value:
            await asyncio.sleep(0.01)

    asyncio.run(press())
    assert seen == [0.2, 0.3]
    assert live.panel.play.description == "Play"
