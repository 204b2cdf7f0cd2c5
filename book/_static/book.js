/* What a page does after it is read: nothing on it depends on this. */

{  // names of its own: a page has several scripts
  /* A wide formula, table or listing scrolls in its own box; the box can then be reached from the keyboard. Boxes are
     laid out and measured a few at a time when nothing else is to do, at once where the address names a place below. */
  const wide = document.querySelectorAll("article pre, article div.math, article .katex-display, article .cell_output .output, article .pst-scrollable-table-container");
  const waiting = new Set();
  const whenIdle = (work) => window.requestIdleCallback?.(work, { timeout: 1000 }) ?? setTimeout(work, 20);
  const slice = () => location.hash ? Infinity : 10; // ms: on a slow phone still too short to be felt
  function reach(box) {
    for (const late of ["div.cell", ".pst-scrollable-table-container"]) box.closest(late)?.classList.add("is-whole");
    const overflows = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
    if (overflows && getComputedStyle(box).overflowX !== "visible") box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
  function work() {
    const end = performance.now() + slice();
    for (const box of waiting) {
      waiting.delete(box);
      reach(box);
      if (performance.now() > end) break;
    }
    if (waiting.size) whenIdle(work);
  }
  function measure(boxes) {
    if (!waiting.size) whenIdle(work);
    for (const box of boxes) waiting.add(box);
  }
  const sizes = new ResizeObserver((changed) => measure(changed.map(({ target }) => target)));
  for (const box of wide) sizes.observe(box);
  document.fonts.ready.then(() => measure(wide));

  /* The theme's own handlers for these buttons are inline, which the policy forbids. */
  document.querySelector(".btn-fullscreen-button")?.addEventListener("click", () => toggleFullScreen());
  document.querySelector(".btn-download-pdf-button")?.addEventListener("click", () => print());
}
