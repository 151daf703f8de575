/* Plays the record of a query, micro-batch by micro-batch, and checks what a reader predicts. */

/**
 * @typedef {(string|null)[]} Row
 * @typedef {{columns: string[], rows: Row[]}} Table
 * @typedef {{text: string, from: string, at: string|null}} Line
 * @typedef {{id: number, start: string, duration: number, input: Line[], inputRows: number,
 *   state: Table|null, watermark: string|null, output: Table, dropped: number}} Batch
 * @typedef {{label: string, record: {mode: string, trigger: string, batches: Batch[]}}} Labelled
 * @typedef {{row: Row, mark?: string, key?: string, before?: Row}} Marked
 * @typedef {{columns: string[], rows: Marked[], gone: Row[]}} MarkedTable
 * @typedef {{records: Labelled[], timed: boolean, frames: (Batch|null)[][], batches: Batch[],
 *   state: MarkedTable[]|null, outputs: MarkedTable[][]}} Story  Index 0 belongs to step 1.
 * @typedef {{node: HTMLElement, show: (step: number) => void}} View
 */

(() => {
"use strict";

const SECONDS_A_BATCH = 1.5;
const EMPTY_ROWS = 3;

// Building the page

/** Give a node its attributes, its listeners (functions) and its children. */
function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity));
  return node;
}

const el = (tag, props, ...children) => fill(document.createElement(tag), props, children);

const svg = (tag, props, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);

const path = (d, props) => svg("path", { d, ...props });
const icon = (d) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path(d));
const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  back: "M12 3v10L5 8zM3 3h2v10H3z",
  next: "M4 3v10l7-5zM11 3h2v10h-2z",
  remove: "m4 3 4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
};

const button = (content, click, props) =>
  el("button", { type: "button", class: "stream-button", click, ...props }, content);
const primary = { class: "stream-button stream-primary" };

/** The box of a component. */
const box = (title, props, ...children) =>
  el("div", { class: "box stream-ui", role: "group", "aria-label": title, ...props },
    el("p", { class: "box-title" }, title), ...children);

/** What Python left for the component. */
const payload = (host) => JSON.parse(host.querySelector("script").textContent);

/** Show the component; style sheets then hide what stood in for it. */
function upgrade(host, ui) {
  host.append(ui);
  host.setAttribute("data-ready", "");
}

// Words

const shown = (value) => value ?? "NULL";
const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const rowCount = (n) => count(n, "fila", "filas");
const clock = (ms) => new Date(ms).toISOString().slice(11, 16);
const minuteSecond = (ms) => new Date(ms).toISOString().slice(14, 19);
/** Ticks may stand less than a second apart: then two would read the same without the tenths. */
const minuteSecondTenth = (ms) => new Date(ms).toISOString().slice(14, 21).replace(".", ",");

/** The watermark in ms; null before there is one, which Spark reports as the year 1970. */
const watermarkOf = ({ watermark }) => Date.parse(watermark ?? "") || null;

// What is new, what has changed

const isNumber = (value) => value === null || /^-?\d+([.,]\d+)*(E-?\d+)?$/.test(value);
const keyOf = (row, width) => JSON.stringify(row.slice(0, width));
const sameRow = (one, other) => one.every((value, column) => shown(value) === shown(other[column]));

/**
 * How many of the first columns tell one row from another; the rest are results.
 * Results are the numbers at the end, unless two rows would then be the same.
 * @param {Table[]} tables
 */
function keyWidth(tables) {
  const columns = tables[0].columns.length;
  const every = (test) => tables.every(({ rows }) => test(rows));
  const unique = (rows) => new Set(rows.map((row) => keyOf(row, width))).size === rows.length;
  let width = columns;
  while (width > 0 && every((rows) => rows.every((row) => isNumber(row[width - 1])))) width -= 1;
  if (columns > 1) width = Math.max(width, 1);
  while (width < columns && !every(unique)) width += 1;
  return width;
}

/**
 * The tables with their rows compared with the table before, with all before, or with none.
 * @param {Table[]} tables
 * @param {"none"|"last"|"all"} memory
 * @returns {MarkedTable[]}
 */
