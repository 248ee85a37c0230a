// SPDX-License-Identifier: GPL-3.0-or-later
// The shop page as a visitor's hands and eyes: opening it, reading the grid, doing something and waiting for the answer.
// `run` is what the stories share; shop.mjs fills it.

import { join } from 'node:path';

import { until } from './lib.mjs';

export const DESKTOP = { width: 1440, height: 1000 };
export const PHONE = { width: 390, height: 844 };
const ANSWER_MS = 15000;

export const run = {
  browser: null,
  site: null,
  server: null,
  checks: null,
  /** Where screenshots go, and a folder that is thrown away. */
  shots: '',
  folder: '',
  /** What the pages sent, and what went wrong in them. */
  watch: { searches: [], events: [], strangers: [], broken: [] },
};

/** A visitor with an empty browser of their own. */
export async function visitor(view, more = {}) {
  const context = await run.browser.newContext({ viewport: view, reducedMotion: 'no-preference', ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on('pageerror', (error) => run.watch.broken.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['127.0.0.1'].includes(url.hostname) && !['data:', 'blob:'].includes(url.protocol))
      run.watch.strangers.push(request.url());
    if (url.pathname.endsWith('/queries')) run.watch.searches.push(...JSON.parse(request.postData()).requests);
  });
  page.on('response', async (response) => {
    const url = new URL(response.url());
    if (url.pathname !== '/1/events' || response.request().method() !== 'POST') return;
    const { events } = JSON.parse(response.request().postData());
    run.watch.events.push(...events.map((event) => ({ ...event, status: response.status() })));
  });
  return { context, page };
}

export const open = async (page, path = '/') => {
  await page.goto(run.site.origin + path);
  await page.waitForSelector('#grid[aria-busy="false"] .card');
};
export const cards = (page) =>
  page.$$eval('#grid .card', (list) => list.map((card) => ({ id: card.dataset.id, brand: card.dataset.brand })));
export const order = async (page) => (await cards(page)).map((card) => card.id);
const answers = async (page) => Number(await page.getAttribute('#grid', 'data-answers'));
export const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
export const shot = (page, name) => page.screenshot({ path: join(run.shots, `${name}.png`) });
export const found = async (page) =>
  Number((await page.textContent('#stats')).replace(/,/g, '').match(/^\d+/)?.[0] ?? -1);

/** Does something and waits for the grid to show the answer of a search that it caused. */
export async function and_answer(page, act) {
  const before = await answers(page);
  await act();
  await until('a new answer in the grid', async () => (await answers(page)) > before, ANSWER_MS);
}

export const search_for = async (page, words) => {
  await and_answer(page, () => page.fill('#query', words));
  await until(`the answer to "${words}"`, async () => (await page.textContent('#stats')).includes(words));
};

/** The mean place of a brand's cards among the first page's, 1 is the top; a brand that is not there stands behind it. */
export const mean_place = (list, brand) => {
  const places = list.map((card, i) => (card.brand === brand ? i + 1 : 0)).filter((place) => place > 0);
  return places.length === 0 ? list.length + 1 : places.reduce((sum, place) => sum + place, 0) / places.length;
};
export const among_first = (list, brand, count) => list.slice(0, count).filter((card) => card.brand === brand).length;
