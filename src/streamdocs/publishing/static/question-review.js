/* <stream-review>: draws the questions that wait today, and shows what was hard and what comes. */
"use strict";

/** @typedef {{key: string, chapter: string, title: string, href: string, html: string}} Drawn */

(() => {
const { el } = StreamPage;
const { draw, calendar, hard, chapters, dayOf, later, read, empty } = QuestionProgress;
const { load, save } = QuestionStore;

const MOST = 6;

/** @param {string} words @param {() => void} click @param {string} [more] */
const button = (words, click, more = "") =>
  el("button", { type: "button", class: `question-button ${more}`, click }, words);

/** @param {number} count @param {string} one @param {string} many */
const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** A question's element, which is not shown yet. @param {string} html */
function made(html) {
  const template = el("template", {});
  template.innerHTML = html;
  return /** @type {HTMLElement} */ (template.content.firstElementChild);
}

/** The questions of the course, as the build left them. @returns {Drawn[]} */
const listed = () => QuestionData.map((each) => ({ ...each, key: made(each.html).dataset.key ?? "" }));

/** Where a question stands. @param {Drawn} each */
function link({ title, href, html }) {
  const top = document.documentElement.dataset.content_root ?? "";
  return el("a", { href: `${top}${href}#${made(html).id}` }, title);
}

/** When something comes back. @param {string} day @param {string} today */
function when(day, today) {
  if (day === later(today, 1)) return "mañana";
  const date = new Date(`${day}T12:00`);
  return date.toLocaleDateString("es", { weekday: "long", day: "numeric", month: "long" });
}

class StreamReview extends HTMLElement {
  constructor() {
    super();
    this.said = el("p", { "aria-live": "polite" });
    document.addEventListener("streamdocs-progress", () => this.tell());
  }

  connectedCallback() {
    if (this.all) return;
    this.all = listed();
    this.stage = el("div", { class: "question-stage" });
    this.facts = el("div", {});
    const tried = chapters(this.all, load()).filter(({ tried: some }) => some);
    this.chosen = new Set(tried.map(({ chapter }) => chapter));
    this.replaceChildren(this.chapters(), this.stage, this.facts, this.kept());
    this.begin();
  }

  /** What to ask about: at first, the chapters of which something was answered. */
  chapters() {
    const fields = chapters(this.all ?? [], load()).map(({ chapter, all, known }) => {
      const field = el("input", { type: "checkbox", checked: this.chosen?.has(chapter) ? "" : null });
      field.addEventListener("change", () => {
        if (field.checked) this.chosen?.add(chapter);
        else this.chosen?.delete(chapter);
        this.begin();
      });
      return el("label", {}, field, ` ${chapter} `, el("small", {}, `${known} de ${all}`));
    });
    const open = this.chosen?.size ? null : "";
    return el("details", { class: "question-chapters", open }, el("summary", {}, "De qué capítulos"),
      el("div", {}, fields));
  }

  waiting() {
    const some = (this.all ?? []).filter(({ chapter }) => this.chosen?.has(chapter));
    return draw(some, load(), dayOf(new Date()), MOST);
  }

  begin() {
    this.drawn = this.waiting();
    this.place = 0;
    this.first = 0;
    this.tell();
    if (this.drawn.length) this.ask();
    else this.stage?.replaceChildren(el("p", {}, this.chosen?.size
      ? "Por hoy no te toca ninguna de estos capítulos. Vuelve otro día."
      : "Marca los capítulos que ya has leído, y te preguntaré por ellos."));
  }

  ask() {
    const each = (this.drawn ?? [])[this.place ?? 0];
    const question = made(each.html);
    question.setAttribute("fresh", "");
    let tried = false;
    question.addEventListener("question-answered", (event) => {
      if (!tried && /** @type {CustomEvent} */ (event).detail) this.first = (this.first ?? 0) + 1;
      tried = true;
    });
    const where = `${(this.place ?? 0) + 1} de ${this.drawn?.length}, de `;
    const place = el("p", { class: "question-from", tabindex: -1 }, "Pregunta ", where, link(each));
    this.stage?.replaceChildren(place, question,
      el("p", { class: "question-actions" }, button("Siguiente", () => this.next())));
    return place;
  }

  next() {
    this.place = (this.place ?? 0) + 1;
    const count = this.drawn?.length ?? 0;
    if (this.place < count) this.ask().focus();
    else {
      const end = el("p", { tabindex: -1 }, `Has acabado: ${this.first} de ${count} a la primera.`);
      this.stage?.replaceChildren(end, el("p", { class: "question-actions" },
        ...(this.waiting().length ? [button("Más preguntas", () => this.begin())] : [])));
      end.focus();
    }
  }

  /** What comes, and what was hard. */
  tell() {
    const [all, its, today] = [this.all ?? [], load(), dayOf(new Date())];
    const days = calendar(all, its, today).map(({ day, count }) =>
      el("li", {}, `${when(day, today)}: ${counted(count, "pregunta", "preguntas")}`));
    const most = hard(all, its, 5).map((each) => {
      const title = made(each.html).querySelector(".question-title")?.textContent ?? "";
      const times = counted(its.questions[each.key].wrong, "fallo", "fallos");
      return el("li", {}, title, " ", link(each), ` (${times})`);
    });
    this.facts?.replaceChildren(
      ...(days.length ? [el("h2", {}, "Lo que viene"), el("ul", {}, days)] : []),
      ...(most.length ? [el("h2", {}, "Lo que más te cuesta"), el("ul", {}, most)] : []));
  }

  /** What the reader can do with what is kept. */
  kept() {
    const file = el("input", { type: "file", accept: "application/json", hidden: "" });
    file.addEventListener("change", async () => {
      const progress = read(await file.files?.[0]?.text() ?? "");
      file.value = "";
      this.say(progress ? "He recuperado tu progreso." : "Ese fichero no es un progreso de este curso.",
        progress);
    });
    const sure = button("Sí, borrarlo", () => this.say("He borrado tu progreso.", empty()));
    sure.hidden = true;
    return el("div", { class: "question-kept" }, el("h2", {}, "Tu progreso"),
      el("p", {}, "Lo que contestas se guarda en este navegador. No sale de tu máquina."),
      el("p", { class: "question-actions" }, button("Exportar", () => this.give()),
        button("Importar", () => file.click()),
        button("Borrar", () => { sure.hidden = !sure.hidden; }), sure, file),
      this.said);
  }

  /** @param {string} words @param {Progress|null} progress  What to keep from now on. */
  say(words, progress) {
    if (progress) {
      save(progress);
      this.all = undefined;
      this.connectedCallback();
    }
    this.said.textContent = words;
  }

  give() {
    const href = URL.createObjectURL(new Blob([JSON.stringify(load())], { type: "application/json" }));
    el("a", { href, download: "progreso.json" }).click();
    URL.revokeObjectURL(href);
  }
}

customElements.define("stream-review", StreamReview);
})();
