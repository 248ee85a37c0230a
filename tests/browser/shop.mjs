#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// The demo shop in headless Chromium, against a server that this script starts: searching, filtering, clicking three
// products of one brand and seeing them rise, being somebody else and seeing them not; at phone width, by keyboard.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { chromium } from 'playwright-core';

import { Checks, REPOSITORY, Server, expect, serve_folder, sleep, until } from './lib.mjs';

const USAGE = `usage: node tests/browser/shop.mjs [--server-binary PATH] [--shop-dist DIR] [--screenshots DIR] [--records 5000]

  --server-binary PATH   the penchant executable (default: $PENCHANT_BINARY)
  --shop-dist DIR        the built page (default: demo/shop, built now into a temporary folder)
  --screenshots DIR      where pictures of the page go (default: a temporary folder)
The browser is $PENCHANT_CHROMIUM, or $PENCHANT_BROWSER, or /usr/bin/chromium.
`;
const VITE = join(REPOSITORY, 'demo/shop/node_modules/vite/bin/vite.js');
const BUILD_MS = 120000;
const OVERALL_MS = 400000;
const DESKTOP = { width: 1440, height: 1000 };
const PHONE = { width: 390, height: 844 };
const ANSWER_MS = 15000;
const MEMORABLE = 'jacket';

function options_of(words) {
  const options = { 'server-binary': process.env.PENCHANT_BINARY ?? '', 'shop-dist': '', screenshots: '', records: '5000' };
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
  if (options['shop-dist'] !== '' && !existsSync(join(options['shop-dist'], 'index.html'))) refuse(`there is no built page in ${options['shop-dist']}.`);
  if (options['shop-dist'] === '' && !existsSync(VITE)) refuse('the packages of the page are not installed; run "npm ci" in demo/shop.');
  return options;
}

const options = options_of(process.argv.slice(2));
const browser_path = process.env.PENCHANT_CHROMIUM ?? process.env.PENCHANT_BROWSER ?? '/usr/bin/chromium';
if (!existsSync(browser_path)) {
  process.stderr.write(`shop.mjs: there is no browser at ${browser_path}; install chromium or set PENCHANT_CHROMIUM.\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'penchant-browser-'));
const shots = options.screenshots === '' ? mkdtempSync(join(tmpdir(), 'penchant-shots-')) : resolve(options.screenshots);
mkdirSync(shots, { recursive: true });

const checks = new Checks();
const server = new Server(resolve(options['server-binary']), folder);
const watch = { searches: [], events: [], strangers: [], broken: [] };
let browser = null;
let site = null;

/** A visitor with an empty browser of their own. */
async function visitor(view, more = {}) {
  const context = await browser.newContext({ viewport: view, reducedMotion: 'no-preference', ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on('pageerror', (error) => watch.broken.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['127.0.0.1'].includes(url.hostname) && !['data:', 'blob:'].includes(url.protocol)) watch.strangers.push(request.url());
    if (url.pathname.endsWith('/queries')) watch.searches.push(...JSON.parse(request.postData()).requests);
  });
  page.on('response', async (response) => {
    const url = new URL(response.url());
    if (url.pathname !== '/1/events' || response.request().method() !== 'POST') return;
    const { events } = JSON.parse(response.request().postData());
    watch.events.push(...events.map((event) => ({ ...event, status: response.status() })));
  });
  return { context, page };
}

const open = async (page, path = '/') => {
  await page.goto(site.origin + path);
  await page.waitForSelector('#grid[aria-busy="false"] .card');
};
const cards = (page) => page.$$eval('#grid .card', (list) => list.map((card) => ({ id: card.dataset.id, brand: card.dataset.brand })));
const order = async (page) => (await cards(page)).map((card) => card.id);
const answers = async (page) => Number(await page.getAttribute('#grid', 'data-answers'));
const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`) });
const found = async (page) => Number((await page.textContent('#stats')).replace(/,/g, '').match(/^\d+/)?.[0] ?? -1);

/** Does something and waits for the grid to show the answer of a search that it caused. */
async function and_answer(page, act) {
  const before = await answers(page);
  await act();
  await until('a new answer in the grid', async () => (await answers(page)) > before, ANSWER_MS);
}

