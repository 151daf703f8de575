/* Plays the record of a query, micro-batch by micro-batch, and checks what a reader predicts. */

/**
 * @typedef {(string|null)[]} Row
 * @typedef {{columns: string[], rows: Row[]}} Table
 * @typedef {{text: string, from: string, at: string|null}} Line
 * @typedef {{id: number, start: string, duration: number, input: Line[], inputRows: number,
 *   state: Table|null, watermark: string|null, output: Table, dropped: number}} Batch
 * @typedef {{mode: string, trigger: string, batches: Batch[]}} Query
 * @typedef {{label: string, record: Query}} Labelled
 * @typedef {{row: Row, key: string, mark: ""|"new"|"changed", before: Row|null}} Marked
 * @typedef {{columns: string[], rows: Marked[], gone: Row[]}} MarkedTable
 * @typedef {{records: Labelled[], frames: (Batch|null)[][], state: MarkedTable[]|null,
 *   outputs: MarkedTable[][]}} Story  What the steps show; frame and table 0 belong to step 1.
 * @typedef {{node: HTMLElement, show: (step: number) => void}} View
 * @typedef {(step: number) => void} Go
 */

(() => {
  "use strict";

  const SECONDS_A_BATCH = 1.5;
  const EMPTY_ROWS = 3;

  // ---- Building the page -------------------------------------------------------------------

  /**
   * Give a node its attributes, its listeners (functions) and its children.
   * @template {Element} T
   * @param {T} node
   * @returns {T}
   */
  function fill(node, props, children) {
    for (const [name, value] of Object.entries(props)) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== null) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((child) => child !== null));
    return node;
  }

  /** @returns {HTMLElement} */
  const el = (tag, props, ...children) => fill(document.createElement(tag), props, children);

  /** @returns {SVGElement} */
  const svg = (tag, props, ...children) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);

  const icon = (path) =>
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: path }));

  const ICONS = {
    play: "M4 2.5v11l9-5.5z",
    pause: "M4 3h3v10H4zM9 3h3v10H9z",
    back: "M12 3v10L5 8zM3 3h2v10H3z",
    next: "M4 3v10l7-5zM11 3h2v10h-2z",
    remove: "M4 3 8 7l4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
  };

  const button = (text, click, props = {}) =>
    el("button", { type: "button", class: "stream-button", click, ...props }, text);

  /** What Python left for the component. */
  const payload = (host) =>
    JSON.parse(host.querySelector('script[type="application/json"]').textContent);

  /** Show the component; style sheets hide what stood in for it. */
  function upgrade(host, ui) {
    host.append(ui);
    host.setAttribute("data-ready", "");
  }

  // ---- Words -------------------------------------------------------------------------------

  const rowCount = (n) => (n === 1 ? "1 fila" : `${n} filas`);
  const shown = (value) => value ?? "NULL";
  const two = (n) => String(n).padStart(2, "0");

  /** Hours and minutes of an instant, in UTC. */
  function clock(ms) {
    const date = new Date(ms);
    return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  }

  /** Minutes and seconds of an instant, the same wherever the reader is. */
  function seconds(ms) {
    const date = new Date(ms);
    return `${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  }

  /** The watermark of a batch in ms; null before Spark has one, which it reports as 1970. */
  const watermarkOf = (batch) => Date.parse(batch.watermark ?? "") || null;

  // ---- What is new, what has changed -------------------------------------------------------

  const isNumber = (value) => value === null || /^-?\d+([.,]\d+)*(E-?\d+)?$/.test(value);
  const keyOf = (row, width) => JSON.stringify(row.slice(0, width));
  const unique = (rows, width) => new Set(rows.map((row) => keyOf(row, width))).size === rows.length;

  /**
   * How many of the first columns tell one row from another; the rest are results.
   * Results are the numbers at the end, unless two rows would then be the same.
   * @param {Table[]} tables
   */
  function keyWidth(tables) {
    const columns = tables[0].columns.length;
    const numeric = (column) => tables.every(({ rows }) => rows.every((row) => isNumber(row[column])));
    let width = columns;
    while (width > 0 && numeric(width - 1)) width -= 1;
    if (width === 0 && columns > 1) width = 1;
    while (width < columns && !tables.every(({ rows }) => unique(rows, width))) width += 1;
    return width;
  }

  /** @returns {Marked} */
  function markRow(row, key, before) {
    const same = before && before.every((value, column) => value === row[column]);
    const mark = before ? (same ? "" : "changed") : "new";
    return { row, key, mark, before: mark === "changed" ? before : null };
  }

  /**
   * The tables with their rows compared with those before.
   * @param {Table[]} tables
   * @param {"none"|"last"|"all"} memory  What a table is compared with.
   * @returns {MarkedTable[]}
   */
  function marked(tables, memory) {
    const width = keyWidth(tables);
    let seen = new Map();
    return tables.map(({ columns, rows }) => {
      const now = new Map(rows.map((row) => [keyOf(row, width), row]));
      const compared = rows.map((row) => markRow(row, keyOf(row, width), seen.get(keyOf(row, width))));
      const gone = memory === "last" ? [...seen].filter(([key]) => !now.has(key)) : [];
      if (memory !== "none") seen = memory === "all" ? new Map([...seen, ...now]) : now;
      return { columns, rows: compared, gone: gone.map(([, row]) => row) };
    });
  }

  /** Rows written for good are all new; those of a result are compared with the result so far. */
  function outputMemory({ mode, batches }) {
    if (mode === "complete") return "last";
    return mode === "append" || batches.every(({ state }) => state === null) ? "none" : "all";
  }

  /** The batches of each step: all of one query, or those with rows of several. */
  function framesOf(records) {
    const lists = records.map(({ record }) =>
      records.length === 1 ? record.batches : record.batches.filter((batch) => batch.inputRows > 0)
    );
    const last = Math.max(...lists.map((list) => list.length));
    return Array.from({ length: last }, (_, step) => lists.map((list) => list[step] ?? null));
  }

  /** Put an empty table with the same columns where there is none. */
  function fillGaps(tables) {
    const { columns } = tables.find((table) => table !== null);
    return tables.map((table) => table ?? { columns, rows: [] });
  }

  /** @param {Labelled[]} records @returns {Story} */
  function storyOf(records) {
    const frames = framesOf(records);
    const states = frames.map(([batch]) => batch?.state ?? null);
    const outputs = records.map(({ record }, index) => {
      const tables = fillGaps(frames.map((frame) => frame[index]?.output ?? null));
      return marked(tables, outputMemory(record));
    });
    const state = states.some((table) => table) ? marked(fillGaps(states), "last") : null;
    return { records, frames, state, outputs };
  }

  // ---- Saying what a step does -------------------------------------------------------------

  function sayChange({ row, key, before }) {
    const name = JSON.parse(key).map(shown).join(" ");
    const column = row.findIndex((value, index) => value !== before[index]);
    return `${name} pasa de ${shown(before[column])} a ${shown(row[column])}`.trim();
  }

  /** @param {MarkedTable} table */
  function sayState({ rows, gone }) {
    const fresh = rows.filter(({ mark }) => mark === "new").length;
    const changed = rows.filter(({ mark }) => mark === "changed");
    const parts = [];
    if (fresh) parts.push(fresh === 1 ? "1 fila nueva" : `${fresh} filas nuevas`);
    if (changed.length > 2) parts.push(`${changed.length} filas cambian`);
    else parts.push(...changed.map(sayChange));
    if (gone.length) parts.push(gone.length === 1 ? "1 fila se borra" : `${gone.length} filas se borran`);
    return parts.length ? `Estado: ${parts.join(", ")}.` : "El estado no cambia.";
  }

  function sayOutput({ records, outputs }, step) {
    const counts = outputs.map((tables) => tables[step - 1].rows.length);
    if (records.length > 1) {
      const each = counts.map((n, index) => `${n} con ${records[index].label}`);
      return `Filas que salen: ${each.join(", ")}.`;
    }
    if (counts[0] === 0) return "No sale ninguna fila.";
    return counts[0] === 1 ? "Sale 1 fila." : `Salen ${counts[0]} filas.`;
  }

  function sayInput({ inputRows, watermark, dropped }, mark) {
    const parts = [inputRows ? `${inputRows === 1 ? "Entra" : "Entran"} ${rowCount(inputRows)}.` : "No entra nada."];
    if (dropped) parts.push(`Por tarde, ${dropped === 1 ? "se descarta" : "se descartan"} ${rowCount(dropped)}.`);
    if (watermark && mark) parts.push(`Watermark: ${clock(mark)}.`);
    return parts;
  }

  /** One step in words: it is read aloud, and shown. @param {Story} story */
  function say(story, step) {
    if (step === 0) return "Antes del primer batch: todavía no ha entrado nada.";
    const batch = story.frames[step - 1].find((one) => one !== null);
    const parts = [`Batch ${batch.id}.`, ...sayInput(batch, watermarkOf(batch))];
    if (story.state && story.records.length === 1) parts.push(sayState(story.state[step - 1]));
    return [...parts, sayOutput(story, step)].join(" ");
  }

  // ---- Tables ------------------------------------------------------------------------------

  const head = (columns) =>
    el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, name))));

  /** A cell; one that has changed also shows what it was. */
  function cellOf(value, before, number) {
    const was = before !== undefined && before !== value ? shown(before) : null;
    const kind = [number && "num", value === null && "null"].filter(Boolean).join(" ");
    return el("td", { class: kind || null, "data-before": was }, shown(value));
  }

  /** @param {Marked} marked */
  function rowOf({ row, mark, before }, numbers) {
    const cells = row.map((value, column) => cellOf(value, before?.[column], numbers[column]));
    return el("tr", { "data-mark": mark || null }, cells);
  }

  /** @param {string} label @param {string[]} columns @param {Marked[]} rows */
  function tableOf(label, columns, rows) {
    const numbers = columns.map((_, column) => rows.every(({ row }) => isNumber(row[column])));
    const body = el("tbody", {}, rows.map((row) => rowOf(row, numbers)));
    return el("table", { "aria-label": label }, head(columns), body);
  }

  const plain = (rows) => rows.map((row) => ({ row, key: "", mark: "", before: null }));
  const note = (text) => el("p", { class: "stream-note" }, text);

  /** A column with its title; what is too big scrolls in it, also with the keyboard. */
  function panel(title, detail) {
    const name = detail ? `${title}: ${detail}` : title;
    const body = el("div", { class: "stream-scroll" });
    const heading = [title, detail ? el("span", { class: "stream-detail" }, detail) : null];
    const node = el("div", { class: "column stream-panel" }, el("p", { class: "box-title" }, heading), body);
    return { node, show: (...content) => showIn(body, name, content) };
  }

  function showIn(body, name, content) {
    body.replaceChildren(...content);
    const overflows = body.scrollHeight > body.clientHeight || body.scrollWidth > body.clientWidth;
    const reachable = { tabindex: "0", role: "group", "aria-label": name };
    for (const [key, value] of Object.entries(reachable)) {
      if (overflows) body.setAttribute(key, value);
      else body.removeAttribute(key);
    }
    const rows = [...body.querySelectorAll("[data-mark]")];
    body.scrollTop = rows.length ? rows[rows.length - 1].offsetTop - body.clientHeight / 2 : 0;
  }

  /** @param {MarkedTable} table */
  const markedContent = (label, { columns, rows, gone }, nothing) => [
    tableOf(label, columns, rows),
    ...(rows.length ? [] : [note(nothing)]),
    ...gone.map((row) => el("p", { class: "stream-note stream-gone" }, `Se borra: ${row.map(shown).join(", ")}`)),
  ];

  const before = (table) => ({ columns: table.columns, rows: [], gone: [] });

  /** @param {MarkedTable[]} tables @param {string} nothing  Said of a step without rows. */
  function tablesPanel(title, detail, tables, nothing) {
    const { node, show } = panel(title, detail);
    const at = (step) => tables[step - 1] ?? before(tables[0]);
    return { node, show: (step) => show(...markedContent(title, at(step), step ? nothing : "Nada todavía.")) };
  }

  const statePanel = (story) => tablesPanel("Estado", "", story.state, "El estado está vacío.");

  const outputPanels = ({ records, outputs }) =>
    outputs.map((tables, index) => {
      const { label, record } = records[index];
      const detail = records.length > 1 ? label : record.mode;
      return tablesPanel("Salida", detail, tables, "Ninguna fila en este batch.");
    });

  /** The rows that a batch read. @returns {Row[]} */
  function inputRows(batch, withOrigin) {
    const lines = batch.input.length || !batch.inputRows
      ? batch.input
      : [{ text: `(${rowCount(batch.inputRows)})`, from: "" }];
    return lines.map(({ text, from }) => [String(batch.id), text, ...(withOrigin ? [from] : [])]);
  }

  /** The table that grows, or with `only` what the step's batch read. @param {Story} story */
  function inputPanel(story, only) {
    const batches = story.frames.map((frame) => frame.find((batch) => batch !== null));
    const origins = new Set(batches.flatMap(({ input }) => input.map(({ from }) => from)));
    const one = origins.size === 1 ? [...origins][0] : "";
    const columns = ["batch", "línea", ...(origins.size > 1 ? ["de"] : [])];
    const { node, show } = panel(only ? "Entra en el batch" : "Entrada", one);
    node.classList.add("stream-input");
    const rowsAt = (step) =>
      batches.slice(only ? Math.max(step - 1, 0) : 0, step).flatMap((batch, index, some) =>
        inputRows(batch, origins.size > 1).map((row) => ({
          row, key: "", before: null, mark: !only && index === some.length - 1 ? "new" : "",
        }))
      );
    return {
      node,
      show: (step) => show(...markedContent("Entrada", { columns, rows: rowsAt(step), gone: [] }, "Nada todavía.")),
    };
  }

  /** Panels next to each other. @param {View[]} panels @returns {View} */
  function sideBySide(panels) {
    const node = el("div", { class: "stream-columns" }, panels.map((one) => one.node));
    return { node, show: (step) => panels.forEach((one) => one.show(step)) };
  }

  /** @param {Story} story @returns {View} */
  function tablesView(story) {
    const state = story.state && story.records.length === 1 ? [statePanel(story)] : [];
    return sideBySide([inputPanel(story, false), ...state, ...outputPanels(story)]);
  }

  const VIEWS = { tables: tablesView };

  const MARKS = [["new", "fila nueva"], ["changed", "fila que cambia"]];

  const marksLegend = () =>
    el("p", { class: "stream-legend" }, MARKS.map(([mark, text]) => el("span", { "data-mark": mark }, text)));

  // ---- <stream-player> ---------------------------------------------------------------------

  class StreamPlayer extends HTMLElement {
    connectedCallback() {
      if (this.hasAttribute("data-ready")) return;
      const { title, records } = payload(this);
      this.story = storyOf(records);
      this.last = this.story.frames.length;
      upgrade(this, this.build(title));
      this.go(0);
      new ResizeObserver(() => this.resized()).observe(this);
    }

    disconnectedCallback() {
      this.pause();
    }

    build(title) {
      this.view = this.newView();
      this.caption = el("p", { class: "stream-caption", "aria-live": "polite" });
      this.stage = el("div", { class: "stream-stage" }, this.view.node);
      this.ui = el(
        "div",
        { class: "box stream-ui", role: "group", "aria-label": title, keydown: (event) => this.key(event) },
        el("p", { class: "box-title" }, title), this.controls(), this.caption, this.stage, marksLegend()
      );
      return this.ui;
    }

    /** @returns {View} */
    newView() {
      return VIEWS[this.getAttribute("view") ?? "tables"](this.story, (step) => this.jump(step));
    }

    controls() {
      this.playButton = button("", () => this.toggle(), { class: "stream-button stream-primary" });
      this.backButton = button(icon(ICONS.back), () => this.jump(this.step - 1), { "aria-label": "Batch anterior" });
      this.nextButton = button(icon(ICONS.next), () => this.jump(this.step + 1), { "aria-label": "Batch siguiente" });
      this.slider = el("input", {
        type: "range", min: 0, max: this.last, step: 1, value: 0, "aria-label": "Batch que se muestra",
        input: () => this.jump(Number(this.slider.value)),
      });
      this.position = el("span", { class: "stream-position", "aria-hidden": "true" });
      this.drawPlay();
      return el("div", { class: "stream-controls" },
        this.playButton, this.backButton, this.nextButton, this.slider, this.position);
    }

    drawPlay() {
      const playing = this.timer !== undefined;
      this.playButton.replaceChildren(icon(playing ? ICONS.pause : ICONS.play), playing ? "Pausa" : "Reproducir");
    }

    /** Show a step, whoever asked for it. */
    go(step) {
      this.step = Math.min(Math.max(step, 0), this.last);
      const batch = this.story.frames[this.step - 1]?.find((one) => one !== null);
      this.view.show(this.step);
      this.caption.textContent = say(this.story, this.step);
      this.slider.value = String(this.step);
      this.slider.setAttribute("aria-valuetext", batch ? `Batch ${batch.id}` : "Antes del primer batch");
      this.position.textContent = `${this.step} de ${this.last}`;
      // Not `disabled`: a button that goes grey under the finger would lose the focus.
      this.backButton.setAttribute("aria-disabled", String(this.step === 0));
      this.nextButton.setAttribute("aria-disabled", String(this.step === this.last));
      this.setAttribute("data-step", String(this.step));
    }

    /** The reader chooses a step, which ends the playing. */
    jump(step) {
      this.pause();
      this.go(step);
    }

    toggle() {
      if (this.timer === undefined) this.play();
      else this.pause();
    }

    play() {
      this.go(this.step === this.last ? 0 : this.step + 1);
      this.timer = setInterval(() => this.tick(), SECONDS_A_BATCH * 1000);
      this.drawPlay();
    }

    tick() {
      this.go(this.step + 1);
      if (this.step === this.last) this.pause();
    }

    pause() {
      clearInterval(this.timer);
      this.timer = undefined;
      this.drawPlay();
    }

    key(event) {
      const native = event.target === this.slider && event.key !== " ";
      if (native || event.altKey || event.ctrlKey || event.metaKey) return;
      const to = { ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.last }[event.key];
      if (to !== undefined) this.jump(to);
      else if (event.key === " " && !event.target.closest("button")) this.toggle();
      else return;
      // Neither does the page scroll nor the theme turn to the next one.
      event.preventDefault();
      event.stopPropagation();
    }

    resized() {
      if (this.clientWidth === this.width) return;
      this.width = this.clientWidth;
      this.reserve();
      this.view.show(this.step);
    }

    /** Keep room for the tallest step, so that what stands below does not jump. */
    reserve() {
      const view = this.newView();
      const caption = el("p", { class: "stream-caption" });
      const stage = el("div", { class: "stream-stage" }, view.node);
      const probe = el("div", { class: "stream-probe" }, caption, stage);
      this.ui.append(probe);
      let [text, height] = [0, 0];
      for (let step = 0; step <= this.last; step += 1) {
        view.show(step);
        caption.textContent = say(this.story, step);
        [text, height] = [Math.max(text, caption.offsetHeight), Math.max(height, stage.offsetHeight)];
      }
      probe.remove();
      this.caption.style.minHeight = `${text}px`;
      this.stage.style.minHeight = `${height}px`;
    }
  }

  customElements.define("stream-player", StreamPlayer);
})();
