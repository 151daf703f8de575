// What the search says: Sphinx's own Spanish file leaves some of it empty.
Documentation.addTranslations({
  "locale": "es",
  "messages": {
    ", in ": ", en ",
    "Hide Search Matches": "Quitar las marcas de la búsqueda",
    "Preparing search...": "Preparando la búsqueda…",
    "Search": "Buscar",
    "Search Page": "Búsqueda",
    "Search Results": "Resultados de la búsqueda",
    "Search finished, found one page matching the search query.": [
      "Hay una página con lo que buscas.",
      "Hay ${resultCount} páginas con lo que buscas."
    ],
    "Searching": "Buscando",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "Ninguna página tiene eso. Comprueba cómo están escritas las palabras, o busca solo una."
  },
  "plural_expr": "n == 1 ? 0 : 1"
});
