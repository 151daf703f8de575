"use strict";
/* What the aula says of a cell's output, beside what the page recorded, and of its kernel's end. */

const assert = require("node:assert/strict");
const { test } = require("node:test");

const compare = import("../../src/streamdocs/aula/front/compare.js");

/** A batch as the console sink prints it. @param {number} number @param {...string} rows */
const batch = (number, ...rows) => [
  "-".repeat(43), `Batch: ${number}`, "-".repeat(43), "+-----+", "|letra|", "+-----+",
  ...rows.map((row) => `|    ${row}|`), "+-----+", "", "",
].join("\n");
const TIMES = [/\b\d+([.,]\d+)? (ms|s)\b/g];
const ONE = "0d1bd2b7-0b0b-4f0f-9a43-1c9d7e0c2b11";
const OTHER = "7f1bd2b7-0b0b-4f0f-9a43-1c9d7e0c2b12";

test("the same text is the same, whatever ids a run has", async () => {
  const { verdict } = await compare;
  assert.deepEqual(verdict("True\n", "True\n", "True\n"), { same: true, text: "Igual que en la página." });
  assert.equal(verdict("True\n", "True\n", "False\n")?.same, false);
  assert.equal(verdict(`id = ${ONE}`, "", `id = ${OTHER}`)?.same, true);
  assert.equal(verdict("", "", ""), null);
});

test("a cell's own number is no difference", async () => {
  const { verdict } = await compare;
  assert.equal(verdict('File "<celda 24>", line 14', "", 'File "<celda 19>", line 14')?.same, true);
  assert.equal(verdict('File "<celda 24>", line 14', "", 'File "<celda 19>", line 4')?.same, false);
  assert.equal(verdict("line 3 in cell [11]", "", "line 3 in cell [7]")?.same, true);
  assert.equal(verdict("la celda 3", "", "la celda 4")?.same, false);
  assert.equal(verdict("a\n\nb", "", "a\nb")?.same, false);
});

test("times are no difference, and it is said; numbers are one", async () => {
  const { verdict } = await compare;
  const told = verdict("2: 310 ms\n20: 45 ms\n", "", "2:  1200 ms\n20: 9,5 s\n", TIMES);
  const but = ", salvo los tiempos y otras medidas.";
  assert.deepEqual(told, { same: true, text: `Igual que en la página${but}` });
  assert.equal(verdict("310 filas", "", "311 filas", TIMES)?.same, false);
  const [page, got] = ["9 ms", "10 ms"].map((time) => batch(0) + batch(1, time));
  assert.equal(verdict(page, page, got, TIMES)?.text, `Igual que en la página, de Batch 0 a Batch 1${but}`);
  assert.equal(verdict(page, page, got)?.same, false);
  const [narrow, wide] = ["9 ms", "1000 ms"].map((time) =>
    `+${"-".repeat(time.length)}+\n|${time}|\n`);
  assert.equal(verdict(narrow, "", wide, TIMES)?.same, true);
});

test("a query's batches are compared with the page's, wherever these stand", async () => {
  const { verdict } = await compare;
  const page = batch(0) + batch(1, "a") + "True\n" + batch(2, "b") + batch(0) + batch(1, "z");
  const told = verdict(batch(0), page, batch(0) + batch(1, "a") + batch(2, "b"));
  assert.deepEqual(told, { same: true, text: "Igual que en la página, de Batch 0 a Batch 2." });
  const other = verdict(batch(0), page, batch(0) + batch(1, "a") + batch(2, "c") + batch(3, "d"));
  assert.equal(other?.same, false);
  assert.match(other?.text ?? "", /en Batch 2:/);
});

test("queries that one cell runs, one after another, are compared table by table", async () => {
  const { verdict } = await compare;
  const [one, other] = [batch(0, "a") + batch(1, "b"), batch(0, "c")];
  const after = batch(1, "d") + batch(0, "e");
  assert.deepEqual(verdict(one, one + other + after, one + other),
    { same: true, text: "Igual que en la página." });
  assert.equal(verdict(one, one + other + after, one + batch(0, "x"))?.text,
    "Distinto de lo que grabó la página, desde la tabla 3.");
  assert.equal(verdict(one, one, one + other)?.same, false);
});

test("another cell's table is none of a batch's", async () => {
  const { verdict } = await compare;
  const one = batch(0, "a").trimEnd() + "\n";
  const more = one + "only showing top 1 row\n";
  const other = "+-----+\n|filas|\n+-----+\n|    5|\n+-----+\n";
  assert.equal(verdict(one, one + other, one)?.same, true);
  assert.equal(verdict(more, more + other, more)?.same, true);
  assert.equal(verdict(more, more + other, one)?.same, false);
});

test("a table that is not whole yet is not compared", async () => {
  const { verdict } = await compare;
  const half = batch(1, "a").slice(0, -12);
  assert.equal(verdict(batch(0), batch(0) + batch(1, "b"), batch(0) + half)?.text,
    "Igual que en la página: Batch 0.");
  assert.equal(verdict(batch(0), batch(0), ""), null);
});

