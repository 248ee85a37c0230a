// SPDX-License-Identifier: GPL-3.0-or-later
// What no official client would send, and what browsers send besides: credentials, CORS, bodies, errors (A 1 and 10.1).
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';

import { ADMIN_KEY, APP_ID, Server } from '../server.mjs';
import { fill_shop, search_client } from './shop.mjs';

let server;
let search_key;
before(async () => {
  server = await Server.start();
  await fill_shop(search_client(server), 'shop');
  const made = await server.request('POST', '/1/keys', { body: { acl: ['search'] } });
  assert.equal(made.status, 200, made.text);
  search_key = made.body.key;
});
after(() => server?.stop());

/** Every error is one JSON object {message, status} (A 1.5). */
function assert_error(answer, status, message) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body?.status, status, answer.text);
  assert.equal(typeof answer.body.message, 'string');
  if (message) assert.match(answer.body.message, message);
}

test('credentials: in headers or query, in any casing, also mixed', async () => {
  const ask = async (target, headers) => {
    const answer = await fetch(server.url + target, { method: 'POST', headers, body: '{}' });
    await answer.body.cancel();
    return answer.status;
  };
  const path = '/1/indexes/shop/query';
  assert.equal(await ask(path, { 'X-Algolia-Application-Id': APP_ID, 'X-Algolia-API-Key': search_key }), 200);
  assert.equal(await ask(path, { 'x-algolia-application-id': APP_ID, 'x-algolia-api-key': search_key }), 200);
  assert.equal(await ask(`${path}?x-algolia-application-id=${APP_ID}&x-algolia-api-key=${search_key}`, {}), 200);
  assert.equal(await ask(`${path}?X-Algolia-Application-Id=${APP_ID}&X-Algolia-API-Key=${search_key}`, {}), 200);
  assert.equal(await ask(`${path}?X-Algolia-Application-Id=${APP_ID}`, { 'X-ALGOLIA-API-KEY': search_key }), 200);
  assert.equal(await ask(path, {}), 403);
  assert.equal(await ask(`${path}?x-algolia-application-id=${APP_ID}&x-algolia-api-key=wrong`, {}), 403);
});

test('a missing or wrong key is 403 with the words of the contract', async () => {
  const message = /^Invalid Application-ID or API key$/;
  assert_error(await server.request('POST', '/1/indexes/shop/query', { body: {}, key: 'wrong' }), 403, message);
  assert_error(await server.request('POST', '/1/indexes/shop/query', { body: {}, key: '' }), 403, message);
  assert_error(await server.request('GET', '/1/indexes', { key: `${ADMIN_KEY}x` }), 403, message);
});

test('a search key searches and does nothing else', async () => {
  const ask = (method, target, body) => server.request(method, target, { body, key: search_key });
  assert.equal((await ask('POST', '/1/indexes/shop/query', {})).status, 200);
  assert.equal((await ask('POST', '/1/indexes/*/queries', { requests: [{ indexName: 'shop' }] })).status, 200);
  assert.equal((await ask('GET', '/1/indexes/shop/sku-1')).status, 200);
  const refused = /^Method not allowed with this API key/;
  for (const [method, target, body] of [
    ['POST', '/1/indexes/shop/browse', {}],
    ['POST', '/1/indexes/shop', { name: 'x' }],
    ['PUT', '/1/indexes/shop/sku-1', { name: 'x' }],
    ['DELETE', '/1/indexes/shop/sku-1'],
    ['POST', '/1/indexes/shop/sku-1/partial', { name: 'x' }],
    ['POST', '/1/indexes/shop/batch', { requests: [{ action: 'addObject', body: { name: 'x' } }] }],
    ['POST', '/1/indexes/shop/batch', { requests: [{ action: 'deleteObject', body: { objectID: 'sku-1' } }] }],
    ['POST', '/1/indexes/shop/batch', { requests: [{ action: 'clear', body: {} }] }],
    ['POST', '/1/indexes/*/batch', { requests: [{ action: 'delete', indexName: 'shop' }] }],
    ['POST', '/1/indexes/shop/deleteByQuery', { filters: 'brand:Tarn' }],
    ['POST', '/1/indexes/shop/clear', {}],
    ['DELETE', '/1/indexes/shop'],
    ['POST', '/1/indexes/shop/operation', { operation: 'copy', destination: 'other' }],
    ['GET', '/1/indexes/shop/settings'],
    ['PUT', '/1/indexes/shop/settings', { hitsPerPage: 3 }],
    ['GET', '/1/indexes'],
    ['POST', '/1/keys', { acl: ['search'] }],
    ['GET', '/1/strategies/personalization'],
    ['GET', '/1/profiles/personalization/somebody'],
    ['DELETE', '/1/profiles/somebody'],
  ]) {
    assert_error(await ask(method, target, body), 403, refused);
  }
  const admin = await server.request('POST', '/1/indexes/shop/query', { body: {} });
  assert.equal(admin.body.nbHits, 36, 'and nothing happened');
});

