/* The tables of a player and of a prediction, in titled columns. */
"use strict";

/**
 * @typedef {{node: HTMLElement, show: (step: number) => void}} View
 */

const StreamTables = (() => {
const { shown, isNumber } = StreamStory;
const { rowCount } = StreamWords;
const { el } = StreamPage;

/** A cell; one that has changed also shows what it was.
 * @param {string|null} value @param {string|null|undefined} before @param {boolean} number */
function cellOf(value, before, number) {
  const kind = value === null ? "null" : number ? "num" : null;
  const was = before === undefined || before === value ? null : shown(before);
  return el("td", { class: kind, "data-before": was }, shown(value));
}

/** Which columns are numbers; the first one stays next to its sign.
 * @param {string[]} names @param {Row[]} rows */
const numeric = (names, rows) => names.map((_, column) =>
  column > 0 && rows.length > 0 && rows.every((row) => isNumber(row[column])));

/**
 * @param {string} label
 * @param {string[]} names
 * @param {Marked[]} rows
 * @param {boolean[]} numbers  The columns that are aligned as numbers.
 */
function tableOf(label, names, rows, numbers) {
  const head = names.map((name, column) =>
    el("th", { scope: "col", class: numbers[column] ? "num" : null }, name));
  const body = rows.map(({ row, mark = null, before }) =>
    el("tr", { "data-mark": mark },
      row.map((value, column) => cellOf(value, before?.[column], numbers[column]))));
  return el("table", { "aria-label": label },
    el("thead", {}, el("tr", {}, head)), el("tbody", {}, body));
}

/** @param {string} label @param {string[]} names @param {Row[]} rows */
const plainTable = (label, names, rows) =>
  tableOf(label, names, rows.map((row) => ({ row })), numeric(names, rows));

const note = (/** @type {string} */ text, kind = "") =>
  el("p", { class: `stream-note ${kind}` }, text);

/**
 * A titled column.
 * @param {string} title
 * @param {string} detail
 * @param {string} kind
 * @param {(step: number) => Node[]} contentAt  What a step shows in it.
 * @returns {View}
 */
function panel(title, detail, kind, contentAt) {
  const body = el("div", { class: "stream-scroll" });
  const small = el("span", { class: "stream-detail" }, detail);
  const node = el("div", { class: `column stream-panel ${kind}` },
    el("p", { class: "box-title" }, title, small), body);
  const show = (/** @type {number} */ step) => {
    body.replaceChildren(...contentAt(step));
    reach(body, title);
  };
  return { node, show };
}

/** What is too big scrolls in its box, also with the keyboard, and starts at what is new.
 * @param {HTMLElement} body @param {string} title */
function reach(body, title) {
  const overflows = body.scrollHeight > body.clientHeight || body.scrollWidth > body.clientWidth;
  for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", title]]) {
    if (overflows) body.setAttribute(name, value);
    else body.removeAttribute(name);
  }
  const row = [.../** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("[data-mark]"))].pop();
  body.scrollTop = row ? row.offsetTop - body.clientHeight / 2 : 0;
}

/** A column with a table for each step.
 * @param {string} title
 * @param {string} detail
 * @param {MarkedTable[]} tables
 * @param {string} nothing  What is said of one without rows.
 * @param {string} [kind]
 */
function tablesPanel(title, detail, tables, nothing, kind = "") {
  const names = tables[0].columns;
  const numbers = numeric(names, tables.flatMap(({ rows }) => rows.map(({ row }) => row)));
  return panel(title, detail, kind, (step) => {
    const { rows, gone } = tables[step - 1] ?? { rows: [], gone: [] };
    return [
      tableOf(`${title} ${detail}`.trim(), names, rows, numbers),
      ...(rows.length ? [] : [note(step ? nothing : "Nada todavía.")]),
      ...gone.map((row) => note(`Se borra: ${row.map(shown).join(", ")}`, "stream-gone")),
    ];
  });
}

/** @param {Story} story */
const statePanels = ({ stores }) => stores.map(({ name, tables }) =>
  tablesPanel("Estado", name, tables, "Está vacío.", name && "stream-store"));

/** @param {Story} story */
const outputPanels = ({ records, outputs }) => outputs.map((tables, index) => {
  const { label, record } = records[index];
  const detail = records.length > 1 ? label : record.mode;
  return tablesPanel("Salida", detail, tables, "No sale ninguna fila.");
});

/** What a batch read, one row a line. @param {Batch} batch */
function linesOf({ input, inputRows }) {
  const unseen = { text: `(${rowCount(inputRows)})`, from: "" };
  return input.length || !inputRows ? input : [unseen];
}

/** The input so far: a table that grows. @param {Story} story */
function inputPanel({ batches, records }) {
  const origins = [...new Set(batches.flatMap(({ input }) => input.map(({ from }) => from)))];
  const many = origins.length > 1;
  const names = ["batch", "línea", ...(many ? ["de"] : [])];
  const rows = batches.map((batch) =>
    linesOf(batch).map(({ text, from }) => [String(batch.id), text, ...(many ? [from] : [])]));
  const kind = many || records.length > 1 ? "stream-input stream-wide" : "stream-input";
  return panel("Entrada", many ? "" : origins.join(), kind, (step) => {
    const lines = rows.slice(0, step).flatMap((some, index) =>
      some.map((row) => /** @type {Marked} */ ({ row, mark: index === step - 1 ? "new" : null })));
    const nothing = lines.length ? [] : [note("Nada todavía.")];
    return [tableOf("Entrada", names, lines, []), ...nothing];
  });
}

/** Views in a box of their own. @param {string} name @param {View[]} views @returns {View} */
function group(name, ...views) {
  const node = el("div", { class: name }, views.map((view) => view.node));
  return { node, show: (step) => views.forEach((view) => view.show(step)) };
}

/** @param {View[]} panels */
const columns = (...panels) => group("stream-columns", ...panels);

/** @param {Children} items */
const legend = (...items) => el("p", { class: "stream-legend" }, items);

/** @param {Mark} mark @param {string} text */
const sign = (mark, text) => el("span", { "data-mark": mark }, text);

/** @param {Story} story */
const tablesView = (story) =>
  columns(inputPanel(story), ...statePanels(story), ...outputPanels(story));

return {
  tableOf, plainTable, note, reach, group, columns, legend, sign, inputPanel, outputPanels,
  tablesView,
};
})();
