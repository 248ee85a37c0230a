// SPDX-License-Identifier: GPL-3.0-or-later
// The search behind the page: the official client against our own server, InstantSearch on top, and the state of the
// page in its address.

import { liteClient } from 'algoliasearch/lite';
import instantsearch from 'instantsearch.js/es';
import { history } from 'instantsearch.js/es/lib/routers';

const TIMEOUTS_MS = { connect: 4000, read: 8000, write: 20000 };

/**
 * A search client that adds who is asking to every request. `asking()` answers {token, personalized} at the time of
 * the search.
 */
function client_for(config, asking) {
  const host = {
    url: config.host,
    protocol: config.protocol,
    accept: 'readWrite',
    ...(config.port ? { port: Number(config.port) } : {}),
  };
  // One host and no other to fall back to: wait longer than the client would by itself.
  const client = liteClient(config.appId, config.searchKey, { hosts: [host], timeouts: TIMEOUTS_MS });
  return {
    ...client,
    search: (requests) => {
      const { token, personalized } = asking();
      const who = { userToken: token, enablePersonalization: personalized };
      return client.search(
        requests.map((request) => {
          if (request.type === 'facet') return { ...request, params: { ...request.params, ...who } };
          // Requests without hits only count facets; they are no search of the visitor and get no queryID.
          const counted = request.params?.hitsPerPage === 0 ? {} : { clickAnalytics: true, getRankingInfo: true };
          return { ...request, params: { ...request.params, ...who, ...counted } };
        }),
      );
    },
  };
}

const as_list = (value) => (value === undefined ? undefined : [].concat(value));

/** The address of the page: short names, as a person would write them. */
const routing_for = (index) => ({
  router: history({ writeDelay: 250, cleanUrlOnDispose: false }),
  stateMapping: {
    stateToRoute: (state) => {
      const s = state[index] ?? {};
      return {
        q: s.query || undefined,
        kind: s.hierarchicalMenu?.['categories.lvl0']?.join(' > '),
        brand: s.refinementList?.brand,
        color: s.refinementList?.color,
        size: s.refinementList?.sizes,
        price: s.range?.price,
        sort: s.sortBy === index ? undefined : s.sortBy,
        page: s.page,
      };
    },
    routeToState: (route) => ({
      [index]: {
        query: route.q,
        hierarchicalMenu: route.kind ? { 'categories.lvl0': String(route.kind).split(' > ') } : undefined,
        refinementList: { brand: as_list(route.brand), color: as_list(route.color), sizes: as_list(route.size) },
        range: route.price ? { price: String(route.price) } : undefined,
        sortBy: route.sort,
        page: route.page ? Number(route.page) : undefined,
      },
    }),
  },
});

export function make_search(config, asking) {
  return instantsearch({
    indexName: config.index,
    searchClient: client_for(config, asking),
    routing: routing_for(config.index),
    future: { preserveSharedStateOnUnmount: true },
  });
}