test("what a query did is compared with the page's by what it read, kept and wrote", async () => {
  const { played } = await compare;
  /** @param {string[][]} inputs of each batch @param {string} [kept] */
  const trace = (inputs, kept = "1") => ({ name: "", mode: "complete", batches: inputs.map((lines, id) => ({
    id, start: String(Math.random()), input: lines.map((text) => ({ text })), inputRows: lines.length,
    state: { columns: ["n"], rows: [[kept]] }, output: { columns: ["n"], rows: [[String(id)]] } })) });
  const page = trace([[], ["a"], ["b"]]);
  assert.equal(played(page, trace([[], ["a"]]))?.text,
    "Lo que leyó, guardó y escribió, igual que en la página, de Batch 0 a Batch 1.");
  assert.match(played(page, trace([[], ["z"], ["b"]]))?.text ?? "", /^Distinto .* en Batch 1:/);
  assert.match(played(page, trace([[]], "2"))?.text ?? "", /^Distinto .* en Batch 0:/);
  assert.equal(played(page, { ...page, batches: [] }), null);
});

test("a program's first table is seen in a terminal, after what its shell sends", async () => {
  const { batches, shown, whole } = await compare;
  const it = batch(0, "a").replaceAll("\n", "\r\n");
  for (const before of ["\x1b[?2004l\r\x1b]7700;C\x07", "[1] 321\r\n\x1b[?2004h$ \x1b]7700;P\x07"]) {
    const seen = batches(shown(before + it));
    assert.deepEqual(seen.map(({ number, table }) => [number, whole(table)]), [[0, true]]);
  }
});

/** A websocket that opens, and says nothing. */
class Socket {
  static OPEN = 1;
  readyState = 1;
  /** @type {(() => void) | undefined} */
  onopen = undefined;
  constructor() {
    queueMicrotask(() => this.onopen?.());
  }
  send() {}
  close() {
    this.readyState = 3;
  }
}

/** A kernel at which a cell runs, and what is told of it. */
async function running() {
  const page = { sessionStorage: {}, addEventListener: () => undefined, location: { host: "x" },
    WebSocket: Socket };
  for (const [name, value] of Object.entries(page)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  const file = "../../src/streamdocs/aula/front/client.js"; // its types are those of a page
  const { Kernel } = await import(file);
  /** @type {string[]} */
  const told = [];
  const kernel = new Kernel("id", new Map(), (/** @type {string} */ state) => told.push(state));
  await kernel.connect();
  const reply = kernel.execute("0", "1");
  const say = (/** @type {string} */ state) => kernel.receive({ header: { msg_type: "status" },
    parent_header: {}, content: { execution_state: state }, channel: "iopub" });
  return { kernel, reply, say, told };
}

test("a kernel that starts again is kept, and its cell is told", async () => {
  const { kernel, reply, say, told } = await running();
  say("restarting");
  assert.deepEqual(await reply, { status: "restarting" });
  assert.equal(kernel.ws.readyState, Socket.OPEN);
  assert.deepEqual(told, ["idle", "restarting"]);
});

test("a kernel that died too often is left, and its cell is told", async () => {
  const { kernel, reply, say, told } = await running();
  const { ws } = kernel;
  say("dead");
  assert.deepEqual(await reply, { status: "dead" });
  assert.equal(ws.readyState, 3);
  assert.equal(kernel.ws, undefined);
  assert.deepEqual(told, ["idle", "dead"]);
});

/** Let what has been answered be heard. */
const heard = () => new Promise((done) => setImmediate(done));

test("a reply that went to another window is not waited for", async (it) => {
  const { kernel, reply } = await running();
  let state = "busy";
  Object.defineProperty(globalThis, "fetch", { configurable: true,
    value: async () => ({ ok: true, json: async () => ({ execution_state: state }) }) });
  it.mock.timers.enable({ apis: ["setTimeout"] });
  const second = async () => {
    it.mock.timers.tick(1000);
    await heard();
  };
  await kernel.connect(); // again: the line was cut
  const later = kernel.execute("1", "2");
  for (state of ["busy", "idle", "busy", "idle"]) await second(); // other cells run, one by one
  assert.equal(kernel.replies.size, 2);
  await second();
  assert.deepEqual(await reply, { status: "lost" });
  assert.equal(kernel.replies.size, 1);
  kernel.giveUp("dead");
  assert.deepEqual(await later, { status: "dead" });
});

test("who waits for a line that is given up is told", async () => {
  const { kernel } = await running();
  class Silent {
    close() {}
  }
  Object.defineProperty(globalThis, "WebSocket", { value: Silent, configurable: true });
  const line = kernel.connect();
  kernel.rest(); // the page is left while its line is being made
  await assert.rejects(line, /No llego al kernel/);
});
