#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// Kills the server with SIGKILL at random moments of mixed ingestion, starts it again, and compares what it has with
// what it acknowledged: nothing lost, nothing doubled, nothing invented, no request applied in part. Each index has a
// replica of either kind, which must have the same.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

import { ADMIN_KEY, APP_ID, Server, binary, free_port, make_folder, sleep } from '../server.mjs';
import { Ledger, count_wrong } from './ledger.mjs';

const USAGE = `usage: PENCHANT_BINARY=build/release/penchant node tests/durability/kill.mjs [--rounds 50] [--seed N] [--control]

Each round: 4 clients write records (1, 20 or 500 at a time), delete some, and send events; after 30 to 500 ms the
server is killed, in every fifth round once more while it recovers, and started again.
--control damages the books on purpose and fails unless every damage is found.
`;

const CLIENTS = 4;
const SIZES = [1, 1, 1, 20, 20, 500];
const ROUNDS_PER_INDEX = 5; // keeps the list to compare short; the last round looks at all of them
const READY_SECONDS_MAX = 10;

function options_of(words) {
  const options = { rounds: 50, seed: Math.floor(Math.random() * 2 ** 31), control: false };
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] === '--help') {
      process.stdout.write(USAGE);
      process.exit(0);
    } else if (words[i] === '--control') {
      options.control = true;
      options.rounds = 2;
    } else if (['--rounds', '--seed'].includes(words[i]) && /^\d+$/.test(words[i + 1] ?? '')) {
      options[words[i].slice(2)] = Number(words[i + 1]);
      i += 1;
    } else {
      process.stderr.write(`I do not understand ${words[i]}.\n${USAGE}`);
      process.exit(2);
    }
  }
  return options;
}

/** mulberry32: a seed reproduces the choices, though not the moments at which the kernel runs whom. */
function random_of(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const options = options_of(process.argv.slice(2));
const random = random_of(options.seed);
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];

const folder = await make_folder();
const records = new Map(); // index -> Ledger
const events = []; // round -> {ledger, visitors}: every round has visitors of its own, and so reads only what is new
const rows = [];
const problems = [];
let next_id = 0;

async function post(server, target, body) {
  const answer = await fetch(server.url + target, {
    method: 'POST',
    headers: { 'x-algolia-application-id': APP_ID, 'x-algolia-api-key': ADMIN_KEY, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20000),
  });
  return { status: answer.status, body: await answer.json() };
}

/** What a client sends next: where, the body, whose books it goes to, and the changes to write there. */
function next_request(name, index, token, versions) {
  const what = random();
  if (what < 0.3) {
    const changes = Array.from({ length: pick(SIZES) }, () => [`${name}-ev-${(next_id += 1)}`, 1]);
    const event = { eventType: 'click', eventName: 'Product Clicked', index, userToken: token };
    const body = { events: changes.map(([id]) => ({ ...event, objectIDs: [id] })) };
    return { target: '/1/events', body, changes, is_event: true };
  }
  const target = `/1/indexes/${index}/batch`;
  if (what < 0.45 && versions.size > 0) {
    const ids = [...versions.keys()].slice(0, pick([1, 20]));
    const requests = ids.map((objectID) => ({ action: 'deleteObject', body: { objectID } }));
    return { target, body: { requests }, changes: ids.map((id) => [id, undefined]), is_event: false };
  }
  const known = [...versions.keys()];
  const chosen = new Map(); // each id once
  for (let n = pick(SIZES); n > 0; n -= 1) {
    // One in four writes again what is there, with the next version.
    const id = known.length > 0 && random() < 0.25 ? pick(known) : `${name}-${(next_id += 1)}`;
    chosen.set(id, (versions.get(id) ?? 0) + 1);
  }
  const requests = [...chosen].map(([objectID, v]) => ({
    action: 'addObject',
    body: { objectID, v, name: `thing ${objectID} ${v}`, brand: `brand ${v % 7}` },
  }));
  return { target, body: { requests }, changes: [...chosen], is_event: false };
}

