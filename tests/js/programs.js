"use strict";
/* Prints programs of the laboratory, and what it shows for each: a sample of every query. */
require("./load.js");

/** @type {Named} */
const LAB = {
  title: "Muestra", day: "2026-03-02", names: ["hora", "torno", "viajeros"], sides: ["pedido", "cobro"],
  queries: Object.keys(LabScenario.KINDS),
};
const METRO = [["12:01,A,1", "12:04,B,2"], ["12:14,A,3"], ["12:08,B,9", "12:26,A,4"],
  ["12:05,C,60", "12:06,C,40"], ["12:45,A,5"]];
const PAID = ["12:00,a,3", "12:30,b,12", "12:32,b,12", "13:30,c,4", "15:30,a,3", "12:10,e,1"].map((row) => [row]);
const ORDERS = [["1,13:00,1,24", "1,13:05,2,18"], ["2,13:40,1,24"], ["1,15:00,3,18"], ["2,15:20,3,18"]];
const WORDS = [["el mar  y el sol", "«ñ» \\ \"a\""], ["el sol y la arena"]];

/** @type {[string, Record<string, string>, string[][]][]} */
const SAMPLES = [
  ["words", { mode: "update" }, WORDS],
  ["words", { feed: "once" }, WORDS],
  ["words", { mode: "append" }, WORDS],
  ["filter", { feed: "files" }, METRO],
  ["count", { watermark: "10 minutes" }, METRO],
  ["tumbling", {}, METRO],
  ["tumbling", { feed: "files", mode: "update", keyed: "yes" }, METRO],
  ["sliding", { feed: "once", keyed: "yes" }, METRO],
  ["session", { gap: "10 minutes" }, METRO],
  ["session", { feed: "files", mode: "complete", watermark: "none" }, METRO],
  ["distinct", { keys: "ts,key", watermark: "10 minutes" }, PAID],
  ["within", { feed: "files" }, PAID],
  ["join", { how: "left_outer" }, ORDERS],
  ["join", { feed: "once", watermark2: "none" }, ORDERS],
];

process.stdout.write(JSON.stringify(SAMPLES.map(([kind, settings, files]) => {
  const scenario = LabScenario.read(LAB, kind, settings, files);
  const { refused, record } = LabRun.run(LAB, scenario);
  const name = `${kind} ${Object.values(scenario.settings).join(" ")}`;
  const batches = record?.batches.map(({ id, output }) => [id, output.columns, output.rows]);
  return { name, program: LabProgram.program(LAB, scenario), refused, batches: batches ?? [] };
})));
