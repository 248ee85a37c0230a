// SPDX-License-Identifier: GPL-3.0-or-later
// What makes this shop different: clicks that change the order, for one visitor and for nobody else; and buying.

import { expect, sleep } from './lib.mjs';
import {
  DESKTOP,
  among_first,
  and_answer,
  cards,
  found,
  mean_place,
  open,
  order,
  run,
  same,
  search_for,
  shot,
  visitor,
} from './page.mjs';

const MEMORABLE = 'jacket';

export async function three_clicks() {
  const { context, page } = await visitor(DESKTOP);
  const plain = (await run.server.answer({ query: MEMORABLE })).hits.map((hit) => hit.objectID);
  let brand = '';
  let before = [];
  let places_before = 0;
  await open(page, `/?q=${MEMORABLE}`);
  await run.checks.run('a new visitor sees what everybody sees', async () => {
    before = await cards(page);
    expect(
      same(
        before.map((card) => card.id),
        plain,
      ),
      'another order than the plain search',
    );
    expect((await page.textContent('#taste-about')).length > 0, 'the strip is empty');
  });
  await run.checks.run('three clicks on one brand, and that brand rises', async () => {
    // The brand with at least three products on the page that stands worst.
    const brands = [...new Set(before.map((card) => card.brand))].filter(
      (name) => before.filter((card) => card.brand === name).length >= 3,
    );
    brand = brands.sort((a, b) => mean_place(before, b) - mean_place(before, a))[0];
    expect(brand, 'no brand with three products on the first page');
    places_before = mean_place(before, brand);
    const total = await found(page);
    const facets_before = await page.$$eval('#f-brand .checks label', (list) =>
      list.map((label) => label.dataset.value + label.querySelector('.count').textContent).sort(),
    );
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
    await page.evaluate(() => {
      window.scrollTo({ top: 0, behavior: 'instant' });
      document.activeElement.blur();
    });
    await sleep(300);
    await shot(page, '4-after-the-clicks');
    const after = await cards(page);
    const [first_before, first_after] = [among_first(before, brand, 8), among_first(after, brand, 8)];
    expect(first_after > first_before, `${brand} had ${first_before} of the first 8, now ${first_after}`);
    expect(
      mean_place(after, brand) < places_before,
      `${brand} stood at ${places_before} on average, now at ${mean_place(after, brand)}`,
    );
    expect(
      after.filter((card) => card.brand === brand).length >= before.filter((card) => card.brand === brand).length,
      'fewer of the brand on the page',
    );
    expect((await found(page)) === total, 'the number of hits changed');
    const facets_after = await page.$$eval('#f-brand .checks label', (list) =>
      list.map((label) => label.dataset.value + label.querySelector('.count').textContent).sort(),
    );
    expect(same(facets_before, facets_after), 'the facet counts changed');
    return `${brand}: ${first_before} -> ${first_after} of the first 8`;
  });
  await run.checks.run('what rose is marked and said', async () => {
    expect((await page.$$('.rose')).length > 0 || (await page.$$('.for-you')).length > 0, 'no mark on any card');
    expect((await page.textContent('#spoken')).length > 0, 'nothing for screen readers');
  });
  await run.checks.run('the strip shows the taste that grew', async () => {
    const item = page.locator(`.taste-item[data-key="brand:${brand}"]`);
    await item.waitFor();
    const score = Number(await item.getAttribute('data-score'));
    expect(score >= 1 && score <= 20, `the score is ${score}`);
    return `${brand} ${score}`;
  });
  await run.checks.run('"why here?" names the brand, and its numbers add up', async () => {
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
    const { hits } = await run.server.answer({
      query: MEMORABLE,
      enablePersonalization: true,
      userToken: token,
      getRankingInfo: true,
    });
    let recomputed = 0;
    for (const hit of hits) {
      const p = hit._rankingInfo.personalization;
      expect(p !== undefined, `${hit.objectID} explains nothing`);
      if (p.affinities === undefined || p.affinities.length === 0) continue;
      const sum = p.affinities.reduce((total, a) => total + (a.score * (a.weight ?? 100)) / 100, 0);
      expect(
        Math.abs(sum - p.filtersScore) <= 0.011 * Math.max(1, Math.abs(sum)),
        `${hit.objectID}: affinities add up to ${sum}, filtersScore is ${p.filtersScore}`,
      );
      recomputed += 1;
    }
    expect(recomputed > 0, 'no hit lists its affinities');
    return `${recomputed} hits recomputed`;
  });
  await run.checks.run('switched off, everybody sees the same; switched on, the taste is back', async () => {
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
  await run.checks.run('a reload as the same visitor keeps the taste', async () => {
    await page.reload();
    await page.waitForSelector('#grid[aria-busy="false"] .card');
    const again = await cards(page);
    expect(mean_place(again, brand) < places_before, `${brand} fell back to ${mean_place(again, brand)}`);
  });
  await run.checks.run('somebody else does not see them rise', async () => {
    const other = await visitor(DESKTOP);
    await open(other.page, `/?q=${MEMORABLE}`);
    expect(same(await order(other.page), plain), 'the stranger sees another order than the plain search');
    await shot(other.page, '6-somebody-else');
    await other.context.close();
    // In the same browser: start over, which makes the new visitor another one.
    await and_answer(page, () => page.click('#forget'));
    expect(same(await order(page), plain), 'after starting over the order is not the plain one');
    expect(
      (await page.locator('.taste-item').count()) === 0 ||
        (await page.locator(`.taste-item[data-key="brand:${brand}"]`).count()) === 0,
      'the strip still shows the old taste',
    );
  });
  await run.checks.run('people with a past see another order at once, and stay chosen over a reload', async () => {
    await search_for(page, 'trail running shoe');
    const shoes = await cards(page);
    await and_answer(page, () => page.check('.person-maya input', { force: true }));
    await page.locator('.taste-item').first().waitFor();
    const maya = await cards(page);
    expect(
      !same(
        shoes.map((card) => card.id),
        maya.map((card) => card.id),
      ),
      'the same order as for a stranger',
    );
    expect(
      among_first(maya, 'Kestvik', 8) >= among_first(shoes, 'Kestvik', 8),
      'Maya sees fewer Kestvik than a stranger',
    );
    await page.reload();
    await page.waitForSelector('#grid[aria-busy="false"] .card');
    expect(await page.isChecked('.person-maya input'), 'Maya is forgotten');
    await sleep(700);
    await shot(page, '7-maya');
    return `Kestvik ${among_first(shoes, 'Kestvik', 8)} -> ${among_first(maya, 'Kestvik', 8)} of the first 8`;
  });
  await context.close();
}

export async function buying() {
  const { context, page } = await visitor(DESKTOP);
  await open(page, '/?q=tent');
  await run.checks.run('add to cart, order, buy now', async () => {
    const from = run.watch.events.length;
    const of_kind = (subtype) => run.watch.events.slice(from).filter((event) => event.eventSubtype === subtype);
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
    expect(
      of_kind('purchase').every(
        (event) => event.objectData?.length === event.objectIDs.length && event.currency === 'EUR',
      ),
      'a purchase without its data',
    );
    expect(of_kind('purchase')[0].objectData[0].quantity === 2, 'two pieces were ordered');
  });
  await context.close();
}
