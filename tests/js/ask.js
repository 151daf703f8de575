"use strict";
/* Asks the search and the diagnosis of a built site: a folder and a JSON list of texts come in,
 * and for each text the addresses of both go out. */

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
require("./load.js");

const [folder] = process.argv.slice(2);
Object.assign(globalThis, { window: globalThis });
for (const name of ["language_data", "diagnose-data", "search-data"]) {
  const filename = path.join(folder, "_static", `${name}.js`);
  new vm.Script(fs.readFileSync(filename, "utf-8"), { filename }).runInThisContext();
}
const search = StreamSearch.open(SearchData, DiagnoseData);

/** @param {{ href: string }[]} places */
const addresses = (places) => places.map(({ href }) => href);

/** @type {string[]} */
const texts = JSON.parse(fs.readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(texts.map((text) => ({
  found: addresses(search(text)),
  explained: addresses(StreamDiagnose.places(text, DiagnoseData)),
}))));
