// SPDX-License-Identifier: GPL-3.0-or-later
// search-insights: every kind of event, what the server says of a bad one (A 4), and that a refused call leaves nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ADMIN_KEY, APP_ID, Server } from '../server.mjs';
import { classic_client, fill_shop, insights_client, search_client } from './shop.mjs';

let server;
before(async () => {
  server = await Server.start();
  await fill_shop(search_client(server), 'shop');
  // The plain sums of A 5.4, so that a profile tells which events were counted.
  await classic_client(server).setPersonalizationStrategy({
    eventsScoring: [
      { eventName: 'Seen', eventType: 'view', score: 10 },
      { eventName: 'Clicked', eventType: 'click', score: 30 },
      { eventName: 'Bought', eventType: 'conversion', score: 100 },
    ],
    facetsScoring: [
      { facetName: 'brand', score: 100 },
      { facetName: 'color', score: 100 },
    ],
    personalizationImpact: 100,
  });
});
after(() => server?.stop());

const QUERY_ID = '0123456789abcdef0123456789abcdef';
const send = (body, key = ADMIN_KEY) => server.request('POST', '/1/events', { body, key });
const profile_of = async (userToken) =>
  (await server.request('GET', `/1/profiles/personalization/${encodeURIComponent(userToken)}`)).body?.scores ?? null;
const click = (more = {}) => ({
  eventType: 'click',
  eventName: 'Clicked',
  index: 'shop',
  userToken: 'visitor',
  objectIDs: ['sku-7'],
  ...more,
});

test('search-insights: every method is taken and counted', async () => {
  const objects = { index: 'shop', objectIDs: ['sku-7'] };
  const item = { price: 40, quantity: 1 };
  for (const [method, event, counted] of [
    ['clickedObjectIDsAfterSearch', { ...objects, eventName: 'Clicked', positions: [1], queryID: QUERY_ID }, true],
    ['clickedObjectIDs', { ...objects, eventName: 'Clicked' }, true],
    ['clickedFilters', { index: 'shop', eventName: 'Clicked', filters: ['brand:Tarn'] }, true],
    ['viewedObjectIDs', { ...objects, eventName: 'Seen' }, true],
    ['viewedFilters', { index: 'shop', eventName: 'Seen', filters: ['brand:Tarn'] }, true],
    ['convertedObjectIDsAfterSearch', { ...objects, eventName: 'Bought', queryID: QUERY_ID }, true],
    ['convertedObjectIDs', { ...objects, eventName: 'Bought' }, true],
    ['convertedFilters', { index: 'shop', eventName: 'Bought', filters: ['brand:Tarn'] }, true],
    ['addedToCartObjectIDsAfterSearch', { ...objects, eventName: 'Bought', queryID: QUERY_ID, objectData: [item], currency: 'EUR' }, true],
    ['addedToCartObjectIDs', { ...objects, eventName: 'Bought', objectData: [item], currency: 'EUR' }, true],
    ['purchasedObjectIDsAfterSearch', { ...objects, eventName: 'Bought', objectData: [{ ...item, queryID: QUERY_ID }], currency: 'EUR', value: 40 }, true],
    ['purchasedObjectIDs', { ...objects, eventName: 'Bought', objectData: [item], currency: 'EUR', value: '40' }, true],
    ['clickedObjectIDs', { ...objects, eventName: 'Not in the strategy' }, false],
  ]) {
    const userToken = `kind-${method}-${counted}`;
    const taken = await insights_client(server, userToken)(method, event);
    assert.equal(taken, true, method);
    const scores = await profile_of(userToken);
    if (counted) {
      assert.equal(scores?.brand?.Tarn, 20, `${method}: ${JSON.stringify(scores)}`);
    } else {
      assert.deepEqual(scores?.brand ?? {}, {}, 'only events of the strategy count');
    }
  }
});

