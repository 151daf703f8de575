/* The rows of a laboratory, file by file: written, added, taken away, and moved about. */
"use strict";

const LabRows = (() => {
const { KINDS, columnsOf, problemOf, placed, moved, countRows, MOST_ROWS } = LabScenario;
const { nameOf } = LabRun;
const { el, icon, button } = StreamPage;

const FIELD = { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
const HELP = "Intro pasa al campo siguiente. Alt+↑ y Alt+↓ mueven la fila, también a otro fichero; "
  + "Alt+Supr la quita.";

/** Out of the way of who goes from field to field: there, a key does it.
 * @param {"up"|"down"|"remove"} name @param {string} label @param {string} key
 * @param {() => void} click */
const rowButton = (name, label, key, click) => button(icon(name), click,
  { tabindex: -1, "aria-label": label, title: label, "aria-keyshortcuts": key });

class Rows {
  /** @param {Named} lab @param {(files: Sent[]) => void} changed */
  constructor(lab, changed) {
    this.lab = lab;
    this.changed = changed;
    /** @type {Choice} */
    this.scenario = { kind: "words", settings: {}, files: [] };
    /** @type {Place|null} */
    this.dragged = null;
    this.table = el("table", { "aria-label": "Las filas, fichero a fichero" });
    this.addFile = button([icon("add"), "Fichero nuevo"], () => this.add(this.files.length - 1, true));
    this.receives(this.addFile, () => ({ file: this.files.length, row: 0 }));
    this.node = el("div", { class: "lab-rows", keydown: (event) => this.pressed(event) },
      el("div", { class: "stream-panel" }, el("div", { class: "lab-scroll" }, this.table)),
      el("div", { class: "lab-under" }, this.addFile, el("p", { class: "lab-help" }, HELP)));
  }

  get files() {
    return this.scenario.files;
  }

  /** Show a scenario's rows, with the focus in a row: in one of its fields, or of its buttons after.
   * @param {Choice} scenario @param {Place} [place] @param {number} [control] */
  show(scenario, place, control = 0) {
    this.scenario = scenario;
    const names = columnsOf(this.lab, scenario.kind);
    const head = names.map((name) => el("th", { scope: "col" }, name));
    this.table.replaceChildren(
      el("thead", {}, el("tr", {}, el("td", { class: "lab-grip" }), head, el("td", {}))),
      ...scenario.files.map((_, file) => this.body(file, names)));
    if (place) this.controls(place)[control]?.focus();
  }

  /** @param {Place} place @returns {NodeListOf<HTMLElement>} */
  controls({ file, row }) {
    return this.table.tBodies[file].querySelectorAll(".lab-row")[row].querySelectorAll("input, button");
  }

  /** @param {number} file @param {string[]} names */
  body(file, names) {
    const name = nameOf(this.lab, this.scenario, file);
    const add = button([icon("add"), "fila"], () => this.add(file, false), { "aria-label": `Añadir una fila a ${name}` });
    const head = el("tr", { class: "lab-file" },
      el("th", { scope: "rowgroup", colspan: names.length + 1 }, el("span", {}, name), this.sides(file, name)),
      el("td", {}, add));
    this.receives(head, () => ({ file, row: 0 }));
    return el("tbody", {}, head, this.files[file].rows.map((_, row) => this.row({ file, row }, names, name)));
  }

  /** Whose the file is, where there are two streams. @param {number} file @param {string} name */
  sides(file, name) {
    if (KINDS[this.scenario.kind].shape !== "sides") return [];
    const options = this.lab.sides.map((side, index) => el("option",
      { value: index, selected: this.files[file].side === index ? "" : null }, side));
    const select = el("select", {
      "aria-label": `Stream de ${name}`,
      change: () => {
        const files = this.files.map((one, index) =>
          (index === file ? { ...one, side: Number(select.value) } : one));
        this.take(files);
        this.table.tBodies[file].querySelector("select")?.focus();
      },
    }, options);
    return [select];
  }

  /** @param {Place} place @param {string[]} names @param {string} file */
  row(place, names, file) {
    const cells = this.files[place.file].rows[place.row];
    const what = `fila ${place.row + 1} de ${file}`;
    const fields = names.map((name, cell) => el("input", {
      ...FIELD, value: cells[cell] ?? "", "aria-label": `${name}, ${what}`,
      input: (event) => this.typed(place, cell, event.target.value),
    }));
    const grip = el("span", {
      class: "lab-grip", draggable: "true", title: "Arrastra la fila",
      dragstart: (event) => this.drag(place, event), dragend: () => this.drop(),
    }, icon("grip"));
    const line = el("tr", { class: "lab-row" },
      el("td", { class: "lab-grip" }, grip), fields.map((field) => el("td", {}, field)),
      el("td", { class: "lab-does" },
        rowButton("up", `Subir la ${what}`, "Alt+ArrowUp", () => this.move(place, -1, names.length)),
        rowButton("down", `Bajar la ${what}`, "Alt+ArrowDown", () => this.move(place, 1, names.length + 1)),
        rowButton("remove", `Quitar la ${what}`, "Alt+Delete", () => this.remove(place))));
    this.receives(line, (lower) => ({ ...place, row: place.row + (lower ? 1 : 0) }));
    const wrong = el("tr", { class: "lab-wrong" },
      el("td", { colspan: names.length + 2, id: `lab-wrong-${place.file}-${place.row}` }));
    this.judge(line, wrong, cells);
    return [line, wrong];
  }

  /** Say in place what is wrong with a row.
   * @param {Element} line @param {HTMLElement} wrong @param {string[]} cells */
  judge(line, wrong, cells) {
    const problem = problemOf(this.lab, this.scenario.kind, cells);
    const [said] = wrong.children;
    wrong.hidden = !problem;
    said.textContent = problem?.text ?? "";
    line.querySelectorAll("input").forEach((field, cell) => {
      const bad = problem?.cell === cell;
      field.setAttribute("aria-invalid", String(bad));
      if (bad) field.setAttribute("aria-describedby", said.id);
      else field.removeAttribute("aria-describedby");
    });
  }

  /** @param {Place} place @param {number} cell @param {string} text */
  typed({ file, row }, cell, text) {
    const files = structuredClone(this.files);
    const cells = files[file].rows[row];
    cells[cell] = text;
    this.scenario = { ...this.scenario, files };
    const line = this.table.tBodies[file].querySelectorAll(".lab-row")[row];
    this.judge(line, /** @type {HTMLElement} */ (line.nextElementSibling), cells);
    this.changed(files);
  }

  /** @param {Sent[]} files @param {Place} [place] @param {number} [control] */
  take(files, place, control) {
    this.show({ ...this.scenario, files }, place, control);
    this.changed(files);
  }

  /** A row like the last one, which is right at once.
   * @param {number} file @param {boolean} apart  In a file of its own. */
  add(file, apart) {
    if (countRows(this.scenario) === MOST_ROWS) return;
    const files = structuredClone(this.files);
    const { side, rows } = files[file];
    const like = [...rows[rows.length - 1]];
    if (apart) files.push({ side, rows: [like] });
    else rows.push(like);
    const place = apart ? { file: file + 1, row: 0 } : { file, row: rows.length - 1 };
    this.take(files, place);
    /** @type {HTMLInputElement} */ (this.controls(place)[0]).select();
  }

  /** The last row stays: a laboratory without rows shows nothing. @param {Place} place */
  remove({ file, row }) {
    if (countRows(this.scenario) === 1) return;
    const files = structuredClone(this.files);
    files[file].rows.splice(row, 1);
    const left = files.filter(({ rows }) => rows.length);
    const next = Math.min(file, left.length - 1);
    this.take(left, { file: next, row: Math.min(row, left[next].rows.length - 1) });
  }

  /** @param {Place} place @param {-1|1} by @param {number} control */
  move(place, by, control) {
    const { files, place: now } = moved(this.files, place, by);
    this.take(files, now, control);
  }

  /** Where the focus is. @param {Element} target */
  placeOf(target) {
    const line = target.closest(".lab-row");
    const body = line?.closest("tbody");
    if (!line || !body) return null;
    const row = [...body.querySelectorAll(".lab-row")].indexOf(line);
    const place = { file: [...this.table.tBodies].indexOf(body), row };
    return { place, control: [...this.controls(place)].indexOf(/** @type {HTMLElement} */ (target)) };
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const target = /** @type {Element} */ (event.target);
    const found = this.placeOf(target);
    if (!found || event.isComposing) return;
    const { place, control } = found;
    const { key, altKey } = event;
    if (altKey && key === "ArrowUp") this.move(place, -1, control);
    else if (altKey && key === "ArrowDown") this.move(place, 1, control);
    else if (altKey && key === "Delete") this.remove(place);
    else if (key === "Enter" && target.matches("input")) this.next(place, target);
    else return;
    event.preventDefault();
  }

  /** @param {Place} place @param {Element} field */
  next({ file }, field) {
    const fields = [...this.table.querySelectorAll("input")];
    const next = fields[fields.indexOf(/** @type {HTMLInputElement} */ (field)) + 1];
    if (next) next.focus();
    else this.add(file, false);
  }

  // Dragging

  /** @param {Place} place @param {DragEvent} event */
  drag(place, event) {
    this.dragged = place;
    const line = /** @type {Element} */ (event.target).closest("tr");
    event.dataTransfer?.setData("text/plain", "");
    if (line) event.dataTransfer?.setDragImage(line, 10, 10);
    this.node.setAttribute("data-drags", "");
  }

  drop() {
    this.dragged = null;
    this.node.removeAttribute("data-drags");
    this.node.querySelectorAll("[data-over]").forEach((one) => one.removeAttribute("data-over"));
  }

  /** Let a dragged row come to a place, which may depend on the half over which it is.
   * @param {HTMLElement} node @param {(lower: boolean) => Place} place */
  receives(node, place) {
    const lower = (/** @type {MouseEvent} */ { clientY }) => {
      const { top, height } = node.getBoundingClientRect();
      return clientY > top + height / 2;
    };
    node.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      node.setAttribute("data-over", lower(event) ? "after" : "before");
    });
    node.addEventListener("dragleave", () => node.removeAttribute("data-over"));
    node.addEventListener("drop", (event) => {
      const from = this.dragged;
      if (!from) return;
      event.preventDefault();
      this.drop();
      const { files, place: now } = placed(this.files, from, place(lower(event)));
      this.take(files, now);
    });
  }
}

return { Rows };
})();
