// SPDX-License-Identifier: GPL-3.0-or-later
// The clients of both personalization products, and what a profile does to a search (A 5).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../server.mjs';
import { advanced_client, classic_client, fill_shop, ids_of, insights_client, search_client } from './shop.mjs';

let server;
let client;
const indexName = 'shop';
before(async () => {
  server = await Server.start();
  client = search_client(server);
  await fill_shop(client, indexName);
});
after(() => server?.stop());

const search = (searchParams) => client.searchSingleIndex({ indexName, searchParams });
const boots = (userToken, more = {}) =>
  search({ query: 'boot', userToken, enablePersonalization: true, facets: ['brand', 'color'], ...more });
const PLAIN = Array.from({ length: 12 }, (_, n) => `sku-${n + 1}`);
const TARN_BOOTS = ['sku-7', 'sku-8', 'sku-9'];

async function click_three_tarns(userToken) {
  const insights = insights_client(server, userToken);
  for (const objectID of ['sku-7', 'sku-20', 'sku-33']) {
    assert.equal(await insights('clickedObjectIDs', { index: indexName, eventName: 'Product Clicked', objectIDs: [objectID] }), true);
  }
}

test('with no configuration at all: three clicks on one brand, and it leads the very next search', async () => {
  const was = await boots('fresh');
  assert.deepEqual(ids_of(was), PLAIN);
  await click_three_tarns('fresh');
  const now = await boots('fresh');
  assert.deepEqual(ids_of(now).slice(0, 3).sort(), TARN_BOOTS);
  assert.deepEqual(ids_of(now).sort(), [...PLAIN].sort(), 'the same hits');
  assert.equal(now.nbHits, was.nbHits);
  assert.deepEqual(now.facets, was.facets);
  assert.deepEqual(ids_of(await boots('somebody-else')), PLAIN);
});

test('off means off: no flag, impact 0, no token, nobody known', async () => {
  await click_three_tarns('off');
  assert.notDeepEqual(ids_of(await boots('off')), PLAIN);
  assert.deepEqual(ids_of(await boots('off', { enablePersonalization: false })), PLAIN);
  assert.deepEqual(ids_of(await boots('off', { personalizationImpact: 0 })), PLAIN);
  assert.deepEqual(ids_of(await boots(undefined)), PLAIN);
  assert.deepEqual(ids_of(await boots('nobody')), PLAIN);
});

test('the setting turns it on, the query turns it off', async () => {
  await click_three_tarns('setting');
  const set = async (enablePersonalization) => {
    const { taskID } = await client.setSettings({ indexName, indexSettings: { enablePersonalization } });
    await client.waitForTask({ indexName, taskID });
  };
  await set(true);
  const answer = await search({ query: 'boot', userToken: 'setting' });
  assert.deepEqual(ids_of(answer).slice(0, 3).sort(), TARN_BOOTS);
  assert.deepEqual(ids_of(await search({ query: 'boot', userToken: 'setting', enablePersonalization: false })), PLAIN);
  await set(null);
  assert.deepEqual(ids_of(await search({ query: 'boot', userToken: 'setting' })), PLAIN);
});

test('the token may come in a header', async () => {
  await click_three_tarns('header');
  const { body } = await server.request('POST', '/1/indexes/shop/query', {
    body: { query: 'boot', enablePersonalization: true },
    headers: { 'x-algolia-usertoken': 'header' },
  });
  assert.deepEqual(ids_of(body).slice(0, 3).sort(), TARN_BOOTS);
});

test('no hit crosses a bucket of textual relevance', async () => {
  const indexName = 'buckets';
  const indexSettings = { searchableAttributes: ['title', 'body'], attributesForFaceting: ['brand'] };
  const { taskID } = await client.setSettings({ indexName, indexSettings });
  await client.waitForTask({ indexName, taskID });
  await client.saveObjects({
    indexName,
    objects: [
      { objectID: 'title-other', title: 'kettle', body: '', brand: 'Other' },
      { objectID: 'title-loved', title: 'kettle', body: '', brand: 'Loved' },
      { objectID: 'body-other', title: 'pot', body: 'kettle', brand: 'Other' },
      { objectID: 'body-loved', title: 'pot', body: 'kettle', brand: 'Loved' },
    ],
    waitForTasks: true,
  });
  const searchParams = {
    query: 'kettle',
    enablePersonalization: true,
    personalizationImpact: 100,
    personalizationFilters: ['brand:Loved<score=20>'],
  };
  const answer = await client.searchSingleIndex({ indexName, searchParams });
  assert.deepEqual(ids_of(answer), ['title-loved', 'title-other', 'body-loved', 'body-other']);
});

