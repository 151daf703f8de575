/* The three ways to answer: choose a run, put lines in order, fill blanks. Each takes over what
 * stands in the page without it. */
"use strict";

/**
 * @typedef {object} Answering
 * @property {string} missing  What to say where nothing was answered yet.
 * @property {() => string} value  The answer as a text; "" while it is not whole.
 * @property {(value: string) => void} restore
 * @property {() => {right: boolean, why: Children}} judge  Marks what is wrong, and says why.
 */

const QuestionKinds = (() => {
const { el } = StreamPage;

/** The numbers of the blanks. */
const SIGNS = "①②③④⑤⑥⑦⑧⑨";

/** @param {Element} host @param {string} selector @returns {HTMLElement[]} */
const all = (host, selector) => [...host.querySelectorAll(selector)].map((each) =>
  /** @type {HTMLElement} */ (each));

/** What the answers say to who chooses them, in the order of the choices. @param {Element} host */
const whys = (host) => all(host, ".question-why > li > span");

/** @param {Element} node */
const said = (node) => node.textContent ?? "";

/** @param {Element} node */
const copy = (node) => [...node.cloneNode(true).childNodes];

/** @param {HTMLElement} node @param {boolean|null} right */
function mark(node, right) {
  if (right === null) delete node.dataset.mark;
  else node.dataset.mark = right ? "right" : "wrong";
}

/** @param {HTMLElement} host @returns {Answering} */
function choice(host) {
  const items = all(host, ".question-options > li");
  const fields = items.map((item, place) => {
    const letter = String.fromCharCode(65 + place);
    const run = el("div", { class: "question-run", id: `${host.id}-${letter}` }, ...item.childNodes);
    const field = el("input", { type: "radio", name: host.id, value: letter,
      "aria-describedby": run.id });
    item.append(el("label", {}, field, letter), run);
    item.addEventListener("click", () => field.click());
    field.addEventListener("click", (event) => event.stopPropagation());
    return field;
  });
  const chosen = () => fields.findIndex(({ checked }) => checked);
  return {
    missing: "Elige una respuesta.",
    value: () => fields[chosen()]?.value ?? "",
    restore: (value) => fields.forEach((field, place) => {
      field.checked = field.value === value;
      mark(items[place], null);
    }),
    judge: () => {
      const right = "right" in items[chosen()].dataset;
      mark(items[chosen()], right);
      return { right, why: copy(whys(host)[chosen()]) };
    },
  };
}

/** Lines to put in order, and the blanks that they may have.
 * @param {HTMLElement} host @returns {Answering} */
function order(host) {
  const lined = lines(host);
  const sets = all(host, ".question-blanks > li");
  if (!sets.length) return lined;
  const filled = fill(host, (field, number) => sets[number].replaceChildren(SIGNS[number], field));
  const length = all(host, ".question-lines > li, .question-mine > li").length;
  return {
    missing: "Faltan líneas por poner, o algún hueco por rellenar.",
    value: () => (lined.value() && filled.value() ? `${lined.value()}\n${filled.value()}` : ""),
    restore: (value) => {
      lined.restore(value.split("\n").slice(0, length).join("\n"));
      filled.restore(value.split("\n").slice(length).join("\n"));
    },
    judge: () => {
      const [one, other] = [lined.judge(), filled.judge()];
      return { right: one.right && other.right, why: [...one.why, ...other.why] };
    },
  };
}

/** @param {HTMLElement} host @returns {Answering} */
function lines(host) {
  const source = all(host, ".question-lines")[0];
  const items = all(source, "li");
  const wanted = said(all(host, "details pre")[0]).split("\n");
  const swaps = (source.dataset.swap ?? "").split(";").map((group) => group.split(" ").map(Number));
  const mine = el("ol", { class: "question-mine", "aria-label": "Tu programa" });
  source.setAttribute("aria-label", "Líneas por poner");
  source.before(el("p", { class: "question-hint" }, "Pulsa las líneas en orden. Otra vez, y vuelven."));
  source.after(mine);
  for (const item of items) {
    const line = el("button", { type: "button", click: () => move(item) }, ...item.childNodes);
    item.append(line);
  }
  /** @param {HTMLElement} item */
  function move(item) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    (item.parentElement === mine ? source : mine).append(item);
    items.forEach((each) => mark(each, null));
    (next ?? item).querySelector("button")?.focus();
  }
  /** @param {HTMLElement} item */
  const text = (item) => item.dataset.line ?? "";
  const put = () => all(mine, "li").map(text);
  /** What may stand at a place. @param {number} place */
  const allowed = (place) => (swaps.find((group) => group.includes(place + 1)) ?? [place + 1])
    .map((number) => wanted[number - 1]);
  return {
    missing: "Faltan líneas por poner.",
    value: () => (put().length === items.length ? put().join("\n") : ""),
    restore: (value) => {
      items.forEach((item) => { mark(item, null); source.append(item); });
      const kept = value.split("\n");
      // Kept before the example changed, it is no order of these lines.
      if ([...kept].sort().join() !== items.map(text).sort().join()) return;
      for (const line of kept) mine.append(...all(source, "li").filter((item) => text(item) === line)
        .slice(0, 1));
    },
    judge: () => {
      const wrong = put().findIndex((line, place) => !allowed(place).includes(line));
      all(mine, "li").forEach((item, place) =>
        mark(item, wrong < 0 || place < wrong ? true : place === wrong ? false : null));
      const so = wrong ? `Hasta la línea ${wrong} va bien; la ${wrong + 1} no va ahí.`
        : "El programa no empieza por esa línea.";
      return { right: wrong < 0, why: wrong < 0 ? [] : [so] };
    },
  };
}

/** @param {HTMLElement} host @returns {Answering} */
function blanks(host) {
  const gaps = all(host, ".question-gap");
  const filled = fill(host, (field, number) => gaps[number].replaceWith(field));
  host.querySelector(".question-blanks")?.remove();
  return filled;
}

/** Fields for what is left out.
 * @param {HTMLElement} host @param {(field: HTMLElement, number: number) => void} put  Where they go.
 * @returns {Answering} */
function fill(host, put) {
  const sets = all(host, ".question-blanks > li").map((set) => all(set, "code"));
  const fields = sets.map((set, number) => {
    const name = `Hueco ${number + 1} de ${sets.length}`;
    const texts = set.map((code) => el("option", {}, said(code)));
    const field = el("select", { "aria-label": name }, el("option", { value: "" }, "…"), texts);
    const place = el("span", { class: "question-field" }, field);
    field.addEventListener("change", () => mark(place, null));
    put(place, number);
    return field;
  });
  const places = all(host, ".question-field");
  const chosen = () => fields.map(({ selectedIndex }) => selectedIndex - 1);
  return {
    missing: "Falta algún hueco por rellenar.",
    value: () => (chosen().includes(-1) ? "" : fields.map(({ value }) => value).join("\n")),
    restore: (value) => fields.forEach((field, number) => {
      field.value = value.split("\n")[number] ?? "";
      mark(places[number], null);
    }),
    judge: () => {
      const answers = whys(host);
      let first = 0;
      /** @type {Child[]} */
      const why = [];
      sets.forEach((set, number) => {
        const place = chosen()[number];
        const right = "right" in set[place].dataset;
        mark(places[number], right);
        if (!right) why.push(el("p", {}, ...copy(answers[first + place])));
        first += set.length;
      });
      return { right: !why.length, why };
    },
  };
}

return { choice, order, blanks };
})();
