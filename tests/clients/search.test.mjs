// SPDX-License-Identifier: GPL-3.0-or-later
// algoliasearch v5: searching (A 2).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../server.mjs';
import { RECORDS, count_by, fill_shop, ids_of, kind_of, search_client } from './shop.mjs';

let server;
let client;
const indexName = 'shop';
const search = (searchParams) => client.searchSingleIndex({ indexName, searchParams });

before(async () => {
  server = await Server.start();
  client = search_client(server);
  await fill_shop(client, indexName);
});
after(() => server?.stop());

test('an empty query finds every record, the most popular first', async () => {
  const answer = await search({ hitsPerPage: 50 });
  assert.equal(answer.nbHits, 36);
  assert.deepEqual(ids_of(answer), RECORDS.map((record) => record.objectID));
  assert.equal(answer.query, '');
  assert.equal(answer.page, 0);
  assert.equal(answer.nbPages, 1);
  assert.equal(answer.hitsPerPage, 50);
  assert.equal(answer.exhaustiveNbHits, true);
  assert.equal(answer.exhaustive.nbHits, true);
  assert.equal(typeof answer.processingTimeMS, 'number');
});

test('words are ANDed and the last is a prefix', async () => {
  assert.deepEqual(ids_of(await search({ query: 'boot tarn' })), ['sku-7', 'sku-8', 'sku-9']);
  assert.deepEqual(ids_of(await search({ query: 'boot ta' })), ['sku-7', 'sku-8', 'sku-9']);
  assert.equal((await search({ query: 'bo tarn', typoTolerance: false })).nbHits, 0);
  assert.equal((await search({ query: 'BOOT' })).nbHits, 12);
  assert.equal((await search({ query: 'boo', queryType: 'prefixNone', typoTolerance: false })).nbHits, 0);
});

test('a record that comes back is the record that was saved', async () => {
  const [hit] = (await search({ query: 'boot tarn', hitsPerPage: 1 })).hits;
  const { _highlightResult, ...record } = hit;
  assert.deepEqual(record, RECORDS[6]);
});

test('highlighting mirrors the record and marks the typed part', async () => {
  const [hit] = (await search({ query: 'boot ta', attributesToHighlight: ['*'] })).hits;
  assert.equal(hit._highlightResult.name.value, '<em>Boot</em> <em>Ta</em>rn Mark 7');
  assert.equal(hit._highlightResult.name.matchLevel, 'full');
  assert.deepEqual([...hit._highlightResult.name.matchedWords].sort(), ['boot', 'ta']);
  assert.equal(hit._highlightResult.brand.matchLevel, 'partial');
  assert.equal(hit._highlightResult.color.matchLevel, 'none');
  assert.deepEqual(hit._highlightResult.color.matchedWords, []);
  assert.equal(hit._highlightResult.price.value, '40');
  assert.match(hit._highlightResult.categories.lvl1.value, /^Outdoor > /, 'objects stay objects');
  const [plain] = (await search({ query: 'boot', attributesToHighlight: [] })).hits;
  assert.equal('_highlightResult' in plain, false);
  const [marked] = (
    await search({ query: 'boot', highlightPreTag: '__ais-highlight__', highlightPostTag: '__/ais-highlight__' })
  ).hits;
  assert.match(marked._highlightResult.name.value, /^__ais-highlight__Boot__\/ais-highlight__ /);
});

test('attributesToRetrieve chooses, and objectID always stays', async () => {
  const [some] = (await search({ query: 'tent', attributesToRetrieve: ['brand'], attributesToHighlight: [] })).hits;
  assert.deepEqual(some, { objectID: 'sku-25', brand: 'Corvale' });
  const [others] = (
    await search({ query: 'tent', attributesToRetrieve: ['*', '-price'], attributesToHighlight: [] })
  ).hits;
  assert.equal('price' in others, false);
  assert.equal(others.brand, 'Corvale');
});

