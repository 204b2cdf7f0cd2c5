/* The page of results. The index is loaded as a script, which works from a file too, and only once there is a query. */
"use strict";

{  // names of its own: a page has several scripts
  const SHOWN = 40, AFTER = 120, AROUND = 110; // results; milliseconds after a key; letters on a side of what is found
  const FIELDS = ["heading", "page", "names", "text"];
  const OPTIONS = {
    boost: { heading: 4, page: 2, names: 2 },
    prefix: (term) => term.length > 2,
    fuzzy: (term) => (term.length > 4 ? 0.2 : 0),
    combineWith: "AND",
    boostDocument: (id, term, { kind }) => (kind === "library" ? 0.8 : 1),
  };
  const KINDS = { glossary: "Glossary", library: "Library" };

  const input = document.querySelector(".book-search input"), form = input.form;
  const says = document.querySelector(".search-status"), list = document.querySelector(".search-results");
  const root = document.documentElement.dataset.content_root;
  let asked = "", timer = 0, loading, engine, answered;

  const plain = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function make(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function script(address) {
    const made = make("script");
    made.src = root + address;
    document.head.append(made);
    return new Promise((done, failed) => { made.onload = done; made.onerror = failed; });
  }

  async function load() {
    await Promise.all([script("_static/minisearch/minisearch.min.js"), script("search-index.js")]);
    const { pages, entries } = window.bookIndex;
    const made = new MiniSearch({ fields: FIELDS, storeFields: ["address", ...FIELDS, "kind"], processTerm: plain });
    await made.addAllAsync(entries.map(([page, anchor, heading, text, names, kind], id) => ({
      id, heading, text, names, kind, page: pages[page][1], address: pages[page][0] + (anchor && `#${anchor}`),
    })), { chunkSize: 100 });
    return made;
  }

  /* ---- a result ---- */

  /* The words found, as they stand in a text: the index holds them without accents, in lower case. */
  function marked(text, terms) {
    const found = new Set(terms);
    return text.split(/([\p{L}\p{N}\p{M}]+)/u).map((piece, i) => (i % 2 && found.has(plain(piece)) ? make("mark", "", piece) : piece));
  }

  /* The stretch of a text that holds the most of the words found. */
  function excerpt(text, terms) {
    const found = new Set(terms), hits = [];
    for (const word of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) if (found.has(plain(word[0]))) hits.push(word.index);
    const reached = (start) => hits.filter((at) => at >= start && at < start + 2 * AROUND).length;
    const best = hits.reduce((one, other) => (reached(other) > reached(one) ? other : one), hits[0] ?? 0);
    let start = Math.max(0, best - AROUND / 2), end = Math.min(text.length, start + 2 * AROUND);
    if (start) start = text.indexOf(" ", start) + 1;
    if (end < text.length) end = text.lastIndexOf(" ", end);
    return [start ? "… " : "", ...marked(text.slice(start, end), terms), end < text.length ? " …" : ""];
  }

  function shown(result) {
    const { address, page, heading, text, names, kind, terms } = result;
    const link = make("a", "", ...marked(heading, terms));
    link.href = root + address;
    const place = make("p", "search-place", page === heading ? "" : page);
    if (kind && KINDS[kind] !== page) place.append(make("span", "search-kind", KINDS[kind]));
    const item = make("li", "", place, make("p", "search-heading", link));
    if (text) item.append(make("p", "search-excerpt", ...excerpt(text, terms)));
    const unseen = (name) => !heading.includes(name) && !text.includes(name);
    const inCode = names.split(" ").filter((name) => unseen(name) && name.split("_").some((part) => terms.includes(plain(part))));
    if (inCode.length) item.append(make("p", "search-names", "In the code: ", ...inCode.slice(0, 6).flatMap((name) => [make("code", "", name), " "])));
    return item;
  }

  /* ---- asking ---- */

  function answer(query) {
    const all = engine.search(query, OPTIONS);
    const any = all.length ? all : engine.search(query, { ...OPTIONS, combineWith: "OR" });
    list.replaceChildren(...any.slice(0, SHOWN).map(shown));
    const count = any.length === 1 ? "1 result" : `${any.length} results`;
    const first = any.length > SHOWN ? `; the first ${SHOWN} are shown` : "";
    if (all.length) says.textContent = `${count} for “${query}”${first}.`;
    else if (any.length) says.textContent = `No section has all of “${query}”. ${count} with some of it${first}.`;
    else nothing(query);
  }

  function nothing(query) {
    const [near] = engine.autoSuggest(query, { fuzzy: 0.3, prefix: true, combineWith: "OR" });
    says.textContent = `Nothing matches “${query}”. `;
    if (near) {
      const link = make("a", "", near.suggestion);
      link.href = `?q=${encodeURIComponent(near.suggestion)}`;
      says.append("Did you mean ", link, "? ");
    }
    says.append("A shorter word may find more.");
  }

  function remember(query) {
    const url = new URL(location.href);
    if (query) url.searchParams.set("q", query); else url.searchParams.delete("q");
    url.hash = "";
    try { history.replaceState({ query }, "", url); } catch { history.replaceState({ query }, ""); /* a file's address is fixed */ }
  }

  async function find(query) {
    remember(query);
    if (!query) { list.replaceChildren(); says.textContent = ""; return; }
    if (!engine) says.textContent = "Searching …";
    try {
      engine = await (loading ??= load());
      if (query === asked) answer(query);
    } catch {
      says.textContent = "The index could not be loaded. The contents list every page.";
    }
  }

  function search() {
    clearTimeout(timer);
    const query = input.value.trim();
    if (query !== asked) answered = find(asked = query);
    return answered;
  }

  /* ---- keys ---- */

  const links = () => [...list.querySelectorAll("a")];

  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = links().indexOf(document.activeElement);
    if (event.key === "Escape" && at >= 0) input.focus();
    else if (step && (at >= 0 || (event.target === input && step > 0))) {
      event.preventDefault();
      (links()[at + step] ?? (at + step < 0 ? input : null))?.focus();
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await search();
    links()[0]?.click();
  });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, AFTER); });
  document.querySelector(".book-search").addEventListener("keydown", move);

  document.querySelector(".search-unscripted").remove();
  input.value = history.state?.query ?? new URLSearchParams(location.search).get("q") ?? "";
  input.focus();
  search();
}