const search_for = async (page, words) => {
  await and_answer(page, () => page.fill('#query', words));
  await until(`the answer to "${words}"`, async () => (await page.textContent('#stats')).includes(words));
};

/** The mean place of a brand's cards among the first page's, 1 is the top; a brand that is not there stands behind it. */
const mean_place = (list, brand) => {
  const places = list.map((card, i) => (card.brand === brand ? i + 1 : 0)).filter((place) => place > 0);
  return places.length === 0 ? list.length + 1 : places.reduce((sum, place) => sum + place, 0) / places.length;
};
const among_first = (list, brand, count) => list.slice(0, count).filter((card) => card.brand === brand).length;

async function the_catalog() {
  await checks.run('the same seed makes the same catalog', () => {
    const make = (name, seed) => {
      const out = join(folder, name);
      execFileSync(process.execPath, [join(REPOSITORY, 'demo/catalog/generate.mjs'), '--out', out, '--records', '300', '--seed', String(seed)], { timeout: 60000 });
      return ['products.ndjson', 'people.json'].map((file) => readFileSync(join(out, file), 'utf8')).join();
    };
    const [once, again, other] = [make('seed-a', 7), make('seed-b', 7), make('seed-c', 8)];
    expect(once === again, 'two runs differ');
    expect(once !== other, 'another seed makes no difference');
  });
}

