"use strict";
/* Plays scenarios in the model: a JSON list of them comes in, and one of records goes out. */

const fs = require("node:fs");
const { modelOf } = require("../../src/streamdocs/publishing/proof.js");

/** @type {Scenario[]} */
const scenarios = JSON.parse(fs.readFileSync(0, "utf-8"));
const play = modelOf();
process.stdout.write(JSON.stringify(scenarios.map((scenario) => play(scenario))));
