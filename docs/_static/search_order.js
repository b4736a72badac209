// Search shows guides first, then pages on the theory and on subjects, then reference.
const GUIDES = /^(index|start\/|howto\/|notebooks\/|tutorial\/)/;
const REFERENCE = /^(reference\/|packages\/)/;

var Scorer = {
  score: ([page, title, anchor, description, score]) => {
    if (page.startsWith("reference/api")) return score;
    return score + (GUIDES.test(page) ? 600 : REFERENCE.test(page) ? 200 : 400);
  },
  // what Sphinx has where nothing is changed
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