function marked(tables, memory) {
  const width = keyWidth(tables);
  let seen = new Map();
  return tables.map(({ columns, rows }) => {
    const compared = rows.map((row) => {
      const key = keyOf(row, width);
      const before = seen.get(key);
      return { row, key, before, mark: before ? (sameRow(row, before) ? null : "changed") : "new" };
    });
    const now = new Map(compared.map(({ key, row }) => [key, row]));
    const gone = memory === "last" ? [...seen].filter(([key]) => !now.has(key)) : [];
    if (memory !== "none") seen = memory === "all" ? new Map([...seen, ...now]) : now;
    return { columns, rows: compared, gone: gone.map(([, row]) => row) };
  });
}

/** Rows written for good are all new; those of a result are compared with the result so far. */
function outputMemory({ mode, batches }) {
  if (mode === "complete") return "last";
  return mode === "append" || batches.every(({ state }) => !state) ? "none" : "all";
}

/** The batches of each step: all of one query, or those with rows of several. */
function framesOf(records) {
  const lists = records.map(({ record }) =>
    record.batches.filter(({ inputRows }) => records.length === 1 || inputRows > 0));
  const last = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: last }, (_, step) => lists.map((list) => list[step] ?? null));
}

/** Put an empty table with the same columns where there is none. */
function fillGaps(tables) {
  const { columns } = tables.find((table) => table);
  return tables.map((table) => table ?? { columns, rows: [] });
}

/** `timed` says whether the instants of the batches matter. @returns {Story} */
function storyOf(records, timed) {
  const frames = framesOf(records);
  const batches = frames.map((frame) => frame.find((batch) => batch));
  const states = records.length === 1 ? batches.map(({ state }) => state) : [];
  const outputs = records.map(({ record }, index) =>
    marked(fillGaps(frames.map((frame) => frame[index]?.output)), outputMemory(record)));
  const state = states.some((table) => table) ? marked(fillGaps(states), "last") : null;
  return { records, timed, frames, batches, state, outputs };
}

// Saying what a step does

function sayChange({ row, key, before }) {
  const column = row.findIndex((value, index) => value !== before[index]);
  const name = JSON.parse(key).map(shown).join(" ");
  return `${name} pasa de ${shown(before[column])} a ${shown(row[column])}`.trim();
}

/** @param {MarkedTable} table */
function sayState({ rows, gone }) {
  const fresh = rows.filter(({ mark }) => mark === "new").length;
  const changed = rows.filter(({ mark }) => mark === "changed");
  const parts = changed.length > 2 ? [`${changed.length} filas cambian`] : changed.map(sayChange);
  if (fresh) parts.unshift(count(fresh, "fila nueva", "filas nuevas"));
  if (gone.length) parts.push(count(gone.length, "fila se borra", "filas se borran"));
  return parts.length ? `Estado: ${parts.join(", ")}.` : "El estado no cambia.";
}

/** @param {Story} story */
function sayOutput({ records, outputs }, step) {
  const counts = outputs.map((tables) => tables[step - 1].rows.length);
  const each = counts.map((n, index) => `${n} con ${records[index].label}`);
  if (records.length > 1) return `Filas que salen: ${each.join(", ")}.`;
  if (counts[0] === 0) return "No sale ninguna fila.";
  return `${counts[0] === 1 ? "Sale" : "Salen"} ${rowCount(counts[0])}.`;
}

const sayTime = (batch) =>
  `Empieza en el minuto ${minuteSecond(startOf(batch))} y tarda ${secondsOf(batch.duration)}.`;

/** One step in words: read aloud, and shown. @param {Story} story */
function say(story, step) {
  if (step === 0) return "Antes del primer batch: todavía no ha entrado nada.";
  const batch = story.batches[step - 1];
  const { id, inputRows, dropped } = batch;
  const mark = watermarkOf(batch);
  return [
    `Batch ${id}.`,
    story.timed && sayTime(batch),
    inputRows ? `${inputRows > 1 ? "Entran" : "Entra"} ${rowCount(inputRows)}.` : "No entra nada.",
    mark && `Watermark: ${clock(mark)}.`,
    dropped && `Llegan tarde y se pierden: ${rowCount(dropped)}.`,
    story.state && sayState(story.state[step - 1]),
    sayOutput(story, step),
  ].filter(Boolean).join(" ");
}

// Tables

