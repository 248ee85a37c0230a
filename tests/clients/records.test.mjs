// SPDX-License-Identifier: GPL-3.0-or-later
// algoliasearch v5: records, settings, indices and tasks (A 3).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server, sleep } from '../server.mjs';
import { RECORDS, SETTINGS, fill_shop, ids_of, search_client } from './shop.mjs';

let server;
let client;
before(async () => {
  server = await Server.start();
  client = search_client(server);
});
after(() => server?.stop());

const wait = (indexName, { taskID }) => client.waitForTask({ indexName, taskID });
const everything = async (indexName, browseParams = {}) => {
  const hits = [];
  await client.browseObjects({ indexName, browseParams, aggregator: (page) => hits.push(...page.hits) });
  return hits;
};
const all_ids = async (indexName) => (await everything(indexName)).map((hit) => hit.objectID).sort();

test('saveObject with and without an id', async () => {
  const indexName = 'save';
  const made = await client.saveObject({ indexName, body: { name: 'no id' } });
  assert.ok(made.objectID.length > 0);
  assert.equal(typeof made.taskID, 'number');
  assert.ok(Number.isSafeInteger(made.taskID));
  assert.ok(!Number.isNaN(Date.parse(made.createdAt)));
  const put = await client.addOrUpdateObject({ indexName, objectID: 'a/b c?', body: { name: 'with id' } });
  assert.equal(put.objectID, 'a/b c?');
  await wait(indexName, put);
  assert.deepEqual(await client.getObject({ indexName, objectID: 'a/b c?' }), { objectID: 'a/b c?', name: 'with id' });
  assert.equal((await client.getObject({ indexName, objectID: made.objectID })).name, 'no id');
});

test('saveObjects of more than one batch, then every one of them back through browse', async () => {
  const indexName = 'many';
  const objects = Array.from({ length: 2345 }, (_, n) => ({ objectID: `r${n}`, n, text: `word${n % 7}` }));
  const answers = await client.saveObjects({ indexName, objects, waitForTasks: true });
  assert.equal(answers.length, 3);
  assert.deepEqual(answers.flatMap((answer) => answer.objectIDs), objects.map((object) => object.objectID));
  const back = await everything(indexName);
  assert.equal(back.length, 2345);
  assert.deepEqual(
    back.sort((a, b) => a.n - b.n),
    objects,
  );
  const filtered = await everything(indexName, { query: 'word3', typoTolerance: false, hitsPerPage: 10, attributesToRetrieve: ['n'] });
  assert.deepEqual(
    filtered.map((hit) => hit.n).sort((a, b) => a - b),
    objects.filter((object) => object.n % 7 === 3).map((object) => object.n),
  );
});

test('browse ends without a cursor', async () => {
  const indexName = 'ends';
  await client.saveObjects({ indexName, objects: RECORDS, waitForTasks: true });
  const first = await client.browse({ indexName, browseParams: { hitsPerPage: 30 } });
  assert.equal(first.nbHits, 36);
  assert.equal(typeof first.cursor, 'string');
  const last = await client.browse({ indexName, browseParams: { cursor: first.cursor } });
  assert.equal(last.hits.length, 6);
  assert.equal('cursor' in last, false);
});

test('a replaced record leaves nothing of the old one', async () => {
  const indexName = 'replace';
  await client.saveObjects({ indexName, objects: [{ objectID: '1', name: 'lantern', old: true }], waitForTasks: true });
  await client.saveObjects({ indexName, objects: [{ objectID: '1', name: 'compass' }], waitForTasks: true });
  assert.deepEqual(await client.getObject({ indexName, objectID: '1' }), { objectID: '1', name: 'compass' });
  const count = async (query) =>
    (await client.searchSingleIndex({ indexName, searchParams: { query, typoTolerance: false } })).nbHits;
  assert.equal(await count('lantern'), 0);
  assert.equal(await count('compass'), 1);
});

