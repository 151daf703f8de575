/* <stream-predict>: asks for the table that a micro-batch writes, and says what is right in it. */
"use strict";

/**
 * @typedef {Table & {title: string, shown: Row[], input: string[]}} Asked
 *   The rows that came, those of the micro-batch before, and the lines that were read.
 */

(() => {
const { difference } = StreamStory;
const { sayDifference, verdicts } = StreamWords;
const { el, icon, button, PRIMARY, box, payload, upgrade } = StreamPage;
const { tableOf, plainTable, note } = StreamTables;

const EMPTY_ROWS = 3;

/** @param {string} words @param {Children} content */
const context = (words, ...content) => el("div", { class: "stream-context" },
  el("p", {}, words), el("div", { class: "stream-panel" }, content));

/** What the reader knows: the table before, and the lines that come now. @param {Asked} asked */
function given({ columns, shown, input }) {
  const name = "La tabla anterior";
  return el("div", { class: "stream-given" },
    shown.length ? context(`${name}:`, plainTable(name, columns, shown)) : [],
    input.length ? context("Ahora llega:", el("pre", {}, input.join("\n"))) : []);
}

class Prediction {
  /** @param {Asked} asked */
  constructor(asked) {
    const { title, columns, rows } = asked;
    this.asked = asked;
    this.rows = el("tbody", {});
    this.result = el("div", { "aria-live": "polite", class: "stream-result" });
    const nothing = rows.length ? [] : note("Ninguna fila.");
    const answer = plainTable("La respuesta", columns, rows);
    this.answer = el("div", {}, context("Salió esta tabla:", answer, nothing));
    this.addButton = button("Añadir fila", () => this.addRow().querySelector("input")?.focus());
    this.answerButton = button("", () => this.turnAnswer(Boolean(this.answer.hidden)));
    this.ui = box(title, {}, given(asked), this.form(columns), this.result, this.answer);
    this.restart();
  }

  /** @param {string[]} columns */
  form(columns) {
    const names = columns.map((name) => el("th", { scope: "col" }, name));
    const table = el("table", { "aria-label": "La tabla que esperas" },
      el("thead", {}, el("tr", {}, names, el("td", {}))), this.rows);
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.check();
    };
    return el("form", { submit },
      context("Escribe la tabla que esperas. Si crees que no sale nada, déjala vacía.", table),
      el("div", { class: "stream-controls" },
        el("button", { ...PRIMARY, type: "submit" }, "Comprobar"),
        this.addButton, this.answerButton, button("Empezar de nuevo", () => this.restart())));
  }

  addRow() {
    const props = { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
    const cells = this.asked.columns.map(() => el("td", {}, el("input", props)));
    const remove = button(icon("remove"), () => this.removeRow(row));
    const row = el("tr", {}, cells, el("td", {}, remove));
    this.rows.append(row);
    this.label();
    return row;
  }

  /** @param {HTMLTableRowElement} row */
  removeRow(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.label();
    (next?.querySelector("input") ?? this.addButton).focus();
  }

  /** Name the fields after their column and row, which change as rows go. */
  label() {
    [...this.rows.rows].forEach((row, number) => {
      row.querySelectorAll("input").forEach((input, column) =>
        input.setAttribute("aria-label", `${this.asked.columns[column]}, fila ${number + 1}`));
      row.querySelector("button")?.setAttribute("aria-label", `Quitar la fila ${number + 1}`);
    });
  }

  /** The rows with something in them. */
  written() {
    const rows = [...this.rows.rows].map((row) =>
      [...row.querySelectorAll("input")].map(({ value }) => value.trim()));
    return rows.filter((row) => row.some((value) => value));
  }

  check() {
    const lines = difference(this.asked, this.written());
    const names = ["resultado", ...this.asked.columns];
    const table = tableOf("Tu tabla, fila a fila", names, verdicts(lines), []);
    this.result.replaceChildren(el("p", {}, sayDifference(lines)),
      ...(lines.length ? [el("div", { class: "stream-panel stream-scroll" }, table)] : []));
  }

  /** @param {boolean} visible */
  turnAnswer(visible) {
    this.answer.hidden = !visible;
    this.answerButton.textContent = visible ? "Ocultar la respuesta" : "Ver la respuesta";
    this.answerButton.setAttribute("aria-expanded", String(visible));
  }

  restart() {
    this.rows.replaceChildren();
    this.result.replaceChildren();
    for (let row = 0; row < EMPTY_ROWS; row += 1) this.addRow();
    this.turnAnswer(false);
  }
}

class StreamPredict extends HTMLElement {
  connectedCallback() {
    if (this.hasAttribute("data-ready")) return;
    upgrade(this, new Prediction(payload(this)).ui);
  }
}

customElements.define("stream-predict", StreamPredict);
})();
