/* What a reader has answered, and when each question comes back: needs no page. */
"use strict";

/**
 * What a reader has done with a question.
 * @typedef {object} Done
 * @property {number} box  How often in a row it was right on its day; 0 where it was wrong.
 * @property {string} due  The day on which it comes back, as 2026-11-27.
 * @property {number} right
 * @property {number} wrong
 * @property {string} last  What was answered last.
 *
 * All that is kept: questions by their keys, which begin with their page, and how many a page has.
 * @typedef {{questions: Record<string, Done>, pages: Record<string, number>}} Progress
 *
 * @typedef {{key: string, chapter: string}} Listed  A question of the course.
 */

const QuestionProgress = (() => {

/** The days after which a question comes back that was right once, twice, and so on. */
const DAYS = [1, 3, 7, 21];

/** @returns {Progress} */
const empty = () => ({ questions: {}, pages: {} });

/** The day where the reader is. @param {Date} time */
const dayOf = (time) =>
  new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/** @param {string} day @param {number} days */
const later = (day, days) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** @param {Done|undefined} before @param {boolean} isRight @param {string} last @param {string} today
 * @returns {Done} */
function answered(before, isRight, last, today) {
  const done = before ?? { box: 0, due: today, right: 0, wrong: 0, last };
  if (!isRight) return { ...done, box: 0, due: today, wrong: done.wrong + 1, last };
  const right = done.right + 1;
  // Answered again before its day, it is known, and no better.
  if (done.box && today < done.due) return { ...done, right, last };
  const box = Math.min(done.box + 1, DAYS.length);
  return { ...done, box, due: later(today, DAYS[box - 1]), right, last };
}

/** @template T @param {T[]} all @param {(each: T) => string} name */
function grouped(all, name) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const each of all) groups.set(name(each), [...groups.get(name(each)) ?? [], each]);
  return [...groups];
}

/** What is wrong comes first, then what is new, then what is due.
 * @param {Done|undefined} done */
const rank = (done) => (!done ? 1 : done.box ? 2 : 0);

/** The questions that wait today, the most urgent of each chapter in turn.
 * @template {Listed} T
 * @param {T[]} listed @param {Progress} progress @param {string} today @param {number} most */
function draw(listed, { questions }, today, most) {
  const waiting = listed.filter(({ key }) => !questions[key] || questions[key].due <= today);
  waiting.sort((a, b) => rank(questions[a.key]) - rank(questions[b.key])
    || (questions[a.key]?.due ?? "").localeCompare(questions[b.key]?.due ?? ""));
  const chapters = grouped(waiting, ({ chapter }) => chapter).map(([, its]) => its);
  const turns = waiting.map((_, round) => chapters.flatMap((its) => its.slice(round, round + 1)));
  return turns.flat().slice(0, most);
}

/** How many questions come back on each of the next days.
 * @param {Listed[]} listed @param {Progress} progress @param {string} today */
function calendar(listed, { questions }, today) {
  const days = listed.map(({ key }) => questions[key]?.due ?? "").filter((due) => due > today);
  return grouped(days, String).map(([day, its]) => ({ day, count: its.length }))
    .sort((a, b) => a.day.localeCompare(b.day));
}

/** What was wrong most often, and is not known for long.
 * @template {Listed} T
 * @param {T[]} listed @param {Progress} progress @param {number} most */
function hard(listed, { questions }, most) {
  const wrong = listed.filter(({ key }) => questions[key]?.wrong && questions[key].box < 3);
  return wrong.sort((a, b) => questions[b.key].wrong - questions[a.key].wrong).slice(0, most);
}

/** How many of each chapter there are, were answered, and are known.
 * @param {Listed[]} listed @param {Progress} progress */
function chapters(listed, { questions }) {
  return grouped(listed, ({ chapter }) => chapter).map(([chapter, its]) => ({
    chapter,
    all: its.length,
    tried: its.filter(({ key }) => questions[key]).length,
    known: its.filter(({ key }) => questions[key]?.box).length,
  }));
}

/** @param {any} done */
const isDone = (done) => [done?.box, done?.right, done?.wrong].every((count) => count >= 0)
  && typeof done.last === "string" && !Number.isNaN(Date.parse(done.due));

/** What a text holds that ``JSON.stringify`` made of a progress; null if it is none.
 * @param {string|null} text @returns {Progress|null} */
function read(text) {
  try {
    const { questions, pages } = JSON.parse(text ?? "");
    const whole = Object.values(questions).every(isDone)
      && Object.values(pages).every(Number.isInteger);
    return whole ? { questions, pages } : null;
  } catch {
    return null;
  }
}

return { DAYS, empty, dayOf, later, answered, draw, calendar, hard, chapters, read };
})();