test('facets are counted over all matches, with statistics of numbers', async () => {
  const answer = await search({ query: 'tent', facets: ['brand', 'color', 'price', 'inStock'], hitsPerPage: 1 });
  const tents = kind_of('Tent');
  assert.deepEqual(answer.facets.brand, count_by(tents, 'brand'));
  assert.deepEqual(answer.facets.color, count_by(tents, 'color'));
  assert.deepEqual(answer.facets.inStock, { true: 9, false: 3 });
  const prices = tents.map((record) => record.price);
  const sum = prices.reduce((a, b) => a + b, 0);
  assert.deepEqual(answer.facets_stats.price, {
    min: Math.min(...prices),
    max: Math.max(...prices),
    avg: sum / prices.length,
    sum,
  });
  assert.equal(answer.exhaustiveFacetsCount, true);
  assert.equal('facets' in (await search({ query: 'tent' })), false);
});

test('maxValuesPerFacet keeps the most frequent', async () => {
  const answer = await search({ facets: ['brand'], filters: 'color:green OR brand:Tarn', maxValuesPerFacet: 1 });
  assert.deepEqual(answer.facets.brand, { Tarn: 9 });
});

test('filters: facets, numbers, ranges, NOT, groups, and values compared without case', async () => {
  const count = async (filters) => (await search({ filters, hitsPerPage: 0 })).nbHits;
  const by = (keep) => RECORDS.filter(keep).length;
  assert.equal(await count('brand:Tarn'), 9);
  assert.equal(await count('brand:tarn'), 9);
  assert.equal(await count('brand:"Tarn" AND color:red'), 3);
  assert.equal(await count('(brand:Tarn OR brand:Oxbow) AND NOT color:red'), 12);
  assert.equal(await count('price < 50'), by((r) => r.price < 50));
  assert.equal(await count('price >= 50 AND price <= 100'), by((r) => r.price >= 50 && r.price <= 100));
  assert.equal(await count('price:50 TO 100'), by((r) => r.price >= 50 && r.price <= 100));
  assert.equal(await count('price != 10'), 35);
  assert.equal(await count('inStock:true'), by((r) => r.inStock));
  assert.equal(await count("categories.lvl1:'Outdoor > Boot'"), 12);
  assert.equal(await count('brand:Nobody'), 0);
  assert.equal(await count('name:Boot'), 0, 'not an attribute for faceting');
});

test('array forms: outer AND, inner OR, leading minus negates', async () => {
  const count = async (params) => (await search({ hitsPerPage: 0, ...params })).nbHits;
  assert.equal(await count({ facetFilters: [['brand:Tarn', 'brand:Oxbow'], 'color:red'] }), 6);
  assert.equal(await count({ facetFilters: ['brand:-Tarn'] }), 27);
  assert.equal(await count({ facetFilters: 'brand:-Tarn' }), 27);
  assert.equal(await count({ numericFilters: ['price>=50', 'price<=100'] }), 11);
  assert.equal(await count({ numericFilters: [['price=10', 'price=15']] }), 2);
  assert.equal(await count({ facetFilters: ['brand:Tarn'], filters: 'color:red', numericFilters: ['price<150'] }), 2);
});

test('optional filters lift but never remove', async () => {
  const answer = await search({ query: 'boot', optionalFilters: ['brand:Fellside<score=2>', 'color:blue'], getRankingInfo: true });
  assert.equal(answer.nbHits, 12);
  assert.deepEqual(ids_of(answer).slice(0, 4), ['sku-12', 'sku-10', 'sku-11', 'sku-3']);
  assert.deepEqual(answer.hits.slice(0, 4).map((hit) => hit._rankingInfo.filters), [3, 2, 2, 1]);
});

