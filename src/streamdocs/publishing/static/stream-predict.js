/* <stream-predict>: asks for the table that a micro-batch writes, and says what is right in it. */
"use strict";

(() => {
const { difference } = StreamStory;
const { hint, pasted } = StreamHints;
const { sayDifference, sayRow, verdicts } = StreamWords;
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

/** What the reader has done, kept while the tab is open.
 * @typedef {{rows: string[][], tried: string[], shown: boolean}} Kept */

/** @param {string} key */
function recall(key) {
  try {
    return /** @type {Kept|null} */ (JSON.parse(sessionStorage.getItem(key) ?? "null"));
  } catch {
    return null; // a browser that keeps nothing says so by an error
  }
}

/** @param {string} key @param {Kept|null} kept */
function remember(key, kept) {
  try {
    if (kept) sessionStorage.setItem(key, JSON.stringify(kept));
    else sessionStorage.removeItem(key);
  } catch {
    return; // as above
  }
}

class Prediction {
  /** @param {Asked} asked @param {HTMLDetailsElement|null} after  The cells that give the answer. */
  constructor(asked, after) {
    const { title, columns, rows, name } = asked;
    this.asked = asked;
    this.after = after;
    this.key = `stream-predict ${location.pathname} ${name} ${title}`;
    /** @type {string[]} */
    this.tried = [];
    this.rows = el("tbody", {});
    this.result = el("div", { "aria-live": "polite", class: "stream-result" });
    const nothing = rows.length ? [] : note("Ninguna fila.");
    const answer = plainTable("La respuesta", columns, rows);
    this.answer = el("div", {}, context("Salió esta tabla:", answer, nothing));
    this.addButton = button("Añadir fila", () => this.addRow().querySelector("input")?.focus());
    this.answerButton = button("", () => {
      this.turnAnswer(Boolean(this.answer.hidden));
      this.keep();
    });
    this.ui = box(title, {}, given(asked), this.form(columns), this.result, this.answer);
    this.begin(recall(this.key));
  }

  /** @param {string[]} columns */
  form(columns) {
    const names = columns.map((name) => el("th", { scope: "col" }, name));
    const keydown = (/** @type {KeyboardEvent} */ event) => this.pressed(event);
    const paste = (/** @type {ClipboardEvent} */ event) => this.paste(event);
    const table = el("table", { "aria-label": "La tabla que esperas", keydown, paste },
      el("thead", {}, el("tr", {}, names, el("td", {}), el("td", {}))), this.rows);
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.check();
    };
    return el("form", { submit, input: () => this.keep() },
      context("Escribe la tabla que esperas, o pégala. Si crees que no sale nada, déjala vacía.",
        table),
      el("div", { class: "stream-controls" },
        el("button", { ...PRIMARY, type: "submit" }, "Comprobar"),
        this.addButton, this.answerButton, button("Empezar de nuevo", () => this.restart())));
  }

  addRow() {
    const props = { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
    const cells = this.asked.columns.map(() => el("td", {}, el("input", props)));
    // Out of the way of who goes from field to field: there, a key does it.
    const remove = button(icon("remove"), () => this.removeRow(row),
      { tabindex: -1, "aria-keyshortcuts": "Alt+Delete" });
    const row = el("tr", {}, cells, el("td", {}, remove), el("td", { class: "stream-verdict" }));
    this.rows.append(row);
    this.label();
    return row;
  }

  /** @param {HTMLTableRowElement} row */
  removeRow(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.label();
    this.keep();
    (next?.querySelector("input") ?? this.addButton).focus();
  }

  /** Name the fields after their column and row, which change as rows go. */
  label() {
    [...this.rows.rows].forEach((row, number) => {
      row.querySelectorAll("input").forEach((input, column) =>
        input.setAttribute("aria-label", `${this.asked.columns[column]}, fila ${number + 1}`));
      const remove = row.querySelector("button");
      remove?.setAttribute("aria-label", `Quitar la fila ${number + 1}`);
      remove?.setAttribute("title", "Quitar la fila (Alt+Supr)");
    });
  }

  /** Intro goes on to the next field, and from the last one to a new row.
   * @param {KeyboardEvent} event */
  pressed(event) {
    const row = /** @type {Element} */ (event.target).closest("tr");
    if (!row || event.isComposing) return;
    if (event.altKey && event.key === "Delete") this.removeRow(row);
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) this.next(event.target);
    else return;
    event.preventDefault();
  }

  /** @param {HTMLInputElement} field */
  next(field) {
    const fields = [...this.rows.querySelectorAll("input")];
    const next = fields[fields.indexOf(field) + 1] ?? this.addRow().querySelector("input");
    next.focus();
  }

  /** A pasted table fills the fields from here on. @param {ClipboardEvent} event */
  paste(event) {
    const row = /** @type {Element} */ (event.target).closest("tr");
    const table = pasted(event.clipboardData?.getData("text/plain") ?? "", this.asked.columns);
    if (!row || !table.length) return;
    event.preventDefault();
    const first = [...this.rows.rows].indexOf(row);
    table.forEach((values, number) => this.write(first + number, values));
    this.keep();
  }

  /** @param {number} number @param {string[]} values */
  write(number, values) {
    const row = this.rows.rows[number] ?? this.addRow();
    row.querySelectorAll("input").forEach((input, column) => { input.value = values[column] ?? ""; });
  }

  /** What each row of the form holds. */
  values() {
    return [...this.rows.rows].map((row) =>
      [...row.querySelectorAll("input")].map(({ value }) => value.trim()));
  }

  keep() {
    remember(this.key, { rows: this.values(), tried: this.tried, shown: !this.answer.hidden });
  }

  /** The first try is marked, the second gets a hint, the third the answer. */
  check() {
    const filled = [...this.rows.rows].filter((_, number) => this.values()[number].some(Boolean));
    const written = this.values().filter((row) => row.some(Boolean));
    const attempt = JSON.stringify(written);
    if (!this.tried.includes(attempt)) this.tried.push(attempt);
    const lines = difference(this.asked, written);
    const right = lines.every(({ mark }) => mark === "right");
    this.mark(filled, lines);
    const over = right || this.tried.length > 2;
    const help = !over && this.tried.length === 2 ? [el("p", {}, `Pista: ${hint(this.asked, written)}`)] : [];
    this.result.replaceChildren(el("p", {}, sayDifference(lines)), ...help,
      ...(over && !right ? [this.compared(lines)] : []));
    if (over) this.open();
    this.keep();
  }

  /** Say in each row of the form what it is. @param {HTMLTableRowElement[]} filled @param {Marked[]} lines */
  mark(filled, lines) {
    [...this.rows.rows].forEach((row) => this.say(row));
    lines.forEach(({ at, mark }) => at === undefined || this.say(filled[at], mark));
  }

  /** @param {HTMLTableRowElement} row @param {Mark|null} [mark] */
  say(row, mark = null) {
    const verdict = row.cells[row.cells.length - 1];
    verdict.textContent = mark ? sayRow(mark) : "";
    if (mark) row.setAttribute("data-mark", mark);
    else row.removeAttribute("data-mark");
  }

  /** @param {Marked[]} lines */
  compared(lines) {
    const names = ["resultado", ...this.asked.columns];
    const table = tableOf("Tu tabla, fila a fila", names, verdicts(lines), []);
    return el("div", { class: "stream-panel stream-scroll" }, table);
  }

  open() {
    if (this.after) this.after.open = true;
  }

  /** @param {boolean} visible */
  turnAnswer(visible) {
    this.answer.hidden = !visible;
    this.answerButton.textContent = visible ? "Ocultar la respuesta" : "Ver la respuesta";
    this.answerButton.setAttribute("aria-expanded", String(visible));
    if (visible) this.open();
  }

  /** Show the form as it was left, or empty. @param {Kept|null} kept */
  begin(kept) {
    this.rows.replaceChildren();
    this.result.replaceChildren();
    const rows = Math.max(EMPTY_ROWS, kept?.rows.length ?? 0);
    for (let row = 0; row < rows; row += 1) this.write(row, kept?.rows[row] ?? []);
    this.tried = kept?.tried ?? [];
    this.turnAnswer(kept?.shown ?? false);
    const last = this.tried.at(-1);
    if (last && last === JSON.stringify(this.values().filter((row) => row.some(Boolean)))) this.check();
  }

  restart() {
    remember(this.key, null);
    if (this.after) this.after.open = false;
    this.begin(null);
  }
}

class StreamPredict extends HTMLElement {
  connectedCallback() {
    if (this.hasAttribute("data-ready")) return;
    const next = this.closest(".stream-asks")?.nextElementSibling;
    const after = next instanceof HTMLDetailsElement ? next : null;
    upgrade(this, new Prediction(payload(this), after).ui);
  }
}

customElements.define("stream-predict", StreamPredict);
})();
