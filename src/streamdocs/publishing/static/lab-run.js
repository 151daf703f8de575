/* What Spark would do with a scenario, by its model: a record, or a refusal. Needs no page. */
"use strict";

/**
 * @typedef {{refused: string|null, record: Trace|null}} Ran
 */

const LabRun = (() => {
const { KINDS, lineOf } = LabScenario;

/** The file's extension says what it holds. @param {string} kind */
const extension = (kind) => (KINDS[kind].shape === "words" ? "txt" : "csv");

/** @param {Named} lab @param {Choice} scenario @param {number} file */
function nameOf(lab, { kind, files }, file) {
  const folder = KINDS[kind].shape === "sides" ? `${lab.sides[files[file].side]}/` : "";
  return `${folder}${file + 1}.${extension(kind)}`;
}

/** A scenario in the model's own words.
 * @param {Named} lab @param {Choice} scenario @returns {Fed} */
function forModel(lab, { kind, settings, files }) {
  const { keys, keyed, ...rest } = settings;
  const chosen = Object.entries(rest).filter(([, value]) => value !== "none");
  const lists = files.map(({ side, rows }) => {
    const lines = rows.map((cells) => lineOf(lab, kind, cells));
    return KINDS[kind].shape === "sides" ? (side ? [[], lines] : [lines, []]) : lines;
  });
  return /** @type {any} */ ({
    ...Object.fromEntries(chosen),
    op: KINDS[kind].op,
    keyed: keyed === "yes" || kind === "session",
    ...(keys ? { keys: keys.split(",") } : {}),
    batches: lists,
  });
}

/** The names that a laboratory gives to the model's columns.
 * @param {Named} lab @param {string} kind @returns {(column: string) => string} */
function renamer({ names: [time, key, value], sides }, kind) {
  /** @type {Record<string, string>} */
  const names = {
    ts: time, key, val: value, word: "palabra", window: "ventana", session_window: "sesion",
    sum: value, count: kind === "words" ? "count" : "filas",
  };
  sides.forEach((side, index) => {
    const initial = "lr"[index];
    for (const one of ["ts", "key", "val"]) names[initial + one] = `${names[one]}_${side}`;
  });
  return (column) => names[column];
}

/** The file of each row, in the order in which the model reads them.
 * @param {Named} lab @param {Choice} scenario */
function origins(lab, scenario) {
  const { files, settings } = scenario;
  const each = files.map(({ side, rows }, file) => ({ side, rows, from: nameOf(lab, scenario, file) }));
  if (settings.feed === "once") each.sort((one, other) => one.side - other.side);
  return each.flatMap(({ rows, from }) => rows.map(() => from));
}

/** What Spark would do. @param {Named} lab @param {Choice} scenario @returns {Ran} */
function run(lab, scenario) {
  const ran = StreamModel.recordOf(forModel(lab, scenario), lab.title);
  if ("refused" in ran) return { refused: ran.refused, record: null };
  const rename = renamer(lab, scenario.kind);
  const from = origins(lab, scenario);
  /** @param {Table} table */
  const renamed = ({ columns, rows }) => ({ columns: columns.map(rename), rows });
  const batches = ran.batches.map((batch) => ({
    ...batch,
    input: batch.input.map((line) => ({ ...line, from: from.shift() ?? "" })),
    state: batch.state && renamed(batch.state),
    output: renamed(batch.output),
  }));
  return { refused: null, record: { ...ran, batches } };
}

/** @param {number} n @param {string} one @param {string} many */
const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** @param {Trace} record @param {(batch: Batch) => number} of */
const total = ({ batches }, of) => batches.reduce((sum, batch) => sum + of(batch), 0);

/** What a record comes to.
 * @param {Trace} record */
const figures = (record) => ({
  batches: record.batches.length,
  empty: record.batches.filter(({ inputRows }) => !inputRows).length,
  written: total(record, ({ output }) => output.rows.length),
  lost: total(record, ({ dropped }) => dropped),
  state: record.batches.at(-1)?.state?.rows.length ?? 0,
});

/** Why Spark refuses, by the condition of its error.
 * @type {Record<string, string>} */
const WHY = {
  "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION": "esta consulta no puede escribir en ese modo",
  "DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION":
    "las ventanas no pueden empezar más separadas que lo que duran",
  "_LEGACY_ERROR_TEMP_3102": "a esta consulta le falta un watermark o un plazo, o no puede escribir en ese modo",
};

/** @param {Ran} ran */
function tell({ refused, record }) {
  if (refused) return `Spark se niega a arrancar: ${WHY[refused] ?? "no admite esta consulta"}.`;
  const { batches, empty, written, lost, state } = figures(/** @type {Trace} */ (record));
  return [
    `${count(batches, "micro-batch", "micro-batches")}, ${count(empty, "vacío", "vacíos")}.`,
    `${written === 1 ? "Sale" : "Salen"} ${count(written, "fila", "filas")}.`,
    lost ? `Descarta ${lost}.` : "No descarta nada.",
    state ? `En el estado ${state === 1 ? "queda" : "quedan"} ${state}.` : "El estado acaba vacío.",
  ].join(" ");
}

return { forModel, run, figures, tell, nameOf, renamer };
})();
