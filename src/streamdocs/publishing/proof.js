"use strict";
/* Compares the model with what Spark did: files of results come in as arguments, and a JSON goes
 * out with how many were compared, and where they differ. A result is a line of JSON:
 *
 *   {"scenario": …, "spark": {"batches": …} | {"refused": condition}} */

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const zlib = require("node:zlib");

/**
 * @typedef {{
 *   id: number, start?: string, inputRows: number, watermark: string|null, state: number[],
 *   stateRows?: string[], dropped: number, output: string[],
 * }} SparkBatch  `state`: the rows of each operator that has one; tables as lines of text.
 * @typedef {{refused?: string, batches?: SparkBatch[]}} SparkDid
 * @typedef {{scenario: Scenario & {id: string}, spark: SparkDid}} Result
 * @typedef {(scenario: Scenario) => Trace|{refused: string}} Model
 */

const PARTS = ["values", "operators", "model"].map((name) => {
  const filename = path.join(__dirname, "static", `stream-${name}.js`);
  return { filename, source: fs.readFileSync(filename, "utf-8") };
});

/** The model, or with `change` another one. @param {(source: string) => string} [change]
 * @returns {Model} */
function modelOf(change = (source) => source) {
  const context = vm.createContext();
  for (const { filename, source } of PARTS) {
    new vm.Script(change(source), { filename }).runInContext(context);
  }
  return vm.runInContext("StreamModel.recordOf", context);
}

/** The rows of a table as lines, in an order of their own. @param {Table} table */
const linesOf = ({ rows }) => rows.map((row) => row.map((cell) => cell ?? "NULL").join("|")).sort();

/** A batch of the model, with what is known of Spark's. @param {Batch} batch
 * @param {SparkBatch} known @returns {SparkBatch} */
function asSpark({ id, start, inputRows, watermark, state, dropped, output }, known) {
  return {
    id, inputRows, watermark, state: state ? [state.rows.length] : [], dropped,
    output: linesOf(output),
    ...(known.start && { start }),
    ...(known.stateRows && state && { stateRows: linesOf(state) }),
  };
}

/** @param {SparkBatch} theirs @param {Batch} batch */
function differenceOfBatch(theirs, batch) {
  const ours = Object.entries(asSpark(batch, theirs));
  const known = /** @type {Record<string, unknown>} */ (theirs);
  return ours
    .map(([name, value]) => [name, JSON.stringify(known[name]), JSON.stringify(value)])
    .filter(([, spark, model]) => spark !== model)
    .map(([name, spark, model]) => `batch ${batch.id}, ${name}: Spark ${spark}, modelo ${model}`);
}

/** Where the model and Spark differ, in words. @param {Result} result @param {Model} model
 * @returns {string[]} */
function differences({ scenario, spark }, model) {
  const did = model(scenario);
  const refused = "refused" in did ? did.refused : undefined;
  if (refused !== spark.refused) {
    return [`Spark: ${spark.refused ?? "lo ejecuta"}; modelo: ${refused ?? "lo ejecuta"}`];
  }
  const [theirs, ours] = [spark.batches ?? [], "batches" in did ? did.batches : []];
  if (theirs.length !== ours.length) {
    return [`Spark hace ${theirs.length} micro-batches, y el modelo ${ours.length}`];
  }
  return theirs.flatMap((batch, index) => differenceOfBatch(batch, ours[index]));
}

/** The results of a file, which may be compressed. @param {string} file @returns {Result[]} */
function resultsOf(file) {
  const bytes = fs.readFileSync(file);
  const text = (file.endsWith(".gz") ? zlib.gunzipSync(bytes) : bytes).toString();
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** @param {string[]} files */
function report(files) {
  const model = modelOf();
  const results = files.flatMap(resultsOf);
  const wrong = results.flatMap((result) => {
    const [first] = differences(result, model);
    return first ? [{ scenario: result.scenario.id, says: first }] : [];
  });
  const batches = results.reduce((sum, { spark }) => sum + (spark.batches ?? []).length, 0);
  return { scenarios: results.length, batches, wrong };
}

module.exports = { PARTS, differences, modelOf, resultsOf };
if (require.main === module) process.stdout.write(JSON.stringify(report(process.argv.slice(2))));