test('CORS: preflight without a key, and the header on every answer', async () => {
  const preflight = await fetch(`${server.url}/1/indexes/*/queries`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://shop.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-algolia-api-key,x-algolia-application-id,content-type',
    },
  });
  assert.ok([200, 204].includes(preflight.status));
  assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
  const methods = preflight.headers.get('access-control-allow-methods').split(/, */);
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) assert.ok(methods.includes(method), method);
  const allowed = preflight.headers.get('access-control-allow-headers').toLowerCase().split(/, */);
  for (const name of [
    'x-algolia-api-key',
    'x-algolia-application-id',
    'x-algolia-agent',
    'x-algolia-usertoken',
    'x-algolia-user-id',
    'x-forwarded-for',
    'request-id',
    'content-type',
    'accept',
    'authorization',
  ]) {
    assert.ok(allowed.includes(name), name);
  }
  assert.equal(preflight.headers.get('access-control-max-age'), '86400');
  for (const [target, key] of [
    ['/1/indexes/shop/query', ADMIN_KEY],
    ['/1/indexes/shop/query', 'wrong'],
    ['/1/indexes/nowhere/query', ADMIN_KEY],
    ['/nonsense', ADMIN_KEY],
  ]) {
    const answer = await server.request('POST', target, { body: {}, key });
    assert.equal(answer.headers.get('access-control-allow-origin'), '*', target);
  }
});

test('every answer is JSON by its header, and has a Correlation-ID that ends with the Request-ID', async () => {
  const answer = await server.request('POST', '/1/indexes/shop/query', {
    body: {},
    headers: { 'request-id': 'Abc123Def45' },
  });
  assert.match(answer.headers.get('content-type'), /^application\/json; *charset=utf-8$/i);
  assert.match(answer.headers.get('correlation-id'), /Abc123Def45$/);
});

test('the content type of a body does not matter, only that it is JSON', async () => {
  for (const type of ['text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'application/json']) {
    const answer = await server.request('POST', '/1/indexes/shop/query', {
      body: '{"query":"boot"}',
      headers: { 'content-type': type },
    });
    assert.equal(answer.body?.nbHits, 12, type);
  }
});

test('params as a string, explicit keys win, strings for numbers and booleans, null for absent', async () => {
  const ask = async (body) => (await server.request('POST', '/1/indexes/shop/query', { body })).body;
  const answer = await ask({ params: 'query=boot&hitsPerPage=2&facets=%5B%22brand%22%5D&getRankingInfo=1' });
  assert.equal(answer.nbHits, 12);
  assert.equal(answer.hits.length, 2);
  assert.equal(answer.facets.brand.Tarn, 3);
  assert.equal(typeof answer.hits[0]._rankingInfo, 'object');
  assert.equal((await ask({ params: 'query=boot+tarn' })).nbHits, 3);
  assert.equal((await ask({ params: 'query=tent', query: 'boot tarn' })).nbHits, 3);
  assert.equal((await ask({ query: 'boot', hitsPerPage: '3' })).hits.length, 3);
  assert.equal((await ask({ query: 'boot', hitsPerPage: null, filters: null })).hits.length, 12);
  assert.equal((await ask({ query: 'boot', facets: 'brand' })).facets.brand.Tarn, 3);
  assert.equal((await ask({ params: 'query=boot&facets=brand,color' })).facets.color.red, 4);
});

test('an unknown parameter is named in the message and does no harm', async () => {
  const { status, body } = await server.request('POST', '/1/indexes/shop/query', {
    body: { query: 'boot', aParameterOfTomorrow: true },
  });
  assert.equal(status, 200);
  assert.equal(body.nbHits, 12);
  assert.match(body.message, /aParameterOfTomorrow/);
});

test('an empty body asks with all defaults', async () => {
  const answer = await server.request('POST', '/1/indexes/shop/query', {});
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.nbHits, 36);
});

