/* Answers below a search field while somebody types. */
"use strict";

(() => {
const ROOT = document.documentElement.dataset.content_root ?? "";
/** How many answers stand below a field, and on the page of the search. */
const FEW = 8;
const MANY = 30;
/** How many characters of a section are shown. */
const ROOM = 160;

const search = StreamSearch.open(SearchData, DiagnoseData);

/** @param {string} tag @param {string} className @param {(Node | string)[]} children */
function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** @param {string} query @param {SearchHit} hit */
function answer(query, { href, title, page, text }) {
  const link = document.createElement("a");
  link.href = ROOT + href;
  link.append(element("span", "search-title", title));
  if (page) link.append(element("span", "search-page", page));
  const pieces = StreamSearch.excerpt(text, query, ROOM);
  if (pieces.length) {
    link.append(element("span", "search-text",
      ...pieces.map((piece) => (piece.hit ? element("mark", "", piece.text) : piece.text))));
  }
  return element("li", "", link);
}

/** The keys that lead from the field to its answers and back.
 * @param {HTMLInputElement} input @param {HTMLElement} list */
function walk(input, list) {
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...list.querySelectorAll("a")];
    const here = stops.findIndex((stop) => stop === document.activeElement);
    const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (here < 0 || !next) return;
    next.focus();
    event.preventDefault();
  };
  input.addEventListener("keydown", onKey);
  list.addEventListener("keydown", onKey);
}

/** @param {HTMLFormElement} form */
function serve(form) {
  const input = form.querySelector("input");
  if (!input) return;
  const results = document.getElementById("search-results");
  const whole = results?.parentElement?.contains(form) ? results : null;
  const status = element("p", "search-status");
  status.setAttribute("role", "status");
  const list = element("ul", "search-hits");
  const answers = whole ?? element("div", "");
  answers.classList.add("search-answers");
  answers.append(status, list);
  if (!whole) form.after(answers);
  const show = () => {
    const query = input.value.trim();
    const hits = query ? search(query) : [];
    const shown = hits.slice(0, whole ? MANY : FEW);
    list.replaceChildren(...shown.map((hit) => answer(query, hit)));
    status.textContent = !query ? ""
      : !hits.length ? `Nada dice «${query}». Prueba con menos palabras, o con otras.`
      : shown.length < hits.length ? `Los ${shown.length} primeros. Intro enseña más.`
      : hits.length === 1 ? "1 resultado." : `${hits.length} resultados.`;
    answers.hidden = !query;
  };
  input.addEventListener("input", show);
  walk(input, list);
  if (whole) {
    input.value = new URLSearchParams(location.search).get("q") ?? input.value;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      history.replaceState(null, "", `?q=${encodeURIComponent(input.value)}`);
    });
  }
  show();
}

document.querySelectorAll("form.bd-search").forEach((form) => {
  if (form instanceof HTMLFormElement) serve(form);
});
})();
