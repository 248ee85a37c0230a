// SPDX-License-Identifier: GPL-3.0-or-later
// algoliasearch v5: synonyms and rules (A 3.8, 3.9), kept, searched and at work.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../server.mjs';
import { RECORDS, fill_shop, ids_of, search_client } from './shop.mjs';

let server;
let client;
before(async () => {
  server = await Server.start();
  client = search_client(server);
});
after(() => server?.stop());

const wait = (indexName, { taskID }) => client.waitForTask({ indexName, taskID });
const search = (indexName, searchParams) => client.searchSingleIndex({ indexName, searchParams });
const missing = (work, message) =>
  assert.rejects(work, (error) => {
    assert.equal(error.status, 404);
    assert.ok(error.message.startsWith(message), error.message); // the client adds the Correlation-ID
    return true;
  });

const SYNONYMS = [
  { objectID: 'shoes', type: 'synonym', synonyms: ['boot', 'shoe'] },
  { objectID: 'one-way', type: 'oneWaySynonym', input: 'shelter', synonyms: ['tent'] },
  { objectID: 'typo', type: 'altCorrection1', word: 'jakket', corrections: ['jacket'] },
  { objectID: 'place', type: 'placeholder', placeholder: '<Color>', replacements: ['green', 'red'] },
];
const RULES = [
  {
    objectID: 'tents-first',
    description: 'A tent on top of boots',
    enabled: true,
    conditions: [{ pattern: 'boot', anchoring: 'contains', context: 'camping' }],
    consequence: { promote: [{ objectID: 'sku-25', position: 0 }], hide: [{ objectID: 'sku-1' }], userData: { banner: 'camp' } },
    tags: ['camp'],
  },
  {
    objectID: 'brand-words',
    conditions: [{ pattern: '{facet:brand}', anchoring: 'contains' }],
    consequence: {
      params: {
        query: { edits: [{ type: 'remove', delete: '{facet:brand}' }] },
        automaticFacetFilters: [{ facet: 'brand', disjunctive: true }],
      },
    },
  },
];

test('synonyms are saved, read, searched, browsed, deleted and cleared', async () => {
  const indexName = 'synonyms';
  const saved = await client.saveSynonym({ indexName, objectID: 'shoes', synonymHit: SYNONYMS[0] });
  assert.equal(saved.id, 'shoes');
  assert.ok(!Number.isNaN(Date.parse(saved.updatedAt)));
  await wait(indexName, saved);
  assert.deepEqual(await client.getSynonym({ indexName, objectID: 'shoes' }), SYNONYMS[0]);

  await wait(indexName, await client.saveSynonyms({ indexName, synonymHit: SYNONYMS.slice(1) }));
  const ids = async (searchSynonymsParams) =>
    (await client.searchSynonyms({ indexName, searchSynonymsParams })).hits.map((hit) => hit.objectID).sort();
  assert.deepEqual(await ids({}), ['one-way', 'place', 'shoes', 'typo']);
  assert.deepEqual(await ids({ query: 'tent' }), ['one-way']);
  assert.deepEqual(await ids({ type: 'altcorrection1' }), ['typo']);
  assert.deepEqual(await ids({ query: 'nothing' }), []);

  const browsed = [];
  await client.browseSynonyms({ indexName, aggregator: (page) => browsed.push(...page.hits) });
  const plain = browsed.map(({ _highlightResult, ...rest }) => rest);
  assert.deepEqual(plain, [...SYNONYMS].sort((a, b) => (a.objectID < b.objectID ? -1 : 1)));

  const replaced = await client.saveSynonyms({ indexName, synonymHit: [SYNONYMS[0]], replaceExistingSynonyms: true });
  await wait(indexName, replaced);
  assert.deepEqual(await ids({}), ['shoes']);

  const deleted = await client.deleteSynonym({ indexName, objectID: 'shoes' });
  assert.ok(!Number.isNaN(Date.parse(deleted.deletedAt)));
  await missing(client.getSynonym({ indexName, objectID: 'shoes' }), 'Synonym set does not exist');
  await wait(indexName, await client.saveSynonyms({ indexName, synonymHit: SYNONYMS }));
  await wait(indexName, await client.clearSynonyms({ indexName }));
  assert.deepEqual(await ids({}), []);
});