/** A cell; one that has changed also shows what it was. */
function cellOf(value, before, number) {
  const kind = value === null ? "null" : number ? "num" : null;
  const was = before === undefined || before === value ? null : shown(before);
  return el("td", { class: kind, "data-before": was }, shown(value));
}

/** Which columns are numbers; the first one stays next to its sign. @param {Row[]} rows */
const numeric = (columns, rows) => columns.map((_, column) =>
  column > 0 && rows.length > 0 && rows.every((row) => isNumber(row[column])));

/**
 * @param {string} label @param {string[]} columns @param {Marked[]} rows
 * @param {boolean[]} numbers  The columns that are aligned as numbers.
 */
function tableOf(label, columns, rows, numbers) {
  const head = columns.map((name, column) =>
    el("th", { scope: "col", class: numbers[column] ? "num" : null }, name));
  const body = rows.map(({ row, mark = null, before }) =>
    el("tr", { "data-mark": mark },
      row.map((value, column) => cellOf(value, before?.[column], numbers[column]))));
  return el("table", { "aria-label": label },
    el("thead", {}, el("tr", {}, head)), el("tbody", {}, body));
}

const plainTable = (label, columns, rows) =>
  tableOf(label, columns, rows.map((row) => ({ row })), numeric(columns, rows));
const note = (text, kind = "") => el("p", { class: `stream-note ${kind}` }, text);

/** A titled column. `contentAt` says what a step shows in it. @returns {View} */
function panel(title, detail, kind, contentAt) {
  const body = el("div", { class: "stream-scroll" });
  const small = el("span", { class: "stream-detail" }, detail);
  const node = el("div", { class: `column stream-panel ${kind}` },
    el("p", { class: "box-title" }, title, small), body);
  const show = (step) => {
    body.replaceChildren(...contentAt(step));
    reach(body, title);
  };
  return { node, show };
}

/** What is too big scrolls in its box, also with the keyboard, and starts at what is new. */
function reach(body, title) {
  const overflows = body.scrollHeight > body.clientHeight || body.scrollWidth > body.clientWidth;
  for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", title]]) {
    if (overflows) body.setAttribute(name, value);
    else body.removeAttribute(name);
  }
  const row = [...body.querySelectorAll("[data-mark]")].pop();
  body.scrollTop = row ? row.offsetTop - body.clientHeight / 2 : 0;
}

/** A column with a table for each step; `nothing` is said of one without rows. */
function tablesPanel(title, detail, tables, nothing) {
  const { columns } = tables[0];
  const numbers = numeric(columns, tables.flatMap(({ rows }) => rows.map(({ row }) => row)));
  return panel(title, detail, "", (step) => {
    const { rows, gone } = tables[step - 1] ?? { rows: [], gone: [] };
    return [
      tableOf(`${title} ${detail}`.trim(), columns, rows, numbers),
      ...(rows.length ? [] : [note(step ? nothing : "Nada todavía.")]),
      ...gone.map((row) => note(`Se borra: ${row.map(shown).join(", ")}`, "stream-gone")),
    ];
  });
}

/** @param {Story} story */
const statePanels = ({ state }) =>
  (state ? [tablesPanel("Estado", "", state, "Está vacío.")] : []);

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
  const columns = ["batch", "línea", ...(many ? ["de"] : [])];
  const rows = batches.map((batch) =>
    linesOf(batch).map(({ text, from }) => [String(batch.id), text, ...(many ? [from] : [])]));
  const kind = many || records.length > 1 ? "stream-input stream-wide" : "stream-input";
  return panel("Entrada", many ? "" : origins.join(), kind, (step) => {
    const lines = rows.slice(0, step).flatMap((some, index) =>
      some.map((row) => ({ row, mark: index === step - 1 ? "new" : null })));
    const nothing = lines.length ? [] : [note("Nada todavía.")];
    return [tableOf("Entrada", columns, lines, []), ...nothing];
  });
}

/** Views in a box of their own. @param {View[]} views @returns {View} */
function group(name, ...views) {
  const node = el("div", { class: name }, views.map((view) => view.node));
  return { node, show: (step) => views.forEach((view) => view.show(step)) };
}

const columns = (...panels) => group("stream-columns", ...panels);

