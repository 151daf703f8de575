/* Whether a task of a laboratory is met: a small, closed vocabulary. Needs no page. */
"use strict";

/**
 * @typedef {{scenario: Choice, ran: Ran}} Tried
 * @typedef {(attempt: Tried, start: Choice) => boolean} Condition
 * @typedef {{text: string, when: string[], solutions: Choice[]}} Task
 *   Met when each condition has been met, each by a run of its own.
 */

const LabTasks = (() => {
const { figures } = LabRun;
const { linesOf } = LabScenario;

/** @type {Record<string, (one: number, other: number) => boolean>} */
const COMPARES = {
  "=": (one, other) => one === other,
  ">=": (one, other) => one >= other,
  "<=": (one, other) => one <= other,
};
const COUNTED = ["batches", "empty", "written", "lost", "state"];

/** How a value may be named: as it is, or by its hour; a window, by its first hour, or by both.
 * @param {string|null} value */
function namesOf(value) {
  const hours = value?.match(/\d\d:\d\d(?=:\d\d)/g) ?? [];
  return [value ?? "NULL", hours[0], hours.join("-")];
}

/** Whether a row holds all values. @param {Row} row @param {string[]} values */
const holds = (row, values) =>
  values.every((value) => row.some((cell) => namesOf(cell).includes(value)));

/** @param {Choice} scenario @param {string} what */
const part = ({ kind, settings, files }, what) => ({
  query: kind, rows: JSON.stringify(files.map((file) => linesOf(kind, file))), ...settings,
})[what];
const CHOSEN = ["query", ...Object.keys(LabScenario.CHOICES)];

/** One condition; an error says which word there is none of.
 * @param {string} text @returns {Condition} */
function condition(text) {
  const [word, ...rest] = text.trim().split(/\s+/);
  if (word === "writes" && rest.length) {
    return ({ ran }) => Boolean(ran.record?.batches.some(({ output }) =>
      output.rows.some((row) => holds(row, rest))));
  }
  if (word === "refused" && rest.length === 1) return ({ ran }) => ran.refused === rest[0];
  if (word === "same" && rest.length === 1 && ["rows", ...CHOSEN].includes(rest[0])) {
    return ({ scenario }, start) => part(scenario, rest[0]) === part(start, rest[0]);
  }
  if (word === "with" && rest.length > 1 && CHOSEN.includes(rest[0])) {
    return ({ scenario }) => part(scenario, rest[0]) === rest.slice(1).join(" ");
  }
  const [sign, number] = rest;
  if (COUNTED.includes(word) && sign in COMPARES && /^\d+$/.test(number) && rest.length === 2) {
    return ({ ran }) => ran.record !== null
      && COMPARES[sign](/** @type {any} */ (figures(ran.record))[word], Number(number));
  }
  throw new Error(`no entiendo la condición «${text.trim()}»`);
}

/** Conditions that must all hold. @param {string} text @returns {Condition} */
function conditions(text) {
  const all = text.split(";").map(condition);
  return (attempt, start) => all.every((one) => one(attempt, start));
}

/** Which of a task's conditions a run meets.
 * @param {Task} task @param {Tried} attempt @param {Choice} start */
const met = ({ when }, attempt, start) => when.map((text) => conditions(text)(attempt, start));

/** What is wrong with a task, in words.
 * @param {Task} task @param {Choice} start @param {(scenario: Choice) => Ran} run */
function problems(task, start, run) {
  const { text, when, solutions } = task;
  if (solutions.length !== when.length) {
    return [`«${text}» tiene ${when.length} condiciones y ${solutions.length} soluciones: iguálalas`];
  }
  if (met(task, { scenario: start, ran: run(start) }, start).every(Boolean)) {
    return [`«${text}» ya se cumple al empezar: cambia la condición, o el escenario`];
  }
  return solutions.flatMap((scenario, index) =>
    (met(task, { scenario, ran: run(scenario) }, start)[index] ? []
      : [`la solución de «${text}» no cumple «${when[index]}»: corrígela`]));
}

return { conditions, met, problems };
})();