test('every JSON value survives', async () => {
  const indexName = 'values';
  const record = {
    objectID: 'v',
    text: 'ünïcödé 🥾 "quotes" \\ / \n tab\t',
    none: null,
    yes: true,
    no: false,
    integer: 9007199254740991,
    negative: -3,
    fraction: 0.1,
    tiny: 1e-7,
    list: [1, 'two', null, [3], { four: 4 }],
    nested: { a: { b: { c: 'deep' } }, empty: {}, nothing: [] },
    _tags: ['x', 'y'],
  };
  await client.saveObjects({ indexName, objects: [record], waitForTasks: true });
  assert.deepEqual(await client.getObject({ indexName, objectID: 'v' }), record);
});

test('partialUpdateObjects merges, and creates only when asked', async () => {
  const indexName = 'partial';
  await client.saveObjects({ indexName, objects: [{ objectID: '1', a: 1, b: { c: 2 } }], waitForTasks: true });
  await client.partialUpdateObjects({
    indexName,
    objects: [
      { objectID: '1', b: 3 },
      { objectID: 'absent', a: 1 },
    ],
    waitForTasks: true,
  });
  assert.deepEqual(await everything(indexName), [{ objectID: '1', a: 1, b: 3 }]);
  await client.partialUpdateObjects({
    indexName,
    objects: [{ objectID: 'absent', a: 1 }],
    createIfNotExists: true,
    waitForTasks: true,
  });
  assert.deepEqual(await all_ids(indexName), ['1', 'absent']);
});

test('partial update operations', async () => {
  const indexName = 'operations';
  await client.saveObjects({ indexName, objects: [{ objectID: '1', n: 5, list: ['a', 'b', 'a'], at: 7 }], waitForTasks: true });
  const update = async (attributesToUpdate) => {
    await wait(indexName, await client.partialUpdateObject({ indexName, objectID: '1', attributesToUpdate }));
    return client.getObject({ indexName, objectID: '1' });
  };
  assert.equal((await update({ n: { _operation: 'Increment', value: 3 } })).n, 8);
  assert.equal((await update({ n: { _operation: 'Decrement', value: 1 } })).n, 7);
  assert.equal((await update({ fresh: { _operation: 'Increment', value: 2 } })).fresh, 2);
  assert.deepEqual((await update({ list: { _operation: 'Remove', value: 'a' } })).list, ['b']);
  assert.deepEqual((await update({ list: { _operation: 'AddUnique', value: 'b' } })).list, ['b']);
  assert.deepEqual((await update({ list: { _operation: 'Add', value: 'b' } })).list, ['b', 'b']);
  const skipped = await update({ at: { _operation: 'IncrementFrom', value: 3 }, other: 1 });
  assert.equal(skipped.at, 7);
  assert.equal('other' in skipped, false, 'the whole update is skipped');
  assert.equal((await update({ at: { _operation: 'IncrementFrom', value: 7 } })).at, 8);
  assert.equal((await update({ at: { _operation: 'IncrementSet', value: 6 } })).at, 8);
  assert.equal((await update({ at: { _operation: 'IncrementSet', value: 20 } })).at, 20);
});

test('deleteObject, deleteObjects, deleteBy, clearObjects', async () => {
  const indexName = 'deletes';
  await fill_shop(client, indexName);
  await wait(indexName, await client.deleteObject({ indexName, objectID: 'sku-1' }));
  await client.deleteObjects({ indexName, objectIDs: ['sku-2', 'never-was'], waitForTasks: true });
  assert.equal((await all_ids(indexName)).length, 34);
  await assert.rejects(client.getObject({ indexName, objectID: 'sku-1' }), (error) => {
    assert.match(error.message, /ObjectID does not exist/);
    return error.status === 404;
  });
  await wait(indexName, await client.deleteBy({ indexName, deleteByParams: { filters: 'brand:Tarn AND price < 100' } }));
  const left = await everything(indexName);
  assert.ok(left.every((record) => !(record.brand === 'Tarn' && record.price < 100)));
  const gone = RECORDS.filter((record) => record.brand === 'Tarn' && record.price < 100).length;
  assert.equal(left.length, 34 - gone);
  await assert.rejects(client.deleteBy({ indexName, deleteByParams: {} }), (error) => error.status === 400);
  assert.equal((await all_ids(indexName)).length, 34 - gone, 'a refused deletion deletes nothing');
  await wait(indexName, await client.clearObjects({ indexName }));
  assert.deepEqual(await all_ids(indexName), []);
  assert.deepEqual((await client.getSettings({ indexName })).customRanking, SETTINGS.customRanking);
});

