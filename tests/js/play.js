"use strict";
/* Plays scenarios in the model: a JSON list of them comes in, and one of records goes out. Two
 * arguments change the model: what stands in its source, and what is put in its place. */

const fs = require("node:fs");
const { modelOf } = require("../../src/streamdocs/publishing/proof.js");

/** @type {Scenario[]} */
const scenarios = JSON.parse(fs.readFileSync(0, "utf-8"));
const [right = "", wrong = ""] = process.argv.slice(2);
const play = modelOf((source) => source.replace(right, wrong));
process.stdout.write(JSON.stringify(scenarios.map((scenario) => play(scenario))));
