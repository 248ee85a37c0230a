// SPDX-License-Identifier: GPL-3.0-or-later
// algoliasearch v5: dictionaries of one's own (A 3.10).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../server.mjs';
import { search_client } from './shop.mjs';

let server;
let client;
const indexName = 'words';
before(async () => {
  server = await Server.start();
  client = search_client(server);
  await client.saveObjects({
    indexName,
    objects: [
      { objectID: 'one', name: 'octopus lamp' },
      { objectID: 'many', name: 'octopodes lamp' },
      { objectID: 'cable', name: 'kopfhörer kabel' },
    ],
    waitForTasks: true,
  });
});
after(() => server?.stop());

const change = async (dictionaryName, requests, more = {}) => {
  const { taskID } = await client.batchDictionaryEntries({
    dictionaryName,
    batchDictionaryEntriesParams: { requests, ...more },
  });
  await client.waitForAppTask({ taskID });
};
const add = (body) => ({ action: 'addEntry', body });
const ids = async (searchParams) => {
  const { hits } = await client.searchSingleIndex({ indexName, searchParams: { typoTolerance: false, queryType: 'prefixNone', ...searchParams } });
  return hits.map((hit) => hit.objectID).sort();
};

test('an own stop word', async () => {
  const query = { query: 'acme octopus', removeStopWords: ['en'] };
  assert.deepEqual(await ids(query), []);
  await change('stopwords', [add({ objectID: 'acme', language: 'en', word: 'Acme', state: 'enabled' })]);
  assert.deepEqual(await ids(query), ['one']);
  const found = await client.searchDictionaryEntries({
    dictionaryName: 'stopwords',
    searchDictionaryEntriesParams: { query: 'acme', language: 'en' },
  });
  assert.equal(found.nbHits, 1);
  assert.deepEqual(found.hits[0], { objectID: 'acme', language: 'en', word: 'Acme', state: 'enabled', type: 'custom' });
  await change('stopwords', [], { clearExistingDictionaryEntries: true });
  assert.deepEqual(await ids(query), []);
});

test('own plurals', async () => {
  const query = { query: 'octopus', ignorePlurals: ['en'] };
  assert.deepEqual(await ids(query), ['one']);
  await change('plurals', [add({ objectID: 'o', language: 'en', words: ['octopus', 'octopodes'] })]);
  assert.deepEqual(await ids(query), ['many', 'one']);
  await change('plurals', [{ action: 'deleteEntry', body: { objectID: 'o' } }]);
  assert.deepEqual(await ids(query), ['one']);
});

test('an own compound', async () => {
  const query = { query: 'kopfhorerkabel', queryLanguages: ['de'] };
  await change('compounds', [
    add({ objectID: 'k', language: 'de', word: 'Kopfhörerkabel', decomposition: ['kopfhörer', 'kabel'] }),
  ]);
  assert.deepEqual(await ids(query), ['cable']);
  await change('compounds', [add({ objectID: 'k', language: 'de', word: 'Kopfhörerkabel', decomposition: ['kopfhörer', 'kabel'], state: 'disabled' })]);
  assert.deepEqual(await ids(query), []);
});

test('standard entries are switched off and on', async () => {
  const query = { query: 'the octopus', removeStopWords: ['en'] };
  assert.deepEqual(await ids(query), ['one']);
  const switched = async (stopwords) => {
    const { taskID } = await client.setDictionarySettings({ disableStandardEntries: { stopwords } });
    await client.waitForAppTask({ taskID });
  };
  await switched({ en: true });
  assert.deepEqual((await client.getDictionarySettings()).disableStandardEntries.stopwords, { en: true });
  assert.deepEqual(await ids(query), []);
  await switched({ en: false });
  assert.deepEqual(await ids(query), ['one']);
});

test('languages say what there is', async () => {
  const languages = await client.getDictionaryLanguages();
  assert.deepEqual(languages.fr, { stopwords: { nbCustomEntries: 0 }, plurals: { nbCustomEntries: 0 }, compounds: null });
  assert.ok(languages.fi.compounds);
});
