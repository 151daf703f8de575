// What came where the reader does not look: a link that leads there.
import { button } from "./parts.js";

const BARS = 60; // px at the top and at the bottom that the page's bars hide

/** @param {HTMLElement} place */
const seen = (place) => {
  const { height, bottom } = place.getBoundingClientRect();
  return height > 0 && bottom > BARS && bottom <= innerHeight - BARS + 8;
};

/** @returns {{arrived: (place: HTMLElement) => void, link: HTMLButtonElement}} */
export function news() {
  /** @type {HTMLElement | undefined} */
  let place;
  const look = () => {
    if (!place?.isConnected || seen(place)) place = undefined;
    link.hidden = !place;
    if (!place) return;
    const { height, bottom } = place.getBoundingClientRect();
    const below = height && bottom > BARS;
    link.textContent = below ? "↓ Ha salido algo más abajo" : "↑ Ha salido algo más arriba";
  };
  const go = () => {
    for (let fold = place?.closest("details"); fold; fold = fold.parentElement?.closest("details")) {
      fold.open = true;
    }
    place?.scrollIntoView({ block: place.offsetHeight > innerHeight / 2 ? "end" : "center" });
    look();
  };
  const link = button("", "Ve a lo que acaba de salir", go, () => undefined);
  link.hidden = true;
  addEventListener("scroll", look, { passive: true });
  return {
    link,
    arrived(here) {
      place = here;
      look();
    },
  };
}