test('a batch of every action is applied in order', async () => {
  const indexName = 'batch';
  const answer = await client.batch({
    indexName,
    batchWriteParams: {
      requests: [
        { action: 'addObject', body: { objectID: 'old', v: 0 } },
        { action: 'clear', body: {} },
        { action: 'addObject', body: { name: 'gets an id' } },
        { action: 'updateObject', body: { objectID: '1', v: 1 } },
        { action: 'partialUpdateObject', body: { objectID: '1', w: 2 } },
        { action: 'partialUpdateObjectNoCreate', body: { objectID: 'absent', w: 2 } },
        { action: 'updateObject', body: { objectID: '2', v: 1 } },
        { action: 'deleteObject', body: { objectID: '2' } },
      ],
    },
  });
  assert.equal(answer.objectIDs.length, 8);
  await wait(indexName, answer);
  const records = await everything(indexName);
  assert.equal(records.length, 2);
  assert.deepEqual(
    records.find((record) => record.objectID === '1'),
    { objectID: '1', v: 1, w: 2 },
  );
});

test('nothing of a refused batch is applied', async () => {
  const indexName = 'refused';
  await client.saveObjects({ indexName, objects: [{ objectID: 'here' }], waitForTasks: true });
  for (const bad of [
    { action: 'explode', body: { objectID: 'x' } },
    { action: 'updateObject', body: { name: 'no id' } },
    { action: 'deleteObject', body: {} },
    { action: 'addObject' },
    { action: 'addObject', body: ['not', 'an', 'object'] },
  ]) {
    const requests = [{ action: 'addObject', body: { objectID: 'sneaked-in' } }, bad];
    await assert.rejects(client.batch({ indexName, batchWriteParams: { requests } }), (error) => error.status === 400);
  }
  const marker = await client.addOrUpdateObject({ indexName, objectID: 'marker', body: {} });
  await wait(indexName, marker);
  assert.deepEqual(await all_ids(indexName), ['here', 'marker']);
});

test('a batch over several indices', async () => {
  const answer = await client.multipleBatch({
    requests: [
      { action: 'addObject', indexName: 'multi_a', body: { objectID: '1' } },
      { action: 'addObject', indexName: 'multi_b', body: { objectID: '2' } },
    ],
  });
  assert.deepEqual(answer.objectIDs, ['1', '2']);
  for (const [indexName, taskID] of Object.entries(answer.taskID)) await client.waitForTask({ indexName, taskID });
  assert.deepEqual(await all_ids('multi_a'), ['1']);
  assert.deepEqual(await all_ids('multi_b'), ['2']);
});

test('a record too large is refused by name, and nothing with it', async () => {
  const indexName = 'large';
  const objects = [{ objectID: 'small' }, { objectID: 'the-large-one', text: 'x'.repeat(4_000_000) }];
  await assert.rejects(client.saveObjects({ indexName, objects }), (error) => {
    assert.equal(error.status, 400);
    assert.match(error.message, /the-large-one/);
    return true;
  });
  assert.equal(await client.indexExists({ indexName }), false);
});

test('getObjects returns null for what is missing', async () => {
  const indexName = 'get';
  await client.saveObjects({ indexName, objects: RECORDS.slice(0, 2), waitForTasks: true });
  const { results } = await client.getObjects({
    requests: [
      { indexName, objectID: 'sku-2', attributesToRetrieve: ['brand'] },
      { indexName, objectID: 'gone' },
      { indexName, objectID: 'sku-1' },
    ],
  });
  assert.deepEqual(results, [{ objectID: 'sku-2', brand: 'Corvale' }, null, RECORDS[0]]);
  assert.deepEqual(await client.getObject({ indexName, objectID: 'sku-1', attributesToRetrieve: ['color'] }), {
    objectID: 'sku-1',
    color: 'green',
  });
});

