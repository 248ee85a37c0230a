#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// Mixed updates and searches for as long as one likes: every answer must be good, memory must stay flat, and at the end
// the index must answer as one that was built afresh from the same records.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { ADMIN_KEY, APP_ID, Server, sleep } from '../server.mjs';

const USAGE = `usage: PENCHANT_BINARY=build/release/penchant node tests/durability/soak.mjs
         [--minutes 2] [--records 20000] [--updates 100] [--searches 40] [--seed 1]

--updates and --searches are a second. Prints a line a minute: answers, refusals, latencies, resident memory.
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    records: { type: 'string', default: '20000' },
    updates: { type: 'string', default: '100' },
    searches: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const options = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
for (const name of ['minutes', 'records', 'updates', 'searches', 'seed']) {
  if (!(options[name] > 0)) {
    process.stderr.write(`--${name} must be a number above 0.\n${USAGE}`);
    process.exit(2);
  }
}

let state = options.seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];

// Words by Zipf's law, so that some lists are long and most are short.
const SYLLABLES = ['ka', 'lo', 'mi', 'ren', 'tas', 'vo', 'shu', 'ber', 'din', 'gal', 'hop', 'jar', 'nel', 'pim', 'qua', 'sto'];
const WORDS = Array.from({ length: 4000 }, (_, i) => {
  let word = '';
  for (let n = i + 17; n > 0 || word.length < 4; n = Math.floor(n / SYLLABLES.length)) word += SYLLABLES[n % SYLLABLES.length];
  return word + (i % 7 === 0 ? 's' : '');
});
const word = () => WORDS[Math.min(WORDS.length - 1, Math.floor(WORDS.length ** random()) - 1)];
const BRANDS = Array.from({ length: 60 }, (_, i) => `Brand ${i}`);
const COLOURS = ['red', 'blue', 'green', 'black', 'white', 'teal', 'ochre'];

let serial = 0;
function new_record() {
  serial += 1;
  return {
    objectID: `r${serial}`,
    serial, // the last word in customRanking: without it equal records stand in the order of their writes
    title: Array.from({ length: 3 + below(4) }, word).join(' '),
    text: Array.from({ length: 8 + below(20) }, word).join(' '),
    brand: pick(BRANDS),
    colour: pick(COLOURS),
    price: below(50000) / 100,
    stock: below(100),
    _geoloc: { lat: 40 + random() * 20, lng: -10 + random() * 30 },
  };
}

const SETTINGS = {
  searchableAttributes: ['title', 'text', 'brand'],
  attributesForFaceting: ['searchable(brand)', 'colour'],
  customRanking: ['desc(stock)', 'asc(serial)'],
};

const server = await Server.start();
const books = new Map();

async function call(method, target, body) {
  const begin = performance.now();
  const answer = await fetch(server.url + target, {
    method,
    headers: { 'x-algolia-application-id': APP_ID, 'x-algolia-api-key': ADMIN_KEY, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(30000),
  });
  const parsed = await answer.json();
  return { status: answer.status, body: parsed, milliseconds: performance.now() - begin };
}

async function good(method, target, body) {
  const answer = await call(method, target, body);
  if (answer.status >= 300) throw new Error(`${method} ${target}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

async function published(index, task) {
  for (;;) {
    const { body } = await good('GET', `/1/indexes/${index}/task/${task}`);
    if (body.status === 'published') return;
    await sleep(50);
  }
}

async function fill(index, records) {
  await good('PUT', `/1/indexes/${index}/settings`, SETTINGS);
  let task = 0;
  for (let from = 0; from < records.length; from += 1000) {
    const requests = records.slice(from, from + 1000).map((body) => ({ action: 'addObject', body }));
    task = (await good('POST', `/1/indexes/${index}/batch`, { requests })).body.taskID;
  }
  await published(index, task);
}

function misspelt(text) {
  if (text.length < 5) return text;
  const at = 1 + below(text.length - 2);
  return pick([
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + 'x' + text.slice(at),
    () => text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2),
  ])();
}

function query() {
  const kind = below(10);
  const common = { hitsPerPage: 20, attributesToRetrieve: ['objectID'], attributesToHighlight: [] };
  if (kind === 0) return { ...common, query: word().slice(0, 1 + below(4)), facets: ['brand', 'colour'] };
  if (kind === 1) return { ...common, query: misspelt(word()), facets: ['brand'] };
  if (kind === 2) return { ...common, query: `${word()} ${word()} ${word()}`, removeWordsIfNoResults: 'allOptional' };
  if (kind === 3) return { ...common, query: word(), filters: `price < ${below(500)} AND colour:${pick(COLOURS)}` };
  if (kind === 4) return { ...common, query: '', aroundLatLng: '50,5', aroundRadius: 200000 + below(500000) };
  if (kind === 5) return { ...common, query: word(), optionalFilters: [`brand:${pick(BRANDS)}<score=3>`], page: below(3) };
  if (kind === 6) return { ...common, query: '', facets: ['*'], filters: `brand:"${pick(BRANDS)}"` };
  return { ...common, query: `${word()} ${word().slice(0, 3)}`, facets: ['colour'], userToken: `visitor-${below(300)}`, enablePersonalization: true };
}

const seen = { updates: 0, searches: 0, events: 0, refused: 0, wrong: [] };
function note_wrong(sentence) {
  seen.wrong.push(sentence);
  if (seen.wrong.length <= 5) process.stdout.write(`${sentence}\n`);
}
let latencies = [];

