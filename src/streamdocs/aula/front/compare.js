// What the page recorded beside what came now: pure text, nothing of the page.

// Not from the beginning of its line: in a terminal the prompt of a shell may stand there.
const BATCH = /-{5,}\nBatch: (\d+)\n-{5,}\n/g;

const MEASURED = ", salvo los tiempos y otras medidas";
const ID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
// In the page, a terminal's cell has a number, too.
const NUMBER = /(?<=\bcell \[|<celda )\d+(?=[\]>])/g;
// What makes a column of a table wider: a rule's dashes, and the blanks that fill it.
const WIDTH = /(?<=[+-])-(?=[+-])| +(?=\|)|(?<= ) +/g;

const RULE = /^\+[-+]*\+$/;
// What tells a terminal how to show what follows, and our own marks in it: see handlers.py.
const CONTROLS = /\r|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*\x07/g;

/**
 * What a terminal was sent, without what is not shown.
 * @param {string} text
 */
export const shown = (text) => text.replace(CONTROLS, "");

/**
 * A text as it is compared: each run has ids and numbers of its own.
 * @param {string} text
 */
export const trimmed = (text) => text.replace(/\r/g, "").replace(ID, "<id>").replace(NUMBER, "<n>")
  .split("\n").map((line) => line.trimEnd()).join("\n").trim();

/**
 * A text without what each run measures anew.
 * @param {string} text
 * @param {RegExp[]} varies
 */
const constant = (text, varies) =>
  varies.reduce((left, one) => left.replace(one, "<>"), trimmed(text)).replace(WIDTH, "");

/**
 * The batches that a console printed, whole or not, in the order in which they came.
 * @param {string} text
 * @returns {{number: number, table: string}[]}
 */
export function batches(text) {
  const found = [...text.matchAll(BATCH)];
  return found.map((one, index) => ({
    number: Number(one[1]),
    table: tableOf(text.slice(one.index + one[0].length, found[index + 1]?.index)),
  }));
}

/**
 * The table with which a text begins: what other cells print may stand after it.
 * @param {string} text
 */
function tableOf(text) {
  const lines = text.replace(/\r/g, "").split("\n").map((line) => line.trimEnd());
  let rules = 0;
  const end = lines.findIndex((line) => {
    // Another cell's table may follow at once.
    if (rules === 3 || !/^[+|]/.test(line)) return !line.startsWith("only showing");
    if (RULE.test(line)) rules += 1;
    return false;
  });
  return lines.slice(0, end < 0 ? undefined : end).join("\n");
}

/** @param {string} text */
export const hasBatches = (text) => batches(text).length > 0;

/**
 * Whether a table is there to its last rule.
 * @param {string} table
 */
export const whole = (table) => table.split("\n").filter((line) => RULE.test(line)).length >= 3;

/**
 * What the first query printed, out of all that is printed: its batches are numbered without a gap,
 * and another query begins again.
 * @param {{number: number, table: string}[]} all
 */
function ofOneQuery(all) {
  const end = all.findIndex(({ number }, index) => index > 0 && number !== all[index - 1].number + 1);
  return end < 0 ? all : all.slice(0, end);
}

/**
 * How what came compares with what was recorded: "" while nothing can be said.
 * @param {string} recorded what the page shows under the cell
 * @param {string} later what it shows from the cell on, under whichever cell
 * @param {string} got
 * @param {RegExp[]} varies what each run measures anew
 * @returns {{same: boolean, text: string} | null}
 */
export function verdict(recorded, later, got, varies = []) {
  const alike = (/** @type {string} */ one, /** @type {string} */ other) =>
    constant(one, varies) === constant(other, varies);
  const mine = batches(got).filter(({ table }) => whole(table));
  if (!mine.length) {
    if (hasBatches(recorded)) return null; // none has come yet
    if (!trimmed(recorded) && !trimmed(got)) return null;
    if (trimmed(recorded) === trimmed(got)) return { same: true, text: "Igual que en la página." };
    return alike(recorded, got)
      ? { same: true, text: `Igual que en la página${MEASURED}.` }
      : { same: false, text: "Distinto de lo que grabó la página." };
  }
  const all = batches(later);
  if (ofOneQuery(mine).length < mine.length) {
    const other = mine.findIndex(({ number, table }, index) =>
      number !== all[index]?.number || !alike(all[index].table, table));
    return other < 0 ? { same: true, text: "Igual que en la página." }
      : { same: false, text: `Distinto de lo que grabó la página, desde la tabla ${other + 1}.` };
  }
  return beside(ofOneQuery(all), mine, alike);
}

/**
 * @typedef {{number: number, table: string}} Compared a batch, and what is compared of it
 * @typedef {{columns: string[], rows: (string | null)[][]}} Table
 * @typedef {{name: string, mode: string, batches: {id: number, input: {text: string}[],
 *   inputRows: number, state: Table | null, stores?: unknown[], output: Table}[]}} Trace
 *   As the recorder makes it: what is not named here is only played.
 */

/**
 * How what a query did compares with what was recorded of it: what it read, kept and wrote.
 * @param {Trace} recorded
 * @param {Trace} got
 */
export function played(recorded, got) {
  const [theirs, mine] = [recorded, got].map(({ batches }) => batches.map(
    ({ id, input, state, stores, output }) =>
      ({ number: id, table: JSON.stringify([input.map(({ text }) => text), state, stores, output]) })));
  return beside(theirs, mine, (one, other) => one === other,
    "Lo que leyó, guardó y escribió, igual que en la página");
}

/**
 * @param {Compared[]} recorded
 * @param {Compared[]} mine
 * @param {(one: string, other: string) => boolean} alike
 * @param {string} same what is said where nothing differs
 * @returns {{same: boolean, text: string} | null}
 */
function beside(recorded, mine, alike, same = "Igual que en la página") {
  const theirs = new Map(recorded.map(({ number, table }) => [number, table]));
  const known = mine.filter(({ number }) => theirs.has(number));
  const different = known.filter(({ number, table }) => !alike(theirs.get(number) ?? "", table));
  if (different.length) {
    const names = different.map(({ number }) => number).join(", ");
    return { same: false, text: `Distinto de lo que grabó la página en Batch ${names}: es lo normal `
      + "si has escrito otras líneas." };
  }
  if (!known.length) return null;
  const but = known.every(({ number, table }) => theirs.get(number) === table) ? "" : MEASURED;
  const [first, last] = [known[0].number, known[known.length - 1].number];
  return { same: true, text: first === last ? `${same}: Batch ${last}${but}.`
    : `${same}, de Batch ${first} a Batch ${last}${but}.` };
}