const legend = (...items) => el("p", { class: "stream-legend" }, items);
const sign = (mark, text) => el("span", { "data-mark": mark }, text);

/** @param {Story} story */
const tablesView = (story) =>
  columns(inputPanel(story), ...statePanels(story), ...outputPanels(story));

// Drawings

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];
const GUTTER = 56;
/** The room that «03:05,2» takes, with a gap to the next. */
const NAME_OF_TICK = 64;

/**
 * An SVG as wide as its box, drawn anew for each step; one that is wider follows the steps.
 * @param {{label: string, height: number, minWidth: number, last: number, explanation: Node,
 *   draw: (step: number, width: number) => Node[]}} settings
 */
function chart({ label, height, minWidth, last, explanation, draw }) {
  const body = el("div", { class: "stream-chart" });
  const show = (step) => {
    const width = Math.max(body.clientWidth, minWidth);
    const size = { width, height, viewBox: `0 0 ${width} ${height}` };
    const props = { role: "img", "aria-label": label, ...size };
    body.replaceChildren(svg("svg", props, draw(step, width)));
    reach(body, label);
    body.scrollLeft = ((body.scrollWidth - body.clientWidth) * step) / last;
  };
  return { node: el("div", {}, body, explanation), show };
}

const write = (x, y, string, props) => svg("text", { x, y, ...props }, string);
const scale = (from, to, start, end) => (value) =>
  start + ((value - from) / (to - from || 1)) * (end - start);

/** The round instants between two, at least `gap` pixels apart; every `wish` ms if that fits. */
function ticks(from, to, pixels, gap, wish) {
  const fits = (step) => (pixels * step) / (to - from || 1) >= gap;
  const steps = TICKS.map((tick) => tick * SECOND);
  const step = wish && fits(wish) ? wish : steps.find(fits) ?? steps[steps.length - 1];
  const first = Math.ceil(from / step);
  const length = Math.floor(to / step) - first + 1;
  return Array.from({ length }, (_, index) => (first + index) * step);
}

const startOf = (batch) => Date.parse(batch.start);
const endOf = (batch) => startOf(batch) + batch.duration;
const secondsOf = (ms) => `${(ms / SECOND).toLocaleString("es", { maximumFractionDigits: 1 })} s`;
const phase = (index, step) => (index === step - 1 ? "now" : index < step ? "done" : "todo");

/** The interval of a trigger such as "5 seconds", in ms. */
function intervalOf(trigger) {
  const [, n, unit] = /^(\d+) (second|minute)/.exec(trigger) ?? [];
  return n && n * (unit === "minute" ? MINUTE : SECOND);
}

/** The lines whose arrival is known, with the batch that read them. @param {Batch[]} batches */
const arrivalsOf = (batches) => batches.flatMap(({ input }, index) =>
  input.filter(({ at }) => at).map(({ at, text }) => ({ at: Date.parse(at), index, text })));

/** Give each arrival its place: those close together are piled up. */
function pile(arrivals, x) {
  let level = 0;
  return arrivals.map((one, index) => {
    const close = index > 0 && x(one.at) - x(arrivals[index - 1].at) < 10;
    level = close ? Math.min(level + 1, 2) : 0;
    return { ...one, x: x(one.at), y: 38 - 11 * level };
  });
}

function drawArrival({ x, y, index, text }, step, start) {
  const kind = phase(index, step);
  const link = kind === "now" ? [path(`M${x} ${y}L${start} 74`, { class: "link" })] : [];
  return [...link, svg("circle", { cx: x, cy: y, r: 4, class: kind }, svg("title", {}, text))];
}

function drawBar(batch, index, step, x, go) {
  const left = x(startOf(batch));
  const wide = Math.max(x(endOf(batch)) - left, 4);
  const bar = svg("rect", { x: left, y: 74, width: wide, height: 22, rx: 2 },
    svg("title", {}, `Batch ${batch.id}: ${secondsOf(batch.duration)}`));
  const name = wide > 14 ? [write(left + wide / 2, 89, batch.id, { "text-anchor": "middle" })] : [];
  return svg("g", { class: `bar ${phase(index, step)}`, click: () => go(index + 1) }, bar, name);
}

