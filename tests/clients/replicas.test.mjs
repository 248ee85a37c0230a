// SPDX-License-Identifier: GPL-3.0-or-later
// algoliasearch v5: distinct, standard and virtual replicas, relevancyStrictness (A 2.11, 3.7).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../server.mjs';
import { RECORDS, SETTINGS, fill_shop, ids_of, search_client } from './shop.mjs';

let server;
let client;
before(async () => {
  server = await Server.start();
  client = search_client(server);
  await fill_shop(client, 'shop');
});
after(() => server?.stop());

const wait = (indexName, { taskID }) => client.waitForTask({ indexName, taskID });
const configure = async (indexName, indexSettings, options = {}) =>
  wait(indexName, await client.setSettings({ indexName, indexSettings, ...options }));
const search = (indexName, searchParams) => client.searchSingleIndex({ indexName, searchParams });
const refuses = (promise) => assert.rejects(promise, (error) => error.status === 400 && error.message.includes('replica'));

const by = (direction) => [...RECORDS].sort((a, b) => direction * (a.price - b.price)).map((record) => record.objectID);

test('distinct keeps the best of each group; counts stay those of all records', async () => {
  await configure('shop', { ...SETTINGS, attributeForDistinct: 'brand' });
  const one = await search('shop', { query: 'boot', distinct: true, facets: ['color'] });
  assert.equal(one.nbHits, 4);
  assert.equal(one.nbPages, 1);
  assert.deepEqual(one.hits.map((hit) => hit.brand), ['Corvale', 'Oxbow', 'Tarn', 'Fellside']);
  assert.deepEqual(one.facets.color, { blue: 4, green: 4, red: 4 });
  const two = await search('shop', { query: 'boot', distinct: 2, hitsPerPage: 3, facets: ['color'], facetingAfterDistinct: true });
  assert.equal(two.nbHits, 4);
  assert.equal(two.nbPages, 2);
  assert.deepEqual(two.hits.map((hit) => hit.brand), ['Corvale', 'Corvale', 'Oxbow', 'Oxbow', 'Tarn', 'Tarn']);
  assert.deepEqual(two.hits.map((hit) => hit._distinctSeqID), [0, 1, 0, 1, 0, 1]);
  assert.deepEqual(two.facets.color, { green: 4 });
  const rest = await search('shop', { query: 'boot', distinct: 2, hitsPerPage: 3, page: 1 });
  assert.deepEqual(rest.hits.map((hit) => hit.brand), ['Fellside', 'Fellside']);
  await configure('shop', { distinct: 1 });
  assert.equal((await search('shop', { query: '' })).nbHits, 4);
  assert.equal((await client.browse({ indexName: 'shop' })).nbHits, 36);
  await configure('shop', { distinct: null, attributeForDistinct: null });
  assert.equal((await search('shop', { query: '' })).nbHits, 36);
});

test('a standard replica follows its primary, in an order of its own', async () => {
  await configure('shop', { replicas: ['shop_price_asc'] });
  await configure('shop_price_asc', { ranking: ['asc(price)', 'typo', 'geo', 'words', 'filters', 'proximity', 'attribute', 'exact', 'custom'] });
  assert.deepEqual(ids_of(await search('shop_price_asc', { query: '', hitsPerPage: 100 })), by(1));
  assert.equal((await client.getSettings({ indexName: 'shop_price_asc' })).primary, 'shop');
  assert.deepEqual((await client.getSettings({ indexName: 'shop' })).replicas, ['shop_price_asc']);

  await wait('shop', await client.saveObject({ indexName: 'shop', body: { objectID: 'cheapest', name: 'Sticker', price: 1 } }));
  assert.equal((await search('shop_price_asc', { query: '', hitsPerPage: 1 })).hits[0].objectID, 'cheapest');
  await wait('shop', await client.deleteBy({ indexName: 'shop', deleteByParams: { filters: 'price < 5' } }));
  assert.deepEqual(ids_of(await search('shop_price_asc', { query: '', hitsPerPage: 100 })), by(1));

  await refuses(client.saveObject({ indexName: 'shop_price_asc', body: { objectID: 'x' } }));
  await refuses(client.deleteIndex({ indexName: 'shop_price_asc' }));
  await refuses(client.operationIndex({ indexName: 'other', operationIndexParams: { operation: 'copy', destination: 'shop' } }));

  const { items } = await client.listIndices();
  assert.deepEqual(items.find((item) => item.name === 'shop').replicas, ['shop_price_asc']);
  assert.equal(items.find((item) => item.name === 'shop_price_asc').primary, 'shop');
});

test('replaceAllObjects reaches the replicas and keeps them', async () => {
  await client.replaceAllObjects({ indexName: 'shop', objects: RECORDS.slice(0, 5) });
  const answer = await search('shop_price_asc', { query: '', hitsPerPage: 100 });
  assert.deepEqual(ids_of(answer), RECORDS.slice(0, 5).map((record) => record.objectID));
  assert.deepEqual((await client.getSettings({ indexName: 'shop' })).replicas, ['shop_price_asc']);
  await client.replaceAllObjects({ indexName: 'shop', objects: RECORDS });
  assert.deepEqual(ids_of(await search('shop_price_asc', { query: '', hitsPerPage: 100 })), by(1));
});

test('forwardToReplicas is for settings that all should have', async () => {
  await configure('shop', { hitsPerPage: 7 });
  assert.equal((await client.getSettings({ indexName: 'shop_price_asc' })).hitsPerPage, 20);
  await configure('shop', { hitsPerPage: 8 }, { forwardToReplicas: true });
  assert.equal((await client.getSettings({ indexName: 'shop_price_asc' })).hitsPerPage, 8);
});

test('a virtual replica shows the records of its primary, sorted as far as relevancyStrictness allows', async () => {
  await configure('shop', { replicas: ['shop_price_asc', 'virtual(shop_dear)'] });
  await configure('shop_dear', { customRanking: ['desc(price)'], relevancyStrictness: 0 });
  const sorted = await search('shop_dear', { query: '', hitsPerPage: 100 });
  assert.deepEqual(ids_of(sorted), by(-1));
  assert.equal(sorted.nbSortedHits, 36);

  // 'boot' is in the name of 12 records, and in the description of the same ones; 'long' in every description.
  const strict = await search('shop_dear', { query: 'tarn', relevancyStrictness: 100, hitsPerPage: 100 });
  assert.equal('nbSortedHits' in strict, false);
  assert.equal(strict.nbHits, 9);

  const { items } = await client.listIndices();
  const entry = items.find((item) => item.name === 'shop_dear');
  assert.equal(entry.virtual, true);
  assert.equal(entry.primary, 'shop');
  assert.equal(entry.entries, 36);
  await refuses(client.saveObject({ indexName: 'shop_dear', body: { objectID: 'x' } }));

  await wait('shop', await client.partialUpdateObject({ indexName: 'shop', objectID: 'sku-1', attributesToUpdate: { price: 9999 } }));
  assert.equal((await search('shop_dear', { query: '', hitsPerPage: 1 })).hits[0].objectID, 'sku-1');
});

test('a name that leaves the list stands alone', async () => {
  await configure('shop', { replicas: [] });
  for (const indexName of ['shop_price_asc', 'shop_dear']) {
    await wait(indexName, await client.saveObject({ indexName, body: { objectID: 'own', name: 'Own' } }));
    assert.equal((await search(indexName, { query: '' })).nbHits, 37);
    await wait(indexName, await client.deleteIndex({ indexName }));
  }
  assert.equal((await search('shop', { query: '' })).nbHits, 36);
});
