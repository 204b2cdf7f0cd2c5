/* The parts of an explorer: its controls, its pictures, and the place where each is seen. Used by explorer.js. */
"use strict";

/* A control, whatever native element it is made of: the places of its values are 0, 1, … */
function explorerControl(row) {
  const inputs = [...row.querySelectorAll("input, select")], [input] = inputs;
  const output = row.querySelector("output");
  const texts = JSON.parse(row.dataset.values), shown = JSON.parse(row.dataset.shown ?? row.dataset.values);
  const [get, set] = {
    range: [() => Number(input.value), (i) => { input.value = i; }],
    checkbox: [() => Number(input.checked), (i) => { input.checked = i === 1; }],
    radio: [() => inputs.findIndex((one) => one.checked), (i) => { inputs[i].checked = true; }],
    "select-one": [() => input.selectedIndex, (i) => { input.selectedIndex = i; }],
  }[input.type];
  if (input.type === "range") input.style.setProperty("--explorer-steps", texts.length - 1);

  function label() {
    const i = get();
    if (output) output.value = shown[i];
    if (input.type !== "range") return;
    input.setAttribute("aria-valuetext", shown[i]);
    input.style.setProperty("--explorer-place", i / (texts.length - 1));
  }

  const name = row.querySelector(".explorer-name").textContent;
  return { id: row.dataset.control, name, texts, shown, get, set, label, row, size: texts.length };
}

/* The pictures: each is fetched once, on demand or ahead of it, and is at hand when it has been decoded. */
function explorerPictures(addresses) {
  const FETCH_AT_ONCE = 3;
  const images = new Map(), coming = new Map();

  function load(k, priority = "high") {
    if (!coming.has(k)) {
      const image = new Image();
      image.fetchPriority = priority;
      image.src = addresses[k];
      coming.set(k, image.decode().then(() => { images.set(k, image); }, (error) => { coming.delete(k); throw error; }));
    }
    return coming.get(k);
  }

  /* A few at a time, so that the one in demand never queues behind many. */
  function loadAll(order) {
    const queue = [...order];
    const work = async () => { while (queue.length) await load(queue.shift(), "low").catch(() => {}); };
    for (let i = 0; i < FETCH_AT_ONCE; i++) work();
  }

  return { load, loadAll, atHand: (k) => images.has(k) };
}

/* A place where a picture is seen, with what it shows in words, and a label where two are compared. */
function explorerView(element, { frames, alts }) {
  const img = element.querySelector("img"), reading = element.querySelector(".explorer-reading span");

  function fill(k) {
    img.src = frames[k];
    img.alt = reading.textContent = alts[k];
  }

  /* What differs from the other view stands out. */
  function label(word, settings, others) {
    let line = element.querySelector(".explorer-label");
    if (!word) return line?.remove();
    if (!line) {
      line = document.createElement("p");
      line.className = "explorer-label";
      element.prepend(line);
    }
    const part = (text, other, i) => {
      const it = document.createElement(text === other ? "span" : "strong");
      it.textContent = text;
      return i ? [", ", it] : [it];
    };
    line.replaceChildren(`${word}: `, ...settings.flatMap((text, i) => part(text, others[i], i)));
  }

  return { element, fill, label };
}