async function one_update() {
  const requests = [];
  const after = [];
  for (let i = 1 + below(5); i > 0; i -= 1) {
    const ids = [...books.keys()];
    const id = pick(ids);
    const kind = random();
    if (kind < 0.5) {
      const change = pick([() => ({ price: below(50000) / 100 }), () => ({ stock: below(100) }), () => ({ colour: pick(COLOURS) })])();
      requests.push({ action: 'partialUpdateObject', body: { objectID: id, ...change } });
      after.push(() => books.has(id) && Object.assign(books.get(id), change));
    } else if (kind < 0.8) {
      const title = Array.from({ length: 3 + below(4) }, word).join(' ');
      requests.push({ action: 'partialUpdateObject', body: { objectID: id, title } });
      after.push(() => books.has(id) && Object.assign(books.get(id), { title }));
    } else if (kind < 0.9) {
      const record = new_record();
      requests.push({ action: 'addObject', body: record });
      after.push(() => books.set(record.objectID, record));
    } else {
      requests.push({ action: 'deleteObject', body: { objectID: id } });
      after.push(() => books.delete(id));
      if (ids.length < options.records / 2) break;
    }
    // Within one request a record is touched once, so that the books need no order of their own.
    if (requests.length > 1 && new Set(requests.map((request) => request.body.objectID)).size !== requests.length) {
      requests.pop();
      after.pop();
    }
  }
  const answer = await call('POST', '/1/indexes/live/batch', { requests });
  if (answer.status === 200) {
    for (const write of after) write();
    seen.updates += requests.length;
    return answer.body.taskID;
  }
  if (answer.status === 429) seen.refused += 1;
  else note_wrong(`batch: ${answer.status} ${JSON.stringify(answer.body)}`);
  return 0;
}

async function one_search() {
  const asked = query();
  const answer = await call('POST', '/1/indexes/live/query', asked);
  seen.searches += 1;
  latencies.push(answer.milliseconds);
  if (answer.status === 429) seen.refused += 1;
  else if (answer.status !== 200) note_wrong(`search ${JSON.stringify(asked)}: ${answer.status} ${JSON.stringify(answer.body)}`);
  else if (new Set(answer.body.hits.map((hit) => hit.objectID)).size !== answer.body.hits.length)
    note_wrong(`search ${JSON.stringify(asked)}: a record twice on one page`);
  if (asked.userToken && answer.status === 200 && answer.body.hits.length !== 0) {
    const sent = await call('POST', '/1/events', {
      events: [{ eventType: 'click', eventName: 'hit', index: 'live', userToken: asked.userToken, objectIDs: [pick(answer.body.hits).objectID] }],
    });
    seen.events += 1;
    if (sent.status !== 200) note_wrong(`event: ${sent.status} ${JSON.stringify(sent.body)}`);
  }
}

async function resident_mebibytes() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

/** Calls `what` so many times a second until the time is over, one call after the other. */
async function keep_going(what, a_second, end) {
  const begin = performance.now();
  let last;
  for (let done = 1; performance.now() < end; done += 1) {
    last = (await what()) || last;
    const due = begin + (done * 1000) / a_second;
    if (due > performance.now()) await sleep(due - performance.now());
  }
  return last;
}

const percentile = (sorted, share) => (sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);

let failed = false;
try {
  for (let i = 0; i < options.records; i += 1) {
    const record = new_record();
    books.set(record.objectID, record);
  }
  await fill('live', [...books.values()]);
  const end = performance.now() + options.minutes * 60000;
  const updates = keep_going(one_update, options.updates / 3, end); // a batch has about three
  const searches = Promise.all([keep_going(one_search, options.searches / 2, end), keep_going(one_search, options.searches / 2, end)]);
  const memory = [];
  for (let minute = 1; performance.now() < end; minute += 1) {
    await sleep(Math.min(60000, Math.max(0, end - performance.now())));
    memory.push(await resident_mebibytes());
    latencies.sort((a, b) => a - b);
    process.stdout.write(
      `minute ${minute}: ${seen.updates} updates, ${seen.searches} searches, ${seen.events} events, ${seen.refused} refused, ` +
        `${seen.wrong.length} wrong; p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms; ` +
        `${memory.at(-1).toFixed(0)} MiB, ${books.size} records\n`,
    );
    latencies = [];
    if (seen.wrong.length > 20) break;
  }
  await searches;
  await published('live', await updates);

  // The same records in an index that never changed must give the same answers.
  await fill('fresh', [...books.values()]);
  let different = 0;
  for (let i = 0; i < 400; i += 1) {
    const asked = { ...query(), enablePersonalization: false };
    const [live, fresh] = await Promise.all(['live', 'fresh'].map((index) => good('POST', `/1/indexes/${index}/query`, asked)));
    const essence = ({ body }) => JSON.stringify([body.nbHits, body.hits.map((hit) => hit.objectID), body.facets ?? null]);
    if (essence(live) === essence(fresh)) continue;
    different += 1;
    if (different <= 3) process.stdout.write(`${JSON.stringify(asked)}\n  live  ${essence(live).slice(0, 400)}\n  fresh ${essence(fresh).slice(0, 400)}\n`);
  }
  // Flat: the last quarter of the time is no larger than the second one, by more than noise.
  const quarter = (n) => memory.slice(Math.floor((n * memory.length) / 4), Math.floor(((n + 1) * memory.length) / 4));
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length);
  const growth = memory.length >= 8 ? mean(quarter(3)) / mean(quarter(1)) : 1;
  process.stdout.write(
    `${different} of 400 answers differ from a fresh index; ${seen.wrong.length} wrong answers; ` +
      `memory ${memory.length >= 8 ? `grew by a factor of ${growth.toFixed(2)}` : 'was not compared: fewer than 8 minutes'}\n`,
  );
  failed = different !== 0 || seen.wrong.length !== 0 || growth > 1.2;
} finally {
  await server.stop();
}
process.exit(failed ? 1 : 0);
