// The small things that the aula puts into a page.

/**
 * @param {string} tag
 * @param {string} class_
 * @param {...(Node | string)} children
 */
export function part(tag, class_, ...children) {
  const element = document.createElement(tag);
  element.className = class_;
  element.append(...children);
  return element;
}

/**
 * A button that cannot be pressed again before what it does is done.
 * @param {string} text
 * @param {string} title
 * @param {() => unknown} click
 * @param {(text: string) => void} fails
 */
export function button(text, title, click, fails) {
  const one = /** @type {HTMLButtonElement} */ (part("button", "aula-button", text));
  one.type = "button";
  one.title = title;
  one.addEventListener("click", async () => {
    if (one.getAttribute("aria-disabled")) return;
    one.setAttribute("aria-disabled", "true");
    try {
      await click();
    } catch (error) {
      fails(error instanceof Error ? error.message : String(error));
    } finally {
      one.removeAttribute("aria-disabled");
    }
  });
  return one;
}

/** Where a sentence is said aloud when it changes. */
export function status() {
  const element = part("span", "aula-status");
  element.setAttribute("role", "status");
  return element;
}