/** The name of the current bar, above it and inside the drawing. */
function drawBarName(batch, x, width) {
  const left = x(startOf(batch));
  const side = left > width / 2 ? [x(endOf(batch)), "end"] : [left, "start"];
  const words = `batch ${batch.id}: ${secondsOf(batch.duration)}`;
  return write(side[0], 114, words, { "text-anchor": side[1], class: "strong" });
}

function drawTriggers({ batches, trigger }, step, width, go) {
  const arrivals = arrivalsOf(batches);
  const came = arrivals.map(({ at }) => at);
  const from = Math.min(...came, ...batches.map(startOf));
  const to = Math.max(...came, ...batches.map(endOf));
  const x = scale(from, to, GUTTER + 20, width - 24);
  const marks = ticks(from, to, width - GUTTER - 44, NAME_OF_TICK, intervalOf(trigger));
  const named = marks.some((ms) => ms % SECOND) ? minuteSecondTenth : minuteSecond;
  return [
    write(8, 42, "llegan"), write(8, 89, "batches"),
    marks.map((ms) => path(`M${x(ms)} 8V124`, { class: "grid" })),
    path(`M${GUTTER} 124H${width}`, { class: "axis" }),
    marks.map((ms) => write(x(ms), 139, named(ms), { "text-anchor": "middle" })),
    batches.map((batch, index) => drawBar(batch, index, step, x, go)),
    pile(arrivals, x).flatMap((one) => drawArrival(one, step, x(startOf(batches[one.index])))),
    step ? drawBarName(batches[step - 1], x, width) : [],
  ].flat();
}

/** @param {Story} story */
function triggersView(story, go) {
  const { record } = story.records[0];
  const drawing = chart({
    label: "Línea de tiempo: cuándo llega cada línea y, debajo, cuándo trabaja cada batch",
    height: 144,
    minWidth: 300,
    last: story.frames.length,
    explanation: legend("Cada punto, una línea que llega. Cada barra, un batch. "
      + "Abajo, los minutos y segundos del reloj."),
    draw: (step, width) => drawTriggers(record, step, width, go),
  });
  return group("", drawing, columns(inputPanel(story), ...outputPanels(story)));
}

const PLOT = { top: 12, bottom: 212, height: 240 };
const SHAPES = {
  onTime: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  late: "M0-5.5 5.5 0 0 5.5-5.5 0z",
  lost: "M-4.5-4.5 4.5 4.5M4.5-4.5-4.5 4.5",
  mark: "M-9 3H0V-3H9",
};

/** The time that a line carries, in ms, or NaN. */
const eventTime = ({ text }) => {
  const [, day, time] = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)/.exec(text) ?? [];
  return Date.parse(`${day}T${time}Z`);
};

/** The points of each batch. Spark says how many were lost: the oldest ones behind the mark. */
function pointsOf(batches) {
  let newest = -Infinity;
  return batches.map((batch) => {
    const times = batch.input.map(eventTime).filter((time) => !Number.isNaN(time));
    const behind = times.filter((time) => time < watermarkOf(batch)).sort((a, b) => a - b);
    const lost = behind.slice(0, batch.dropped);
    const points = times.map((time) => ({
      time, kind: lost.includes(time) ? "lost" : time < newest ? "late" : "onTime",
    }));
    newest = Math.max(newest, ...times);
    return points;
  });
}

const shape = (kind, x, y) =>
  path(SHAPES[kind], { class: `point ${kind}`, transform: `translate(${x} ${y})` });

/** The watermark so far, which rises by steps, and what lies behind it. */
function drawMark(marks, step, x, y) {
  const first = marks.findIndex((mark) => mark);
  if (first < 0 || first >= step) return [];
  const known = marks.slice(first, step);
  const stairs = known.map((mark, index) => `V${y(mark)}H${x(first + index + 1)}`);
  const line = `M${x(first)} ${y(marks[first])}${stairs.join("")}`;
  return [
    path(`${line}V${PLOT.bottom}H${x(first)}z`, { class: "behind" }),
    path(line, { class: "point mark" }),
  ];
}