test('pages of one order never overlap or skip, and both ways of paging agree', async () => {
  const whole = ids_of(await search({ hitsPerPage: 36 }));
  const pages = [];
  for (let page = 0; page < 4; page += 1) {
    const answer = await search({ hitsPerPage: 10, page });
    assert.equal(answer.nbPages, 4);
    pages.push(...ids_of(answer));
  }
  assert.deepEqual(pages, whole);
  const cut = await search({ offset: 7, length: 9 });
  assert.deepEqual(ids_of(cut), whole.slice(7, 16));
  assert.equal(cut.offset, 7);
  assert.equal(cut.length, 9);
});

test('paginationLimitedTo cuts what is reachable, not what is counted', async () => {
  const limited = 'shop_limited';
  const { taskID } = await client.setSettings({ indexName: limited, indexSettings: { paginationLimitedTo: 10 } });
  await client.waitForTask({ indexName: limited, taskID });
  await client.saveObjects({ indexName: limited, objects: RECORDS, waitForTasks: true });
  const answer = await client.searchSingleIndex({ indexName: limited, searchParams: { hitsPerPage: 4, page: 2 } });
  assert.equal(answer.nbHits, 36);
  assert.equal(answer.nbPages, 3);
  assert.equal(answer.hits.length, 2);
});

test('hitsPerPage 0 is a question for counts', async () => {
  const answer = await search({ query: 'boot', hitsPerPage: 0, facets: 'brand' });
  assert.deepEqual(answer.hits, []);
  assert.equal(answer.nbHits, 12);
  assert.equal(answer.nbPages, 0);
  assert.deepEqual(answer.facets.brand, { Corvale: 3, Fellside: 3, Oxbow: 3, Tarn: 3 });
});

test('ranking information has the required numbers', async () => {
  const answer = await search({ query: 'boot mark', getRankingInfo: true });
  for (const hit of answer.hits) {
    for (const key of ['nbTypos', 'firstMatchedWord', 'geoDistance', 'nbExactWords', 'userScore', 'words', 'filters']) {
      assert.equal(typeof hit._rankingInfo[key], 'number', key);
    }
    assert.equal(hit._rankingInfo.words, 2);
    assert.equal(hit._rankingInfo.nbTypos, 0);
  }
});

test('proximity: neighbours before words far apart', async () => {
  const indexName = 'proximity';
  await client.saveObjects({
    indexName,
    objects: [
      { objectID: 'far', text: 'alpha one two three four beta' },
      { objectID: 'near', text: 'zero alpha beta' },
      { objectID: 'middle', text: 'alpha one beta' },
    ],
    waitForTasks: true,
  });
  const answer = await client.searchSingleIndex({ indexName, searchParams: { query: 'alpha beta' } });
  assert.deepEqual(ids_of(answer), ['near', 'middle', 'far']);
});

test('attribute: an earlier searchable attribute wins', async () => {
  const indexName = 'attributes';
  const { taskID } = await client.setSettings({ indexName, indexSettings: { searchableAttributes: ['title', 'body'] } });
  await client.waitForTask({ indexName, taskID });
  await client.saveObjects({
    indexName,
    objects: [
      { objectID: 'body', title: 'something else', body: 'gamma' },
      { objectID: 'title', title: 'here is gamma', body: 'nothing' },
    ],
    waitForTasks: true,
  });
  const answer = await client.searchSingleIndex({ indexName, searchParams: { query: 'gamma' } });
  assert.deepEqual(ids_of(answer), ['title', 'body']);
  const restricted = await client.searchSingleIndex({
    indexName,
    searchParams: { query: 'gamma', restrictSearchableAttributes: ['body'] },
  });
  assert.deepEqual(ids_of(restricted), ['body']);
});