test('personalizationFilters try a persona, instead of the stored profile', async () => {
  await click_three_tarns('persona');
  const answer = await boots('persona', { personalizationFilters: ['brand:Oxbow<score=15>'], personalizationImpact: 100 });
  assert.deepEqual(ids_of(answer).slice(0, 3), ['sku-4', 'sku-5', 'sku-6']);
});

test('every hit explains itself in numbers that add up to its place', async () => {
  for (const personalizationImpact of [100, 60, 25]) {
    const answer = await boots('persona-of-two', {
      getRankingInfo: true,
      personalizationImpact,
      personalizationFilters: ['brand:Tarn<score=12>', 'color:blue<score=7>'],
    });
    const explained = answer.hits.map((hit) => ({ ...hit, ...hit._rankingInfo.personalization }));
    const best = Math.max(...explained.map((hit) => hit.filtersScore));
    assert.equal(best, 19, 'Tarn and blue');
    for (const [position, hit] of explained.entries()) {
      const expected = (hit.brand === 'Tarn' ? 12 : 0) + (hit.color === 'blue' ? 7 : 0);
      assert.ok(Math.abs(hit.filtersScore - expected) < 1e-6, `${hit.objectID}: ${hit.filtersScore}, not ${expected}`);
      const impact = personalizationImpact / 100;
      const score = (impact * hit.filtersScore) / best + (1 - impact) * hit.rankingScore;
      assert.ok(Math.abs(hit.score - score) < 1e-6, `${hit.objectID}: ${hit.score}, not ${score}`);
      assert.equal(hit.newPosition, position);
      assert.equal(PLAIN[hit.initialPosition], hit.objectID);
      assert.equal(hit.textualRelevanceBucket, 0);
      assert.ok(Math.abs(hit.rankingScore - (1 - hit.initialPosition / 12)) < 1e-6);
    }
    const scores = explained.map((hit) => hit.score);
    assert.deepEqual(scores, [...scores].sort((a, b) => b - a), 'best first');
  }
});

test('the test vector of the contract: B, A, C, D at impact 50; B, C, A, D at 100', async () => {
  const indexName = 'vector';
  const indexSettings = { attributesForFaceting: ['x'], customRanking: ['desc(rank)'] };
  const { taskID } = await client.setSettings({ indexName, indexSettings });
  await client.waitForTask({ indexName, taskID });
  const objects = ['A', 'B', 'C', 'D'].map((objectID, n) => ({ objectID, rank: 10 - n, x: objectID }));
  await client.saveObjects({ indexName, objects, waitForTasks: true });
  const order = async (personalizationImpact) => {
    const searchParams = {
      enablePersonalization: true,
      personalizationImpact,
      personalizationFilters: ['x:B<score=16>', 'x:C<score=5>'],
      getRankingInfo: true,
    };
    return client.searchSingleIndex({ indexName, searchParams });
  };
  const half = await order(50);
  assert.deepEqual(ids_of(half), ['B', 'A', 'C', 'D']);
  const scores = half.hits.map((hit) => hit._rankingInfo.personalization.score);
  for (const [n, expected] of [0.875, 0.5, 0.40625, 0.125].entries()) assert.ok(Math.abs(scores[n] - expected) < 1e-6);
  assert.deepEqual(ids_of(await order(100)), ['B', 'C', 'A', 'D']);
  assert.deepEqual(ids_of(await order(0)), ['A', 'B', 'C', 'D']);
});

test('pages are cut from one personalized order', async () => {
  await click_three_tarns('pages');
  const whole = ids_of(await boots('pages', { hitsPerPage: 12 }));
  const pages = [];
  for (let page = 0; page < 3; page += 1) pages.push(...ids_of(await boots('pages', { hitsPerPage: 5, page })));
  assert.deepEqual(pages, whole);
});

