/** What the build publishes for the search, and Sphinx's stemmer. */
declare const SearchData: SearchSite;
declare const DiagnoseData: ErrorsKnown;
declare class Stemmer {
  stemWord(word: string): string;
}
/** The questions of the course, for the page that draws them. */
declare const QuestionData: { chapter: string; title: string; href: string; html: string }[];
