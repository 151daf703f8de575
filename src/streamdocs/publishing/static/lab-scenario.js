/* What a reader can choose in a laboratory, and the address of a choice. Needs no page. */
"use strict";

/**
 * @typedef {{side: number, rows: string[][]}} Sent  A file: whose it is, and its rows' cells.
 * @typedef {{kind: string, settings: Record<string, string>, files: Sent[]}} Choice
 * @typedef {{title: string, day: string, names: string[], sides: string[], queries: string[]}} Named
 *   What a laboratory calls its columns and its two streams, the day of an hour without one, and the
 *   queries that it offers.
 * @typedef {{file: number, row: number}} Place
 */

const LabScenario = (() => {

const VERSION = "1";
const MOST_ROWS = 200;

const DURATIONS = {
  "1 minute": "1 minuto", "5 minutes": "5 minutos", "10 minutes": "10 minutos",
  "15 minutes": "15 minutos", "20 minutes": "20 minutos", "30 minutes": "30 minutos",
  "1 hour": "1 hora",
};
const DELAYS = { none: "sin watermark", "0 minutes": "nada", ...DURATIONS };

/** What can be chosen, with its label and those of its values: {0} to {2} are the columns, {3} and
 * {4} the streams.
 * @type {Record<string, {label: string, values: Record<string, string>}>} */
const CHOICES = {
  window: { label: "Ventana", values: DURATIONS },
  slide: { label: "Empieza una cada", values: DURATIONS },
  gap: { label: "Silencio que la cierra", values: DURATIONS },
  keyed: { label: "Agrupa por", values: { no: "ventana", yes: "ventana y {1}" } },
  keys: {
    label: "Compara",
    values: { key: "{1}", "ts,key": "{0} y {1}", "key,val": "{1} y {2}", "ts,key,val": "todo" },
  },
  how: { label: "Tipo de join", values: { inner: "inner", left_outer: "left outer" } },
  bound: { label: "Plazo de {4}", values: { none: "sin plazo", ...DURATIONS } },
  watermark: { label: "Espera (watermark)", values: DELAYS },
  watermark2: { label: "Espera de {4}", values: DELAYS },
  mode: { label: "Modo", values: { append: "append", update: "update", complete: "complete" } },
  feed: {
    label: "Los datos",
    values: {
      one: "llegan de uno en uno", files: "ya esperan: uno por micro-batch",
      once: "ya esperan: todo de una vez",
    },
  },
};

/** The queries: the model's name of each, the settings that it has, and those that do not begin at
 * their first value.
 * @type {Record<string, {label: string, op: string, shape: string, asks: string[],
 *   begins?: Record<string, string>}>} */
const KINDS = {
  words: {
    label: "Contar palabras", op: "count", shape: "words", asks: ["mode", "feed"],
    begins: { mode: "complete" },
  },
  filter: {
    label: "Filtrar: {2} > 2", op: "stateless", shape: "rows", asks: ["mode", "feed"],
  },
  count: {
    label: "Contar por {1}", op: "keycount", shape: "rows", asks: ["watermark", "mode", "feed"],
    begins: { mode: "update" },
  },
  tumbling: {
    label: "Ventanas seguidas", op: "window", shape: "rows",
    asks: ["window", "keyed", "watermark", "mode", "feed"],
    begins: { window: "10 minutes", watermark: "10 minutes" },
  },
  sliding: {
    label: "Ventanas que se solapan", op: "window", shape: "rows",
    asks: ["window", "slide", "keyed", "watermark", "mode", "feed"],
    begins: { window: "10 minutes", slide: "5 minutes", watermark: "10 minutes" },
  },
  session: {
    label: "Sesiones", op: "session", shape: "rows", asks: ["gap", "watermark", "mode", "feed"],
    begins: { gap: "5 minutes", watermark: "10 minutes" },
  },
  distinct: {
    label: "Quitar repetidos", op: "dedup", shape: "rows",
    asks: ["keys", "watermark", "mode", "feed"],
  },
  within: {
    label: "Quitar repetidos dentro de la espera", op: "dedupWithin", shape: "rows",
    asks: ["keys", "watermark", "mode", "feed"], begins: { watermark: "10 minutes" },
  },
  join: {
    label: "Unir dos streams", op: "join", shape: "sides",
    asks: ["how", "bound", "watermark", "watermark2", "mode", "feed"],
    begins: { bound: "1 hour", watermark: "10 minutes", watermark2: "10 minutes" },
  },
};

/** The values of a setting, with their labels: two streams are not read file by file.
 * @param {string} kind @param {string} name */
const valuesOf = (kind, name) => Object.entries(CHOICES[name].values)
  .filter(([value]) => !(kind === "join" && value === "files"));

/** @param {Named} lab @param {string} text */
const named = ({ names, sides }, text) =>
  text.replace(/\{(\d)\}/g, (_, index) => [...names, ...sides][index]);

/** The settings with which a query begins. @param {string} kind @returns {Record<string, string>} */
const beginning = (kind) => Object.fromEntries(KINDS[kind].asks.map((name) =>
  [name, KINDS[kind].begins?.[name] ?? valuesOf(kind, name)[0][0]]));

/** What a query takes over of the settings of another one.
 * @param {string} kind @param {Record<string, string>} settings @returns {Record<string, string>} */
const common = (kind, settings) => Object.fromEntries(Object.entries(settings).filter(
  ([name, value]) => KINDS[kind].asks.includes(name) && valuesOf(kind, name).some(([one]) => one === value)));

/** The names of a row's cells. @param {Named} lab @param {string} kind */
const columnsOf = (lab, kind) => (KINDS[kind].shape === "words" ? ["línea"] : lab.names);

// Rows

const HOUR = /^(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d:\d\d(?::\d\d)?)$/;

/** A time as Spark reads it, or null: there is no 30th of February, and no 24:00.
 * @param {Named} lab @param {string} text */
function timeOf(lab, text) {
  const [, day = lab.day, hour] = HOUR.exec(text) ?? [];
  const ms = Date.parse(`${day}T${hour}Z`);
  if (!hour || Number.isNaN(ms)) return null;
  return new Date(ms).toISOString().startsWith(`${day}T${hour}`) ? `${day} ${hour}` : null;
}

/** What is wrong with a row: the cell, and a sentence.
 * @param {Named} lab @param {string} kind @param {string[]} cells
 * @returns {{cell: number, text: string}|null} */
function problemOf(lab, kind, cells) {
  const columns = columnsOf(lab, kind);
  const empty = columns.findIndex((_, cell) => !cells[cell]?.trim());
  if (empty >= 0) return { cell: empty, text: `Falta «${columns[empty]}»: escríbelo, o quita la fila.` };
  if (KINDS[kind].shape === "words") return null;
  const [time, key, value] = cells.map((cell) => cell.trim());
  if (!timeOf(lab, time)) {
    return { cell: 0, text: `«${time}» no es una hora: escribe, por ejemplo, 12:08.` };
  }
  if (key.includes(",")) return { cell: 1, text: `Quita la coma de «${key}»: separa las columnas.` };
  if (/^[+-]?\d{1,9}$/.test(value)) return null;
  return { cell: 2, text: `«${value}» no es un número entero: escribe, por ejemplo, 3.` };
}

/** A row as it stands in its file. @param {Named} lab @param {string} kind @param {string[]} cells */
function lineOf(lab, kind, cells) {
  const [first, ...rest] = cells.map((cell) => cell.trim());
  return KINDS[kind].shape === "words" ? first : [timeOf(lab, first), ...rest].join(",");
}

// Moving rows about

/** The files without the empty ones, with the row where it has come to.
 * @param {Sent[]} files @param {string[]} row @returns {{files: Sent[], place: Place}} */
function settled(files, row) {
  const left = files.filter(({ rows }) => rows.length);
  const file = left.findIndex(({ rows }) => rows.includes(row));
  return { files: left, place: { file, row: left[file]?.rows.indexOf(row) ?? -1 } };
}

/** @param {Sent[]} files @returns {Sent[]} */
const copy = (files) => files.map(({ side, rows }) => ({ side, rows: [...rows] }));

/** Put a row before another place, at a file's end, or into a file of its own.
 * @param {Sent[]} files @param {Place} from @param {Place} to */
function placed(files, from, to) {
  const next = copy(files);
  const row = files[from.file].rows[from.row];
  if (to.file < files.length) {
    const before = files[to.file].rows[to.row];
    if (before === row) return { files, place: from };
    next[from.file].rows.splice(from.row, 1);
    const { rows } = next[to.file];
    rows.splice(before ? rows.indexOf(before) : rows.length, 0, row);
  } else {
    next[from.file].rows.splice(from.row, 1);
    next.push({ side: files[from.file].side, rows: [row] });
  }
  return settled(next, row);
}

/** One step up or down: past a row, out of its file into one of its own, or into the next file.
 * @param {Sent[]} files @param {Place} from @param {-1|1} by */
function moved(files, { file, row }, by) {
  const next = copy(files);
  const { side, rows } = next[file];
  const [mine] = rows.splice(row, 1);
  const at = row + by;
  if (at >= 0 && at <= rows.length) {
    rows.splice(at, 0, mine);
  } else if (rows.length) {
    next.splice(by > 0 ? file + 1 : file, 0, { side, rows: [mine] });
  } else if (next[file + by]) {
    const other = next[file + by].rows;
    other.splice(by > 0 ? 0 : other.length, 0, mine);
  } else {
    rows.push(mine);
  }
  return settled(next, mine);
}

// Written and read

/** @param {Choice} scenario */
const countRows = ({ files }) => files.reduce((sum, { rows }) => sum + rows.length, 0);

/** A scenario from words: the author's, or an address's; an error says which word is wrong.
 * @param {Named} lab @param {string} kind @param {Record<string, string>} words
 * @param {string[][]} files @returns {Choice} */
function read(lab, kind, words, files) {
  if (!lab.queries.includes(kind) || !Object.hasOwn(KINDS, kind)) {
    throw new Error(`aquí no hay ninguna consulta «${kind}»; hay: ${lab.queries.join(", ")}`);
  }
  for (const [name, value] of Object.entries(words)) {
    if (!KINDS[kind].asks.includes(name)) {
      throw new Error(`«${kind}» no tiene «${name}»; tiene: ${KINDS[kind].asks.join(", ")}`);
    }
    const values = valuesOf(kind, name).map(([one]) => one);
    if (!values.includes(value)) {
      throw new Error(`«${name}» no puede ser «${value}»; puede ser: ${values.join("; ")}`);
    }
  }
  const scenario = {
    kind, settings: { ...beginning(kind), ...words }, files: files.map((lines) => fileOf(kind, lines)),
  };
  const rows = countRows(scenario);
  if (!rows || rows > MOST_ROWS) throw new Error(`debe haber entre 1 y ${MOST_ROWS} filas`);
  for (const cells of scenario.files.flatMap((file) => file.rows)) {
    const problem = problemOf(lab, kind, cells);
    if (problem) throw new Error(`en «${cells.join(",")}»: ${problem.text}`);
  }
  return scenario;
}

/** A file from its rows; of two streams, each row begins with the number of its own.
 * @param {string} kind @param {string[]} lines @returns {Sent} */
function fileOf(kind, lines) {
  const { shape } = KINDS[kind];
  if (shape === "words") return { side: 0, rows: lines.map((line) => [line]) };
  const rows = lines.map((line) => line.split(","));
  if (shape === "rows") return { side: 0, rows };
  const sides = new Set(rows.map(([side]) => side));
  if (sides.size !== 1 || !["1", "2"].includes(rows[0][0])) {
    throw new Error("cada fila empieza con 1 o 2, su stream, y un fichero es de uno solo");
  }
  return { side: Number(rows[0][0]) - 1, rows: rows.map(([, ...cells]) => cells) };
}

/** The rows of a file as `read` takes them. @param {string} kind @param {Sent} file */
const linesOf = (kind, { side, rows }) => rows.map((cells) =>
  (KINDS[kind].shape === "sides" ? [side + 1, ...cells] : cells).join(","));

/** Encoded, but readable: what an address may hold stays as it is. @param {string} text */
const encode = (text) => encodeURIComponent(text)
  .replaceAll("%20", "+").replaceAll("%3A", ":").replaceAll("%2C", ",");

/** @param {string} text */
const decode = (text) => decodeURIComponent(text.replaceAll("+", " "));

/** The part of an address that tells a scenario. @param {Choice} scenario */
function address({ kind, settings, files }) {
  const words = Object.entries({ lab: VERSION, query: kind, ...settings })
    .map(([name, value]) => `${name}=${encode(value)}`);
  const rows = files.map((file) => linesOf(kind, file).map(encode).join(";")).join("/");
  return [...words, `files=${rows}`].join("&");
}

/** The scenario of an address; null where it tells none, an error where it is broken.
 * @param {Named} lab @param {string} fragment */
function fromAddress(lab, fragment) {
  if (!fragment.startsWith("lab=")) return null;
  const pairs = fragment.split("&").map((part) => {
    const [name, ...value] = part.split("=");
    return /** @type {[string, string]} */ ([name, value.join("=")]);
  });
  const { lab: version, query = "", files = "", ...words } = Object.fromEntries(pairs);
  if (version !== VERSION) throw new Error("es de otra versión del laboratorio");
  const settings = Object.fromEntries(
    Object.entries(words).map(([name, value]) => [name, decode(value)]));
  const rows = files.split("/").map((lines) => lines.split(";").map(decode));
  return read(lab, query, settings, rows);
}

return {
  CHOICES, KINDS, MOST_ROWS, valuesOf, named, beginning, common, columnsOf, timeOf, problemOf, lineOf, placed,
  moved, countRows, read, linesOf, address, fromAddress,
};
})();
