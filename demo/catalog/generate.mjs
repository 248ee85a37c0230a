#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the catalog of the demo shop into a folder: the products, how it is searched, and three people
// with a history. Needs Node 18, no package and no network; the same seed writes the same bytes.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { make_people } from './people.mjs';
import { make_products } from './products.mjs';
import { REPLICAS, RULES, SETTINGS, SYNONYMS } from './settings.mjs';

const USAGE = `usage: node demo/catalog/generate.mjs --out DIR [--records 5000] [--seed 7] [--index shop]

Writes into DIR:
  products.ndjson              the records, one a line
  settings.json                settings of the index
  replicas.json                other orders of it, by the ending of their names
  synonyms.json, rules.json    what the shop's editors taught it
  people.json                  three people and what they did lately
`;

function fail(sentence) {
  process.stderr.write(`generate: ${sentence}\n`);
  process.exit(2);
}

function options_of(words) {
  const options = { out: '', records: 5000, seed: 7, index: 'shop' };
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === '--help' || word === '-h') {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const key = word.replace(/^--/, '');
    if (!word.startsWith('--') || !(key in options)) fail(`I do not know "${word}"; --help shows what I know.`);
    i += 1;
    if (i >= words.length) fail(`${word} needs a value.`);
    options[key] = typeof options[key] === 'number' ? Number(words[i]) : words[i];
  }
  if (options.out === '') fail('--out DIR is missing.');
  if (!Number.isInteger(options.records) || options.records < 1 || options.records > 100000)
    fail('--records is a whole number from 1 to 100000.');
  if (!Number.isInteger(options.seed)) fail('--seed is a whole number.');
  return options;
}

const options = options_of(process.argv.slice(2));
try {
  mkdirSync(options.out, { recursive: true });
  const products = make_products({ count: options.records, seed: options.seed });
  const people = make_people({ products, seed: options.seed, index: options.index });
  const write = (name, text) => writeFileSync(join(options.out, name), text);
  write('products.ndjson', products.map((p) => `${JSON.stringify(p)}\n`).join(''));
  for (const [name, what] of Object.entries({ settings: SETTINGS, replicas: REPLICAS, synonyms: SYNONYMS, rules: RULES }))
    write(`${name}.json`, `${JSON.stringify(what, null, 2)}\n`);
  write('people.json', `${JSON.stringify(people, null, 1)}\n`);
  const events = people.reduce((sum, person) => sum + person.events.length, 0);
  process.stdout.write(
    `${products.length} products, ${people.length} people with ${events} events, in ${options.out}\n`,
  );
} catch (error) {
  process.stderr.write(`generate: ${error.message}\n`);
  process.exit(1);
}
