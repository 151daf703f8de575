/* <stream-question>: takes an answer, says why it is right or wrong, and keeps it. */
"use strict";

(() => {
const { el } = StreamPage;

/** @param {string} words @param {() => void} click @param {string} [more] */
const button = (words, click, more = "") =>
  el("button", { type: "button", class: `question-button ${more}`, click }, words);

class StreamQuestion extends HTMLElement {
  connectedCallback() {
    if (this.hasAttribute("data-ready")) return;
    this.setAttribute("data-ready", "");
    this.key = this.dataset.key ?? "";
    const kind = /** @type {keyof typeof QuestionKinds} */ (this.dataset.kind);
    this.setAttribute("role", "group");
    this.setAttribute("aria-labelledby", `${this.id}-title`);
    this.answering = QuestionKinds[kind](this);
    this.result = el("div", { class: "question-result", "aria-live": "polite" });
    this.again = button("Otra vez", () => this.begin(""));
    this.submit = button("Comprobar", () => this.check(true), "question-primary");
    const folded = this.querySelector("details");
    folded?.before(el("div", { class: "question-actions" }, this.submit, this.again), this.result);
    folded?.querySelector("summary")?.addEventListener("click", () => this.given());
    // Drawn for practice, a question begins anew.
    const kept = this.hasAttribute("fresh") ? null : QuestionStore.load().questions[this.key];
    this.begin(kept?.last ?? "");
    if (kept && this.answering.value()) this.check(false);
  }

  /** @param {string} value */
  begin(value) {
    this.answering?.restore(value);
    this.result?.replaceChildren();
    this.turn("");
  }

  /** @param {"right"|"wrong"|""} state */
  turn(state) {
    this.dataset.state = state;
    this.submit?.toggleAttribute("hidden", state === "right");
    this.again?.toggleAttribute("hidden", state !== "right");
  }

  /** @param {boolean} isNew  Whether the reader has just answered, and not before. */
  check(isNew) {
    const value = this.answering?.value();
    if (!value || !this.answering) {
      this.result?.replaceChildren(this.answering?.missing ?? "");
      return;
    }
    const { right, why } = this.answering.judge();
    const explained = this.querySelector(".question-explained")?.cloneNode(true).childNodes;
    const said = right ? [...explained ?? []] : [...why, " Prueba otra vez."];
    this.result?.replaceChildren(el("div", {}, el("b", {}, right ? "Bien. " : "No. "), said));
    this.turn(right ? "right" : "wrong");
    if (isNew) this.note(right, value);
    if (isNew && right) this.again?.focus();
  }

  /** Who looks at the answer before it was found has not found it. */
  given() {
    if (this.dataset.state || this.querySelector("details")?.open) return;
    this.dataset.state = "given";
    this.note(false, "");
  }

  /** @param {boolean} right @param {string} value */
  note(right, value) {
    QuestionStore.note(this.key ?? "", right, value, Number(this.dataset.of));
    this.dispatchEvent(new CustomEvent("question-answered", { bubbles: true, detail: right }));
  }
}

customElements.define("stream-question", StreamQuestion);
})();
