// SPDX-License-Identifier: GPL-3.0-or-later
// How the shop is searched, its two other orders, and what its editors taught it.

const RANKING = ['typo', 'geo', 'words', 'filters', 'proximity', 'attribute', 'exact', 'custom'];

/** Settings of the index that people search first. */
export const SETTINGS = {
  // Unordered: where in the name a word stands does not matter, so "jacket" finds all jackets equally relevant and
  // leaves their order to popularity and to the visitor.
  searchableAttributes: [
    'unordered(name)',
    'unordered(brand)',
    'unordered(categories.lvl2)',
    'unordered(color)',
    'unordered(description)',
  ],
  attributesForFaceting: [
    'searchable(brand)',
    'color',
    'sizes',
    'categories.lvl0',
    'categories.lvl1',
    'categories.lvl2',
    'price',
    'rating',
    'filterOnly(stock)',
  ],
  customRanking: ['desc(popularity)', 'desc(rating)'],
  ranking: RANKING,
  attributesToHighlight: ['name', 'brand', 'description'],
  attributesToSnippet: ['description:18'],
  hitsPerPage: 24,
  maxValuesPerFacet: 60,
  paginationLimitedTo: 2000,
};

/** Other orders of the same records, by the ending of their names: virtual replicas, which hold no records of their own. */
export const REPLICAS = {
  _price_asc: { customRanking: ['asc(price)'], relevancyStrictness: 0 },
  _price_desc: { customRanking: ['desc(price)'], relevancyStrictness: 0 },
};

/** Words that people use and the catalog does not. */
export const SYNONYMS = [
  { objectID: 'pack', type: 'synonym', synonyms: ['backpack', 'rucksack', 'pack'] },
  { objectID: 'trousers', type: 'synonym', synonyms: ['trousers', 'pants'] },
  { objectID: 'anorak', type: 'oneWaySynonym', input: 'anorak', synonyms: ['rain jacket'] },
  { objectID: 'torch', type: 'oneWaySynonym', input: 'torch', synonyms: ['headlamp', 'lantern'] },
];

/** "cheap tent" means a tent that costs little, not one that has the word in its text. */
export const RULES = [
  {
    objectID: 'cheap',
    description: 'The word cheap is a price, not a word to look for.',
    conditions: [{ pattern: 'cheap', anchoring: 'contains' }],
    consequence: { params: { query: { remove: ['cheap'] }, filters: 'price < 60' } },
  },
];
