/* Keeps what the reader has answered in the browser: nothing of it leaves the machine. */
"use strict";

const QuestionStore = (() => {

const NAME = "streamdocs-progress";

function load() {
  try {
    return QuestionProgress.read(localStorage.getItem(NAME)) ?? QuestionProgress.empty();
  } catch {
    return QuestionProgress.empty(); // a browser that keeps nothing says so by an error
  }
}

/** @param {Progress|null} progress  Null to forget all. */
function save(progress) {
  try {
    if (progress) localStorage.setItem(NAME, JSON.stringify(progress));
    else localStorage.removeItem(NAME);
  } catch {
    return; // as above
  }
  document.dispatchEvent(new CustomEvent(NAME));
}

/** @param {string} key @param {boolean} right @param {string} last @param {number} all
 *   How many questions its page has. */
function note(key, right, last, all) {
  const progress = load();
  const today = QuestionProgress.dayOf(new Date());
  progress.questions[key] = QuestionProgress.answered(progress.questions[key], right, last, today);
  progress.pages[key.split("#")[0]] = all;
  save(progress);
}

return { load, save, note };
})();