test('settings: only what is given changes, null resets, unknown ones are kept', async () => {
  const indexName = 'settings';
  const set = async (indexSettings) => {
    await wait(indexName, await client.setSettings({ indexName, indexSettings }));
    return client.getSettings({ indexName });
  };
  const first = await set({ searchableAttributes: ['a', 'b,c'], hitsPerPage: 7, aSettingOfTomorrow: { x: [1] } });
  assert.deepEqual(first.searchableAttributes, ['a', 'b,c']);
  assert.equal(first.hitsPerPage, 7);
  assert.deepEqual(first.aSettingOfTomorrow, { x: [1] });
  assert.equal(first.paginationLimitedTo, 1000);
  assert.equal(first.minWordSizefor1Typo, 4);
  assert.deepEqual(first.ranking, ['typo', 'geo', 'words', 'filters', 'proximity', 'attribute', 'exact', 'custom']);
  const second = await set({ customRanking: ['desc(x)'] });
  assert.equal(second.hitsPerPage, 7);
  assert.deepEqual(second.customRanking, ['desc(x)']);
  assert.equal((await set({ hitsPerPage: null })).hitsPerPage, 20);
  await assert.rejects(client.setSettings({ indexName, indexSettings: { hitsPerPage: 'many' } }), (error) => {
    assert.match(error.message, /hitsPerPage/);
    return error.status === 400;
  });
});

test('a new searchable or faceting attribute reaches the records that are there', async () => {
  const indexName = 'reindex';
  await wait(indexName, await client.setSettings({ indexName, indexSettings: { searchableAttributes: ['name'] } }));
  await client.saveObjects({ indexName, objects: RECORDS, waitForTasks: true });
  const search = (searchParams) => client.searchSingleIndex({ indexName, searchParams });
  assert.equal((await search({ query: 'outside' })).nbHits, 0);
  assert.equal((await search({ filters: 'color:red' })).nbHits, 0);
  const indexSettings = { searchableAttributes: ['name', 'description'], attributesForFaceting: ['color'] };
  await wait(indexName, await client.setSettings({ indexName, indexSettings }));
  assert.equal((await search({ query: 'outside' })).nbHits, 36);
  const red = await search({ filters: 'color:red', facets: ['color'] });
  assert.equal(red.nbHits, 12);
  assert.deepEqual(red.facets, { color: { red: 12 } });
});

test('custom ranking can turn around without saving a record again', async () => {
  const indexName = 'turn';
  await fill_shop(client, indexName);
  const ids = async () => ids_of(await client.searchSingleIndex({ indexName, searchParams: { query: 'tent' } }));
  const was = await ids();
  await wait(indexName, await client.setSettings({ indexName, indexSettings: { customRanking: ['asc(popularity)'] } }));
  assert.deepEqual(await ids(), was.reverse());
});

