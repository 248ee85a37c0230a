// SPDX-License-Identifier: GPL-3.0-or-later
// A small shop whose every count can be checked by hand or by a loop, and the official clients pointed at a server.
import { advancedPersonalizationClient } from '@algolia/advanced-personalization';
import { personalizationClient } from '@algolia/client-personalization';
import { algoliasearch } from 'algoliasearch';
import { createInsightsClient, getRequesterForNode } from 'search-insights';

import { ADMIN_KEY, APP_ID } from '../server.mjs';

const BRANDS = ['Corvale', 'Oxbow', 'Tarn', 'Fellside'];
const COLORS = ['green', 'red', 'blue'];
const KINDS = ['Boot', 'Jacket', 'Tent'];

/** 36 records: every brand in every color and kind, once each. More popular is earlier in the list. */
export const RECORDS = KINDS.flatMap((kind, k) =>
  BRANDS.flatMap((brand, b) =>
    COLORS.map((color, c) => {
      const n = k * 12 + b * 3 + c;
      return {
        objectID: `sku-${n + 1}`,
        name: `${kind} ${brand} Mark ${n + 1}`,
        description: `A ${color} ${kind.toLowerCase()} for long days outside`,
        brand,
        color,
        price: 10 + 5 * n,
        popularity: 1000 - n,
        inStock: n % 4 !== 0,
        categories: { lvl0: 'Outdoor', lvl1: `Outdoor > ${kind}` },
      };
    }),
  ),
);

export const SETTINGS = {
  searchableAttributes: ['name', 'brand', 'unordered(description)'],
  attributesForFaceting: ['searchable(brand)', 'color', 'price', 'inStock', 'categories.lvl0', 'categories.lvl1'],
  customRanking: ['desc(popularity)'],
};

export const kind_of = (kind) => RECORDS.filter((record) => record.name.startsWith(kind));

export function count_by(records, attribute) {
  const counts = {};
  for (const record of records) counts[record[attribute]] = (counts[record[attribute]] ?? 0) + 1;
  return counts;
}

const host = (server) => ({ url: '127.0.0.1', port: server.port, protocol: 'http', accept: 'readWrite' });

export const search_client = (server, options = {}, key = ADMIN_KEY) =>
  algoliasearch(APP_ID, key, { hosts: [host(server)], ...options });

export const classic_client = (server, key = ADMIN_KEY) =>
  personalizationClient(APP_ID, key, 'eu', { hosts: [host(server)] });

export const advanced_client = (server, key = ADMIN_KEY) =>
  advancedPersonalizationClient(APP_ID, key, 'eu', { hosts: [host(server)] });

/** search-insights as a page on Node.js uses it; every method resolves to whether the server took the events. */
export function insights_client(server, userToken, key = ADMIN_KEY) {
  const insights = createInsightsClient(getRequesterForNode());
  insights('init', { appId: APP_ID, apiKey: key, host: server.url, userToken });
  return insights;
}

/** The shop, searchable, in an index of this name. */
export async function fill_shop(client, indexName) {
  const { taskID } = await client.setSettings({ indexName, indexSettings: SETTINGS });
  await client.waitForTask({ indexName, taskID });
  await client.saveObjects({ indexName, objects: RECORDS, waitForTasks: true });
}

export const ids_of = (answer) => answer.hits.map((hit) => hit.objectID);
