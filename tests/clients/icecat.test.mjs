// SPDX-License-Identifier: GPL-3.0-or-later
// The promise of the house on a real catalog: 19,406 products of icecat-electronics, from PENCHANT_DATA, and the official
// clients. Three clicks on one brand, and it leads inside its relevance bucket on the very next request.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { Server, binary, make_folder } from '../server.mjs';
import { ids_of, insights_client, search_client } from './shop.mjs';

const catalog = path.join(process.env.PENCHANT_DATA ?? '', 'icecat-electronics', 'products.jsonl.zst');
const skip = process.env.PENCHANT_DATA && existsSync(catalog) ? false : 'PENCHANT_DATA does not hold icecat-electronics';
const indexName = 'icecat';
const facets = ['supplier', 'price'];
const query = { query: 'laptop', facets, hitsPerPage: 1000, getRankingInfo: true, attributesToRetrieve: ['supplier', 'title'] };

let server;
let client;
before(async () => {
  if (skip) return;
  const data = await make_folder();
  await promisify(execFile)(binary(), ['import', '--quiet', '--data', data, '--index', indexName, '--object-id', 'id', catalog]);
  server = await Server.start({ data });
  client = search_client(server);
  const { taskID } = await client.setSettings({
    indexName,
    indexSettings: { searchableAttributes: ['title', 'name', 'supplier', 'unordered(short_description)'], attributesForFaceting: ['supplier', 'price'] },
  });
  await client.waitForTask({ indexName, taskID });
});
after(() => server?.stop());

const search = (userToken, more = {}) =>
  client.searchSingleIndex({ indexName, searchParams: { ...query, userToken, enablePersonalization: true, ...more } });

/** Hits by bucket, best bucket first. */
function buckets(answer) {
  const found = new Map();
  for (const hit of answer.hits) {
    const { textualRelevanceBucket: bucket } = hit._rankingInfo.personalization;
    if (!found.has(bucket)) found.set(bucket, []);
    found.get(bucket).push(hit);
  }
  return [...found.values()];
}

test('three clicks on one brand of a real catalog, and it leads its bucket on the very next request', { skip }, async (context) => {
  const before_clicks = await search('visitor');
  assert.ok(before_clicks.nbHits > 100);
  // A brand that has three products among the hits, none of them in the first places.
  const first = before_clicks.hits.slice(0, 5).map((hit) => hit.supplier);
  const by_brand = Object.groupBy?.(before_clicks.hits, (hit) => hit.supplier) ?? before_clicks.hits.reduce(
    (groups, hit) => ({ ...groups, [hit.supplier]: [...(groups[hit.supplier] ?? []), hit] }), {});
  const [brand, products] = Object.entries(by_brand).find(([name, hits]) => !first.includes(name) && hits.length >= 10);
  const click = insights_client(server, 'visitor');
  for (const { objectID } of products.slice(0, 3)) {
    assert.equal(await click('clickedObjectIDs', { index: indexName, eventName: 'Product Clicked', objectIDs: [objectID] }), true);
  }

  const after_clicks = await search('visitor');
  assert.equal(after_clicks.nbHits, before_clicks.nbHits);
  assert.deepEqual(after_clicks.facets, before_clicks.facets);
  assert.deepEqual(ids_of(after_clicks).sort(), ids_of(before_clicks).sort(), 'the same hits');

  let led = 0;
  for (const hits of buckets(after_clicks)) {
    const places = hits.flatMap((hit, place) => (hit.supplier === brand ? [place] : []));
    if (places.length === 0) continue;
    ++led;
    assert.deepEqual(places, places.map((_, place) => place), `${brand} comes first in its bucket`);
  }
  assert.ok(led > 0);

  let recomputed = 0;
  for (const hit of after_clicks.hits) {
    const { impact, filtersScore, maxFiltersScore, rankingScore, score, affinities } = hit._rankingInfo.personalization;
    assert.equal((impact / 100) * (filtersScore / maxFiltersScore) + (1 - impact / 100) * rankingScore, score);
    assert.equal(affinities.reduce((sum, { contribution }) => sum + contribution, 0), filtersScore);
    ++recomputed;
  }
  assert.deepEqual(ids_of(await search('somebody-else')), ids_of(before_clicks), 'a second visitor sees the old order');

  const place = (answer) => answer.hits.findIndex((hit) => hit.supplier === brand) + 1;
  context.diagnostic(
    `${before_clicks.nbHits} hits for "laptop"; ${brand} stood at ${place(before_clicks)} and stands at ${place(after_clicks)}, ` +
      `and leads ${led} buckets; ${recomputed} explanations recomputed to the bit`,
  );
});
