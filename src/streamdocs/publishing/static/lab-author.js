/* What an author writes in a laboratory, read: its scenario, its tasks. Needs no page. */
"use strict";

/**
 * @typedef {{query: string, files: string[][]} & Record<string, any>} Words
 * @typedef {Named & {scenario: Words,
 *   tasks: {text: string, when: string[], solutions: Record<string, any>[]}[]}} Authored
 */

const LabAuthor = (() => {

/** @param {Named} lab @param {Words} words */
const scenarioOf = (lab, { query, files, ...settings }) =>
  LabScenario.read(lab, query, settings, files);

/** The scenario with which a laboratory begins. @param {Authored} lab */
const startOf = (lab) => scenarioOf(lab, lab.scenario);

/** A solution: what it does not say is as at the start, or as its own query begins.
 * @param {Authored} lab @param {Record<string, any>} changes */
function solutionOf(lab, changes) {
  const { query, files, ...settings } = lab.scenario;
  const kept = changes.query in LabScenario.KINDS ? LabScenario.common(changes.query, settings) : settings;
  return scenarioOf(lab, { query, files, ...kept, ...changes });
}

/** @param {Authored} lab @returns {Task[]} */
const tasksOf = (lab) => lab.tasks.map(({ text, when, solutions }) => (
  { text, when, solutions: solutions.map((changes) => solutionOf(lab, changes)) }));

/** What is wrong with a laboratory, in words. @param {Authored} lab @returns {string[]} */
function problems(lab) {
  const unknown = lab.queries.filter((kind) => !Object.hasOwn(LabScenario.KINDS, kind));
  if (unknown.length) return [`no hay ninguna consulta «${unknown[0]}»`];
  try {
    const start = startOf(lab);
    return tasksOf(lab).flatMap((task) =>
      LabTasks.problems(task, start, (scenario) => LabRun.run(lab, scenario)));
  } catch (error) {
    return [/** @type {Error} */ (error).message];
  }
}

return { startOf, tasksOf, problems };
})();
