/* <stream-lab>: the reader changes rows and query, and sees at once what Spark would do. */
"use strict";

(() => {
const { CHOICES, KINDS, valuesOf, named, beginning, common, problemOf, address, fromAddress } = LabScenario;
const { startOf, tasksOf } = LabAuthor;
const { el, button, PRIMARY, box, payload, upgrade } = StreamPage;

const MS_UNTIL_TYPED = 200;

/** @typedef {Record<string, boolean[]>} Done  Which conditions of each task have been met. */

/** @param {string} key @returns {Done} */
function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}");
  } catch {
    return {}; // a browser that keeps nothing says so by an error
  }
}

/** @param {string} key @param {Done} done */
function remember(key, done) {
  try {
    localStorage.setItem(key, JSON.stringify(done));
  } catch {
    return; // as above
  }
}

/** The rows with which a query begins that those so far do not fit.
 * @type {Record<string, Sent[]>} */
const SAMPLES = {
  words: [{ side: 0, rows: [["el mar y el sol"]] }, { side: 0, rows: [["el sol y la luna"]] }],
  rows: [{ side: 0, rows: [["12:01", "A", "1"]] }, { side: 0, rows: [["12:26", "A", "4"]] }],
  sides: [
    { side: 0, rows: [["13:00", "1", "24"], ["13:05", "2", "18"]] },
    { side: 1, rows: [["13:40", "1", "24"]] },
    { side: 0, rows: [["15:00", "3", "9"]] },
    { side: 1, rows: [["15:20", "3", "9"]] },
  ],
};

class Laboratory {
  /** @param {HTMLElement} host @param {Authored} lab */
  constructor(host, lab) {
    this.host = host;
    this.lab = lab;
    this.start = startOf(lab);
    this.tasks = tasksOf(lab);
    this.key = `stream-lab ${location.pathname}`;
    this.done = recall(this.key);
    /** Rows that do not fit the query of now, by their shape. @type {Record<string, Sent[]>} */
    this.kept = {};
    this.scenario = this.start;
    this.ran = LabRun.run(lab, this.start);
    /** Whether it shows what the reader was given, which solves nothing for him. */
    this.given = true;
    this.timer = 0;
    this.items = this.tasks.map((task) => this.item(task));
    this.settings = el("div", { class: "lab-settings" });
    this.rows = new LabRows.Rows(lab, (files) => this.edited({ ...this.scenario, files }, MS_UNTIL_TYPED));
    this.summary = el("p", { class: "lab-summary", "aria-live": "polite" });
    this.said = el("p", { class: "lab-said", role: "status" });
    this.result = el("div", { class: "lab-result" });
    this.ui = this.build();
  }

  build() {
    const tasks = this.tasks.length
      ? el("div", {}, el("p", { class: "lab-name" }, "Retos"), el("ol", { class: "lab-tasks" }, this.items))
      : [];
    return box(`Laboratorio: ${this.lab.title}`, { class: "box stream-ui lab" }, tasks,
      el("div", { class: "lab-parts" },
        el("div", {}, el("p", { class: "lab-name" }, "Lo que llega"), this.rows.node),
        el("div", {}, el("p", { class: "lab-name" }, "La consulta"), this.settings)),
      el("div", { class: "lab-out" }, this.summary, this.result),
      el("div", { class: "stream-controls lab-actions" },
        button("Llévatelo a Spark", () => this.carry(() => this.takeAway()), PRIMARY),
        button("Copiar la dirección", () => this.carry(() => this.copyAddress())),
        button("Empezar de nuevo", () => this.offer(this.start)), this.said));
  }

  /** Show a scenario that is not the reader's: the start, or an address's.
   * @param {Choice} scenario */
  show(scenario) {
    clearTimeout(this.timer);
    this.given = true;
    this.scenario = scenario;
    this.said.textContent = "";
    this.rows.show(scenario);
    this.drawSettings();
    this.run();
  }