/** One client: a request after the other until the server is gone. */
async function ingest(server, name, index, token, round_events, tally, moment) {
  const versions = new Map();
  while (!moment.over) {
    const { target, body, changes, is_event } = next_request(name, index, token, versions);
    const books = is_event ? round_events : records.get(index);
    books.begin(name, changes);
    let answer;
    try {
      answer = await post(server, target, body);
    } catch (error) {
      // Killed while it was on its way: the books say "perhaps". Before that, no request may fail so.
      if (!moment.dying) problems.push(`${target} got no answer: ${error.message}`);
      return;
    }
    if (answer.status === 200) {
      books.acknowledge(name);
      tally[is_event ? 'events' : 'records'] += changes.length;
      if (is_event) continue;
      for (const [id, version] of changes) {
        if (version === undefined) versions.delete(id);
        else versions.set(id, version);
      }
    } else {
      books.refuse(name);
      if (answer.status !== 429) problems.push(`${target} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      await sleep(20);
    }
  }
}

const replicas_of = (index) => [`${index}-sorted`, `${index}-seen`];

/** All records of an index, as [id, version], or those that a replica of it shows, once everything written before is visible. */
async function records_in(server, index, shown = index) {
  const marker = 'marker-of-the-test';
  const written = await post(server, `/1/indexes/${index}/batch`, {
    requests: [{ action: 'addObject', body: { objectID: marker, v: 0 } }],
  });
  await server.published(index, written.body.taskID);
  const found = [];
  let body = { hitsPerPage: 1000, attributesToRetrieve: ['v'] };
  let announced;
  for (let page = 0; page < 10000; page += 1) {
    const answer = await post(server, `/1/indexes/${shown}/browse`, body);
    if (answer.status !== 200) throw new Error(`browse answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    announced ??= answer.body.nbHits;
    for (const hit of answer.body.hits) found.push([hit.objectID, hit.v]);
    if (answer.body.cursor === undefined) break;
    body = { cursor: answer.body.cursor };
  }
  if (announced !== found.length) problems.push(`${shown}: nbHits is ${announced}, and ${found.length} records came`);
  return found.filter(([id]) => id !== marker);
}

const run = promisify(execFile);
const command = (...words) => run(binary(), words, { maxBuffer: 1 << 30, timeout: 120000 });

/** The events of these visitors as the command line exports them, with the server stopped. */
async function events_of(visitors) {
  const found = [];
  for (const token of visitors) {
    const { stdout } = await command('profile', '--data', folder, token, '--export');
    for (const line of stdout.split('\n').filter(Boolean)) {
      const id = /"(c\d+r\d+-ev-\d+)"/.exec(line)?.[1];
      if (id) found.push([id, 1]);
    }
  }
  return found;
}

function note(where, wrong) {
  for (const [kind, list] of Object.entries(wrong)) {
    if (list.length > 0) problems.push(`${where}: ${list.length} ${kind}, as ${list.slice(0, 5).join(', ')}`);
  }
  return count_wrong(wrong);
}

/** Replicas that differ from what was found in their primary. */
async function wrong_replicas(server, index, found) {
  const text = (list) => JSON.stringify([...list].sort(([a], [b]) => (a < b ? -1 : 1)));
  let wrong = 0;
  for (const replica of replicas_of(index)) {
    const theirs = await records_in(server, index, replica);
    if (text(theirs) === text(found)) continue;
    wrong += 1;
    problems.push(`${replica} has ${theirs.length} records, ${index} has ${found.length}, and they are not the same`);
  }
  return wrong;
}

async function round_of(number, server) {
  const index = `shop-${Math.floor(number / ROUNDS_PER_INDEX)}`;
  const is_new = !records.has(index);
  if (is_new) records.set(index, new Ledger());
  const tally = { records: 0, events: 0 };
  const visitors = Array.from({ length: CLIENTS }, (_, c) => `visitor-${number}-${c}`);
  const round_events = new Ledger();
  events.push({ ledger: round_events, visitors });

  await server.launch([], READY_SECONDS_MAX);
  if (is_new) {
    const [standard, seen] = replicas_of(index);
    await server.request('PUT', `/1/indexes/${index}/settings`, { body: { replicas: [standard, `virtual(${seen})`] } });
  }
  const moment = { dying: false, over: false };
  const life = 30 + below(471);
  const clients = visitors.map((token, c) =>
    ingest(server, `c${c}r${number}`, index, token, round_events, tally, moment),
  );
  await sleep(life);
  moment.dying = true;
  await server.kill();
  moment.over = true;
  await Promise.all(clients);
  const in_flight = records.get(index).in_flight_count + round_events.in_flight_count;

  if (number % 5 === 4) {
    // Dies once more while it recovers. It may be ready before the blow; that is one crash more, no harm.
    const started = server.launch([], READY_SECONDS_MAX).catch(() => null);
    await sleep(below(150));
    await server.kill();
    await started;
  }
  const ready_seconds = await server.launch([], READY_SECONDS_MAX);
  const last = number === options.rounds - 1;
  let wrong = 0;
  for (const name of last ? records.keys() : [index]) {
    const found = await records_in(server, name);
    wrong += note(`round ${number}, records of ${name}`, records.get(name).compare(found));
    wrong += await wrong_replicas(server, name, found);
  }
  if (number % 2 === 0) await server.stop();
  else await server.kill();

  for (const [of_round, { ledger, visitors: theirs }] of events.entries()) {
    if (last || of_round === number) wrong += note(`round ${number}, events of round ${of_round}`, ledger.compare(await events_of(theirs)));
  }
  if (last || number % 5 === 0) {
    await command('check', '--data', folder).catch((error) => {
      wrong += 1;
      problems.push(`round ${number}: penchant check failed: ${error.stdout}${error.stderr}`);
    });
  }
  rows.push({ number, life, ...tally, in_flight, ready_seconds, wrong });
  process.stderr.write(wrong ? 'x' : '.');
}

function table() {
  const line = (cells) => cells.map((cell, i) => String(cell).padStart([6, 8, 9, 9, 11, 9, 7][i])).join('');
  const lines = [line(['round', 'life ms', 'records', 'events', 'on the way', 'ready s', 'wrong'])];
  for (const row of rows) {
    lines.push(line([row.number, row.life, row.records, row.events, row.in_flight, row.ready_seconds.toFixed(2), row.wrong]));
  }
  return lines.join('\n');
}

/** Damages the books in each of four ways and sees that compare() finds it, on what a real round left. */
async function control(server) {
  await server.launch([], READY_SECONDS_MAX);
  const [index, ledger] = [...records].find(([, books]) => books.size > 1) ?? [];
  if (!ledger) throw new Error('The rounds before the control acknowledged no record');
  const found = await records_in(server, index);
  await server.stop();
  if (count_wrong(ledger.compare(found)) !== 0) throw new Error('The control began with a difference');
  const [[some_id, some_version]] = found;
  const expect = (kind, list) => {
    const wrong = ledger.compare(list);
    if (wrong[kind].length !== 1 || count_wrong(wrong) !== 1) {
      throw new Error(`The control wanted one ${kind} and got ${JSON.stringify(wrong)}`);
    }
    process.stdout.write(`${kind}: found\n`);
  };
  ledger.pretend('never-sent', 1);
  expect('lost', found);
  ledger.pretend('never-sent', undefined);
  ledger.pretend(some_id, some_version + 1);
  expect('lost', found);
  ledger.pretend(some_id, some_version);
  expect('doubled', [...found, found[0]]);
  expect('invented', [...found, ['made-up', 1]]);
  ledger.pretend(some_id, undefined);
  expect('invented', found);
  ledger.pretend(some_id, some_version);
  ledger.begin('somebody', [['torn-1', 1], ['torn-2', 1]]);
  expect('torn', [...found, ['torn-1', 1]]);
}

const server = new Server(folder, await free_port(), false);
let failed = false;
try {
  for (let number = 0; number < options.rounds; number += 1) await round_of(number, server);
  if (options.control) await control(server);
} catch (error) {
  failed = true;
  process.stderr.write(`\n${error.stack}\n`);
} finally {
  await server.kill();
}
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
const slowest = rows.reduce((max, row) => Math.max(max, row.ready_seconds), 0);
process.stdout.write(`\n${table()}\n`);
for (const problem of problems.slice(0, 20)) process.stdout.write(`${problem}\n`);
process.stdout.write(
  `${rows.length} rounds, seed ${options.seed}: ${sum('records')} record changes and ${sum('events')} events acknowledged, ` +
    `${sum('wrong')} lost, doubled, invented or torn; ready again within ${slowest.toFixed(2)} s\n`,
);
if (failed || problems.length > 0 || rows.some((row) => row.wrong > 0)) {
  process.stdout.write(`The data is left in ${folder}\n`);
  process.exitCode = 1;
} else {
  await rm(folder, { recursive: true, force: true });
}