function drawWindows(batches, points, step, width) {
  const marks = batches.map(watermarkOf);
  const times = [...points.flat().map(({ time }) => time), ...marks.filter(Boolean)];
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const x = scale(0, batches.length, GUTTER, width);
  const y = scale(from, to, PLOT.bottom - 14, PLOT.top);
  const middle = (index) => (x(index) + x(index + 1)) / 2;
  const place = (index, one, many) => x(index) + ((x(1) - x(0)) * (one + 1)) / (many + 1);
  const band = { x: x(step - 1), y: 0, width: x(1) - x(0), height: PLOT.height };
  return [
    step ? svg("rect", { ...band, class: "current" }) : [],
    ticks(from, to, PLOT.bottom - PLOT.top, 24).flatMap((ms) => [
      path(`M${GUTTER} ${y(ms)}H${width}`, { class: "grid" }),
      write(GUTTER - 6, y(ms) + 4, clock(ms), { "text-anchor": "end" }),
    ]),
    path(`M${GUTTER} ${PLOT.bottom}H${width}`, { class: "axis" }),
    write(GUTTER - 6, PLOT.bottom + 18, "batch", { "text-anchor": "end" }),
    batches.map(({ id }, index) => write(middle(index), PLOT.bottom + 18, id,
      { "text-anchor": "middle", class: index === step - 1 ? "strong" : null })),
    drawMark(marks, step, x, y),
    points.slice(0, step).flatMap((some, index) =>
      some.map(({ time, kind }, one) => shape(kind, place(index, one, some.length), y(time)))),
  ].flat();
}

function symbol(kind, text) {
  const props = { viewBox: "-10 -8 20 16", "aria-hidden": "true" };
  return el("span", {}, svg("svg", props, shape(kind, 0, 0)), text);
}

/** @param {Story} story */
function windowsView(story) {
  const { batches } = story;
  const points = pointsOf(batches);
  const drawing = chart({
    label: "La hora de cada dato, batch a batch, y el watermark, que sube por escalones",
    height: PLOT.height,
    minWidth: GUTTER + 29 * batches.length,
    last: batches.length,
    explanation: legend(symbol("onTime", "dato"), symbol("late", "con retraso, pero cuenta"),
      symbol("lost", "tarde: se pierde"), symbol("mark", "watermark")),
    draw: (step, width) => drawWindows(batches, points, step, width),
  });
  return group("", drawing, tablesView(story));
}

const VIEWS = { tables: tablesView, triggers: triggersView, windows: windowsView };

// <stream-player view="tables|triggers|windows">

class StreamPlayer extends HTMLElement {
  connectedCallback() {
    if (this.hasAttribute("data-ready")) return;
    const { title, records } = payload(this);
    this.story = storyOf(records, this.getAttribute("view") === "triggers");
    this.last = this.story.frames.length;
    const ui = this.build(title || "Batch a batch");
    this.go(0);
    upgrade(this, ui);
    // Not the host: its width stays when the theme's colours come late, and with them the borders.
    new ResizeObserver(() => this.resized()).observe(this.stage);
  }

  disconnectedCallback() {
    this.pause();
  }

  build(title) {
    this.view = this.newView();
    this.caption = el("p", { class: "stream-caption", "aria-live": "polite" });
    this.stage = el("div", { class: "stream-stage" }, this.view.node);
    const signs = legend(sign("new", "fila nueva"), sign("changed", "fila que cambia"));
    this.ui = box(title, { keydown: (event) => this.key(event) },
      this.controls(), this.caption, this.stage, signs);
    return this.ui;
  }

  /** @returns {View} */
  newView() {
    return VIEWS[this.getAttribute("view")](this.story, (step) => this.jump(step));
  }

  controls() {
    const move = (name, by, label) =>
      button(icon(ICONS[name]), () => this.jump(this.step + by), { "aria-label": label });
    this.playButton = button("", () => this.toggle(), primary);
    this.backButton = move("back", -1, "Batch anterior");
    this.nextButton = move("next", 1, "Batch siguiente");
    this.slider = el("input", {
      type: "range", min: 0, max: this.last, "aria-label": "Batch que se muestra",
      input: () => this.jump(Number(this.slider.value)),
    });
    this.position = el("span", { class: "stream-position", "aria-hidden": "true" });
    this.drawPlay();
    return el("div", { class: "stream-controls" },
      this.playButton, this.backButton, this.nextButton, this.slider, this.position);
  }

  drawPlay() {
    const [name, word] = this.timer ? ["pause", "Pausa"] : ["play", "Reproducir"];
    this.playButton.replaceChildren(icon(ICONS[name]), word);
  }

