/* Explorers on the website: native controls choose one of the pictures computed when the site was built.
   Nothing is fetched until a reader touches a control; the state lives in the address, so that it can be shared. */
"use strict";

const ANNOUNCE_AFTER = 700, PLAY_EVERY = 600, SLOW_AFTER = 150, THANK_FOR = 2000;

function explorer(figure) {
  const find = (selector) => figure.querySelector(selector);
  const data = JSON.parse(find(".explorer-data").textContent);
  const controls = [...figure.querySelectorAll(".explorer-control")].map(explorerControl);
  const pictures = explorerPictures(data.frames), view = explorerView(find(".explorer-view"), data);
  const says = find(".explorer-says"), play = find(".explorer-play");
  const pin = find(".explorer-pin"), reset = find(".explorer-reset"), link = find(".explorer-link");
  const name = figure.dataset.name, first = Number(figure.dataset.frame);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let wanted = first, pinned = null, announcement = 0, slow = 0, awake = false, playing = false, walks = 0;

  const indexOf = (places) => places.reduce((k, i, j) => k * controls[j].size + i, 0);
  const here = () => controls.map((control) => control.get());

  function placesOf(k) {
    const places = [];
    for (let j = controls.length - 1; j >= 0; j--) {
      places[j] = k % controls[j].size;
      k = Math.floor(k / controls[j].size);
    }
    return places;
  }

  const settings = (k) => placesOf(k).map((i, j) => `${controls[j].name} = ${controls[j].shown[i]}`);

  function wake() {
    if (awake || navigator.connection?.saveData) return;
    awake = true;
    const places = placesOf(wanted);
    const distance = (k) => placesOf(k).reduce((sum, i, j) => sum + Math.abs(i - places[j]), 0);
    pictures.loadAll(data.frames.map((_, k) => k).sort((a, b) => distance(a) - distance(b)));
  }

  function announce(text, after = ANNOUNCE_AFTER) {
    clearTimeout(announcement);
    announcement = setTimeout(() => { says.textContent = text; }, after);
  }

  function wait(state) {
    clearTimeout(slow);
    figure.classList.remove("is-missing", "is-loading");
    if (state === "is-loading") slow = setTimeout(() => figure.classList.add(state), SLOW_AFTER);
    else if (state) figure.classList.add(state);
  }

  /* A picture at hand is shown within the input's own event, so that it is on screen with the next frame. */
  function show() {
    const k = wanted = indexOf(here());
    controls.forEach((control) => control.label());
    reset.setAttribute("aria-disabled", k === first);
    if (pictures.atHand(k)) return paint(k);
    wait("is-loading");
    return pictures.load(k).then(
      () => { if (wanted === k) paint(k); },
      () => { if (wanted === k) { wait("is-missing"); announce("This picture could not be loaded."); } },
    );
  }

  function paint(k) {
    wait("");
    view.fill(k);
    figure.dataset.frame = k;
    label();
    announce(data.alts[k]);
  }

  function label() {
    if (pinned === null) return view.label("");
    const [before, now] = [settings(pinned.k), settings(Number(figure.dataset.frame))];
    pinned.view.label("Pinned", before, now);
    view.label("Now", now, before);
  }

  function setPinned(k) {
    pinned?.view.element.remove();
    pinned = null;
    if (k !== null) {
      const element = view.element.cloneNode(true);
      element.classList.add("is-pinned");
      view.element.before(element);
      pinned = { k, view: explorerView(element, data) };
      pinned.view.fill(k);
    }
    figure.classList.toggle("is-compared", k !== null);
    pin.textContent = k === null ? "Pin to compare" : "Remove the pin";
    label();
  }

  function remember() {
    const url = new URL(location.href);
    const write = (prefix, k) => placesOf(k ?? first).forEach((i, j) => {
      const key = `${prefix}.${controls[j].id}`;
      if (k === null) url.searchParams.delete(key);
      else url.searchParams.set(key, controls[j].texts[i]);
    });
    write(name, wanted === first ? null : wanted);
    write(`${name}.pin`, pinned ? pinned.k : null);
    url.hash = wanted === first && !pinned ? "" : figure.id;
    try { history.replaceState(history.state, "", url); } catch { /* some viewers forbid it; the picture matters more */ }
  }

  /* The frame that the address asks for, or null where it asks for none. */
  function asked(prefix) {
    const values = new URLSearchParams(location.search);
    const found = controls.map((control) => control.texts.indexOf(values.get(`${prefix}.${control.id}`)));
    return found.some((i) => i >= 0) ? indexOf(found.map((i, j) => (i >= 0 ? i : placesOf(first)[j]))) : null;
  }

  const place = (k) => placesOf(k).forEach((i, j) => { controls[j].set(i); controls[j].label(); });

  /* Play walks through one control, each step only when its picture is seen; with reduced motion, a press is one step. */
  async function startWalk() {
    const control = controls.find((one) => one.row.contains(play)), last = control.size - 1;
    wake();
    setPlaying(!calm.matches);
    const walk = ++walks;
    let i = control.get();
    do {
      i = i === last ? 0 : i + 1;
      control.set(i);
      await Promise.all([show(), playing && new Promise((done) => setTimeout(done, PLAY_EVERY))]);
      remember();
    } while (playing && walk === walks && i < last);
    if (walk === walks) setPlaying(false);
  }

  function setPlaying(on) {
    playing = on;
    if (!play) return;
    const verb = on ? "Pause" : calm.matches ? "Step" : "Play";
    play.dataset.verb = verb;
    play.setAttribute("aria-label", play.getAttribute("aria-label").replace(/^\w+/, verb));
  }

  async function copyLink() {
    remember();
    const url = new URL(location.href);
    url.hash = figure.id;
    const copied = await navigator.clipboard?.writeText(url.href).then(() => true, () => false);
    link.textContent = copied ? "Link copied" : "See the address bar";
    announce(copied ? "Link copied" : "The link is in the address bar.", 0);
    setTimeout(() => { link.textContent = "Copy link"; }, THANK_FOR);
  }

  for (const { row } of controls) {
    row.addEventListener("input", () => { setPlaying(false); show(); });
    row.addEventListener("change", remember);
  }
  play?.addEventListener("click", () => { if (playing) setPlaying(false); else startWalk(); });
  pin.addEventListener("click", () => {
    setPinned(pinned ? null : Number(figure.dataset.frame));
    announce(pinned ? `Pinned ${settings(pinned.k).join(", ")}. Move a control to compare.` : "The pin is removed.", 0);
    remember();
  });
  reset.addEventListener("click", () => {
    if (wanted === first) return;
    setPlaying(false);
    place(first);
    show();
    remember();
  });
  link.addEventListener("click", copyLink);
  const panel = find(".explorer-controls");
  for (const touch of ["pointerdown", "focusin"]) panel.addEventListener(touch, wake, { once: true });

  setPlaying(false);
  setPinned(asked(`${name}.pin`));
  place(asked(name) ?? first);
  if (indexOf(here()) !== first) show();
  panel.hidden = false;
}

for (const figure of document.querySelectorAll("figure.explorer")) explorer(figure);