async function looking_around() {
  const { context, page } = await visitor(DESKTOP);
  await open(page);
  await checks.run('the page shows the whole catalog', async () => {
    expect((await found(page)) === server.products.length, `it says "${await page.textContent('#stats')}"`);
    expect((await order(page)).length === 24, 'not 24 cards');
    expect((await page.$$('.card .picture')).length === 24, 'a card has no picture');
    await sleep(500);
    await shot(page, '1-home');
  });
  await checks.run('every control has a name', async () => {
    const nameless = await page.$$eval('button, input, select, a[href]', (list) => list
      .filter((one) => one.getClientRects().length > 0)
      .filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || one.labels?.length || one.title))
      .map((one) => one.outerHTML.slice(0, 120)));
    expect(nameless.length === 0, nameless.join('  '));
  });
  await checks.run('a search finds, marks and counts', async () => {
    await search_for(page, MEMORABLE);
    const names = await page.$$eval('.card-open', (list) => list.map((one) => ({ text: one.textContent, marks: one.querySelectorAll('mark').length })));
    expect(names.every((name) => name.text.toLowerCase().includes(MEMORABLE) && name.marks > 0), `a first-page name without a marked "${MEMORABLE}"`);
    const { nbHits } = await server.answer({ query: MEMORABLE });
    expect((await found(page)) === nbHits, `the page says ${await found(page)}, the server ${nbHits}`);
    return `${nbHits} hits`;
  });
  await checks.run('the address holds the search, and a reload keeps it', async () => {
    await until('q in the address', () => page.url().includes(`q=${MEMORABLE}`));
    await page.reload();
    await page.waitForSelector('#grid[aria-busy="false"] .card');
    expect((await page.inputValue('#query')) === MEMORABLE, 'the box is empty');
    expect((await page.textContent('#stats')).includes(MEMORABLE), 'the results are of another search');
  });
  await checks.run('a brand filter shows that brand only, as many as its count said', async () => {
    const label = page.locator('#f-brand .checks label').nth(2);
    const brand = await label.getAttribute('data-value');
    const count = Number((await label.locator('.count').textContent()).replace(/,/g, ''));
    await and_answer(page, () => label.locator('input').check());
    expect((await found(page)) === count, `${await found(page)} found, ${count} promised`);
    expect((await cards(page)).every((card) => card.brand === brand), 'another brand among them');
    expect((await page.textContent('#refined')).includes(brand), 'no chip for it');
    await and_answer(page, () => page.click('#refined-clear button'));
    return brand;
  });
  await checks.run('a colour, a size and the price narrow the results', async () => {
    const by_id = new Map(server.products.map((product) => [product.objectID, product]));
    const all = await found(page);
    await and_answer(page, () => page.check('#f-color input >> nth=0'));
    const color = await page.locator('#f-color label').first().getAttribute('data-value');
    expect((await order(page)).every((id) => by_id.get(id).color === color), `not all are ${color}`);
    await and_answer(page, () => page.click('#refined-clear button'));
    await and_answer(page, () => page.check('#f-size label[data-value="XL"] input'));
    expect((await order(page)).every((id) => by_id.get(id).sizes.includes('XL')), 'a product without XL');
    await and_answer(page, () => page.click('#refined-clear button'));
    const high = page.locator('.price-high');
    const limit = await high.evaluate((input) => Math.round((Number(input.min) + Number(input.max)) / 2));
    await and_answer(page, () => high.evaluate((input, value) => {
      input.value = String(value);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, limit));
    expect((await order(page)).every((id) => by_id.get(id).price <= limit), `dearer than ${limit}`);
    expect((await found(page)) < all, 'the price took nothing away');
    await and_answer(page, () => page.click('#refined-clear button'));
    expect((await found(page)) === all, 'clearing did not bring all back');
  });
  await checks.run('departments open level by level', async () => {
    await and_answer(page, () => page.fill('#query', ''));
    const by_id = new Map(server.products.map((product) => [product.objectID, product]));
    for (const name of ['Footwear', 'Hiking', 'Hiking boots']) await and_answer(page, () => page.locator('#f-categories a', { has: page.locator(`.ais-HierarchicalMenu-label:text-is("${name}")`) }).click());
    expect((await order(page)).every((id) => by_id.get(id).categories.lvl2 === 'Footwear > Hiking > Hiking boots'), 'something else than boots');
    const boots = server.products.filter((product) => product.categories.lvl2 === 'Footwear > Hiking > Hiking boots').length;
    expect((await found(page)) === boots, `${await found(page)} found, ${boots} are in the catalog`);
    await and_answer(page, () => page.click('#refined-clear button'));
  });
  await checks.run('brands can be searched for', async () => {
    await page.fill('.filter-search', 'kest');
    await until('one brand', async () => (await page.locator('#f-brand .checks label').count()) === 1);
    expect((await page.locator('#f-brand .checks label').getAttribute('data-value')) === 'Kestvik', 'another brand');
    await page.fill('.filter-search', '');
    await until('all brands', async () => (await page.locator('#f-brand .checks label').count()) > 5);
  });
  await checks.run('sorting by price sorts by price', async () => {
    const by_id = new Map(server.products.map((product) => [product.objectID, product]));
    for (const [value, sign] of [['shop_price_asc', 1], ['shop_price_desc', -1]]) {
      await and_answer(page, () => page.selectOption('#sort', value));
      const prices = (await order(page)).map((id) => by_id.get(id).price);
      expect(prices.every((price, i) => i === 0 || (price - prices[i - 1]) * sign >= 0), `${value}: ${prices.join(' ')}`);
    }
    await and_answer(page, () => page.selectOption('#sort', 'shop'));
  });
  await checks.run('pages neither overlap nor skip', async () => {
    // Without personalization: what this visitor looks at between two pages may rightly change the order.
    await and_answer(page, () => page.locator('.switch').click());
    const first = await order(page);
    await and_answer(page, () => page.click('.ais-Pagination-item--nextPage a'));
    const second = await order(page);
    const whole = await server.answer({ hitsPerPage: 48 });
    expect(same([...first, ...second], whole.hits.map((hit) => hit.objectID)), 'two pages of 24 are not one of 48');
    await and_answer(page, () => page.locator('.switch').click());
  });
  await checks.run('words of a stranger stay words', async () => {
    await page.fill('#query', '<img src=x onerror="window.pwned=1">');
    await sleep(700);
    expect(!(await page.evaluate(() => window.pwned)), 'the search box ran a script');
  });
  await context.close();
}

