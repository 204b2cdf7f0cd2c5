/* On the map of chapters: point at a chapter and see all that comes before it, and all that it leads to. */

{  // names of its own: a page has several scripts
  const numbers = (chapter) => chapter.dataset.needs.split(" ").filter(Boolean);

  const light = (map, chapter) => {
    const needs = new Set(chapter && numbers(chapter));
    const here = chapter?.dataset.number;
    map.classList.toggle("lit", Boolean(chapter));
    const road = new Set([...needs, here]);
    for (const other of map.querySelectorAll(".chapter")) {
      other.classList.toggle("here", other === chapter);
      other.classList.toggle("needed", needs.has(other.dataset.number));
      other.classList.toggle("unlocked", numbers(other).includes(here));
    }
    const unlocked = new Set([here, ...[...map.querySelectorAll(".unlocked")].map((other) => other.dataset.number)]);
    for (const arrow of [...map.querySelectorAll(".arrows path")]) {
      const { from, to } = arrow.dataset;
      arrow.classList.toggle("needed", road.has(from) && road.has(to));
      arrow.classList.toggle("unlocked", unlocked.has(from) && unlocked.has(to));
      if (arrow.classList.length) arrow.parentNode.append(arrow); // over the others that run in the same lane
    }
  };

  for (const map of document.querySelectorAll(".chapter-map svg")) {
    for (const kind of ["pointerover", "focusin"]) map.addEventListener(kind, (event) => light(map, event.target.closest(".chapter")));
    map.addEventListener("pointerleave", () => light(map, document.activeElement.closest?.(".chapter-map .chapter")));
    map.addEventListener("focusout", () => light(map, null));
  }
}
