#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the demo once everything is built (demo/run does that): the catalog, the server, the import, three people with a
// past, and the shop page. Stops its own children, and only those, when it ends for whatever reason.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { arrange_shop } from './editors.mjs';

const DEMO = path.dirname(fileURLToPath(import.meta.url));
const SHOP = path.join(DEMO, 'shop');
const APP_ID = 'penchant';
const CATALOG_FILES = ['products.ndjson', 'settings.json', 'replicas.json', 'synonyms.json', 'rules.json'];
const READY_MS_MAX = 60000;
const STOP_MS_MAX = 10000;
const ASK_MS_MAX = 10000;

/** What the user should read instead of a stack. */
class Complaint extends Error {}

function options_of(words) {
  const options = { binary: '', data: '', port: 7700, 'shop-port': 7701, records: 5000, 'open-in-browser': 'yes', once: false };
  for (let i = 0; i < words.length; i += 1) {
    const key = words[i].replace(/^--/, '');
    if (key === 'once') {
      options.once = true;
      continue;
    }
    if (!(key in options) || i + 1 >= words.length) throw new Complaint(`I do not understand ${words[i]}.`);
    i += 1;
    options[key] = typeof options[key] === 'number' ? Number(words[i]) : words[i];
    if (Number.isNaN(options[key])) throw new Complaint(`--${key} wants a number, not ${words[i]}.`);
  }
  for (const key of ['port', 'shop-port']) {
    const port = options[key];
    if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Complaint(`--${key} wants a port up to 65535, or 0 for any that is free.`);
  }
  if (!['yes', 'no'].includes(options['open-in-browser'])) throw new Complaint('--open-in-browser wants yes or no.');
  return options;
}

const say = (sentence) => process.stderr.write(process.stderr.isTTY ? `\u001b[1m${sentence}\u001b[0m\n` : `${sentence}\n`);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Children have process groups of their own, so that Ctrl-C reaches this process alone and it can stop them in order.
const children = [];
let stopping = false;

async function start(name, program, words, { log, ...more } = {}) {
  const file = log ? await open(log, 'w') : null;
  const stdio = file ? ['ignore', file.fd, file.fd] : ['ignore', 'inherit', 'inherit'];
  const process_of = spawn(program, words, { stdio, detached: true, ...more });
  const child = { name, log, process: process_of, code: undefined };
  child.ended = new Promise((resolve) => {
    const end = (code) => {
      child.code ??= code;
      resolve(code);
    };
    process_of.once('error', () => end(127));
    process_of.once('exit', (code, signal) => end(code ?? signal));
  });
  children.push(child);
  await file?.close();
  return child;
}

async function run(name, program, words, more) {
  const child = await start(name, program, words, more);
  const code = await child.ended;
  children.splice(children.indexOf(child), 1);
  if (code !== 0) throw new Complaint(`${name} failed${child.log ? `; see ${child.log}` : ''}.`);
}

async function stop_all() {
  stopping = true;
  while (children.length > 0) {
    const child = children.pop();
    if (child.code === undefined) child.process.kill('SIGTERM');
    if (await Promise.race([child.ended.then(() => false), sleep(STOP_MS_MAX).then(() => true)])) child.process.kill('SIGKILL');
  }
}

/** The port, when it is free; for 0 any that is. */
function free_port(port, flag) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', () => reject(new Complaint(`Port ${port} is taken; choose another with --${flag}.`)));
    probe.listen(port, '127.0.0.1', () => {
      const found = probe.address().port;
      probe.close(() => resolve(found));
    });
  });
}

async function answers(child, url) {
  for (const until = Date.now() + READY_MS_MAX; Date.now() < until; await sleep(50)) {
    if (child.code !== undefined) throw new Complaint(`${child.name} ended (${child.code}); see ${child.log}.`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_MS_MAX) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
  }
  throw new Complaint(`${child.name} did not answer within ${READY_MS_MAX / 1000} s; see ${child.log}.`);
}

