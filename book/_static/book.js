/* What a page does after it is read: nothing on it depends on this. */

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

/* From files, a search finds titles; its excerpts would need a server. */
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

/* After a search, the words found are marked; the theme's link that unmarks them is one that the policy forbids. */
document.addEventListener("click", (event) => {
  if (!event.target.closest(".highlight-link a")) return;
  event.preventDefault();
  SphinxHighlight.hideSearchWords();
});
