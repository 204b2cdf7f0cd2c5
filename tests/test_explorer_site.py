"""The website's explorer in a real browser, on a page of its own: what a reader sees, presses, hears and shares."""

import json
import os
import shutil

import numpy as np
import pytest
from visit import MODES, ROOT, pixels, served, visit

import chainrule.explore as package
from chainrule.explore import explore, log_range
from chainrule.plots import DIVERGING
from website.frames import move_frames

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><meta charset="utf-8"><title>Explorers</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="_static/book.css"><link rel="stylesheet" href="_static/explorer.css">
<link rel="stylesheet" href="_static/explorer-controls.css">
<style>body {{ margin: 0; background: var(--pst-color-background, #fff); color: var(--pst-color-text-base); }}</style>
<script defer src="_static/explorer-parts.js"></script><script defer src="_static/explorer.js"></script>
<body><main class="bd-content"><article class="bd-article"><h1>Explorers</h1>{figures}
<p>{prose}</p></article></main></body></html>"""
ALL_FETCHED = "performance.getEntriesByType('resource').filter(r => r.name.endsWith('webp')).length === 36"
KINDS = ["moons", "rings", "stripes", "waves", "clouds"]
AXIS = np.linspace(-3, 3, 100)
X, Y = np.meshgrid(AXIS, AXIS)
POINTS = np.random.default_rng(0).normal(size=(200, 2))


def compute(rate, kind):
    return np.tanh(np.sin((1 + KINDS.index(kind)) * X) + Y * np.log10(rate))


def draw(fig, field, rate, kind):
    """The standard figure: heat map, contour and points, and a curve."""
    left, right = fig.subplots(1, 2, width_ratios=[3, 2])
    left.imshow(field, extent=(-3, 3, -3, 3), origin="lower", cmap=DIVERGING, vmin=-1, vmax=1, aspect="auto")
    left.contour(X, Y, field, levels=[0], colors="k")
    left.scatter(*POINTS.T, c=POINTS[:, 0] > 0, cmap=DIVERGING, edgecolors="k", s=18)
    left.set(xlim=(-3, 3), ylim=(-3, 3), xlabel="x₁", ylabel="x₂", title=kind)
    right.plot(np.exp(-rate * np.arange(100)) + 0.02 * np.sin(np.arange(100)))
    right.set(xlim=(0, 100), ylim=(0, 1.1), xlabel="epoch", ylabel="loss")


def describe(field, rate, kind):
    return f"At rate {rate:g} the mean answer for the {kind} is {field.mean():.2f}."


def draw_turn(fig, _, angle, held, shade):
    ax = fig.subplots()
    ax.plot(np.sin(AXIS + angle) * (1 + int(held.split()[0][1:])), color="k" if shade else "c")
    ax.set(ylim=(-9, 9), title=held)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A folder with the page in light and in dark, as the build would write it."""
    folder = tmp_path_factory.mktemp("explorers")
    shutil.copytree(ROOT / "book" / "_static", folder / "_static")
    os.environ["CHAINRULE_STATIC"] = "1"
    made = [
        explore(
            compute, draw, name="field", describe=describe, rate=log_range(0.01, 1, 7), kind=KINDS, play="rate",
            labels={"rate": "learning rate"}, unit_of={"rate": "per step"}, caption="The rate decides the slope.",
        ),
        explore(
            lambda **settings: None, draw_turn, name="turn", describe=lambda _, **s: f"Turned by {s['angle']}.",
            angle=[0, 1], held=[f"h{i} to the output" for i in range(9)], shade=[False, True], figsize=(4, 2),
            caption="A turn.",
        ),
    ]  # fmt: skip
    figures = "".join(f'<div class="cell_output">{e._repr_mimebundle_()["text/html"]}</div>' for e in made)
    del os.environ["CHAINRULE_STATIC"]
    package._explorers.clear()
    figures = move_frames(figures, folder / "_static" / "frames", "_static/frames")
    for theme in ("light", "dark"):
        page = PAGE.format(theme=theme, figures=figures, prose="Words that follow. " * 900)
        (folder / f"{theme}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(pages):
    with served(pages) as address:
        yield address


@pytest.fixture
def seen(browser, home):
    with visit(browser, home, viewport={"width": 800, "height": 900}) as it:
        it.fetched = []
        it.page.on("request", lambda request: it.fetched.append(request.url.split("/")[-1]))
        it.go("light.html")
        yield it
        assert it.outside == []


def field(seen):
    return seen.page.locator("#explorer-field")


def slider(seen):
    return field(seen).locator("input[type=range]")


def load_all(seen):
    """Touch the explorer and wait for its pictures."""
    slider(seen).focus()
    seen.page.wait_for_function(ALL_FETCHED)


def at(seen, rate, kind):
    """Wait until the picture of these values is shown."""
    k = log_range(0.01, 1, 7).index(rate) * len(KINDS) + KINDS.index(kind)
    seen.page.wait_for_selector(f'#explorer-field[data-frame="{k}"]', timeout=5000)


def frames_of(pages):
    html = (pages / "light.html").read_text(encoding="utf-8")
    return json.loads(html.split('class="explorer-data">')[1].split("</script>")[0])["frames"]


def test_35_frames_of_two_panels_are_small_and_twice_as_dense_as_the_page(pages, browser, home):
    files = [pages / address for address in frames_of(pages)]
    assert len(set(files)) == 35
    assert sum(f.stat().st_size for f in files) <= 2_000_000
    with visit(browser, home, viewport={"width": 820, "height": 900}, device_scale_factor=2) as seen:
        seen.go("light.html")
        dots, width = field(seen).locator("img").evaluate("img => [img.naturalWidth, img.clientWidth]")
        assert width > 700
        assert dots >= 2 * width - 40


def test_only_the_default_is_fetched_before_a_touch(seen, pages):
    seen.page.mouse.wheel(0, 300)
    seen.page.wait_for_timeout(300)
    assert len([f for f in seen.fetched if f.endswith("webp")]) == 2  # one default of each explorer
    load_all(seen)
    assert {f.rsplit("/", 1)[1] for f in frames_of(pages)} <= set(seen.fetched)


def test_a_picture_at_hand_is_shown_within_the_event_of_the_input(seen):
    load_all(seen)
    shown = slider(seen).evaluate("""input => {
      const img = input.closest("figure").querySelector("img"), before = img.src;
      input.value = 6;
      input.dispatchEvent(new Event("input", {bubbles: true}));
      return [img.src !== before, img.complete, img.naturalWidth, input.closest("figure").dataset.frame];
    }""")
    assert shown == [True, True, 1600, "32"]


def test_a_late_picture_says_so_and_a_missing_one_too(seen, pages):
    late, missing = frames_of(pages)[22], frames_of(pages)[27]
    held = []
    seen.page.route(f"**/{late}", lambda route: held.append(route))
    seen.page.route(f"**/{missing}", lambda route: route.abort())
    slider(seen).focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("#explorer-field.is-loading")
    assert field(seen).get_attribute("data-frame") == "17"
    assert slider(seen).get_attribute("aria-valuetext") == "0.22\u00a0per step"
    held[0].continue_()
    at(seen, 0.22, "stripes")
    assert not field(seen).evaluate("f => f.classList.contains('is-loading')")
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("#explorer-field.is-missing")
    seen.page.wait_for_function("document.querySelector('.explorer-says').textContent.includes('could not be loaded')")
    seen.page.keyboard.press("ArrowLeft")
    at(seen, 0.22, "stripes")
    assert not field(seen).evaluate("f => f.classList.contains('is-missing')")


def test_keys_move_every_kind_of_control(seen):
    slider(seen).focus()
    for key, rate in (("End", 1.0), ("ArrowLeft", 0.46), ("Home", 0.01), ("PageUp", 0.022), ("PageDown", 0.01)):
        seen.page.keyboard.press(key)
        at(seen, rate, "stripes")
    assert field(seen).locator("output").first.text_content() == "0.01\u00a0per step"
    field(seen).locator("input:checked").focus()
    seen.page.keyboard.press("ArrowLeft")
    at(seen, 0.01, "rings")
    turn = seen.page.locator("#explorer-turn")
    turn.locator("select").focus()
    seen.page.keyboard.press("ArrowDown")
    turn.locator("input[role=switch]").focus()
    seen.page.keyboard.press("Space")
    seen.page.wait_for_selector('#explorer-turn[data-frame="28"]')  # 1, h5, off
    assert seen.errors == []


def test_the_result_is_heard_once_the_hand_rests_and_never_before_a_touch(seen):
    says = field(seen).locator("[role=status]")
    seen.page.wait_for_timeout(900)
    assert says.text_content() == ""
    slider(seen).press("End")
    at(seen, 1.0, "stripes")
    assert says.text_content() == ""
    seen.page.wait_for_function("document.querySelector('.explorer-says').textContent")
    assert says.text_content() == field(seen).locator("img").get_attribute("alt")
    assert says.text_content() == field(seen).locator(".explorer-reading").text_content()


def test_controls_stay_where_the_hand_is(seen):
    places = []
    for key in ("Home", "ArrowRight", "End"):
        slider(seen).press(key)
        seen.page.wait_for_timeout(150)
        places.append(slider(seen).bounding_box())
    assert places[0] == places[1] == places[2]


def test_a_pinned_picture_stays_beside_the_next_and_in_the_address(seen):
    before = pixels(field(seen).locator("img"))
    field(seen).locator(".explorer-pin").focus()
    seen.page.keyboard.press("Enter")
    slider(seen).press("End")
    at(seen, 1.0, "stripes")
    pinned, now = field(seen).locator("img").all()
    labels = field(seen).locator(".explorer-label").all_text_contents()
    assert labels == [
        "Pinned: learning rate = 0.1\u00a0per step, kind = stripes",
        "Now: learning rate = 1\u00a0per step, kind = stripes",
    ]
    assert field(seen).locator(".explorer-label strong").count() == 2  # what differs, in both
    assert "At rate 0.1 " in pinned.get_attribute("alt")
    assert "At rate 1 " in now.get_attribute("alt")
    pinned.scroll_into_view_if_needed()
    first, kept, other = (picture[: len(before) - 2] for picture in (before, pixels(pinned), pixels(now)))
    assert 4 * np.abs(first - kept).mean() < np.abs(first - other).mean()
    address = seen.page.url
    seen.page.goto("about:blank")
    seen.page.goto(address)
    at(seen, 1.0, "stripes")
    assert field(seen).locator(".explorer-label").all_text_contents() == labels
    field(seen).locator(".explorer-pin").click()
    assert field(seen).locator("img").count() == 1
    assert field(seen).locator(".explorer-label").count() == 0
    assert ".pin." not in seen.page.url


@pytest.mark.parametrize(("width", "beside"), [(390, False), (1200, True)])
def test_two_pictures_stand_side_by_side_where_both_are_legible(browser, home, width, beside):
    with visit(browser, home, viewport={"width": width, "height": 900}, device_scale_factor=2) as seen:
        seen.go("light.html?field.pin.rate=1")
        first, second = (image.bounding_box() for image in field(seen).locator("img").all())
        assert (first["y"] == second["y"]) is beside
        assert (first["x"] == second["x"]) is not beside
        assert abs(first["width"] - second["width"]) <= 1
        assert first["width"] >= 350


def test_reset_returns_to_the_default(seen):
    reset, before = field(seen).locator(".explorer-reset"), field(seen).locator("img").get_attribute("src")
    assert reset.get_attribute("aria-disabled") == "true"
    slider(seen).press("End")
    at(seen, 1.0, "stripes")
    assert reset.get_attribute("aria-disabled") == "false"
    assert "field.rate=1&field.kind=stripes" in seen.page.url
    reset.click()
    at(seen, 0.1, "stripes")
    assert reset.get_attribute("aria-disabled") == "true"
    assert slider(seen).input_value() == "3"
    assert field(seen).locator("img").get_attribute("src") == before
    assert "field." not in seen.page.url


def test_a_copied_link_opens_what_was_seen(browser, home):
    with visit(browser, home, permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.go("light.html")
        link, thanks = field(seen).locator(".explorer-link"), ".explorer-link:text-is('Link copied')"
        link.click()
        seen.page.wait_for_selector(thanks)
        assert seen.page.evaluate("navigator.clipboard.readText()") == home + "light.html#explorer-field"
        seen.page.wait_for_selector(thanks, state="hidden")
        slider(seen).press("Home")
        at(seen, 0.01, "stripes")
        link.click()
        seen.page.wait_for_selector(thanks)
        copied = seen.page.evaluate("navigator.clipboard.readText()")
        assert copied == seen.page.url
        assert copied.endswith("?field.rate=0.01&field.kind=stripes#explorer-field")
        seen.page.goto("about:blank")
        seen.page.goto(copied)
        at(seen, 0.01, "stripes")


def test_without_a_clipboard_the_reader_is_sent_to_the_address_bar(browser, home):
    with visit(browser, home) as seen:
        seen.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        seen.go("light.html")
        field(seen).locator(".explorer-link").click()
        seen.page.wait_for_function("document.querySelector('.explorer-link').textContent === 'See the address bar'")


def test_a_finger_drags_the_slider_sideways_and_scrolls_the_page_upwards(browser, home):
    with visit(browser, home, **MODES["phone"]) as seen:
        seen.go("light.html")
        slider(seen).scroll_into_view_if_needed()
        wire = seen.page.context.new_cdp_session(seen.page)
        box = slider(seen).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

        def drag(dx, dy):
            def send(kind, *at):
                wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(at)})

            send("touchStart", {"x": x, "y": y})
            for i in range(1, 11):
                send("touchMove", {"x": x + dx * i / 10, "y": y + dy * i / 10})
            send("touchEnd")
            seen.page.wait_for_timeout(300)
            return slider(seen).input_value(), seen.page.evaluate("scrollY")

        top = seen.page.evaluate("scrollY")
        assert drag(0, -150)[0] == "3"
        assert at_rest(seen.page) > top + 50
        seen.page.evaluate(f"scrollTo({{top: {top}, behavior: 'instant'}})")
        assert at_rest(seen.page) == top
        place, scrolled = drag(120, 4)
        assert place == "5"
        assert abs(scrolled - top) <= 4


def at_rest(page) -> float:
    """How far the page is scrolled once it has stopped: a page that was flung glides on."""
    before, now = None, page.evaluate("scrollY")
    while now != before:
        page.wait_for_timeout(200)
        before, now = now, page.evaluate("scrollY")
    return now


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_walks_through_one_control_and_steps_where_motion_is_reduced(browser, home, motion):
    with visit(browser, home, reduced_motion=motion, viewport={"width": 1000, "height": 900}) as seen:
        seen.go("light.html?field.rate=0.22")
        at(seen, 0.22, "stripes")
        seen.page.evaluate("""() => { window.walk = [];
          new MutationObserver(all => walk.push(...all.map(m => m.target.dataset.frame)))
            .observe(document.querySelector("figure"), {attributeFilter: ["data-frame"]}); }""")
        play = field(seen).locator(".explorer-play")
        name = {"no-preference": "Play", "reduce": "Step"}[motion]
        assert play.get_attribute("aria-label") == f"{name} learning rate"
        play.click()
        if motion == "reduce":
            at(seen, 0.46, "stripes")
            seen.page.wait_for_timeout(900)
            assert seen.page.evaluate("walk") == ["27"]
            play.click()
        else:
            assert play.get_attribute("aria-label") == "Pause learning rate"
        at(seen, 1.0, "stripes")
        assert seen.page.evaluate("walk") == ["27", "32"]
        assert "field.rate=1&" in seen.page.url or seen.page.wait_for_url("**field.rate=1&**") is None
        seen.page.wait_for_selector(f'.explorer-play[aria-label^="{name}"]')


def test_play_waits_for_each_picture_and_a_touch_stops_it(seen, pages):
    held = []
    seen.page.route(f"**/{frames_of(pages)[22]}", lambda route: held.append(route))
    field(seen).locator(".explorer-play").click()
    seen.page.wait_for_timeout(1500)
    assert slider(seen).input_value() == "4"
    held[0].continue_()
    at(seen, 0.46, "stripes")
    slider(seen).press("Home")
    seen.page.wait_for_timeout(900)
    assert slider(seen).input_value() == "0"


@pytest.mark.parametrize(("scripts", "media"), [(False, "screen"), (True, "print")])
def test_without_scripts_and_on_paper_the_picture_stands_with_its_words(browser, home, scripts, media):
    with visit(browser, home, java_script_enabled=scripts) as seen:
        seen.page.goto(home + "light.html")
        seen.page.emulate_media(media=media)
        for part in ("img", ".explorer-reading", "figcaption"):
            assert field(seen).locator(part).is_visible(), part
        assert not field(seen).locator(".explorer-controls").is_visible()


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(browser, home, mode):
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go(f"{'dark' if mode == 'dark' else 'light'}.html?field.pin.rate=1&field.kind=waves")
        at(seen, 0.1, "waves")
        assert seen.axe() == []
        small = seen.page.evaluate("""() => [...document.querySelectorAll("figure :is(button, select, input, label)")]
          .map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height]).filter(([, h]) => h < 20)""")
        assert small == []
        assert seen.errors == []


def test_the_paper_does_not_glare_in_the_dark(browser, home):
    with visit(browser, home, **MODES["dark"]) as seen:
        seen.go("dark.html")
        assert 200 < pixels(field(seen).locator("img"))[5, 5].mean() < 230


@pytest.mark.parametrize(("width", "beside"), [(390, False), (820, False), (1280, True), (1920, True)])
def test_two_pictures_find_room_in_the_book(browser, site, width, beside):
    with served(site) as book, visit(browser, book, viewport={"width": width, "height": 900}) as seen:
        seen.go("book/index.html?two-spirals.pin.width=2#explorer-two-spirals")
        images = seen.page.locator("#explorer-two-spirals img")
        first, second = (image.bounding_box() for image in images.all())
        assert (first["y"] == second["y"]) is beside
        assert first["width"] > (460 if beside else 330)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert second["x"] + second["width"] < width
        corner = [second["x"] + second["width"] - 10, second["y"] + 100]
        on_top = seen.page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.tagName", corner)
        assert on_top == "IMG", "something covers the picture"
