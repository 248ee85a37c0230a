#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// The demo shop in headless Chromium, against a server that this script starts: searching, filtering, clicking three
// products of one brand and seeing them rise, being somebody else and seeing them not; at phone width, by keyboard.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { chromium } from 'playwright-core';

import { by_keyboard, bad_days, on_a_phone } from './access.mjs';
import { Checks, REPOSITORY, Server, serve_folder } from './lib.mjs';
import { run } from './page.mjs';
import { looking_around, the_catalog } from './searching.mjs';
import { buying, three_clicks } from './taste.mjs';

const USAGE = `usage: node tests/browser/shop.mjs [--server-binary PATH] [--shop-dist DIR] [--screenshots DIR] [--records 5000]

  --server-binary PATH   the penchant executable (default: $PENCHANT_BINARY)
  --shop-dist DIR        the built page (default: demo/shop, built now into a temporary folder)
  --screenshots DIR      where pictures of the page go (default: a temporary folder)
The browser is $PENCHANT_CHROMIUM, or $PENCHANT_BROWSER, or /usr/bin/chromium.
`;
const VITE = join(REPOSITORY, 'demo/shop/node_modules/vite/bin/vite.js');
const BUILD_MS = 120000;
const OVERALL_MS = 400000;

function options_of(words) {
  const options = {
    'server-binary': process.env.PENCHANT_BINARY ?? '',
    'shop-dist': '',
    screenshots: '',
    records: '5000',
  };
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] === '--help' || words[i] === '-h') {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const key = words[i].replace(/^--/, '');
    if (!(key in options) || i + 1 >= words.length) {
      process.stderr.write(`shop.mjs: I do not understand "${words[i]}"; --help shows what I know.\n`);
      process.exit(2);
    }
    i += 1;
    options[key] = words[i];
  }
  const refuse = (sentence) => {
    process.stderr.write(`shop.mjs: ${sentence}\n`);
    process.exit(2);
  };
  if (options['server-binary'] === '') refuse('--server-binary PATH is missing, and PENCHANT_BINARY is not set.');
  if (!existsSync(options['server-binary'])) refuse(`there is no ${options['server-binary']}.`);
  if (options['shop-dist'] !== '' && !existsSync(join(options['shop-dist'], 'index.html')))
    refuse(`there is no built page in ${options['shop-dist']}.`);
  if (options['shop-dist'] === '' && !existsSync(VITE))
    refuse('the packages of the page are not installed; run "npm ci" in demo/shop.');
  return options;
}

const options = options_of(process.argv.slice(2));
const browser_path = process.env.PENCHANT_CHROMIUM ?? process.env.PENCHANT_BROWSER ?? '/usr/bin/chromium';
if (!existsSync(browser_path)) {
  process.stderr.write(
    `shop.mjs: there is no browser at ${browser_path}; install chromium or set PENCHANT_CHROMIUM.\n`,
  );
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'penchant-browser-'));
const shots =
  options.screenshots === '' ? mkdtempSync(join(tmpdir(), 'penchant-shots-')) : resolve(options.screenshots);
mkdirSync(shots, { recursive: true });

const checks = new Checks();
const server = new Server(resolve(options['server-binary']), folder);
Object.assign(run, { checks, server, shots, folder });

async function clean_up() {
  await run.browser?.close().catch(() => {});
  run.site?.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

const too_long = setTimeout(async () => {
  process.stdout.write(`FAIL  everything within ${OVERALL_MS / 1000} s\n`);
  await clean_up();
  process.exit(1);
}, OVERALL_MS);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => clean_up().finally(() => process.exit(1)));

try {
  const dist = options['shop-dist'] === '' ? join(folder, 'dist') : options['shop-dist'];
  if (options['shop-dist'] === '')
    execFileSync(process.execPath, [VITE, 'build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'], {
      cwd: join(REPOSITORY, 'demo/shop'),
      stdio: 'inherit',
      timeout: BUILD_MS,
    });
  await server.start();
  const from = Date.now();
  await server.fill(Number(options.records));
  process.stdout.write(`      ${server.products.length} products in three indices after ${Date.now() - from} ms\n`);
  run.site = await serve_folder(dist, {
    host: '127.0.0.1',
    port: server.port,
    protocol: 'http',
    appId: 'penchant',
    searchKey: server.search_key,
    index: 'shop',
  });
  run.browser = await chromium.launch({
    executablePath: browser_path,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  for (const story of [the_catalog, looking_around, three_clicks, buying, by_keyboard, on_a_phone, bad_days])
    await story();
} catch (error) {
  checks.failed += 1;
  process.stdout.write(`FAIL  ${error.message}\n`);
} finally {
  clearTimeout(too_long);
  await clean_up();
}
process.stdout.write(`screenshots in ${shots}\n${checks.passed} passed, ${checks.failed} failed\n`);
process.exit(checks.failed === 0 ? 0 : 1);
