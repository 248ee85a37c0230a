// SPDX-License-Identifier: GPL-3.0-or-later
// The official analytics client: searches are counted, events join to them by their queryID (A 8.1).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { analyticsClient } from '@algolia/client-analytics';

import { ADMIN_KEY, APP_ID, Server } from '../server.mjs';
import { fill_shop, insights_client, search_client } from './shop.mjs';

let server;
let analytics;
before(async () => {
  server = await Server.start();
  await fill_shop(search_client(server), 'shop');
  analytics = analyticsClient(APP_ID, ADMIN_KEY, 'de', {
    hosts: [{ url: '127.0.0.1', port: server.port, protocol: 'http', accept: 'readWrite' }],
  });
});
after(() => server?.stop());

const index = 'shop';
const search = (searchParams) => search_client(server).searchSingleIndex({ indexName: index, searchParams });
const today = () => new Date().toISOString().slice(0, 10);

test('top searches, searches without results, and what is not counted', async () => {
  for (const userToken of ['a', 'b', 'c']) await search({ query: 'boot', userToken });
  await search({ query: 'Tent', userToken: 'a', facetFilters: ['color:red'] });
  await search({ query: 'zzzz', userToken: 'b', filters: 'brand:Tarn AND price < 100' });
  await search({ query: 'jacket', userToken: 'a', analytics: false });
  await search_client(server).browse({ indexName: index });
  await search_client(server).searchForFacetValues({ indexName: index, facetName: 'brand' });
  const top = await analytics.getTopSearches({ index });
  assert.deepEqual(
    top.searches.map(({ search, count }) => [search, count]),
    [['boot', 3], ['Tent', 1], ['zzzz', 1]],
  );
  assert.ok(top.searches[0].nbHits > 0);
  assert.deepEqual((await analytics.getSearchesNoResults({ index })).searches, [{ search: 'zzzz', count: 1, withFilterCount: 1 }]);
  const count = await analytics.getSearchesCount({ index });
  assert.equal(count.count, 5);
  assert.equal(count.dates.length, 8);
  assert.deepEqual(count.dates.at(-1), { date: today(), count: 5 });
  const rate = await analytics.getNoResultsRate({ index, startDate: today(), endDate: today() });
  assert.equal(rate.rate, 0.2);
  assert.equal(rate.noResultCount, 1);
  assert.equal((await analytics.getUsersCount({ index })).count, 3);
  assert.deepEqual((await analytics.getTopFilterAttributes({ index })).attributes, [
    { attribute: 'brand', count: 1 },
    { attribute: 'color', count: 1 },
    { attribute: 'price', count: 1 },
  ]);
  assert.deepEqual((await analytics.getTopFilterForAttribute({ index, attribute: 'price' })).values, [
    { attribute: 'price', operator: '<', value: '100', count: 1 },
  ]);
  assert.equal((await analytics.getTopFiltersNoResults({ index })).values[0].values.length, 2);
  assert.deepEqual((await analytics.getTopCountries({ index })).countries, []);
  assert.ok((await analytics.getTopHits({ index, search: 'tent' })).hits.every(({ hit }) => /^sku-/.test(hit)));
  assert.ok(Date.parse((await analytics.getStatus({ index })).updatedAt) > Date.now() - 60_000);
});

test('keystrokes are one search', async () => {
  for (const query of ['j', 'ja', 'jac', 'jack', 'jacke', 'jacket']) await search({ query, userToken: 'typist' });
  const { searches } = await analytics.getTopSearches({ index, limit: 100 });
  assert.deepEqual(searches.filter((one) => one.search.startsWith('j')).map((one) => one.search), ['jacket']);
});