test('search-insights: several events in one call, a number for a token, both tokens', async () => {
  const insights = insights_client(server, 'several');
  const taken = await insights('sendEvents', [
    { eventType: 'view', eventName: 'Seen', index: 'shop', objectIDs: ['sku-1', 'sku-2'] },
    { eventType: 'click', eventName: 'Clicked', index: 'shop', objectIDs: ['sku-1'], authenticatedUserToken: 'customer-9' },
    { eventType: 'click', eventName: 'Clicked', index: 'shop', objectIDs: ['sku-1'], userToken: 42 },
  ]);
  assert.equal(taken, true);
  // Seen sku-1 and sku-2 (green and red Corvale boots), clicked sku-1: brand 10+10+30, green 10+30, red 10.
  assert.deepEqual(await profile_of('several'), { brand: { Corvale: 20 }, color: { green: 16, red: 4 } });
  assert.deepEqual(await profile_of('42'), { brand: { Corvale: 20 }, color: { green: 20 } });
});

test('search-insights encodes filters once more, and a plain one is the same', async () => {
  const encoded = await send({ events: [click({ userToken: 'enc', objectIDs: undefined, filters: ['brand%3ATarn'] })] });
  const plain = await send({ events: [click({ userToken: 'plain', objectIDs: undefined, filters: ['brand:Tarn'] })] });
  assert.equal(encoded.status, 200, encoded.text);
  assert.equal(plain.status, 200, plain.text);
  assert.deepEqual(await profile_of('enc'), { brand: { Tarn: 20 } });
  assert.deepEqual(await profile_of('plain'), { brand: { Tarn: 20 } });
});