  /** Show a step, whoever asked for it. */
  go(step) {
    this.step = Math.min(Math.max(step, 0), this.last);
    const words = say(this.story, this.step);
    this.view.show(this.step);
    this.caption.textContent = words;
    this.slider.value = this.step;
    this.slider.setAttribute("aria-valuetext", words.slice(0, words.search(/[.:]/)));
    this.position.textContent = `${this.step} de ${this.last}`;
    // Not `disabled`: a button that goes grey under the finger would lose the focus.
    this.backButton.setAttribute("aria-disabled", this.step === 0);
    this.nextButton.setAttribute("aria-disabled", this.step === this.last);
    this.setAttribute("data-step", this.step);
  }

  /** The reader chooses a step, which ends the playing. */
  jump(step) {
    this.pause();
    this.go(step);
  }

  toggle() {
    if (this.timer) this.pause();
    else this.play();
  }

  play() {
    this.timer = setInterval(() => this.tick(), SECONDS_A_BATCH * SECOND);
    this.drawPlay();
    if (this.step === this.last) this.go(0);
    else this.tick();
  }

  tick() {
    this.go(this.step + 1);
    if (this.step === this.last) this.pause();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.drawPlay();
  }

  key(event) {
    const native = event.target === this.slider && event.key !== " ";
    if (native || event.altKey || event.ctrlKey || event.metaKey) return;
    const { step, last } = this;
    const to = { ArrowLeft: step - 1, ArrowRight: step + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) this.jump(to);
    else if (event.key === " " && !event.target.closest("button")) this.toggle();
    else return;
    // The page shall neither scroll nor be left.
    event.preventDefault();
    event.stopPropagation();
  }

  resized() {
    if (this.stage.clientWidth === this.width) return;
    this.width = this.stage.clientWidth;
    this.reserve();
    this.view.show(this.step);
  }

  /** Keep room for the tallest step, so that what stands below does not jump. */
  reserve() {
    const view = this.newView();
    const caption = el("p", { class: "stream-caption" });
    const probe = el("div", { class: "stream-probe" }, caption, view.node);
    this.ui.append(probe);
    const heights = Array.from({ length: this.last + 1 }, (_, step) => {
      view.show(step);
      caption.textContent = say(this.story, step);
      return [caption.offsetHeight, view.node.offsetHeight];
    });
    probe.remove();
    [this.caption, this.stage].forEach((node, one) => {
      node.style.minHeight = `${Math.max(...heights.map((height) => height[one]))}px`;
    });
  }
}

// <stream-predict>

/** What each mark means, said of one row and of several. */
const VERDICTS = {
  right: ["bien", "bien"],
  wrong: ["valor distinto", "con valor distinto"],
  missing: ["falta", "faltan"],
  extra: ["sobra", "sobran"],
};

/**
 * Compare what a reader wrote with the rows that came, in whatever order.
 * @param {Table} expected @param {Row[]} written
 * @returns {Marked[]}
 */
