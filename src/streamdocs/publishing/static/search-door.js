/* Stands in every page, and loads the search when somebody goes to a search field. */
(() => {
  const names = ["language_data", "diagnose-data", "diagnose-engine", "search-data", "search"];
  let asked = false;
  const open = () => {
    if (asked) return;
    asked = true;
    const folder = `${document.documentElement.dataset.content_root ?? ""}_static/`;
    const style = Object.assign(document.createElement("link"),
      { rel: "stylesheet", href: `${folder}search.css` });
    const missing = names.filter((name) => !document.querySelector(`script[src*="/${name}.js"]`));
    const scripts = missing.map((name) => Object.assign(document.createElement("script"),
      { src: `${folder}${name}.js`, async: false }));
    document.head.append(style, ...scripts);
  };
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.closest("form.bd-search")) open();
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (document.getElementById("search-results")) open();
  });
})();