test('classic: the strategy is read back as it was set, weights act on the next query', async () => {
  const classic = classic_client(server);
  const first = await classic.getPersonalizationStrategy();
  assert.ok(Array.isArray(first.eventsScoring), 'a server with no strategy answers with its default or an empty one');
  const strategy = (brand, color) => ({
    eventsScoring: [{ eventName: 'Product Clicked', eventType: 'click', score: 50 }],
    facetsScoring: [
      { facetName: 'brand', score: brand },
      { facetName: 'color', score: color },
    ],
    personalizationImpact: 100,
  });
  const answer = await classic.setPersonalizationStrategy(strategy(100, 10));
  assert.equal(answer.message, 'Strategy was successfully updated.');
  assert.deepEqual(await classic.getPersonalizationStrategy(), strategy(100, 10));
  const insights = insights_client(server, 'weights');
  // A green Tarn boot: what weighs more, the brand or the color?
  await insights('clickedObjectIDs', { index: indexName, eventName: 'Product Clicked', objectIDs: ['sku-7'] });
  assert.deepEqual(ids_of(await boots('weights')).slice(0, 3), ['sku-7', 'sku-8', 'sku-9'], 'the brand');
  await classic.setPersonalizationStrategy(strategy(10, 100));
  assert.deepEqual(ids_of(await boots('weights')).slice(0, 4), ['sku-7', 'sku-1', 'sku-4', 'sku-10'], 'the color');
});

test('classic: profile read, deleted, and built anew by later events', async () => {
  const classic = classic_client(server);
  await classic.setPersonalizationStrategy({
    eventsScoring: [
      { eventName: 'Product Clicked', eventType: 'click', score: 30 },
      { eventName: 'Order placed', eventType: 'conversion', score: 100 },
    ],
    facetsScoring: [
      { facetName: 'brand', score: 100 },
      { facetName: 'color', score: 50 },
    ],
    personalizationImpact: 70,
  });
  const insights = insights_client(server, 'classic');
  const started = Date.now();
  await insights('purchasedObjectIDs', {
    index: indexName,
    eventName: 'Order placed',
    objectIDs: ['sku-7'],
    objectData: [{ price: 40, quantity: 1 }],
    currency: 'EUR',
  });
  await insights('clickedObjectIDs', { index: indexName, eventName: 'Product Clicked', objectIDs: ['sku-5'] });
  const profile = await classic.getUserTokenProfile({ userToken: 'classic' });
  assert.equal(profile.userToken, 'classic');
  assert.ok(Date.parse(profile.lastEventAt) >= started - 1000);
  // Raw sums 100 and 30, the best is 20: round(20 * 0.3) = 6.
  assert.equal(profile.scores.brand.Tarn, 20);
  assert.equal(profile.scores.brand.Oxbow, 6);
  const deleted = await classic.deleteUserProfile({ userToken: 'classic' });
  assert.equal(deleted.userToken, 'classic');
  assert.ok(!Number.isNaN(Date.parse(deleted.deletedUntil)));
  await assert.rejects(classic.getUserTokenProfile({ userToken: 'classic' }), (error) => error.status === 404);
  assert.deepEqual(ids_of(await boots('classic')), PLAIN);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await insights('clickedObjectIDs', { index: indexName, eventName: 'Product Clicked', objectIDs: ['sku-10'] });
  const later = await classic.getUserTokenProfile({ userToken: 'classic' });
  assert.deepEqual(later.scores.brand, { Fellside: 20 });
});

test('classic: a bad strategy is refused and the old one stays', async () => {
  const classic = classic_client(server);
  const good = {
    eventsScoring: [{ eventName: 'Product Clicked', eventType: 'click', score: 30 }],
    facetsScoring: [{ facetName: 'brand', score: 100 }],
    personalizationImpact: 40,
  };
  await classic.setPersonalizationStrategy(good);
  for (const bad of [
    { ...good, personalizationImpact: 101 },
    { ...good, personalizationImpact: 'much' },
    { ...good, eventsScoring: [{ eventName: 'x', eventType: 'hover', score: 1 }] },
    { ...good, eventsScoring: [{ eventName: 'x', eventType: 'click' }] },
    { ...good, facetsScoring: [{ facetName: 'brand', score: 'high' }] },
    { ...good, extra: 1 },
  ]) {
    await assert.rejects(classic.setPersonalizationStrategy(bad), (error) => error.status === 400 || error.status === 422);
  }
  const { body } = await server.request('POST', '/1/strategies/personalization', { body: { personalizationImpact: 1 } });
  assert.ok([400, 422].includes(body.status));
  assert.deepEqual(await classic.getPersonalizationStrategy(), good);
});

test('classic: early spellings are taken', async () => {
  const { status } = await server.request('POST', '/1/strategies/personalization', {
    body: {
      eventScoring: [{ eventName: 'Product Clicked', eventType: 'click', score: 11 }],
      facetScoring: [{ facetName: 'brand', score: 90 }],
      personalizationImpact: 33,
    },
  });
  assert.equal(status, 200);
  const strategy = await classic_client(server).getPersonalizationStrategy();
  assert.deepEqual(strategy.eventsScoring, [{ eventName: 'Product Clicked', eventType: 'click', score: 11 }]);
  assert.deepEqual(strategy.facetsScoring, [{ facetName: 'brand', score: 90 }]);
});