async function three_clicks() {
  const { context, page } = await visitor(DESKTOP);
  const plain = (await server.answer({ query: MEMORABLE })).hits.map((hit) => hit.objectID);
  let brand = '';
  let before = [];
  let places_before = 0;
  await open(page, `/?q=${MEMORABLE}`);
  await checks.run('a new visitor sees what everybody sees', async () => {
    before = await cards(page);
    expect(same(before.map((card) => card.id), plain), 'another order than the plain search');
    expect((await page.textContent('#taste-about')).length > 0, 'the strip is empty');
  });
  await checks.run('three clicks on one brand, and that brand rises', async () => {
    // The brand with at least three products on the page that stands worst.
    const brands = [...new Set(before.map((card) => card.brand))].filter((name) => before.filter((card) => card.brand === name).length >= 3);
    brand = brands.sort((a, b) => mean_place(before, b) - mean_place(before, a))[0];
    expect(brand, 'no brand with three products on the first page');
    places_before = mean_place(before, brand);
    const total = await found(page);
    const facets_before = await page.$$eval('#f-brand .checks label', (list) => list.map((label) => label.dataset.value + label.querySelector('.count').textContent).sort());
    await shot(page, '2-before-the-clicks');
    const targets = before.filter((card) => card.brand === brand).slice(0, 3);
    for (const [i, target] of targets.entries()) {
      expect((await order(page)).includes(target.id), `${target.id} is gone from the page`);
      await and_answer(page, () => page.click(`.card[data-id="${target.id}"] .card-open`));
      if (i === 0) {
        await sleep(900);
        await shot(page, '3-first-click');
      }
      await page.keyboard.press('Escape');
      await page.waitForSelector('#detail:not([open])', { state: 'attached' });
    }
    await sleep(900);
    await page.mouse.move(5, 5);
    await page.evaluate(() => { window.scrollTo(0, 0); document.activeElement.blur(); });
    await sleep(300);
    await shot(page, '4-after-the-clicks');
    const after = await cards(page);
    const [first_before, first_after] = [among_first(before, brand, 8), among_first(after, brand, 8)];
    expect(first_after > first_before, `${brand} had ${first_before} of the first 8, now ${first_after}`);
    expect(mean_place(after, brand) < places_before, `${brand} stood at ${places_before} on average, now at ${mean_place(after, brand)}`);
    expect(after.filter((card) => card.brand === brand).length >= before.filter((card) => card.brand === brand).length, 'fewer of the brand on the page');
    expect((await found(page)) === total, 'the number of hits changed');
    const facets_after = await page.$$eval('#f-brand .checks label', (list) => list.map((label) => label.dataset.value + label.querySelector('.count').textContent).sort());
    expect(same(facets_before, facets_after), 'the facet counts changed');
    return `${brand}: ${first_before} -> ${first_after} of the first 8`;
  });
  await checks.run('what rose is marked and said', async () => {
    expect((await page.$$('.rose')).length > 0 || (await page.$$('.for-you')).length > 0, 'no mark on any card');
    expect((await page.textContent('#spoken')).length > 0, 'nothing for screen readers');
  });
  await checks.run('the strip shows the taste that grew', async () => {
    const item = page.locator(`.taste-item[data-key="brand:${brand}"]`);
    await item.waitFor();
    const score = Number(await item.getAttribute('data-score'));
    expect(score >= 1 && score <= 20, `the score is ${score}`);
    return `${brand} ${score}`;
  });
  await checks.run('"why here?" names the brand, and its numbers add up', async () => {
    await page.locator(`.card[data-brand="${brand}"] .card-why`).first().click();
    await page.waitForSelector('#why[open]');
    const text = await page.textContent('#why');
    expect(text.includes(brand), `it says: ${text.slice(0, 200)}`);
    expect(/place \d+/.test(text), 'it names no place');
    await page.locator('#why .why-numbers summary').click();
    await sleep(300);
    await shot(page, '5-why-here');
    await page.keyboard.press('Escape');
    const token = await page.evaluate(() => localStorage.getItem('larkfell.new-visitor-token'));
    const { hits } = await server.answer({ query: MEMORABLE, enablePersonalization: true, userToken: token, getRankingInfo: true });
    let recomputed = 0;
    for (const hit of hits) {
      const p = hit._rankingInfo.personalization;
      expect(p !== undefined, `${hit.objectID} explains nothing`);
      if (p.affinities === undefined || p.affinities.length === 0) continue;
      const sum = p.affinities.reduce((total, a) => total + (a.score * (a.weight ?? 100)) / 100, 0);
      expect(Math.abs(sum - p.filtersScore) <= 0.011 * Math.max(1, Math.abs(sum)), `${hit.objectID}: affinities add up to ${sum}, filtersScore is ${p.filtersScore}`);
      recomputed += 1;
    }
    expect(recomputed > 0, 'no hit lists its affinities');
    return `${recomputed} hits recomputed`;
  });
  await checks.run('switched off, everybody sees the same; switched on, the taste is back', async () => {
    const turn = () => page.locator('.switch').click();
    // Let the last looks arrive, and see their effect, before the order is remembered.
    await sleep(1300);
    await and_answer(page, turn);
    await and_answer(page, turn);
    const mine = await order(page);
    await and_answer(page, turn);
    expect(same(await order(page), plain), 'another order than the plain search');
    await and_answer(page, turn);
    expect(same(await order(page), mine), 'not the order from before');
  });
  await checks.run('a reload as the same visitor keeps the taste', async () => {
    await page.reload();
    await page.waitForSelector('#grid[aria-busy="false"] .card');
    const again = await cards(page);
    expect(mean_place(again, brand) < places_before, `${brand} fell back to ${mean_place(again, brand)}`);
  });
  await checks.run('somebody else does not see them rise', async () => {
    const other = await visitor(DESKTOP);
    await open(other.page, `/?q=${MEMORABLE}`);
    expect(same(await order(other.page), plain), 'the stranger sees another order than the plain search');
    await shot(other.page, '6-somebody-else');
    await other.context.close();
    // In the same browser: start over, which makes the new visitor another one.
    await and_answer(page, () => page.click('#forget'));
    expect(same(await order(page), plain), 'after starting over the order is not the plain one');
    expect((await page.locator('.taste-item').count()) === 0 || (await page.locator(`.taste-item[data-key="brand:${brand}"]`).count()) === 0, 'the strip still shows the old taste');
  });
  await checks.run('people with a past see another order at once, and stay chosen over a reload', async () => {
    await search_for(page, 'trail running shoe');
    const shoes = await cards(page);
    await and_answer(page, () => page.check('.person-maya input', { force: true }));
    await page.locator('.taste-item').first().waitFor();
    const maya = await cards(page);
    expect(!same(shoes.map((card) => card.id), maya.map((card) => card.id)), 'the same order as for a stranger');
    expect(among_first(maya, 'Kestvik', 8) >= among_first(shoes, 'Kestvik', 8), 'Maya sees fewer Kestvik than a stranger');
    await page.reload();
    await page.waitForSelector('#grid[aria-busy="false"] .card');
    expect(await page.isChecked('.person-maya input'), 'Maya is forgotten');
    await sleep(700);
    await shot(page, '7-maya');
    return `Kestvik ${among_first(shoes, 'Kestvik', 8)} -> ${among_first(maya, 'Kestvik', 8)} of the first 8`;
  });
  await context.close();
}

