/* The box into which a reader pastes an error: marks what is worth reading, and leads on. */
"use strict";

(() => {
const ROOT = document.documentElement.dataset.content_root ?? "";
const NAMES = { class: "clase", condition: "condición", cause: "causa" };
const EXAMPLE = `Traceback (most recent call last):
  File "/home/ana/palabras.py", line 27, in <module>
    consulta.awaitTermination()
pyspark.errors.exceptions.captured.StreamingQueryException: [STREAM_FAILED] Query \
[id = 11111111-2222-3333-4444-555555555555, runId = 66666666-7777-8888-9999-000000000000] \
terminated with exception: Connection refused SQLSTATE: XXKST`;

/** @param {string} tag @param {string} className @param {(Node | string)[]} children */
function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** @param {string} href @param {string} text */
const link = (href, text) =>
  Object.assign(document.createElement("a"), { href: ROOT + href, textContent: text });

/** The error again, with its telling parts underlined. @param {string} error */
function marked(error) {
  const block = element("pre", "diagnose-read");
  block.tabIndex = 0;
  let from = 0;
  for (const { kind, start, end } of StreamDiagnose.parts(error)) {
    const mark = element("mark", `diagnose-${kind}`, error.slice(start, end));
    mark.append(element("span", "diagnose-name", NAMES[kind]));
    block.append(error.slice(from, start), mark);
    from = end;
  }
  block.append(error.slice(from));
  return block;
}

/** @param {string} error */
function answer(error) {
  const places = StreamDiagnose.places(error, DiagnoseData);
  if (!places.length) {
    const words = StreamDiagnose.parts(error).map(({ start, end }) => error.slice(start, end));
    const query = encodeURIComponent(words.join(" ") || StreamDiagnose.flat(error).slice(0, 200));
    return [
      element("p", "", "Este error no está en el curso. ",
        link(`search.html?q=${query}`, "Búscalo por sus palabras"), "."),
      marked(error),
    ];
  }
  const items = places.map(({ href, title, advice }) => element("li", "",
    ...(advice ? [link(href, title), `: ${advice}`]
      : ["Este error se explica en ", link(href, title), "."])));
  return [element("ol", "diagnose-places", ...items), marked(error)];
}

class Diagnose extends HTMLElement {
  connectedCallback() {
    const area = this.querySelector("textarea");
    const out = this.querySelector(".diagnose-answer");
    if (!area || !out) return;
    const show = () => out.replaceChildren(...(area.value.trim() ? answer(area.value) : []));
    area.addEventListener("input", show);
    this.addEventListener("click", ({ target }) => {
      const does = target instanceof HTMLElement ? target.dataset.does : undefined;
      if (!does) return;
      area.value = does === "example" ? EXAMPLE : "";
      if (does === "clear") area.focus();
      show();
    });
    show();
  }
}

customElements.define("stream-diagnose", Diagnose);
})();
