// SPDX-License-Identifier: GPL-3.0-or-later
// How the shop's indices are searched. The two sorted ones hold the same records and differ in `ranking` alone.

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

/** Every index of the demo by the ending of its name. */
export const INDICES = {
  '': SETTINGS,
  _price_asc: { ...SETTINGS, ranking: ['asc(price)', ...RANKING] },
  _price_desc: { ...SETTINGS, ranking: ['desc(price)', ...RANKING] },
};