  /** Show one that a button gives; the browser goes back to what the reader had.
   * @param {Choice} scenario */
  offer(scenario) {
    this.run();
    history.pushState(null, "");
    this.show(scenario);
  }

  /** The reader has changed something. @param {Choice} scenario @param {number} [wait] */
  edited(scenario, wait = 0) {
    this.given = false;
    this.scenario = scenario;
    this.said.textContent = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), wait);
  }

  /** @param {string} name @param {string} label @param {[string, string][]} values
   * @param {string} chosen @param {(value: string) => void} choose */
  select(name, label, values, chosen, choose) {
    const options = values.map(([value, text]) =>
      el("option", { value, selected: value === chosen ? "" : null }, named(this.lab, text)));
    const select = el("select", { name, change: () => choose(select.value) }, options);
    return el("label", {}, el("span", {}, named(this.lab, label)), select);
  }

  drawSettings() {
    const { kind, settings } = this.scenario;
    const kinds = this.lab.queries.map((name) =>
      /** @type {[string, string]} */ ([name, KINDS[name].label]));
    const query = kinds.length > 1
      ? [this.select("query", "Consulta", kinds, kind, (value) => this.turn(value))] : [];
    const each = KINDS[kind].asks.map((name) => this.select(
      name, kind === "join" && name === "watermark" ? "Espera de {3}" : CHOICES[name].label,
      valuesOf(kind, name), settings[name], (value) => this.choose(name, value)));
    this.settings.replaceChildren(...query, ...each);
  }

  /** @param {string} name @param {string} value */
  choose(name, value) {
    this.edited({ ...this.scenario, settings: { ...this.scenario.settings, [name]: value } });
  }

  /** Another query, with the rows and the settings that fit it too. @param {string} kind */
  turn(kind) {
    const { kind: before, settings, files } = this.scenario;
    const [from, to] = [before, kind].map((one) => KINDS[one].shape);
    this.kept[from] = files;
    const rows = to === from ? files : this.kept[to] ?? SAMPLES[to];
    const begins = beginning(kind);
    const turned = { kind, settings: { ...begins, ...common(kind, settings) }, files: rows };
    // Who only looks about shall not be refused for a mode that was another query's.
    const refused = StreamModel.refusal(LabRun.forModel(this.lab, turned));
    const scenario = refused
      ? { ...turned, settings: { ...turned.settings, mode: begins.mode } } : turned;
    this.rows.show(scenario);
    this.edited(scenario);
    this.drawSettings();
    this.settings.querySelector("select")?.focus();
  }

  // What comes out

  /** Whether a row is wrong. */
  get wrong() {
    const { kind, files } = this.scenario;
    return files.some(({ rows }) => rows.some((cells) => problemOf(this.lab, kind, cells)));
  }

  run() {
    const { lab, scenario } = this;
    this.ui.toggleAttribute("data-stale", this.wrong);
    if (this.wrong) {
      this.summary.textContent = "Corrige la fila marcada: lo de abajo es lo de antes.";
      return;
    }
    this.ran = LabRun.run(lab, scenario);
    this.summary.textContent = LabRun.tell(this.ran);
    this.play();
    this.judge();
    this.writeAddress();
  }

  /** The player of what came out, at the step at which the reader left it if it has as many. */
  play() {
    const { refused, record } = this.ran;
    if (!record) {
      this.result.replaceChildren(el("p", { class: "lab-refused" }, el("code", {}, refused ?? "")));
      return;
    }
    const before = /** @type {any} */ (this.result.firstElementChild)?.player;
    const data = { title: "Batch a batch", records: [{ label: record.mode, record }] };
    const view = KINDS[this.scenario.kind].asks.includes("watermark") ? "windows" : "tables";
    const player = el(/** @type {any} */ ("stream-player"), { view },
      el("script", { type: "application/json" }, JSON.stringify(data)));
    this.result.replaceChildren(player);
    const now = /** @type {any} */ (player).player;
    if (before?.touched && before.last === now.last) now.jump(before.step);
  }

  // Tasks

  judge() {
    const attempt = { scenario: this.scenario, ran: this.ran };
    for (const task of this.given ? [] : this.tasks) {
      const before = this.done[task.text] ?? [];
      const now = LabTasks.met(task, attempt, this.start).map((met, one) => met || before[one] || false);
      if (now.every(Boolean) && !this.isDone(task)) this.said.textContent = `Conseguido: ${task.text}`;
      this.done[task.text] = now;
    }
    remember(this.key, this.done);
    this.drawTasks();
  }

  /** @param {Task} task */
  isDone({ text, when }) {
    const met = this.done[text] ?? [];
    return when.every((_, one) => met[one]);
  }

  drawTasks() {
    this.tasks.forEach((task, number) => {
      const item = this.items[number];
      const done = this.isDone(task);
      const part = (this.done[task.text] ?? []).filter(Boolean).length;
      item.toggleAttribute("data-done", done);
      /** @type {Element} */ (item.querySelector(".lab-state")).textContent =
        done ? "conseguido" : part ? `${part} de ${task.when.length}` : "";
    });
  }

  /** @param {Task} task */
  item({ text, solutions }) {
    const help = solutions.map((solution, one) => {
      const name = solutions.length > 1 ? `Solución ${one + 1}` : "Solución";
      return button(name, () => this.offer(solution),
        { class: "lab-solution", "aria-label": `${name} de «${text}»` });
    });
    return el("li", {}, el("span", { class: "lab-task" }, text),
      el("span", { class: "lab-state" }), el("span", { class: "lab-solutions" }, help));
  }

  // Taking it elsewhere

  /** Only what is right can be taken elsewhere. @param {() => void} away */
  carry(away) {
    if (this.wrong) this.said.textContent = "Corrige antes la fila marcada.";
    else away();
  }

  /** The page's address tells the scenario; that of the start needs no telling. */
  writeAddress() {
    const plain = address(this.scenario) === address(this.start);
    if (plain && !location.hash.startsWith("#lab=")) return;
    const url = plain ? location.pathname + location.search : `#${address(this.scenario)}`;
    history.replaceState(null, "", url);
  }

  async copyAddress() {
    const url = `${location.href.split("#")[0]}#${address(this.scenario)}`;
    try {
      await navigator.clipboard.writeText(url);
      this.said.textContent = "Copiada: quien la abra verá este mismo escenario.";
    } catch {
      this.said.textContent = "Cópiala de la barra del navegador: ya dice este escenario.";
    }
  }

  takeAway() {
    const program = new Blob([LabProgram.program(this.lab, this.scenario)], { type: "text/x-python" });
    const href = URL.createObjectURL(program);
    el("a", { href, download: "laboratorio.py" }).click();
    URL.revokeObjectURL(href);
    this.said.textContent = "laboratorio.py es un programa entero: ejecútalo con PySpark y compara.";
  }

  /** Show the scenario of the page's address, or the start if it tells none. */
  open() {
    try {
      const scenario = fromAddress(this.lab, location.hash.slice(1));
      this.show(scenario ?? this.start);
      if (scenario) this.host.scrollIntoView();
    } catch (error) {
      const why = /** @type {Error} */ (error).message;
      this.show(this.start);
      this.said.textContent = `Esta dirección no dice un escenario de aquí (${why}): ves el de la página.`;
      this.host.scrollIntoView();
    }
  }
}

class StreamLab extends HTMLElement {
  connectedCallback() {
    if (this.hasAttribute("data-ready")) return;
    const laboratory = new Laboratory(this, payload(this));
    upgrade(this, laboratory.ui);
    laboratory.open();
    // Not at «hashchange»: a link to a section of the page changes no scenario.
    addEventListener("popstate", () => {
      if (!location.hash || location.hash.startsWith("#lab=")) laboratory.open();
    });
  }
}

customElements.define("stream-lab", StreamLab);
})();