function difference(expected, written) {
  const width = keyWidth([expected]);
  const left = [...written];
  const take = (test) => {
    const index = left.findIndex(test);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  // First the equal ones, lest one of them be taken for a wrong version of another.
  const right = expected.rows.map((row) => take((one) => sameRow(row, one)));
  const results = width < expected.columns.length;
  const lines = expected.rows.map((row, index) => {
    if (right[index]) return { row, mark: "right" };
    const before = take((one) => results && keyOf(one, width) === keyOf(row, width));
    return { row, before, mark: before ? "wrong" : "missing" };
  });
  return [...lines, ...left.map((row) => ({ row, mark: "extra" }))];
}

/** @param {Marked[]} lines */
function sayDifference(lines) {
  if (!lines.length) return "Has acertado: no sale ninguna fila.";
  const parts = Object.entries(VERDICTS).map(([mark, words]) => {
    const number = lines.filter((line) => line.mark === mark).length;
    return number && count(number, ...words);
  });
  const right = lines.every(({ mark }) => mark === "right");
  return `${right ? "Has acertado" : "Todavía no"}: ${parts.filter(Boolean).join(", ")}.`;
}

/** @param {string[]} columns @param {Marked[]} lines */
function differenceTable(columns, lines) {
  const cell = (value, was) => was === undefined || was === shown(value)
    ? shown(value)
    : `escribiste ${was || "nada"}, salió ${shown(value)}`;
  const rows = lines.map(({ row, mark, before }) => {
    const cells = row.map((value, column) => cell(value, before?.[column]));
    return { mark, row: [VERDICTS[mark][0], ...cells] };
  });
  return tableOf("Tu tabla, fila a fila", ["resultado", ...columns], rows, []);
}

class StreamPredict extends HTMLElement {
  connectedCallback() {
    if (this.hasAttribute("data-ready")) return;
    this.data = payload(this);
    const ui = this.build(this.data);
    this.restart();
    upgrade(this, ui);
  }

  build({ title, columns, rows, shown: earlier = [], input = [] }) {
    this.rows = el("tbody", {});
    this.result = el("div", { "aria-live": "polite", class: "stream-result" });
    const nothing = rows.length ? [] : note("Ninguna fila.");
    const answer = [plainTable("La respuesta", columns, rows), nothing];
    this.answer = el("div", {}, this.context("Salió esta tabla:", answer));
    this.addButton = button("Añadir fila", () => this.addRow().querySelector("input").focus());
    this.answerButton = button("", () => this.turnAnswer(this.answer.hidden));
    return box(title, {},
      this.given(columns, earlier, input), this.form(columns), this.result, this.answer);
  }

  /** What the reader knows: the table before, and the lines that come now. */
  given(columns, earlier, input) {
    const name = "La tabla anterior";
    return el("div", { class: "stream-given" },
      earlier.length ? this.context(`${name}:`, plainTable(name, columns, earlier)) : [],
      input.length ? this.context("Ahora llega:", el("pre", {}, input.join("\n"))) : []);
  }

  context(words, content) {
    return el("div", { class: "stream-context" },
      el("p", {}, words), el("div", { class: "stream-panel" }, content));
  }

  form(columns) {
    const names = columns.map((name) => el("th", { scope: "col" }, name));
    const table = el("table", { "aria-label": "La tabla que esperas" },
      el("thead", {}, el("tr", {}, names, el("td", {}))), this.rows);
    return el("form", { submit: (event) => this.check(event) },
      this.context("Escribe la tabla que esperas. Si crees que no sale nada, déjala vacía.", table),
      el("div", { class: "stream-controls" },
        el("button", { ...primary, type: "submit" }, "Comprobar"),
        this.addButton, this.answerButton, button("Empezar de nuevo", () => this.restart())));
  }

  addRow() {
    const props = { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
    const cells = this.data.columns.map(() => el("td", {}, el("input", props)));
    const remove = button(icon(ICONS.remove), () => this.removeRow(row));
    const row = el("tr", {}, cells, el("td", {}, remove));
    this.rows.append(row);
    this.label();
    return row;
  }

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
        input.setAttribute("aria-label", `${this.data.columns[column]}, fila ${number + 1}`));
      row.querySelector("button").setAttribute("aria-label", `Quitar la fila ${number + 1}`);
    });
  }

  /** The rows with something in them. @returns {Row[]} */
  written() {
    const valuesOf = (row) => [...row.querySelectorAll("input")].map(({ value }) => value.trim());
    const rows = [...this.rows.rows].map(valuesOf);
    return rows.filter((row) => row.some((value) => value));
  }

  check(event) {
    event.preventDefault();
    const lines = difference(this.data, this.written());
    const panel = { class: "stream-panel stream-scroll" };
    const table = lines.length ? [el("div", panel, differenceTable(this.data.columns, lines))] : [];
    this.result.replaceChildren(el("p", {}, sayDifference(lines)), ...table);
  }

  turnAnswer(visible) {
    this.answer.hidden = !visible;
    this.answerButton.textContent = visible ? "Ocultar la respuesta" : "Ver la respuesta";
    this.answerButton.setAttribute("aria-expanded", visible);
  }

  restart() {
    this.rows.replaceChildren();
    this.result.replaceChildren();
    for (let row = 0; row < EMPTY_ROWS; row += 1) this.addRow();
    this.turnAnswer(false);
  }
}

customElements.define("stream-player", StreamPlayer);
customElements.define("stream-predict", StreamPredict);
})();
