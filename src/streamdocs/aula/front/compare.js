// What the page recorded beside what came now: pure text, nothing of the page.

const BATCH = /^-{5,}\nBatch: (\d+)\n-{5,}\n/gm;

const ID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?|\b\d+([.,]\d+)? (ms|s)\b/g;

/**
 * A text as it is compared: each run of a query has ids of its own.
 * @param {string} text
 */
export const trimmed = (text) => text.replace(/\r/g, "").replace(ID, "<id>").split("\n")
  .map((line) => line.trimEnd()).join("\n").trim();

/** @param {string} text */
const withoutTimes = (text) => trimmed(text).replace(TIME, "<time>").replace(/ +/g, " ");

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
  const end = lines.findIndex((line) => !/^([+|]|only showing)/.test(line));
  return lines.slice(0, end < 0 ? undefined : end).join("\n");
}

/** @param {string} text */
export const hasBatches = (text) => batches(text).length > 0;

/**
 * Whether a table is there to its last rule.
 * @param {string} table
 */
export const whole = (table) => (table.match(/^\+[-+]*\+$/gm) ?? []).length >= 3;

/**
 * What a query printed in the page, out of all that the page prints from its cell on: its batches
 * are numbered without a gap, and another query begins again.
 * @param {string} text
 */
export function ofOneQuery(text) {
  const all = batches(text);
  const end = all.findIndex(({ number }, index) => index > 0 && number !== all[index - 1].number + 1);
  return end < 0 ? all : all.slice(0, end);
}

/**
 * How what came compares with what was recorded: "" while nothing can be said.
 * @param {string} recorded what the page shows under the cell
 * @param {string} later what it shows from the cell on, under whichever cell
 * @param {string} got
 * @returns {{same: boolean, text: string} | null}
 */
export function verdict(recorded, later, got) {
  const mine = batches(got).filter(({ table }) => whole(table));
  if (!mine.length) {
    if (hasBatches(recorded)) return null; // none has come yet
    if (!trimmed(recorded) && !trimmed(got)) return null;
    if (trimmed(recorded) === trimmed(got)) return { same: true, text: "Igual que en la página." };
    return withoutTimes(recorded) === withoutTimes(got)
      ? { same: true, text: "Igual que en la página, salvo los tiempos." }
      : { same: false, text: "Distinto de lo que grabó la página." };
  }
  const theirs = new Map(ofOneQuery(later).map(({ number, table }) => [number, table]));
  const known = mine.filter(({ number }) => theirs.has(number));
  const different = known.filter(({ number, table }) => theirs.get(number) !== table);
  if (different.length) {
    const names = different.map(({ number }) => number).join(", ");
    return { same: false, text: `Distinto de lo que grabó la página en Batch ${names}: es lo normal `
      + "si has escrito otras líneas." };
  }
  if (!known.length) return null;
  const [first, last] = [known[0].number, known[known.length - 1].number];
  return { same: true, text: first === last ? `Igual que en la página: Batch ${last}.`
    : `Igual que en la página, de Batch ${first} a Batch ${last}.` };
}