test('many queries in one call come back in order, facet queries among them', async () => {
  const { results } = await client.search({
    requests: [
      { indexName, query: 'boot', hitsPerPage: 2 },
      { indexName, query: 'tent', hitsPerPage: 0, facets: 'brand' },
      { indexName, type: 'facet', facet: 'brand', facetQuery: 'ox', maxFacetHits: 5 },
    ],
  });
  assert.equal(results.length, 3);
  assert.equal(results[0].nbHits, 12);
  assert.equal(results[0].hits.length, 2);
  assert.equal(results[0].index, 'shop');
  assert.equal(results[1].facets.brand.Oxbow, 3);
  assert.equal(results[2].facetHits[0].value, 'Oxbow');
});

test('stopIfEnoughMatches leaves the rest undone but answered', async () => {
  const { results } = await client.search({
    strategy: 'stopIfEnoughMatches',
    requests: [
      { indexName, query: 'boot', hitsPerPage: 5 },
      { indexName, query: 'tent', hitsPerPage: 5 },
    ],
  });
  assert.equal(results.length, 2);
  assert.equal(results[0].hits.length, 5);
  assert.deepEqual(results[1].hits, []);
});

test('search for facet values: highlighted, counted within the query', async () => {
  const answer = await client.searchForFacetValues({
    indexName,
    facetName: 'brand',
    searchForFacetValuesRequest: { facetQuery: 'cor', params: 'query=tent&filters=price%20%3C%20135' },
  });
  assert.deepEqual(answer.facetHits, [{ value: 'Corvale', highlighted: '<em>Cor</em>vale', count: 1 }]);
  assert.equal(answer.exhaustiveFacetsCount, true);
  await assert.rejects(
    client.searchForFacetValues({ indexName, facetName: 'color', searchForFacetValuesRequest: { facetQuery: 'r' } }),
    (error) => error.status === 400 && /color/.test(error.message),
    'color is not searchable',
  );
});

test('clickAnalytics gives every query an id of its own', async () => {
  const first = await search({ query: 'boot', clickAnalytics: true });
  const second = await search({ query: 'boot', clickAnalytics: true });
  assert.match(first.queryID, /^[0-9a-f]{32}$/);
  assert.notEqual(first.queryID, second.queryID);
  assert.equal('queryID' in (await search({ query: 'boot' })), false);
});

test('credentials in the query and text/plain bodies: what a browser sends', async () => {
  const browser = search_client(server, {
    authMode: 'WithinQueryParameters',
    baseHeaders: { 'content-type': 'text/plain' },
  });
  const { results } = await browser.search({ requests: [{ indexName, query: 'boot' }] });
  assert.equal(results[0].nbHits, 12);
});

test('compressed bodies', async () => {
  const compressing = search_client(server, { compression: 'gzip' });
  const requests = Array.from({ length: 40 }, () => ({ indexName, query: 'boot', hitsPerPage: 1 }));
  const { results } = await compressing.search({ requests });
  assert.equal(results.length, 40);
  assert.ok(results.every((result) => result.nbHits === 12));
});

test('responseFields limits the answer', async () => {
  const answer = await search({ query: 'boot', responseFields: ['nbHits'] });
  assert.equal(answer.nbHits, 12);
  assert.equal('hits' in answer, false);
});

test('an unknown index is 404, a bad filter 400 with its position, neither a reason to retry', async () => {
  await assert.rejects(client.searchSingleIndex({ indexName: 'nowhere' }), (error) => {
    assert.equal(error.name, 'ApiError');
    assert.equal(error.status, 404);
    assert.match(error.message, /Index nowhere does not exist/);
    return true;
  });
  await assert.rejects(search({ filters: 'brand:Tarn AND (' }), (error) => {
    assert.equal(error.status, 400);
    assert.match(error.message, /filter/i);
    return true;
  });
});

test('odd text is only text', async () => {
  for (const query of ['', ' ', '🥾', '"', "'", '\\', '日本', 'ёлка', '-', 'a'.repeat(500), '%', '\u0000', '<em>', '*']) {
    const answer = await search({ query, hitsPerPage: 1 });
    assert.equal(typeof answer.nbHits, 'number', JSON.stringify(query));
  }
});