test('clicks, conversions and revenue of the searches they came from', async () => {
  const tags = ['measured'];
  const shown = [];
  for (const userToken of ['m1', 'm2', 'm3', 'm4'])
    shown.push(await search({ query: 'tent', userToken, clickAnalytics: true, analyticsTags: tags }));
  for (const answer of shown) assert.match(answer.queryID, /^[0-9a-f]{32}$/);
  const send = async (at, method, event) => {
    const insights = insights_client(server, `m${at + 1}`);
    assert.equal(await insights(method, { index, eventName: 'Done', ...event }), true);
  };
  const id = (at, place) => shown[at].hits[place].objectID;
  await send(0, 'clickedObjectIDsAfterSearch', { queryID: shown[0].queryID, objectIDs: [id(0, 0)], positions: [1] });
  await send(1, 'clickedObjectIDsAfterSearch', { queryID: shown[1].queryID, objectIDs: [id(1, 3)], positions: [4] });
  await send(1, 'addedToCartObjectIDsAfterSearch', {
    queryID: shown[1].queryID, objectIDs: [id(1, 3)], objectData: [{ price: 25, quantity: 1 }], currency: 'EUR',
  });
  await send(1, 'purchasedObjectIDsAfterSearch', {
    objectIDs: [id(1, 3)], objectData: [{ price: 25, quantity: 2, queryID: shown[1].queryID }], currency: 'EUR', value: 50,
  });
  const asked = { index, tags: 'measured' };
  const clicks = await analytics.getClickThroughRate(asked);
  assert.deepEqual([clicks.rate, clicks.clickCount, clicks.trackedSearchCount], [0.5, 2, 4]);
  const position = await analytics.getAverageClickPosition(asked);
  assert.deepEqual([position.average, position.clickCount], [2.5, 2]);
  const { positions } = await analytics.getClickPositions(asked);
  assert.deepEqual(positions.filter((one) => one.clickCount > 0).map((one) => one.position), [[1, 1], [4, 4]]);
  assert.equal((await analytics.getNoClickRate(asked)).rate, 0.5);
  assert.equal((await analytics.getConversionRate(asked)).rate, 0.25);
  assert.equal((await analytics.getAddToCartRate(asked)).addToCartCount, 1);
  assert.equal((await analytics.getPurchaseRate(asked)).purchaseCount, 1);
  assert.deepEqual((await analytics.getRevenue(asked)).currencies, { EUR: { currency: 'EUR', revenue: 50 } });
  const top = await analytics.getTopSearches({ ...asked, clickAnalytics: true, revenueAnalytics: true });
  assert.equal(top.searches.length, 1);
  assert.equal(top.searches[0].clickThroughRate, 0.5);
  assert.equal(top.searches[0].averageClickPosition, 2.5);
  assert.equal(top.searches[0].purchaseRate, 0.25);
  assert.deepEqual((await analytics.getSearchesNoClicks(asked)).searches.map((one) => [one.search, one.count]), [['tent', 2]]);
});

test('an erased visitor is counted nowhere', async () => {
  await search({ query: 'only by them', userToken: 'gone' });
  const all = async () => (await analytics.getTopSearches({ index, limit: 1000 })).searches.map((one) => one.search);
  assert.ok((await all()).includes('only by them'));
  assert.equal((await server.request('DELETE', '/1/usertokens/gone')).status, 204);
  assert.ok(!(await all()).includes('only by them'));
});

test('rights, indices and periods', async () => {
  const client = search_client(server);
  const { key } = await client.addApiKey({ acl: ['search'] });
  assert.equal((await server.request('GET', '/2/searches?index=shop', { key })).status, 403);
  assert.equal((await server.request('GET', '/2/users/count?index=shop', { key })).status, 403);
  const unknown = await server.request('GET', '/2/searches?index=shop', { key: 'nobody' });
  assert.deepEqual([unknown.status, unknown.body.message], [401, 'Invalid credentials']);
  const { key: elsewhere } = await client.addApiKey({ acl: ['analytics'], indexes: ['other'] });
  assert.equal((await server.request('GET', '/2/searches?index=shop', { key: elsewhere })).status, 403);
  assert.equal((await server.request('GET', '/2/searches?index=other', { key: elsewhere })).status, 200);
  assert.equal((await server.request('GET', '/2/searches')).status, 400);
  assert.equal((await server.request('GET', '/2/searches?index=shop&startDate=tomorrow')).status, 400);
  const none = await analytics.getClickThroughRate({ index: 'nothing' });
  assert.equal(none.rate, null);
  assert.equal(none.dates.length, 8);
});
