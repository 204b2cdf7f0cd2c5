/* What a page does after it is read: nothing on it depends on this. */

{  // names of its own: a page has several scripts
  /* A wide formula, table or listing scrolls in its own box; the box can then be reached from the keyboard. */
  const wide = document.querySelectorAll("article pre, article div.math, article .katex-display, article .cell_output .output, article .pst-scrollable-table-container");
  const reach = () => {
    for (const box of wide) {
      const overflows = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
      if (overflows && getComputedStyle(box).overflowX !== "visible") box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  reach();
  addEventListener("resize", reach);
  document.fonts?.ready.then(reach);

  /* The theme's own handlers for these buttons are inline, which the policy forbids. */
  document.querySelector(".btn-fullscreen-button")?.addEventListener("click", () => toggleFullScreen());
  document.querySelector(".btn-download-pdf-button")?.addEventListener("click", () => print());
}
