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

/**
 * What this shop takes for taste: a brand says more than a colour, a size says nothing, and a purchase more than a look.
 * Penchant personalizes without being told; a shop that knows its trade tells it.
 */
export const STRATEGY = {
  eventsScoring: [
    { eventName: 'Order Placed', eventType: 'conversion', score: 100 },
    { eventName: 'Added To Cart', eventType: 'conversion', score: 60 },
    { eventName: 'Hit Clicked', eventType: 'click', score: 30 },
    { eventName: 'Filter Applied', eventType: 'click', score: 20 },
    { eventName: 'Hits Viewed', eventType: 'view', score: 1 },
  ],
  facetsScoring: [
    { facetName: 'brand', score: 100 },
    { facetName: 'categories.lvl2', score: 60 },
    { facetName: 'color', score: 40 },
  ],
  personalizationImpact: 80,
};
