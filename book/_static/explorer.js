/* Explorers on the website: native controls choose one of the pictures computed when the site was built.
   Nothing is fetched until a reader touches a control; the state lives in the address, so that it can be shared. */
"use strict";

const ANNOUNCE_AFTER = 700, PLAY_EVERY = 600, FETCH_AT_ONCE = 3;

function explorer(figure) {
  const find = (selector) => figure.querySelector(selector);
  const { frames, alts } = JSON.parse(find(".explorer-data").textContent);
  const img = find("img"), says = find(".explorer-says"), play = find(".explorer-play");
  const inputs = [...figure.querySelectorAll("input")];
  const texts = inputs.map((input) => JSON.parse(input.dataset.values));
  const keys = inputs.map((input) => `${figure.dataset.name}.${input.dataset.control}`);
  const pictures = new Map();
  const first = Number(figure.dataset.frame);
  let wanted = first, announcement = 0, awake = false, walking = false;

  const isSwitch = (input) => input.type === "checkbox";
  const position = (input) => (isSwitch(input) ? Number(input.checked) : Number(input.value));
  const place = (input, i) => { if (isSwitch(input)) input.checked = i === 1; else input.value = i; };
  const indexOf = (positions) => positions.reduce((k, p, j) => k * texts[j].length + p, 0);

  function positionsOf(k) {
    const positions = [];
    for (let j = inputs.length - 1; j >= 0; j--) {
      positions[j] = k % texts[j].length;
      k = Math.floor(k / texts[j].length);
    }
    return positions;
  }

  function picture(k) {
    if (!pictures.has(k)) {
      const image = new Image();
      image.src = frames[k];
      pictures.set(k, image.decode().then(() => image));
    }
    return pictures.get(k);
  }

  /* Fetch the other pictures, nearest first, a few at a time, so that the one in demand never queues behind many. */
  function wake() {
    if (awake || navigator.connection?.saveData) return;
    awake = true;
    const here = positionsOf(wanted);
    const distance = (k) => positionsOf(k).reduce((sum, p, j) => sum + Math.abs(p - here[j]), 0);
    const queue = frames.map((_, k) => k).sort((a, b) => distance(a) - distance(b));
    const work = async () => { while (queue.length) await picture(queue.shift()).catch(() => {}); };
    for (let i = 0; i < FETCH_AT_ONCE; i++) work();
  }

  function label() {
    inputs.forEach((input, j) => {
      const text = texts[j][position(input)];
      input.parentElement.querySelector("output").value = text;
      if (!isSwitch(input)) input.setAttribute("aria-valuetext", text);
    });
  }

  function announce(text) {
    clearTimeout(announcement);
    announcement = setTimeout(() => { says.textContent = text; }, ANNOUNCE_AFTER);
  }

  async function show() {
    const k = wanted = indexOf(inputs.map(position));
    label();
    try {
      await picture(k);
    } catch {
      pictures.delete(k);
      if (wanted === k) { figure.classList.add("is-missing"); announce("This picture could not be loaded."); }
      return;
    }
    if (wanted !== k) return;
    figure.classList.remove("is-missing");
    img.src = frames[k];
    img.alt = alts[k];
    figure.dataset.frame = k;
    announce(alts[k]);
  }

  function remember() {
    const url = new URL(location.href);
    inputs.forEach((input, j) => {
      if (wanted === first) url.searchParams.delete(keys[j]);
      else url.searchParams.set(keys[j], texts[j][position(input)]);
    });
    url.hash = wanted === first ? "" : figure.id;
    try { history.replaceState(history.state, "", url); } catch { /* some viewers forbid it; the picture matters more */ }
  }

  function restore() {
    const asked = new URLSearchParams(location.search);
    inputs.forEach((input, j) => {
      const i = texts[j].indexOf(asked.get(keys[j]));
      place(input, i >= 0 ? i : positionsOf(first)[j]);
    });
    label();
    if (indexOf(inputs.map(position)) !== first) show();
  }

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  async function walk() {
    if (walking) return;
    walking = true;
    const input = inputs.find((one) => one.dataset.control === play.dataset.control);
    const last = texts[inputs.indexOf(input)].length - 1;
    for (let i = (position(input) + 1) % (last + 1); i <= last && playing(); i++) {
      place(input, i);
      await Promise.all([show(), pause(PLAY_EVERY)]);
      remember();
    }
    walking = false;
    setPlaying(false);
  }

  const playing = () => play.getAttribute("aria-pressed") === "true";
  function setPlaying(on) {
    play.setAttribute("aria-pressed", on);
    play.textContent = on ? "Pause" : "Play";
  }

  for (const input of inputs) {
    input.addEventListener("input", () => { if (play) setPlaying(false); show(); });
    input.addEventListener("change", remember);
  }
  play?.addEventListener("click", () => { setPlaying(!playing()); if (playing()) walk(); });
  const controls = find(".explorer-controls");
  for (const touch of ["pointerdown", "focusin"]) controls.addEventListener(touch, wake, { once: true });
  restore();
  controls.hidden = false;
}

for (const figure of document.querySelectorAll("figure.explorer")) explorer(figure);
