/* In every page: how much of each page's questions the reader knows, beside its links. */
"use strict";

(() => {

const NAME = "streamdocs-progress";

/** What question-store.js keeps. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "null");
  } catch {
    return null; // a browser that keeps nothing says so by an error
  }
}

/** @param {HTMLElement} place @param {number} known @param {number} all */
function mark(place, known, all) {
  place.toggleAttribute("data-known", known > 0);
  place.style.setProperty("--known", `${Math.round((100 * known) / all)}%`);
  place.title = known ? `${known} de ${all} preguntas acertadas` : "";
  if (place instanceof HTMLSpanElement) place.textContent = known ? `${known}/${all}` : "";
}

function show() {
  const { questions = {}, pages = {} } = kept() ?? {};
  /** @type {Record<string, number>} */
  const known = {};
  for (const [key, { box }] of Object.entries(questions)) {
    const page = key.split("#")[0];
    if (box) known[page] = (known[page] ?? 0) + 1;
  }
  const top = new URL(document.documentElement.dataset.content_root ?? "", location.href).pathname;
  document.querySelectorAll(".bd-sidebar-primary a.internal, .route-known").forEach((place) => {
    const asks = place instanceof HTMLAnchorElement
      ? [[decodeURI(place.pathname).slice(top.length).replace(/\.html$/, ""), 0]]
      : JSON.parse(place.getAttribute("data-pages") ?? "[]");
    let all = 0;
    let sum = 0;
    for (const [page, count] of asks) {
      const its = count || pages[page] || 0;
      all += its;
      sum += Math.min(its, known[page] ?? 0);
    }
    if (place instanceof HTMLElement) mark(place, sum, all);
  });
}

document.addEventListener(NAME, show);
show();
})();
