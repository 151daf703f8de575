/* What an author writes in a laboratory, read: its scenario, its tasks. Needs no page. */
"use strict";

/**
 * @typedef {{query: string, files: string[][]} & Record<string, any>} Words
 * @typedef {Named & {any: boolean, scenario: Words,
 *   tasks: {text: string, when: string[], solutions: Record<string, any>[]}[]}} Authored
 */

const LabAuthor = (() => {

/** @param {Named} lab @param {Words} words */
const scenarioOf = (lab, { query, files, ...settings }) =>
  LabScenario.read(lab, query, settings, files);

/** The scenario with which a laboratory begins. @param {Authored} lab */
const startOf = (lab) => scenarioOf(lab, lab.scenario);

/** The tasks; what a solution does not say is as at the start.
 * @param {Authored} lab @returns {Task[]} */
const tasksOf = (lab) => lab.tasks.map(({ text, when, solutions }) => ({
  text, when, solutions: solutions.map((changes) => scenarioOf(lab, { ...lab.scenario, ...changes })),
}));

/** What is wrong with a laboratory, in words. @param {Authored} lab @returns {string[]} */
function problems(lab) {
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
