/* Terms and symbols explain themselves: a hint on hover and on focus. Without this script a term is a plain link. */

{  // names of its own: a page has several scripts
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.role = "status";
  tip.hidden = true;
  document.querySelector("article")?.append(tip);

  let shown = null; // what the hint is about
  let leaving = 0;
  let firstTap = false;

  const part = (tag, text, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  /* W_0 with its index below it. */
  const symbol = (name) => {
    const [base, index] = name.replace(/^bold /, "").split("_");
    const made = part("i", base, "tip-symbol");
    if (index) made.append(part("sub", index));
    return made;
  };

  const show = (target) => {
    clearTimeout(leaving);
    if (shown === target) return;
    shown?.classList.remove("told");
    shown = target;
    target.classList.add("told");
    const { symbol: name, shape, tip: meaning } = target.dataset;
    const words = [];
    if (name) words.push(symbol(name), " ");
    if (shape) words.push(shape.startsWith("(") ? part("code", shape) : part("span", shape, "tip-shape"), " ");
    tip.replaceChildren(...words, meaning);
    tip.hidden = false;
    place(target);
  };

  /* Below the words, or above where there is no room; a phone has it at the foot of the screen, by the style sheet. */
  const place = (target) => {
    const at = [...target.getClientRects()].at(-1);
    const page = tip.offsetParent?.getBoundingClientRect();
    if (!at || !page) return;
    const { width, height } = tip.getBoundingClientRect();
    const below = at.bottom + 8 + height < innerHeight;
    const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
    tip.style.setProperty("--left", `${left - page.left}px`);
    tip.style.setProperty("--top", `${(below ? at.bottom + 8 : at.top - height - 8) - page.top}px`);
  };

  const hide = () => {
    clearTimeout(leaving);
    shown?.classList.remove("told");
    shown = null;
    tip.hidden = true;
  };

  document.addEventListener("pointerover", (event) => {
    const target = event.target.closest("[data-tip]");
    if (target) {
      firstTap = event.pointerType === "touch" && shown !== target;
      show(target);
    } else if (tip.contains(event.target)) clearTimeout(leaving);
    else if (shown && !shown.closest(":focus-visible")) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, 200); // time to reach the hint with the pointer
    }
  });

  /* A finger cannot hover: its first tap shows the hint, its second follows the link. */
  document.addEventListener("click", (event) => {
    if (firstTap && event.target.closest("a [data-tip]")) event.preventDefault();
    firstTap = false;
  });

  document.addEventListener("focusin", (event) => {
    const term = event.target.querySelector(":scope > .term[data-tip]");
    if (term && event.target.matches(":focus-visible")) show(term);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

  /* A formula is one stop of the Tab key; so are the formulas of one entry of the reference. Arrows walk the symbols. */
  const groups = new Map();
  for (const found of document.querySelectorAll("article [data-symbol]")) {
    const group = found.closest("div.math, table, section");
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(found);
  }
  for (const symbols of groups.values()) {
    const formula = symbols[0].closest(".katex");
    let current = 0;
    formula.tabIndex = 0;
    formula.setAttribute("role", "group");
    formula.setAttribute("aria-label", "Formula. The arrow keys explain its symbols.");
    formula.addEventListener("focus", () => formula.matches(":focus-visible") && show(symbols[current]));
    formula.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      current = (current + step + symbols.length) % symbols.length;
      show(symbols[current]);
    });
  }
}
