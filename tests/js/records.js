"use strict";
/* Records to test with: the two sentences of the course, counted. */

const WORDS = ["palabra", "count"];
/** @type {Row[]} */
const FIRST = [["Esta", "1"], ["es", "1"], ["primera", "1"]];
/** @type {Row[]} */
const NEW = [["Enviamos", "1"], ["linea", "1"]];
/** @type {Row[]} */
const BOTH = [["Esta", "1"], ["es", "1"], ["primera", "2"], ...NEW];

/** @param {Row[]} rows @param {string[]} [columns] @returns {Table} */
const table = (rows, columns = WORDS) => ({ columns, rows });

/** A micro-batch that starts every five seconds and reads what came a second before.
 * @param {number} id @param {string[]} lines @param {Table} output @param {Partial<Batch>} [more]
 * @returns {Batch} */
const batch = (id, lines, output, more) => ({
  id,
  start: new Date(Date.UTC(2026, 10, 24, 5, 0, 5 * id)).toISOString(),
  duration: 1500,
  input: lines.map((text) => ({ text, from: "Terminal 1", at: `2026-11-24T05:00:0${id}.000Z` })),
  inputRows: lines.length,
  state: null,
  watermark: null,
  output,
  dropped: 0,
  ...more,
});

/** @param {string} mode @param {Batch[]} batches @returns {Labelled} */
const labelled = (mode, ...batches) => ({
  label: mode,
  record: { name: "prueba", mode, trigger: "", runId: "1", batches },
});

/** The words counted in a mode, with the rows that its second sentence writes.
 * @param {string} mode @param {Row[]} last */
const counting = (mode, last) => labelled(mode,
  batch(0, [], table([]), { state: table([]) }),
  batch(1, ["Esta es primera"], table(FIRST), { state: table(FIRST) }),
  batch(2, ["Enviamos linea primera"], table(last), { state: table(BOTH) }));

/** Orders and payments that wait for each other: the payments wait for less time.
 * @param {string} mode */
const joining = (mode) => {
  /** @param {Row[]} orders @param {Row[]} payments @returns {Partial<Batch>} */
  const keep = (orders, payments) => ({
    stores: [
      { name: "pedidos", keys: 2, table: table(orders, ["pedido", "ticket"]) },
      { name: "cobros", keys: 2, table: table(payments, ["cobrado", "pagado"]) },
    ],
  });
  const pair = [["1", "12:20"]];
  return labelled(mode,
    batch(0, ["12:00,1", "12:02,9"], table([], ["ticket", "cobro"]),
      keep([["12:00", "1"]], [["12:02", "9"]])),
    batch(1, ["12:00,2", "12:20,1"], table(pair, ["ticket", "cobro"]),
      keep([["12:00", "1"], ["12:00", "2"]], [["12:02", "9"], ["12:20", "1"]])),
    batch(2, [], table([], ["ticket", "cobro"]), keep([], [["12:20", "1"]])));
};

module.exports = { FIRST, NEW, BOTH, table, batch, labelled, counting, joining };