async function buying() {
  const { context, page } = await visitor(DESKTOP);
  await open(page, '/?q=tent');
  await checks.run('add to cart, order, buy now', async () => {
    const from = watch.events.length;
    const of_kind = (subtype) => watch.events.slice(from).filter((event) => event.eventSubtype === subtype);
    await and_answer(page, () => page.locator('.card-open').nth(1).click());
    await and_answer(page, () => page.click('#detail [data-do="add"]'));
    expect((await page.textContent('.panel-said')).length > 0, 'the panel says nothing');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#detail:not([open])', { state: 'attached' });
    await page.reload();
    await page.waitForSelector('#grid[aria-busy="false"] .card');
    expect((await page.textContent('#cart-count')) === '1', 'the cart forgot');
    await page.click('#cart-open');
    await page.waitForSelector('#cart[open]');
    await page.click('#cart [data-do="more"]');
    await sleep(400);
    await shot(page, '8-cart');
    await and_answer(page, () => page.click('#cart [data-do="order"]'));
    expect((await page.textContent('#cart-count')) === '0', 'the cart is not empty');
    await page.waitForSelector('#cart:not([open])', { state: 'attached' });
    await and_answer(page, () => page.locator('.card-open').nth(2).click());
    await and_answer(page, () => page.click('#detail [data-do="buy"]'));
    expect(of_kind('addToCart').length === 1, `${of_kind('addToCart').length} cart events`);
    expect(of_kind('purchase').length === 2, `${of_kind('purchase').length} purchase events`);
    expect(of_kind('purchase').every((event) => event.objectData?.length === event.objectIDs.length && event.currency === 'EUR'), 'a purchase without its data');
    expect(of_kind('purchase')[0].objectData[0].quantity === 2, 'two pieces were ordered');
  });
  await context.close();
}