/** Reads a secret from a file, or makes it and keeps it there for the next time. */
async function kept(file, make) {
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  const secret = await make();
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

async function call(url, key, method, target, body) {
  const answer = await fetch(url + target, {
    method,
    headers: { 'x-algolia-application-id': APP_ID, 'x-algolia-api-key': key, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(ASK_MS_MAX),
  });
  const parsed = await answer.json();
  if (!answer.ok) throw new Complaint(`${method} ${target} answered ${answer.status}: ${parsed.message}`);
  return parsed;
}

async function fill(options, url, admin_key, folder) {
  const catalog = path.join(folder, 'catalog');
  const words = [path.join(DEMO, 'catalog', 'generate.mjs'), '--out', catalog, '--records', String(options.records)];
  await run('Making the catalog', process.execPath, words);
  const hash = createHash('sha256');
  for (const file of CATALOG_FILES) hash.update(await readFile(path.join(catalog, file)));
  const digest = hash.digest('hex');
  const mark = path.join(folder, 'imported');
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === digest) return;
  say('Importing ...');
  await run('The import', options.binary, [
    'import', '--index', 'shop', '--url', url, '--key', admin_key, '--settings', path.join(catalog, 'settings.json'), '--replace',
    path.join(catalog, 'products.ndjson'),
  ]);
  await arrange_shop((method, target, body) => call(url, admin_key, method, target, body), catalog);
  await writeFile(mark, digest);
}

async function demo(options) {
  const folder = options.data;
  const site = path.join(folder, 'site');
  const port = await free_port(options.port, 'port');
  const shop_port = await free_port(options['shop-port'], 'shop-port');
  const url = `http://127.0.0.1:${port}`;
  const shop_url = `http://127.0.0.1:${shop_port}`;
  await mkdir(folder, { recursive: true });

  const admin_key = await kept(path.join(folder, 'admin-key'), () => randomBytes(16).toString('hex'));
  const server_words = ['serve', '--data', path.join(folder, 'data'), '--listen', `127.0.0.1:${port}`, '--admin-key', admin_key];
  const server = await start('The server', options.binary, server_words, { log: path.join(folder, 'server.log') });
  await answers(server, `${url}/health`);
  await fill(options, url, admin_key, folder);
  await run('Giving three people a past', process.execPath, [
    path.join(DEMO, 'seed.mjs'), '--host', url, '--key', admin_key, '--data', path.join(folder, 'catalog'),
  ]);
  // The page searches, sends events, and shows the visitor's own affinities: that last needs "recommendation".
  const search_key = await kept(path.join(folder, 'search-key'), async () => {
    const body = { acl: ['search', 'recommendation'], description: 'the page of the demo shop' };
    return (await call(url, admin_key, 'POST', '/1/keys', body)).key;
  });

  say('Building the shop page ...');
  const vite = path.join(SHOP, 'node_modules', 'vite', 'bin', 'vite.js');
  const build_words = [vite, 'build', '--outDir', site, '--emptyOutDir', '--logLevel', 'warn'];
  await run('Building the shop page', process.execPath, build_words, { cwd: SHOP });
  const config = { host: '127.0.0.1', port, protocol: 'http', appId: APP_ID, searchKey: search_key, index: 'shop' };
  await writeFile(path.join(site, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  const preview_words = [vite, 'preview', '--outDir', site, '--host', '127.0.0.1', '--port', String(shop_port), '--strictPort'];
  const page = await start('The shop page', process.execPath, preview_words, { cwd: SHOP, log: path.join(folder, 'page.log') });
  await answers(page, shop_url);

  if (options.once) {
    const html = await (await fetch(shop_url, { signal: AbortSignal.timeout(ASK_MS_MAX) })).text();
    if (!/<script[^>]+src=/.test(html)) throw new Complaint('The shop page came without its script.');
    const served = await (await fetch(`${shop_url}/config.json`, { signal: AbortSignal.timeout(ASK_MS_MAX) })).json();
    if (served.searchKey !== search_key) throw new Complaint('The shop page has another key than the server.');
    const requests = ['shop', 'shop_price_asc', 'shop_price_desc'].map((indexName) => ({ indexName, query: '', hitsPerPage: 1 }));
    const { results } = await call(url, search_key, 'POST', '/1/indexes/*/queries', { requests });
    for (const { index, nbHits } of results) {
      if (nbHits !== options.records) throw new Complaint(`${index} has ${nbHits} records instead of ${options.records}.`);
    }
    say(`The page answers, and so do ${results.length} orders of ${options.records} records.`);
    return;
  }
  process.stdout.write(`\n  The shop:    ${shop_url}\n  The server:  ${url}\n  Its data:    ${folder}\n\nCtrl-C stops both.\n`);
  const has_desktop = process.stdout.isTTY && (process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (options['open-in-browser'] === 'yes' && has_desktop) {
    spawn('xdg-open', [shop_url], { stdio: 'ignore', detached: true }).once('error', () => {}).unref();
  }
  const first = await Promise.race([server.ended.then(() => server), page.ended.then(() => page)]);
  if (!stopping) throw new Complaint(`${first.name} ended (${first.code}); see ${first.log}.`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (stopping) return;
    process.stderr.write('\nStopping ...\n');
    await stop_all();
    process.exit(0);
  });
}
try {
  await demo(options_of(process.argv.slice(2)));
} catch (error) {
  if (!stopping) {
    process.stderr.write(`${error instanceof Complaint ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
if (!stopping) await stop_all();