test('copy, scoped copy, move, delete and list of indices', async () => {
  await fill_shop(client, 'origin');
  const operate = async (indexName, operation, destination, scope) => {
    const answer = await client.operationIndex({ indexName, operationIndexParams: { operation, destination, scope } });
    await wait(destination, answer);
  };
  await operate('origin', 'copy', 'twin');
  assert.equal((await all_ids('twin')).length, 36);
  assert.deepEqual((await client.getSettings({ indexName: 'twin' })).customRanking, SETTINGS.customRanking);
  assert.equal((await all_ids('origin')).length, 36);

  await operate('origin', 'copy', 'bare', ['settings']);
  assert.deepEqual(await all_ids('bare'), []);
  assert.deepEqual((await client.getSettings({ indexName: 'bare' })).customRanking, SETTINGS.customRanking);

  await client.saveObjects({ indexName: 'target', objects: [{ objectID: 'overwritten' }], waitForTasks: true });
  await operate('twin', 'move', 'target');
  assert.equal((await all_ids('target')).length, 36);
  assert.equal(await client.indexExists({ indexName: 'twin' }), false);

  const listed = (await client.listIndices()).items.find((item) => item.name === 'origin');
  assert.equal(listed.entries, 36);
  assert.equal(listed.pendingTask, false);
  assert.ok(listed.dataSize > 0);
  assert.ok(!Number.isNaN(Date.parse(listed.updatedAt)));

  await client.deleteIndex({ indexName: 'target' });
  let refused = null;
  for (let attempt = 0; !refused && attempt < 50; attempt += 1) {
    refused = await client.searchSingleIndex({ indexName: 'target' }).then(() => sleep(50), (error) => error);
  }
  assert.equal(refused?.status, 404);
  assert.equal(await client.indexExists({ indexName: 'target' }), false);
  assert.ok((await client.listIndices()).items.every((item) => item.name !== 'target'));
  await client.deleteIndex({ indexName: 'never-was' });
});

test('an index that was deleted can be made anew, empty', async () => {
  const indexName = 'again';
  await client.saveObjects({ indexName, objects: RECORDS, waitForTasks: true });
  await client.deleteIndex({ indexName });
  await client.saveObjects({ indexName, objects: [{ objectID: 'only' }], waitForTasks: true });
  assert.deepEqual(await all_ids(indexName), ['only']);
});

test('replaceAllObjects swaps whole catalogs: a search sees the old or the new one, never a mixture', async () => {
  const indexName = 'swap';
  await fill_shop(client, indexName);
  const replacement = Array.from({ length: 50 }, (_, n) => ({ objectID: `new-${n}`, name: `Kayak ${n}`, brand: 'Ness' }));
  let done = false;
  const seen = new Set();
  const watcher = (async () => {
    while (!done) {
      const answer = await client.searchSingleIndex({ indexName, searchParams: { hitsPerPage: 100 } });
      const fresh = answer.hits.filter((hit) => hit.objectID.startsWith('new-')).length;
      seen.add(`${answer.nbHits - fresh} old, ${fresh} new`);
    }
  })();
  await client.replaceAllObjects({ indexName, objects: replacement });
  done = true;
  await watcher;
  assert.deepEqual(
    [...seen].filter((mixture) => mixture !== '36 old, 0 new' && mixture !== '0 old, 50 new'),
    [],
  );
  assert.equal((await all_ids(indexName)).length, 50);
  assert.deepEqual((await client.getSettings({ indexName })).customRanking, SETTINGS.customRanking);
  assert.ok((await client.listIndices()).items.every((item) => !item.name.includes('_tmp_')));
});

test('tasks: unknown ones are not published', async () => {
  const indexName = 'tasks';
  const answer = await client.saveObject({ indexName, body: { objectID: '1' } });
  await wait(indexName, answer);
  const later = await client.saveObject({ indexName, body: { objectID: '2' } });
  assert.ok(later.taskID > answer.taskID, 'task ids grow');
  await wait(indexName, later);
  assert.equal((await client.getTask({ indexName, taskID: answer.taskID })).status, 'published');
});

test('records survive a crash', async () => {
  const indexName = 'survives';
  await fill_shop(client, indexName);
  await server.kill();
  await server.launch();
  assert.equal((await all_ids(indexName)).length, 36);
  const answer = await client.searchSingleIndex({ indexName, searchParams: { query: 'boot tarn', facets: ['brand'] } });
  assert.deepEqual(ids_of(answer), ['sku-7', 'sku-8', 'sku-9']);
  assert.deepEqual(answer.facets, { brand: { Tarn: 3 } });
});

test('index names: spaces and signs are fine', async () => {
  const indexName = 'my shop <1>';
  await client.saveObjects({ indexName, objects: [{ objectID: '1', name: 'x' }], waitForTasks: true });
  assert.deepEqual(await all_ids(indexName), ['1']);
});