async function by_keyboard() {
  const { context, page } = await visitor(DESKTOP, { reducedMotion: 'reduce' });
  await open(page);
  const focused = () => page.evaluate(() => {
    const one = document.activeElement;
    return { tag: one.tagName, id: one.id, name: one.className, card: one.closest('.card')?.dataset.id ?? '', detail: one.closest('#detail') !== null, why: one.closest('#why') !== null };
  });
  await checks.run('by keyboard: to the products, into one and out again', async () => {
    await page.keyboard.press('Tab');
    expect((await focused()).name === 'skip', 'the first stop is not the way to the products');
    await page.keyboard.press('Enter');
    let stop = await focused();
    for (let i = 0; i < 6 && stop.card === ''; i += 1) {
      await page.keyboard.press('Tab');
      stop = await focused();
    }
    expect(stop.name === 'card-open', `Tab after the skip link led to ${JSON.stringify(stop)}`);
    const ring = await page.evaluate(() => getComputedStyle(document.activeElement, '::after').outlineStyle);
    expect(ring === 'solid', 'the focus cannot be seen on the card');
    await and_answer(page, () => page.keyboard.press('Enter'));
    await page.waitForSelector('#detail[open]');
    for (let i = 0; i < 25; i += 1) {
      await page.keyboard.press('Tab');
      const here = await focused();
      expect(here.detail || here.tag === 'BODY', `the focus left the panel to ${JSON.stringify(here)}`);
    }
    await page.keyboard.press('Escape');
    await page.waitForSelector('#detail:not([open])', { state: 'attached' });
    const back = await focused();
    expect(back.card === stop.card || back.id === 'results', `the focus came back to ${JSON.stringify(back)}`);
  });
  await checks.run('by keyboard: the reason of a product', async () => {
    await page.locator('.card-why').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#why[open]');
    expect((await focused()).why, 'the focus stayed outside');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#why:not([open])', { state: 'attached' });
    expect((await focused()).name === 'card-why', 'the focus did not come back');
  });
  await checks.run('by keyboard: another visitor with the arrow keys', async () => {
    await page.locator('.person-new input').focus();
    await and_answer(page, () => page.keyboard.press('ArrowLeft'));
    expect(await page.isChecked('.person-ingrid input'), 'Ingrid is not chosen');
  });
  await checks.run('who wants no motion gets none', async () => {
    await and_answer(page, () => page.locator('.card-open').nth(3).click());
    const moving = await page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running' && Number(one.effect.getTiming().duration) > 50).length);
    expect(moving === 0, `${moving} animations run`);
    await page.keyboard.press('Escape');
  });
  await context.close();
}

async function on_a_phone() {
  const { context, page } = await visitor(PHONE, { deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await open(page);
  await checks.run('on a phone: nothing sticks out', async () => {
    await sleep(500);
    await shot(page, '9-phone');
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0] <= widths[1], `the page is ${widths[0]} wide on a screen of ${widths[1]}`);
    const columns = await page.$eval('#grid', (grid) => getComputedStyle(grid).gridTemplateColumns.split(' ').length);
    expect(columns === 2, `${columns} columns`);
    const small = await page.$$eval('button, select', (list) => list.filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 24 && !one.classList.contains('card-open')).map((one) => one.className || one.id));
    expect(small.length === 0, `too small to touch: ${small.join(', ')}`);
  });
  await checks.run('on a phone: the filters come in a drawer', async () => {
    await search_for(page, 'boot');
    await page.click('#filters-open');
    await page.waitForSelector('#filters-dialog[open]');
    await sleep(400);
    await shot(page, '10-phone-filters');
    const label = page.locator('#f-brand .checks label').first();
    const brand = await label.getAttribute('data-value');
    await and_answer(page, () => label.locator('input').check());
    await page.click('#filters-done');
    await page.waitForSelector('#filters-dialog:not([open])', { state: 'attached' });
    expect((await cards(page)).every((card) => card.brand === brand), 'another brand among them');
    await and_answer(page, () => page.locator('.card-open').first().click());
    await page.waitForSelector('#detail[open]');
    await sleep(400);
    await shot(page, '11-phone-product');
    const box = await page.locator('#detail').boundingBox();
    expect(box.width <= PHONE.width + 1, 'the panel is wider than the screen');
    await page.click('#detail .close');
  });
  await context.close();
}

