/* What helps with a prediction: a hint by the kind of mistake, and a table that is pasted.
 * Needs no page. */
"use strict";

/**
 * @typedef {Table & {title: string, name: string, mode: string, shown: Row[], input: string[],
 *   earlier: Row[][], state: Row[]|null}} Asked
 *   The rows that came, those of the micro-batch before, and the lines that were read; what the
 *   query wrote before, and the state that it kept.
 * @typedef {{asked: Asked, lines: Marked[], before: (row: Row) => Row|undefined}} Attempt
 *   The lines of a difference, and the row as it was before this micro-batch.
 */

const StreamHints = (() => {
const { shown, keyWidth, keyOf, sameRow, difference } = StreamStory;

/** @param {Row} row */
const say = (row) => `«${row.map(shown).join(" ")}»`;

/** The instants of a row as the console may show them: hours and minutes, window by window.
 * @param {Row} row */
const plain = (row) => row.map(shown).join(" ").replace(/\d{4}-\d\d-\d\d /g, "")
  .replace(/(\d\d:\d\d):\d\d/g, "$1").replace(/[{},]/g, "");

/** The rows so far under their keys, as a query that updates them has left them.
 * @param {Asked} asked */
function resultBefore({ columns, rows, earlier }) {
  const width = keyWidth([rows, ...earlier].map((some) => ({ columns, rows: some })));
  const result = new Map(earlier.flat().map((row) => [keyOf(row, width), row]));
  return (/** @type {Row} */ row) => result.get(keyOf(row, width));
}

/** @param {Attempt} attempt @param {(line: Marked) => boolean|undefined} test */
const find = ({ lines }, test) => lines.find(test);

/** Upper case for lower case. @param {Attempt} attempt */
function sayCase({ lines, asked }) {
  const lower = (/** @type {Row} */ row) => row.map((value) => shown(value).toLowerCase()).join(" ");
  const real = asked.rows.map(lower);
  const line = lines.find(({ row, mark }) => mark === "extra" && real.includes(lower(row)));
  return line && `Mira las mayúsculas y minúsculas de ${say(line.row)}: para Spark cuentan.`;
}

/** A row that `append` does not write yet. @param {Attempt} attempt */
function sayOpen(attempt) {
  const { mode, state } = attempt.asked;
  const kept = mode === "append" && state ? state.map(plain) : [];
  const line = find(attempt, ({ row, mark }) => mark === "extra" && kept.includes(plain(row)));
  return line && `append solo escribe lo que ya no puede cambiar, y ${say(line.row)} aún puede: `
    + "su ventana sigue abierta.";
}

/** A row that `append` wrote before. @param {Attempt} attempt */
function sayRepeated(attempt) {
  const { mode, earlier } = attempt.asked;
  const line = find(attempt, ({ row, mark }) => mode === "append" && mark === "extra"
    && earlier.flat().some((one) => sameRow(one, row)));
  return line && `${say(line.row)} ya salió antes, y append no repite lo que ha escrito.`;
}

/** What the micro-batch adds for the total. @param {Attempt} attempt */
function sayDelta(attempt) {
  const line = find(attempt, ({ row, mark, before: wrote }) => {
    const was = mark === "wrong" ? attempt.before(row) : undefined;
    return was && row.some((value, column) => value !== wrote?.[column]
      && Number(value) - Number(was[column]) === Number(wrote?.[column]));
  });
  return line && `${attempt.asked.mode} escribe el total, no lo que suma este batch.`;
}

/** What a row was before. @param {Attempt} attempt */
function sayStale(attempt) {
  const line = find(attempt, ({ row, mark, before: wrote }) => {
    const was = mark === "wrong" ? attempt.before(row) : undefined;
    return was && wrote && sameRow(was, wrote);
  });
  return line?.before && `${say(line.before)} es lo que había antes de este batch.`;
}

/** Rows that `update` leaves out. @param {Attempt} attempt */
function sayUnchanged(attempt) {
  const line = find(attempt, ({ row, mark }) => {
    const was = mark === "extra" && attempt.asked.mode === "update" && attempt.before(row);
    return was && sameRow(was, row);
  });
  return line && `update solo escribe las filas que cambian, y ${say(line.row)} ya estaba así.`;
}

/** Only what has changed where `complete` writes all. @param {Attempt} attempt */
function sayOnlyNew(attempt) {
  const { mode } = attempt.asked;
  const line = find(attempt, ({ row, mark }) => {
    const was = mark === "missing" && mode === "complete" && attempt.before(row);
    return was && sameRow(was, row);
  });
  return line && "complete escribe la tabla entera, también lo que no ha cambiado.";
}

/** @type {Record<string, string>} */
const RULES = {
  append: "append escribe solo filas nuevas, y cada una una vez.",
  update: "update escribe las filas que cambian en este batch, con su total.",
  complete: "complete escribe la tabla entera, cada vez.",
};

const KINDS = [sayCase, sayOpen, sayRepeated, sayDelta, sayStale, sayUnchanged, sayOnlyNew];

/** The most exact thing to say about a wrong prediction without giving the answer.
 * @param {Asked} asked @param {Row[]} written */
function hint(asked, written) {
  const lines = difference(asked, written);
  const before = asked.mode === "append" ? () => undefined : resultBefore(asked);
  for (const kind of KINDS) {
    const words = kind({ asked, lines, before });
    if (words) return words;
  }
  return RULES[asked.mode];
}

/** What stands between the cells of a table that is copied from somewhere. @param {string} text */
const separatorOf = (text) => ["|", "\t", ";", ","].find((sign) => text.includes(sign)) ?? /\s+/;

/** The rows of a pasted table, without its header and rules; none if it is a single value.
 * @param {string} text @param {string[]} columns @returns {string[][]} */
function pasted(text, columns) {
  const separator = separatorOf(text);
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => /[^-+\s]/.test(line));
  const rows = lines.map((line) => {
    const whole = separator === "|" ? line.replace(/^\||\|$/g, "") : line;
    return (columns.length > 1 || separator === "|" ? whole.split(separator) : [whole])
      .map((value) => value.trim()).slice(0, columns.length);
  });
  const table = rows.filter((row) => row.join() !== columns.join());
  return table.length > 1 || (table[0]?.length ?? 0) > 1 ? table : [];
}

return { hint, pasted };
})();
