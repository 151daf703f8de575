/* <stream-player view="tables|triggers|windows|backlog">: plays a record, micro-batch by micro-batch. */
"use strict";

(() => {
const { storyOf, firstStep, restStep } = StreamStory;
const { say } = StreamWords;
const { el, icon, button, PRIMARY, box, payload, upgrade } = StreamPage;
const { legend, sign, tablesView } = StreamTables;
const { triggersView, windowsView } = StreamDrawings;
const { backlogView } = StreamBacklog;

const MS_A_BATCH = 1500;

/** @type {Record<string, (story: Story, go: Go) => View>} */
const VIEWS = {
  tables: tablesView, triggers: triggersView, windows: windowsView, backlog: backlogView,
};

/** Whether a player moves by itself. @param {Element} host */
const moves = (host) => host.hasAttribute("autoplay")
  && matchMedia("(prefers-reduced-motion: no-preference)").matches;

/** Play when all of the sentence is in view. @param {Player} player */
function playInView(player) {
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    watch.disconnect();
    player.playUnasked();
  }, { threshold: 1 });
  watch.observe(player.caption);
}

class Player {
  /** @param {Element} host @param {Story} story @param {string} title @param {string} view */
  constructor(host, story, title, view) {
    this.host = host;
    this.story = story;
    this.last = story.frames.length;
    this.first = firstStep(story);
    // Until then it rests on a step that shows all, and what goes on begins at the first one.
    this.touched = false;
    this.step = 0;
    this.timer = 0;
    this.width = 0;
    this.newView = () => VIEWS[view](story, (step) => this.jump(step));
    this.view = this.newView();
    this.playButton = button("", () => this.toggle(), PRIMARY);
    this.backButton = this.moving("back", () => this.step - 1, "Batch anterior");
    this.nextButton = this.moving("next", () => this.following(), "Batch siguiente");
    this.slider = el("input", {
      type: "range", min: 0, max: this.last, "aria-label": "Batch que se muestra",
      input: () => this.jump(Number(this.slider.value)),
    });
    this.position = el("span", { class: "stream-position", "aria-hidden": "true" });
    this.caption = el("p", { class: "stream-caption", "aria-live": "polite" });
    this.stage = el("div", { class: "stream-stage" }, this.view.node);
    this.ui = this.build(title);
    this.drawPlay();
    this.go(moves(host) ? this.first : restStep(story));
  }

  /** @param {string} title */
  build(title) {
    const controls = el("div", { class: "stream-controls" },
      this.playButton, this.backButton, this.nextButton, this.slider, this.position);
    const signs = legend(sign("new", "fila nueva"), sign("changed", "fila que cambia"));
    const keydown = (/** @type {KeyboardEvent} */ event) => this.key(event);
    return box(title, { keydown }, controls, this.caption, this.stage, signs);
  }

  /** @param {"back"|"next"} name @param {() => number} to @param {string} label */
  moving(name, to, label) {
    return button(icon(name), () => this.jump(to()), { "aria-label": label });
  }

  following() {
    return this.touched ? this.step + 1 : this.first;
  }

  drawPlay() {
    this.playButton.replaceChildren(
      ...(this.timer ? [icon("pause"), "Pausa"] : [icon("play"), "Reproducir"]));
  }

  /** Show a step, whoever asked for it. @param {number} step */
  go(step) {
    this.step = Math.min(Math.max(step, 0), this.last);
    const words = say(this.story, this.step);
    this.view.show(this.step);
    this.caption.textContent = words;
    this.slider.value = String(this.step);
    this.slider.setAttribute("aria-valuetext", words.slice(0, words.search(/[.:]/)));
    this.position.textContent = `paso ${this.step} de ${this.last}`;
    // Not `disabled`: a button that goes grey under the finger would lose the focus.
    this.backButton.setAttribute("aria-disabled", String(this.step === 0));
    const over = this.touched && this.step === this.last;
    this.nextButton.setAttribute("aria-disabled", String(over));
    this.host.setAttribute("data-step", String(this.step));
  }

  /** The reader chooses a step, which ends the playing. @param {number} step */
  jump(step) {
    this.touch();
    this.pause();
    this.go(step);
  }

  /** From now on it does what the reader does, and says so. */
  touch() {
    this.touched = true;
    this.caption.setAttribute("aria-live", "polite");
  }

  /** Play once, unasked: seen, and not read aloud. */
  playUnasked() {
    if (this.touched) return;
    this.caption.setAttribute("aria-live", "off");
    this.play();
  }

  toggle() {
    const playing = this.timer > 0;
    const next = this.step === this.last ? this.first : this.following();
    this.touch();
    if (playing) this.pause();
    else this.play(next);
  }

  /** @param {number} [step]  Where it begins. */
  play(step = this.first) {
    this.timer = setInterval(() => this.show(this.step + 1), MS_A_BATCH);
    this.drawPlay();
    this.show(step);
  }

  /** @param {number} step */
  show(step) {
    this.go(step);
    if (this.step === this.last) this.pause();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.drawPlay();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {Element} */ (event.target);
    const native = target === this.slider && event.key !== " ";
    if (native || event.altKey || event.ctrlKey || event.metaKey) return;
    const { step, last } = this;
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: step - 1, ArrowRight: this.following(), Home: 0, End: last };
    if (event.key in steps) this.jump(steps[event.key]);
    else if (event.key === " " && !target.closest("button")) this.toggle();
    else return;
    // The page shall neither scroll nor be left.
    event.preventDefault();
    event.stopPropagation();
  }

  resized() {
    if (this.stage.clientWidth === this.width) return;
    this.width = this.stage.clientWidth;
    this.reserve();
    this.view.show(this.step);
  }

  /** Keep room for the tallest step, so that what stands below does not jump. */
  reserve() {
    const view = this.newView();
    const caption = el("p", { class: "stream-caption" });
    const probe = el("div", { class: "stream-probe" }, caption, view.node);
    this.ui.append(probe);
    const heights = Array.from({ length: this.last + 1 }, (_, step) => {
      view.show(step);
      caption.textContent = say(this.story, step);
      return [caption.offsetHeight, view.node.offsetHeight];
    });
    probe.remove();
    [this.caption, this.stage].forEach((node, one) => {
      node.style.minHeight = `${Math.max(...heights.map((height) => height[one]))}px`;
    });
  }
}

class StreamPlayer extends HTMLElement {
  /** @type {Player|undefined} */
  player;

  connectedCallback() {
    if (this.player) return;
    /** @type {{title: string, records: Labelled[]}} */
    const { title, records } = payload(this);
    const view = this.getAttribute("view") ?? "tables";
    const player = new Player(
      this, storyOf(records, view === "triggers"), title || "Batch a batch", view);
    this.player = player;
    upgrade(this, player.ui);
    // Before the first paint: an observer's first word may come after it.
    player.resized();
    // Not the host: its width stays when the theme's colours come late, and with them the borders.
    new ResizeObserver(() => player.resized()).observe(player.stage);
    if (moves(this)) playInView(player);
  }

  disconnectedCallback() {
    this.player?.pause();
  }
}

customElements.define("stream-player", StreamPlayer);
})();
