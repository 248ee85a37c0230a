#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// Gives the demo's three people their past: sends the histories of people.json to /1/events. A person who has a profile
// already is left alone, so that starting the demo twice does not make them twice as fond of everything. What counts as
// taste is not said anywhere: the shop runs on the defaults.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const USAGE = `usage: node demo/seed.mjs --host URL --key ADMINKEY --data DIR

  --host URL   the server, such as http://127.0.0.1:7700
  --key KEY    its admin key
  --data DIR   the folder that demo/catalog/generate.mjs wrote
`;
const EVENTS_PER_CALL_MAX = 1000;
const TIMEOUT_MS = 10000;

function options_of(words) {
  const options = { host: '', key: '', data: '' };
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] === '--help' || words[i] === '-h') {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const key = words[i].replace(/^--/, '');
    if (!(key in options) || i + 1 >= words.length) {
      process.stderr.write(`seed: I do not understand "${words[i]}"; --help shows what I know.\n`);
      process.exit(2);
    }
    i += 1;
    options[key] = words[i];
  }
  for (const [key, value] of Object.entries(options)) {
    if (value === '') {
      process.stderr.write(`seed: --${key} is missing.\n`);
      process.exit(2);
    }
  }
  return options;
}

const options = options_of(process.argv.slice(2));

async function call(method, path, body) {
  const response = await fetch(new URL(path, options.host), {
    method,
    headers: {
      'content-type': 'application/json',
      'x-algolia-application-id': 'penchant',
      'x-algolia-api-key': options.key,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, answer: await response.json().catch(() => ({})) };
}

async function has_profile(token) {
  const { status, answer } = await call('GET', `/1/profiles/personalization/${encodeURIComponent(token)}`);
  if (status === 404) return false;
  if (status !== 200) throw new Error(`asking for the profile of ${token}: ${status} ${answer.message ?? ''}`);
  return Object.keys(answer.scores ?? {}).length > 0;
}

async function seed(person) {
  if (await has_profile(person.userToken)) {
    process.stdout.write(`${person.name} has been here before\n`);
    return;
  }
  const now = Date.now();
  const events = person.events.map(({ age_seconds, ...event }) => ({ ...event, timestamp: now - age_seconds * 1000 }));
  for (let from = 0; from < events.length; from += EVENTS_PER_CALL_MAX) {
    const { status, answer } = await call('POST', '/1/events', {
      events: events.slice(from, from + EVENTS_PER_CALL_MAX),
    });
    if (status !== 200) throw new Error(`sending the events of ${person.name}: ${status} ${answer.message ?? ''}`);
  }
  process.stdout.write(`${person.name}: ${events.length} events\n`);
}

try {
  const people = JSON.parse(readFileSync(join(options.data, 'people.json'), 'utf8'));
  for (const person of people) await seed(person);
} catch (error) {
  process.stderr.write(`seed: ${error.message}\n`);
  process.exit(1);
}