test('rules are saved, read, searched, browsed, deleted and cleared', async () => {
  const indexName = 'rules';
  const saved = await client.saveRule({ indexName, objectID: 'tents-first', rule: RULES[0] });
  assert.ok(!Number.isNaN(Date.parse(saved.updatedAt)));
  await wait(indexName, saved);
  assert.deepEqual(await client.getRule({ indexName, objectID: 'tents-first' }), RULES[0]);
  await wait(indexName, await client.saveRules({ indexName, rules: [RULES[1]] }));

  const found = async (searchRulesParams) => {
    const answer = await client.searchRules({ indexName, searchRulesParams });
    assert.equal(answer.page, 0);
    assert.equal(answer.nbHits, answer.hits.length);
    return answer.hits.map((hit) => hit.objectID);
  };
  assert.deepEqual(await found({}), ['brand-words', 'tents-first']);
  assert.deepEqual(await found({ query: 'top of boots' }), ['tents-first']);
  assert.deepEqual(await found({ context: 'camping' }), ['tents-first']);
  assert.deepEqual(await found({ anchoring: 'is' }), []);
  assert.deepEqual(await found({ enabled: false }), []);

  const many = Array.from({ length: 1_205 }, (_, n) => ({ objectID: `r${n}`, consequence: { userData: { n } } }));
  await wait(indexName, await client.saveRules({ indexName, rules: many, clearExistingRules: true }));
  const browsed = [];
  await client.browseRules({ indexName, aggregator: (page) => browsed.push(...page.hits) });
  assert.equal(new Set(browsed.map((rule) => rule.objectID)).size, 1_205);

  await wait(indexName, await client.deleteRule({ indexName, objectID: 'r7' }));
  await missing(client.getRule({ indexName, objectID: 'r7' }), 'ObjectID does not exist');
  await wait(indexName, await client.clearRules({ indexName }));
  assert.deepEqual(await found({}), []);
});

test('what a rule may not be is refused with the field', async () => {
  await assert.rejects(
    client.saveRule({ indexName: 'refused', objectID: 'x', rule: { objectID: 'x', conditions: [{ pattern: '', anchoring: 'contains' }], consequence: {} } }),
    (error) => error.status === 400 && error.message.includes('conditions[0].pattern'),
  );
});

test('rules act on searches', async () => {
  const indexName = 'acting';
  await fill_shop(client, indexName);
  await wait(indexName, await client.saveRules({ indexName, rules: RULES }));
  const plain = await search(indexName, { query: 'boot', hitsPerPage: 3 });
  assert.deepEqual(ids_of(plain), ['sku-1', 'sku-2', 'sku-3']);
  const camping = await search(indexName, { query: 'boot', hitsPerPage: 3, ruleContexts: ['camping'], getRankingInfo: true });
  assert.deepEqual(ids_of(camping), ['sku-25', 'sku-2', 'sku-3']);
  assert.equal(camping.nbHits, plain.nbHits);
  assert.deepEqual(camping.appliedRules, [{ objectID: 'tents-first' }]);
  assert.deepEqual(camping.userData, [{ banner: 'camp' }]);
  assert.equal(camping.hits[0]._rankingInfo.promoted, true);

  const brands = await search(indexName, { query: 'oxbow tarn tent', facets: ['brand'] });
  assert.deepEqual(Object.keys(brands.facets.brand).sort(), ['Oxbow', 'Tarn']);
  assert.equal(brands.nbHits, RECORDS.filter((r) => r.name.startsWith('Tent') && ['Oxbow', 'Tarn'].includes(r.brand)).length);
  assert.equal(brands.query, 'oxbow tarn tent');
});

test('copies and replaceAllObjects keep synonyms and rules', async () => {
  const indexName = 'source';
  await fill_shop(client, indexName);
  await wait(indexName, await client.saveSynonyms({ indexName, synonymHit: SYNONYMS }));
  await wait(indexName, await client.saveRules({ indexName, rules: RULES }));
  const counts = async (name) => [
    (await client.searchSynonyms({ indexName: name })).nbHits,
    (await client.searchRules({ indexName: name })).nbHits,
  ];
  const copy = async (destination, scope) =>
    wait(indexName, await client.operationIndex({ indexName, operationIndexParams: { operation: 'copy', destination, scope } }));
  await copy('only-synonyms', ['synonyms']);
  await copy('only-rules', ['rules']);
  await copy('only-settings', ['settings']);
  await copy('everything');
  assert.deepEqual(await counts('only-synonyms'), [4, 0]);
  assert.deepEqual(await counts('only-rules'), [0, 2]);
  assert.deepEqual(await counts('only-settings'), [0, 0]);
  assert.deepEqual(await counts('everything'), [4, 2]);

  await client.replaceAllObjects({ indexName, objects: RECORDS.slice(0, 12), batchSize: 5 });
  assert.deepEqual(await counts(indexName), [4, 2]);
  const camping = await search(indexName, { query: 'boot', hitsPerPage: 2, ruleContexts: ['camping'] });
  assert.deepEqual(ids_of(camping), ['sku-2', 'sku-3']); // the tent is gone, what is hidden stays hidden

  await client.deleteIndex({ indexName: 'everything' });
  await missing(client.getRule({ indexName: 'everything', objectID: 'tents-first' }), 'Index everything does not exist');
});

test('synonyms and rules outlive a restart', async () => {
  const indexName = 'lasting';
  await wait(indexName, await client.saveSynonym({ indexName, objectID: 'shoes', synonymHit: SYNONYMS[0] }));
  const { taskID } = await client.saveRule({ indexName, objectID: 'brand-words', rule: RULES[1] });
  await wait(indexName, { taskID });
  await server.kill();
  await server.launch();
  assert.deepEqual(await client.getSynonym({ indexName, objectID: 'shoes' }), SYNONYMS[0]);
  assert.deepEqual(await client.getRule({ indexName, objectID: 'brand-words' }), RULES[1]);
});
