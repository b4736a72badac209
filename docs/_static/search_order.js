// Search shows pages of that name first, then guides, the theory, subjects, and the
// reference last.
const GROUPS = [
  [/^reference\/api/, -60],
  [/^(reference|packages)\//, 10],
  [/^(index$|start\/|howto\/|notebooks\/|tutorial\/)/, 30],
  [/^theory\//, 25],
  [/^/, 20],
];

var Scorer = {
  score: ([page, title, anchor, description, score]) =>
    score + GROUPS.find(([pattern]) => pattern.test(page))[1],
  title: 60,
  partialTitle: 40,
  // what Sphinx has where nothing is changed
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  term: 5,
  partialTerm: 2,
};
