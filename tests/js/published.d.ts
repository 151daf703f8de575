/** What the build publishes for the search, and Sphinx's stemmer. */
declare const SearchData: SearchSite;
declare const DiagnoseData: ErrorsKnown;
declare class Stemmer {
  stemWord(word: string): string;
}