test('a beacon: text/plain, credentials in the query, telemetry beside real events', async () => {
  const target =
    `${server.url}/1/events?X-Algolia-Application-Id=${APP_ID}&X-Algolia-API-Key=${ADMIN_KEY}` +
    '&X-Algolia-Agent=insights-js%20(2.17.3)';
  const events = [
    { eventType: 'instantsearch', eventName: '__start__', userToken: 'beacon', agentID: 'x', widgets: [{ a: [1] }] },
    click({ userToken: 'beacon', positions: [1], queryID: QUERY_ID, algoliaSource: ['instantsearch'] }),
  ];
  const answer = await fetch(target, {
    method: 'POST',
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify({ events }),
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { status: 200, message: 'OK' });
  assert.deepEqual(await profile_of('beacon'), { brand: { Tarn: 20 }, color: { green: 20 } });
});

test('a bad event gets the words of the contract', async () => {
  const name = 'EventName must contain only visible ASCII characters, and be between 1 and 64 characters long';
  const token =
    'UserToken must contain only alphanumeric, equal, plus, slash, hyphen, or underscore characters, and be between 1 and 128 characters long';
  const without = (key, more) => {
    const event = click(more);
    delete event[key];
    return event;
  };
  const day = 24 * 3600 * 1000;
  for (const [event, message] of [
    [without('eventName'), 'EventName is required'],
    [click({ eventName: '' }), name],
    [click({ eventName: 'x'.repeat(65) }), name],
    [click({ eventName: 'naïve' }), name],
    [without('eventType'), 'EventType is required'],
    [click({ eventType: 'hover' }), 'EventType must be one of "click", "conversion", "view" or "instantsearch"'],
    [without('index'), 'The index field is required'],
    [without('userToken'), 'The userToken field is required'],
    [click({ userToken: 'with space' }), token],
    [click({ userToken: 'x'.repeat(130) }), token],
    [without('objectIDs'), 'Event should specify either some ObjectIDs or some Filters'],
    [click({ filters: ['brand:Tarn'] }), 'Event should specify ObjectIDs or Filters, but not both'],
    [click({ eventType: 'view', positions: [1], queryID: QUERY_ID }), 'Only event of type click should specify the positions attribute'],
    [click({ positions: [1] }), 'Event of type click with positions should specify a queryID'],
    [click({ positions: [0], queryID: QUERY_ID }), 'Event of type click may only have strictly positive positions'],
    [click({ positions: [1, 2], queryID: QUERY_ID }), 'Event of type click should have the same number of ObjectIDs and Positions'],
    [click({ queryID: 'XYZ' }), 'Query ID must be a search query ID (32 characters hexadecimal string)'],
    [click({ timestamp: Date.now() - 31 * day }), 'The timestamp is too far in the past'],
  ]) {
    const answer = await send({ events: [event] });
    assert.equal(answer.status, 422, `${message}: ${answer.text}`);
    assert.deepEqual(answer.body, { status: 422, message });
  }
  const empty = await send({ events: [] });
  assert.deepEqual(empty.body, { status: 422, message: 'No events to process' });
  const many = await send({ events: Array.from({ length: 1001 }, () => click()) });
  assert.deepEqual(many.body, { status: 422, message: 'Cannot process more than 1000 events in a batch' });
  for (const body of [{}, { events: {} }, { events: 'x' }, { events: [1] }, { events: [click({ eventName: 7 })] }]) {
    const answer = await send(body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.ok(answer.body.message.length > 0);
  }
  for (const objectIDs of [[], [''], Array.from({ length: 21 }, (_, n) => `sku-${n}`), [7], 'sku-7']) {
    assert.equal((await send({ events: [click({ objectIDs })] })).status, 422, JSON.stringify(objectIDs));
  }
  for (const objectData of [[{ price: 1 }, { price: 2 }], [{ quantity: 'two' }], {}]) {
    assert.equal((await send({ events: [click({ eventType: 'conversion', objectData })] })).status, 422, JSON.stringify(objectData));
  }
  assert.equal((await send('{"events":[')).status, 400);
});

test('all or nothing: one bad event and none of the call counts', async () => {
  const events = [click({ userToken: 'nothing' }), click({ userToken: 'nothing', eventType: 'hover' })];
  assert.equal((await send({ events })).status, 422);
  assert.equal(await profile_of('nothing'), null);
  assert.equal((await send({ events: events.slice(0, 1) })).status, 200);
  assert.deepEqual(await profile_of('nothing'), { brand: { Tarn: 20 }, color: { green: 20 } });
});

test('what must be tolerated is', async () => {
  for (const event of [
    click({ userToken: 'x'.repeat(129) }),
    click({ userToken: 'a+b/c=_-' }),
    click({ timestamp: Date.now() + 3600 * 1000 }),
    click({ timestamp: Date.now() - 29 * 24 * 3600 * 1000 }),
    click({ index: 'an-index-nobody-made' }),
    click({ objectIDs: ['never-was'] }),
    click({ algoliaSource: ['x'], hits: [{ any: 'thing' }], objectIDsWithInferredQueryID: [] }),
    click({ queryID: 'message_something' }),
    click({ eventType: 'conversion', eventSubtype: 'purchase', objectData: [{ price: '8$', discount: '30%', quantity: 1 }], currency: 'EUR' }),
  ]) {
    const answer = await send({ events: [event] });
    assert.equal(answer.status, 200, `${JSON.stringify(event)}: ${answer.text}`);
  }
});

test('credentials: 401 for wrong ones', async () => {
  const answer = await send({ events: [click()] }, 'wrong');
  assert.equal(answer.status, 401, answer.text);
  assert.equal(answer.body.message, 'Invalid credentials');
});

test('a thousand events in one call', async () => {
  const events = Array.from({ length: 1000 }, (_, n) =>
    click({ userToken: 'thousand', objectIDs: [n % 4 === 0 ? 'sku-1' : 'sku-7'], timestamp: Date.now() - n }),
  );
  assert.equal((await send({ events })).status, 200);
  // 750 clicks on Tarn, 250 on Corvale; both are green.
  assert.deepEqual(await profile_of('thousand'), { brand: { Tarn: 15, Corvale: 5 }, color: { green: 20 } });
});

test('events survive a crash', async () => {
  assert.equal((await send({ events: [click({ userToken: 'survivor' })] })).status, 200);
  await server.kill();
  await server.launch();
  assert.deepEqual(await profile_of('survivor'), { brand: { Tarn: 20 }, color: { green: 20 } });
});

test('a user token can be erased', async () => {
  assert.equal((await send({ events: [click({ userToken: 'erased' })] })).status, 200);
  assert.notEqual(await profile_of('erased'), null);
  const answer = await server.request('DELETE', '/1/usertokens/erased');
  assert.equal(answer.status, 204);
  assert.equal(answer.text, '');
  assert.equal(await profile_of('erased'), null);
  assert.equal((await server.request('DELETE', '/1/usertokens/not%20a%20token')).status, 422);
});