test('GET with parameters in the URL', async () => {
  const { body } = await server.request('GET', '/1/indexes/shop?query=boot%20tarn&hitsPerPage=1');
  assert.equal(body.nbHits, 3);
  assert.equal(body.hits.length, 1);
});

test('params is echoed as a query string that asks the same again', async () => {
  const first = await server.request('POST', '/1/indexes/shop/query', {
    body: { query: 'boot & tärn', facets: ['brand'], hitsPerPage: 5 },
  });
  const echoed = new URLSearchParams(first.body.params);
  assert.equal(echoed.get('query'), 'boot & tärn');
  assert.equal(echoed.get('hitsPerPage'), '5');
  assert.deepEqual(JSON.parse(echoed.get('facets')), ['brand']);
});

test('an encoded star is the same path', async () => {
  const body = { requests: [{ indexName: 'shop', query: 'tent' }] };
  const answer = await server.request('POST', '/1/indexes/%2A/queries', { body });
  assert.equal(answer.body.results[0].nbHits, 12);
});

test('compression both ways', async () => {
  const answer = await server.request('POST', '/1/indexes/shop/query', {
    body: gzipSync(JSON.stringify({ query: 'boot' })),
    headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
  });
  assert.equal(answer.body?.nbHits, 12, answer.text);
  // fetch() would decompress silently, so read the bytes of the wire.
  const raw = await exchange(
    `GET /1/indexes/shop?hitsPerPage=36 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: gzip\r\n` +
      `X-Algolia-Application-Id: ${APP_ID}\r\nX-Algolia-API-Key: ${search_key}\r\n\r\n`,
  );
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.subarray(0, end).toString('latin1');
  assert.match(head, /content-encoding: gzip/i);
  const length = Number(/content-length: (\d+)/i.exec(head)[1]);
  assert.equal(JSON.parse(gunzipSync(raw.subarray(end + 4, end + 4 + length))).hits.length, 36);
});

test('a compressed body that lies is the client\'s mistake', async () => {
  const answer = await server.request('POST', '/1/indexes/shop/query', {
    body: 'this is not gzip',
    headers: { 'content-encoding': 'gzip' },
  });
  assert_error(answer, 400);
});

test('malformed bodies are 400 with a message, on every endpoint that takes one', async () => {
  const bad = ['{', '[]', '"text"', '42', 'null', '{"query":}', '{"a":1} trailing', '{"a":1e999}', '\u0000', '{"a":"\\ud800"}'];
  bad.push('['.repeat(5000), `{"a":${'['.repeat(100)}${']'.repeat(100)}}`);
  for (const target of [
    '/1/indexes/shop/query',
    '/1/indexes/*/queries',
    '/1/indexes/shop/batch',
    '/1/indexes/*/objects',
    '/1/indexes/shop/operation',
    '/1/indexes/shop/facets/brand/query',
    '/1/indexes/shop/browse',
    '/1/keys',
  ]) {
    for (const body of bad) {
      const answer = await server.request('POST', target, { body });
      assert_error(answer, 400);
    }
  }
  assert.equal((await server.request('GET', '/health')).status, 200);
});

test('wrong types and values are 400 and name the parameter', async () => {
  for (const [name, value] of [
    ['hitsPerPage', 'many'],
    ['hitsPerPage', -1],
    ['hitsPerPage', 1001],
    ['page', -1],
    ['page', 1.5],
    ['query', { a: 1 }],
    ['filters', {}],
    ['userToken', ['a']],
    ['filters', 'price <'],
    ['numericFilters', ['price ~ 3']],
    ['facets', 3],
    ['getRankingInfo', 'perhaps'],
    ['personalizationImpact', 101],
    ['queryType', 'prefixSome'],
    ['query', 'x'.repeat(513)],
  ]) {
    const answer = await server.request('POST', '/1/indexes/shop/query', { body: { [name]: value } });
    assert_error(answer, 400, new RegExp(name, 'i'));
  }
});

test('unknown paths and methods', async () => {
  assert_error(await server.request('GET', '/nonsense'), 404);
  assert_error(await server.request('POST', '/1/nonsense', { body: {} }), 404);
  const wrong = await server.request('GET', '/1/events');
  assert.ok([404, 405].includes(wrong.status), wrong.text);
  assert_error(await server.request('POST', '/1/indexes/nowhere/query', { body: {} }), 404, /^Index nowhere does not exist$/);
  assert_error(await server.request('GET', '/1/indexes/nowhere/settings'), 404);
  assert_error(await server.request('GET', '/1/indexes/shop/absent'), 404, /^ObjectID does not exist$/);
});

