// SPDX-License-Identifier: GPL-3.0-or-later
// What the browser test stands on: a server of its own with the demo's catalog, a static server for the built page, and
// a way to count checks.

import { execFileSync, spawn } from 'node:child_process';
import { createServer as create_socket } from 'node:net';
import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { arrange_shop } from '../../demo/editors.mjs';

export const REPOSITORY = resolve(fileURLToPath(import.meta.url), '../../..');
const ADMIN_KEY = 'browser-test-admin-key';
const RECORDS_PER_BATCH = 1000;
const STARTUP_MS = 20000;
const CALL_MS = 15000;
const TASK_MS = 60000;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks `question` until it answers something true, and answers that; throws after `limit_ms`. */
export async function until(what, question, limit_ms = 8000) {
  const end = Date.now() + limit_ms;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${limit_ms} ms for ${what}`);
    await sleep(40);
  }
}

/** A port of the loopback interface that nobody listens on now. */
export const free_port = () =>
  new Promise((done, failed) => {
    const socket = create_socket();
    socket.once('error', failed);
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => done(port));
    });
  });

/** Checks with a line each. A check fails by throwing. */
export class Checks {
  constructor() {
    this.passed = 0;
    this.failed = 0;
  }

  async run(name, body) {
    const from = Date.now();
    try {
      const remark = await body();
      this.passed += 1;
      process.stdout.write(`ok    ${name}${remark ? ` (${remark})` : ''}  ${Date.now() - from} ms\n`);
    } catch (error) {
      this.failed += 1;
      process.stdout.write(`FAIL  ${name}: ${String(error.message).split('\n').slice(0, 6).join(' | ')}\n`);
    }
  }
}

export function expect(true_, sentence) {
  if (!true_) throw new Error(sentence);
}

/** A running Penchant with the demo's catalog in it. */
export class Server {
  constructor(binary, folder) {
    this.binary_ = binary;
    this.folder_ = folder;
    this.said_ = '';
  }

  async start() {
    this.port = await free_port();
    this.origin = `http://127.0.0.1:${this.port}`;
    this.process_ = spawn(
      this.binary_,
      ['serve', '--data', join(this.folder_, 'data'), '--listen', `127.0.0.1:${this.port}`, '--admin-key', ADMIN_KEY],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.process_.stdout, this.process_.stderr])
      stream.on('data', (part) => {
        this.said_ = (this.said_ + part).slice(-4000);
      });
    this.process_.on('error', (error) => {
      this.said_ += `\n${error.message}`;
    });
    const up = async () => {
      if (this.process_.exitCode !== null || this.process_.pid === undefined)
        throw new Error(`the server ended while starting: ${this.said_.trim()}`);
      return fetch(`${this.origin}/health`, { signal: AbortSignal.timeout(1000) }).then(
        (answer) => answer.ok,
        () => false,
      );
    };
    await until('the server to answer /health', up, STARTUP_MS).catch((error) => {
      throw new Error(`${error.message}; it said: ${this.said_.trim()}`);
    });
  }

  async call(method, path, body, key = ADMIN_KEY) {
    const answer = await fetch(this.origin + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-algolia-application-id': 'penchant', 'x-algolia-api-key': key },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text === '' ? {} : JSON.parse(text);
  }

  task(index, id) {
    return until(
      `task ${id} of ${index}`,
      async () => (await this.call('GET', `/1/indexes/${index}/task/${id}`)).status === 'published',
      TASK_MS,
    );
  }

  async save(index, records) {
    let last = null;
    for (let from = 0; from < records.length; from += RECORDS_PER_BATCH) {
      const requests = records.slice(from, from + RECORDS_PER_BATCH).map((body) => ({ action: 'updateObject', body }));
      last = await this.call('POST', `/1/indexes/${index}/batch`, { requests });
    }
    await this.task(index, last.taskID);
  }

  /** Makes the catalog, imports it, arranges the shop, and sends the people's past. */
  async fill(records) {
    const catalog = join(this.folder_, 'catalog');
    execFileSync(
      process.execPath,
      [join(REPOSITORY, 'demo/catalog/generate.mjs'), '--out', catalog, '--records', String(records)],
      { timeout: 60000 },
    );
    this.products = readFileSync(join(catalog, 'products.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const settings = JSON.parse(readFileSync(join(catalog, 'settings.json'), 'utf8'));
    await this.task('shop', (await this.call('PUT', '/1/indexes/shop/settings', settings)).taskID);
    await this.save('shop', this.products);
    await arrange_shop((method, target, body) => this.call(method, target, body), catalog);
    execFileSync(
      process.execPath,
      [join(REPOSITORY, 'demo/seed.mjs'), '--host', this.origin, '--key', ADMIN_KEY, '--data', catalog],
      { timeout: 60000 },
    );
    this.search_key = (
      await this.call('POST', '/1/keys', { acl: ['search', 'browse', 'recommendation'], description: 'the shop page' })
    ).key;
  }

  /** The order of a search's first page as object ids, asked past the page. */
  async answer(parameters) {
    return this.call(
      'POST',
      '/1/indexes/shop/query',
      { hitsPerPage: 24, analytics: false, ...parameters },
      this.search_key,
    );
  }

  async stop() {
    if (this.process_ === undefined || this.process_.exitCode !== null || this.process_.signalCode !== null) return;
    const ended = new Promise((done) => this.process_.once('exit', done));
    this.process_.kill('SIGTERM');
    await Promise.race([ended, sleep(10000)]);
    if (this.process_.exitCode === null && this.process_.signalCode === null) this.process_.kill('SIGKILL');
  }
}

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Serves a folder on loopback, with `config` as its config.json. */
export async function serve_folder(folder, config) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://page').pathname);
    if (path === '/config.json') {
      response.writeHead(200, { 'content-type': TYPES['.json'] });
      response.end(JSON.stringify(config));
      return;
    }
    const file = normalize(join(root, path === '/' ? 'index.html' : path));
    if (!file.startsWith(root + sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404);
      response.end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
