/* What a step, or a prediction, is in words. Needs no page. */
"use strict";

const StreamWords = (() => {
const { shown, startOf, watermarkOf, lostOf } = StreamStory;

/** @param {number} n @param {string} one @param {string} many */
const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** @param {number} n */
const rowCount = (n) => count(n, "fila", "filas");

/** @param {number} ms @param {number} from @param {number} to */
const clockPart = (ms, from, to) => new Date(ms).toISOString().slice(from, to).replace(".", ",");

/** Hour and minute. @param {number} ms */
const clock = (ms) => clockPart(ms, 11, 16);

/** @param {number} ms */
const minuteSecond = (ms) => clockPart(ms, 14, 19);

/** Ticks may stand less than a second apart: then two would read the same without the tenths.
 * @param {number} ms */
const minuteSecondTenth = (ms) => clockPart(ms, 14, 21);

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toLocaleString("es", { maximumFractionDigits: 1 })} s`;

/** @param {string} key @param {Row} before @param {Row} row */
function sayChange(key, before, row) {
  const column = row.findIndex((value, index) => value !== before[index]);
  const name = JSON.parse(key).map(shown).join(" ");
  return `${name} pasa de ${shown(before[column])} a ${shown(row[column])}`.trim();
}

/** @param {MarkedTable} table @param {string} name  Of the store, where there are several. */
function sayState({ rows, gone }, name) {
  const fresh = rows.filter(({ mark }) => mark === "new").length;
  const changed = rows.flatMap(({ key, before, row, mark }) =>
    (before && mark === "changed" ? [sayChange(key, before, row)] : []));
  const parts = changed.length > 2 ? [`${changed.length} filas cambian`] : changed;
  if (fresh) parts.unshift(count(fresh, "fila nueva", "filas nuevas"));
  if (gone.length) parts.push(count(gone.length, "fila se borra", "filas se borran"));
  if (name) return `Estado (${name}): ${parts.join(", ") || "no cambia"}.`;
  return parts.length ? `Estado: ${parts.join(", ")}.` : "El estado no cambia.";
}

/** @param {Story} story @param {number} step */
function sayOutput({ records, outputs }, step) {
  const counts = outputs.map((tables) => tables[step - 1].rows.length);
  const each = counts.map((n, index) => `${n} con ${records[index].label}`);
  if (records.length > 1) return `Filas que salen: ${each.join(", ")}.`;
  if (counts[0] === 0) return "No sale ninguna fila.";
  return `${counts[0] === 1 ? "Sale" : "Salen"} ${rowCount(counts[0])}.`;
}

/** @param {Batch} batch */
const sayTime = (batch) =>
  `Empieza en el minuto ${minuteSecond(startOf(batch))} y tarda ${seconds(batch.duration)}.`;

/** What is lost: where Spark's counter counts something else, both.
 * @param {number} lines @param {number} counted */
function sayLost(lines, counted) {
  const counter = lines && lines !== counted ? ` (el contador de Spark dice ${counted})` : "";
  return `Llegan tarde y se pierden: ${rowCount(lines || counted)}${counter}.`;
}

/** @param {number} waiting */
const sayWaiting = (waiting) => (waiting
  ? `${waiting > 1 ? "Quedan" : "Queda"} ${rowCount(waiting)} esperando.` : "No queda nada esperando.");

/** One step in words: read aloud, and shown. @param {Story} story @param {number} step */
function say(story, step) {
  if (step === 0) return "Antes del primer batch: todavía no ha entrado nada.";
  const batch = story.batches[step - 1];
  const { id, inputRows, dropped, waiting } = batch;
  const mark = watermarkOf(batch);
  return [
    `Batch ${id}.`,
    story.timed && sayTime(batch),
    inputRows ? `${inputRows > 1 ? "Entran" : "Entra"} ${rowCount(inputRows)}.` : "No entra nada.",
    waiting !== undefined && sayWaiting(waiting),
    mark && `Watermark: ${clock(mark)}.`,
    dropped && sayLost(lostOf(story.batches)[step - 1].length, dropped),
    ...story.stores.map(({ name, tables }) => sayState(tables[step - 1], name)),
    sayOutput(story, step),
  ].filter(Boolean).join(" ");
}

/** What each mark of a prediction means, said of one row and of several.
 * @type {Record<string, [string, string]>} */
const VERDICTS = {
  right: ["bien", "bien"],
  wrong: ["valor distinto", "con valor distinto"],
  missing: ["falta", "faltan"],
  extra: ["sobra", "sobran"],
};

/** What a row is that a reader wrote. @param {Mark} mark */
const sayRow = (mark) => VERDICTS[mark][0];

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

/** The lines of a prediction as a table: the verdict first, and what was written where it differs.
 * @param {Marked[]} lines @returns {Marked[]} */
function verdicts(lines) {
  /** @param {string|null} value @param {string|null|undefined} was */
  const cell = (value, was) => (was === undefined || was === shown(value)
    ? shown(value)
    : `escribiste ${was || "nada"}, salió ${shown(value)}`);
  return lines.map(({ row, mark, before }) => {
    const cells = row.map((value, column) => cell(value, before?.[column]));
    return { mark, row: [VERDICTS[mark ?? ""][0], ...cells] };
  });
}

return {
  rowCount, clock, minuteSecond, minuteSecondTenth, seconds, say, sayDifference, sayRow, verdicts,
};
})();