test('sub-resources win over object ids', async () => {
  const put = await server.request('PUT', '/1/indexes/reserved/settings', { body: { hitsPerPage: 3 } });
  await server.published('reserved', put.body.taskID);
  const { body } = await server.request('GET', '/1/indexes/reserved/settings');
  assert.equal(body.hitsPerPage, 3);
});

test('creating a record answers 201', async () => {
  const answer = await server.request('POST', '/1/indexes/created', { body: { name: 'x' } });
  assert.equal(answer.status, 201);
  assert.equal(typeof answer.body.objectID, 'string');
  assert.ok(Number.isSafeInteger(answer.body.taskID));
});

test('keys are made, read and deleted', async () => {
  const made = await server.request('POST', '/1/keys', { body: { acl: ['search', 'browse'], description: 'web' } });
  assert.ok(!Number.isNaN(Date.parse(made.body.createdAt)));
  const read = await server.request('GET', `/1/keys/${made.body.key}`);
  assert.deepEqual([...read.body.acl].sort(), ['browse', 'search']);
  assert.equal((await server.request('POST', '/1/indexes/shop/browse', { body: {}, key: made.body.key })).status, 200);
  assert_error(await server.request('POST', '/1/keys', { body: { acl: ['everything'] } }), 400);
  assert_error(await server.request('POST', '/1/keys', { body: {} }), 400);
});

/** Sends raw bytes and returns all that comes back until the server closes. */
function exchange(bytes, milliseconds = 5000) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(bytes));
    const chunks = [];
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), milliseconds);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
  });
}

test('requests that could be read in two ways are refused and the connection closed', async () => {
  const head = `Host: x\r\nX-Algolia-Application-Id: ${APP_ID}\r\nX-Algolia-API-Key: ${search_key}\r\n`;
  const post = `POST /1/indexes/shop/query HTTP/1.1\r\n`;
  const smuggled = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const [name, bytes] of Object.entries({
    'coding that is not chunked': `${post}${head}Transfer-Encoding: gzip\r\n\r\n${smuggled}`,
    'coding with a prefix': `${post}${head}Transfer-Encoding: xchunked\r\n\r\n${smuggled}`,
    'chunked but not last': `${post}${head}Transfer-Encoding: chunked, gzip\r\n\r\n${smuggled}`,
    'both framings': `${post}${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'two lengths': `${post}${head}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
    'a list of lengths': `${post}${head}Content-Length: 2, 2\r\n\r\n{}${smuggled}`,
    'no host': `POST /1/indexes/shop/query HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
    'two hosts': `${post}${head}Host: y\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
    'chunked on HTTP/1.0': `POST /1/indexes/shop/query HTTP/1.0\r\n${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'not HTTP at all': 'hello\r\n\r\n',
  })) {
    const answer = (await exchange(bytes)).toString('latin1');
    assert.match(answer, /^HTTP\/1\.[01] 400 /, `${name}: ${answer.slice(0, 100)}`);
    assert.equal(answer.match(/HTTP\/1\.[01] \d/g).length, 1, `${name}: the rest was not taken for a request`);
  }
});

test('pipelined requests are answered in order', async () => {
  const one = (n, last) =>
    `GET /1/indexes/shop/sku-${n} HTTP/1.1\r\nHost: x\r\nX-Algolia-Application-Id: ${APP_ID}\r\n` +
    `X-Algolia-API-Key: ${search_key}\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
  const bytes = Array.from({ length: 36 }, (_, n) => one(n + 1, n === 35)).join('');
  const answer = (await exchange(bytes)).toString('utf8');
  const ids = [...answer.matchAll(/"objectID": ?"(sku-\d+)"/g)].map((match) => match[1]);
  assert.deepEqual(ids, Array.from({ length: 36 }, (_, n) => `sku-${n + 1}`));
});

test('a head too large is 431, a body too large 413', async () => {
  const head = await exchange(`GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(70000)}\r\n\r\n`).catch(() => null);
  if (head) assert.match(head.toString('latin1'), /^HTTP\/1\.1 431 /);
  const declared = await exchange(
    `POST /1/events HTTP/1.1\r\nHost: x\r\nX-Algolia-Application-Id: ${APP_ID}\r\n` +
      `X-Algolia-API-Key: ${search_key}\r\nContent-Length: 999999999\r\n\r\n`,
  );
  assert.match(declared.toString('latin1'), /^HTTP\/1\.1 413 /);
});