const CONFIG = {
  indices: [
    {
      index: indexName,
      affinities: ['brand', 'color'],
      source: {
        type: 'insights',
        events: {
          viewDetails: [{ type: 'click', name: 'Product Clicked' }],
          viewListing: [{ type: 'view', name: 'Hits Viewed' }],
          addToCart: [{ type: 'conversion', subtype: 'addToCart', name: 'Cart' }],
          purchase: [{ type: 'conversion', subtype: 'purchase', name: 'Order placed' }],
        },
      },
    },
  ],
  personalizationReRanking: 'high',
  profileType: 'basic',
  features: { realtime: { enabled: true } },
};

test('advanced: the configuration is read back as it was set', async () => {
  const advanced = advanced_client(server);
  const answer = await advanced.putConfig(CONFIG);
  assert.deepEqual(answer.errors ?? [], []);
  const config = await advanced.getConfig();
  assert.deepEqual(config.indices[0].affinities, ['brand', 'color']);
  assert.deepEqual(config.indices[0].source, CONFIG.indices[0].source);
  assert.equal(config.personalizationReRanking, 'high');
  assert.equal(config.profileType, 'basic');
  assert.ok(['pending', 'active', 'paused'].includes(config.status.type));
  for (const bad of [
    { ...CONFIG, personalizationReRanking: 'extreme' },
    { ...CONFIG, indices: [{ index: indexName }] },
    { ...CONFIG, indices: 'shop' },
  ]) {
    await assert.rejects(advanced.putConfig(bad), (error) => error.status === 400 || error.status === 422);
  }
  assert.equal((await advanced.getConfig()).personalizationReRanking, 'high');
});

test('advanced: users are listed in order, filtered, paged, read and deleted', async () => {
  const advanced = advanced_client(server);
  await advanced.putConfig(CONFIG);
  const likes = { 'adv-a': 'sku-1', 'adv-b': 'sku-7', 'adv-c': 'sku-8', 'adv-d': 'sku-9' };
  for (const [userToken, objectID] of Object.entries(likes)) {
    const insights = insights_client(server, userToken);
    await insights('clickedObjectIDs', { index: indexName, eventName: 'Product Clicked', objectIDs: [objectID] });
  }
  const user = await advanced.getUser({ userID: 'adv-b' });
  assert.equal(user.userID, 'adv-b');
  assert.equal(user.type, 'basic');
  const affinity = user.affinities.find(({ name, value }) => name === 'brand' && value === 'Tarn');
  assert.ok(affinity.score >= 1 && affinity.score <= 20);
  assert.ok(affinity.indices.includes(indexName));
  assert.ok(!Number.isNaN(Date.parse(affinity.lastUpdatedAt)));

  const ids = [];
  let nextPageToken;
  for (let page = 0; page < 30; page += 1) {
    const answer = await advanced.getUsers({ limit: 2, nextPageToken });
    assert.ok(answer.users.length <= 2);
    ids.push(...answer.users.map(({ userID }) => userID));
    nextPageToken = answer.nextPageToken;
    if (!nextPageToken) break;
  }
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
  for (const userID of Object.keys(likes)) assert.ok(ids.includes(userID), userID);

  const fans = await advanced.getUsers({ affinity: 'brand:Tarn', limit: 100 });
  const found = fans.users.map(({ userID }) => userID);
  assert.ok(['adv-b', 'adv-c', 'adv-d'].every((userID) => found.includes(userID)));
  assert.ok(!found.includes('adv-a'));

  const deleted = await advanced.deleteUser({ userID: 'adv-c' });
  assert.equal(deleted.userID, 'adv-c');
  assert.ok(!Number.isNaN(Date.parse(deleted.deletedUntil)));
  await assert.rejects(advanced.getUser({ userID: 'adv-c' }), (error) => error.status === 404);
  await assert.rejects(advanced.getUser({ userID: 'never-was' }), (error) => error.status === 404);
  await assert.rejects(advanced.getUser({ userID: 'not a token' }), (error) => error.status === 422);
});

test('advanced: a token with a slash is one path segment', async () => {
  const userToken = 'a/b+c=';
  const insights = insights_client(server, userToken);
  await insights('clickedObjectIDs', { index: indexName, eventName: 'Product Clicked', objectIDs: ['sku-7'] });
  assert.equal((await advanced_client(server).getUser({ userID: userToken })).userID, userToken);
});