async function bad_days() {
  await checks.run('a record with a script in its name is shown, not run', async () => {
    const name = 'Quibbleworth <img src=x onerror="window.pwned=1"><script>window.pwned=1</script> jacket';
    await server.save('shop', [{ ...server.products[0], objectID: 'evil-1', name, brand: '<b onmouseover="window.pwned=1">Evil</b>' }]);
    const { context, page } = await visitor(DESKTOP);
    await open(page, '/?q=quibbleworth');
    expect((await page.textContent('.card-open')).includes('<img'), 'the name is not shown as it is');
    await page.click('.card-why');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#why:not([open])', { state: 'attached' });
    await page.click('.card-open');
    await sleep(600);
    expect(!(await page.evaluate(() => window.pwned)), 'the script ran');
    await context.close();
  });
  await checks.run('every search said who is asking', () => {
    const searches = watch.searches.filter((one) => one.type !== 'facet' && (one.hitsPerPage ?? 20) > 0);
    expect(searches.length > 20, `only ${searches.length} searches seen`);
    const silent = watch.searches.filter((one) => typeof one.userToken !== 'string' || typeof one.enablePersonalization !== 'boolean');
    expect(silent.length === 0, JSON.stringify(silent[0]));
    const uncounted = searches.filter((one) => one.clickAnalytics !== true || one.getRankingInfo !== true);
    expect(uncounted.length === 0, JSON.stringify(uncounted[0]));
    return `${searches.length} searches`;
  });
  await checks.run('every event was taken', () => {
    const refused = watch.events.filter((event) => event.status !== 200);
    expect(refused.length === 0, JSON.stringify(refused[0]));
    const kinds = new Set(watch.events.map((event) => event.eventSubtype ?? event.eventType));
    for (const kind of ['view', 'click', 'addToCart', 'purchase']) expect(kinds.has(kind), `no ${kind} event`);
    const clicks = watch.events.filter((event) => event.eventType === 'click' && event.objectIDs);
    expect(clicks.every((event) => /^[0-9a-f]{32}$/.test(event.queryID) && event.positions[0] >= 1), 'a click without its search');
    return `${watch.events.length} events`;
  });
  await checks.run('nothing left the machine and nothing broke', () => {
    expect(watch.strangers.length === 0, watch.strangers.slice(0, 3).join(' '));
    expect(watch.broken.length === 0, watch.broken.slice(0, 3).join(' | '));
  });
  await checks.run('a dead server is said in one sentence', async () => {
    const { context, page } = await visitor(DESKTOP);
    await open(page);
    await server.stop();
    await page.fill('#query', 'lantern');
    await page.waitForSelector('#notice:not([hidden])', { timeout: 20000 });
    expect((await page.textContent('#notice')).includes('does not answer'), await page.textContent('#notice'));
    await context.close();
  });
}

async function clean_up() {
  await browser?.close().catch(() => {});
  site?.close();
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
  if (options['shop-dist'] === '') execFileSync(process.execPath, [VITE, 'build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'], { cwd: join(REPOSITORY, 'demo/shop'), stdio: 'inherit', timeout: BUILD_MS });
  await server.start();
  const from = Date.now();
  await server.fill(Number(options.records));
  process.stdout.write(`      ${server.products.length} products in three indices after ${Date.now() - from} ms\n`);
  site = await serve_folder(dist, { host: '127.0.0.1', port: server.port, protocol: 'http', appId: 'penchant', searchKey: server.search_key, index: 'shop' });
  browser = await chromium.launch({
    executablePath: browser_path, headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  for (const story of [the_catalog, looking_around, three_clicks, buying, by_keyboard, on_a_phone, bad_days]) await story();
} catch (error) {
  checks.failed += 1;
  process.stdout.write(`FAIL  ${error.message}\n`);
} finally {
  clearTimeout(too_long);
  await clean_up();
}
process.stdout.write(`screenshots in ${shots}\n${checks.passed} passed, ${checks.failed} failed\n`);
process.exit(checks.failed === 0 ? 0 : 1);
