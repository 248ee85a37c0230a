// SPDX-License-Identifier: GPL-3.0-or-later
// By keyboard, without motion, on a phone; and the days when something is wrong.

import { expect, sleep, until } from './lib.mjs';
import { DESKTOP, PHONE, and_answer, cards, open, run, search_for, shot, visitor } from './page.mjs';

export async function by_keyboard() {
  const { context, page } = await visitor(DESKTOP, { reducedMotion: 'reduce' });
  await open(page);
  const focused = () =>
    page.evaluate(() => {
      const one = document.activeElement;
      return {
        tag: one.tagName,
        id: one.id,
        name: one.className,
        card: one.closest('.card')?.dataset.id ?? '',
        detail: one.closest('#detail') !== null,
        why: one.closest('#why') !== null,
      };
    });
  await run.checks.run('by keyboard: to the products, into one and out again', async () => {
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
  await run.checks.run('by keyboard: the reason of a product', async () => {
    await page.locator('.card-why').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#why[open]');
    expect((await focused()).why, 'the focus stayed outside');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#why:not([open])', { state: 'attached' });
    expect((await focused()).name === 'card-why', 'the focus did not come back');
  });
  await run.checks.run('by keyboard: another visitor with the arrow keys', async () => {
    await page.locator('.person-new input').focus();
    await and_answer(page, () => page.keyboard.press('ArrowLeft'));
    expect(await page.isChecked('.person-ingrid input'), 'Ingrid is not chosen');
  });
  await run.checks.run('who wants no motion gets none', async () => {
    await and_answer(page, () => page.locator('.card-open').nth(3).click());
    const moving = await page.evaluate(
      () =>
        document
          .getAnimations()
          .filter((one) => one.playState === 'running' && Number(one.effect.getTiming().duration) > 50).length,
    );
    expect(moving === 0, `${moving} animations run`);
    await page.keyboard.press('Escape');
  });
  await context.close();
}

export async function on_a_phone() {
  const { context, page } = await visitor(PHONE, { deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await open(page);
  await run.checks.run('on a phone: nothing sticks out', async () => {
    await sleep(500);
    await shot(page, '9-phone');
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0] <= widths[1], `the page is ${widths[0]} wide on a screen of ${widths[1]}`);
    const columns = await page.$eval('#grid', (grid) => getComputedStyle(grid).gridTemplateColumns.split(' ').length);
    expect(columns === 2, `${columns} columns`);
    const small = await page.$$eval('button, select', (list) =>
      list
        .filter(
          (one) =>
            one.getClientRects().length > 0 &&
            one.getBoundingClientRect().height < 24 &&
            !one.classList.contains('card-open'),
        )
        .map((one) => one.className || one.id),
    );
    expect(small.length === 0, `too small to touch: ${small.join(', ')}`);
  });
  await run.checks.run('on a phone: the filters come in a drawer', async () => {
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
    expect(
      (await cards(page)).every((card) => card.brand === brand),
      'another brand among them',
    );
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

export async function bad_days() {
  await run.checks.run('a record with a script in its name is shown, not run', async () => {
    const name = 'Quibbleworth <img src=x onerror="window.pwned=1"><script>window.pwned=1</script> jacket';
    await run.server.save('shop', [
      { ...run.server.products[0], objectID: 'evil-1', name, brand: '<b onmouseover="window.pwned=1">Evil</b>' },
    ]);
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
  await run.checks.run('every search said who is asking', () => {
    const searches = run.watch.searches.filter((one) => one.type !== 'facet' && (one.hitsPerPage ?? 20) > 0);
    expect(searches.length > 20, `only ${searches.length} searches seen`);
    const silent = run.watch.searches.filter(
      (one) => typeof one.userToken !== 'string' || typeof one.enablePersonalization !== 'boolean',
    );
    expect(silent.length === 0, JSON.stringify(silent[0]));
    const uncounted = searches.filter((one) => one.clickAnalytics !== true || one.getRankingInfo !== true);
    expect(uncounted.length === 0, JSON.stringify(uncounted[0]));
    return `${searches.length} searches`;
  });
  await run.checks.run('every event was taken', () => {
    const refused = run.watch.events.filter((event) => event.status !== 200);
    expect(refused.length === 0, JSON.stringify(refused[0]));
    const kinds = new Set(run.watch.events.map((event) => event.eventSubtype ?? event.eventType));
    for (const kind of ['view', 'click', 'addToCart', 'purchase']) expect(kinds.has(kind), `no ${kind} event`);
    const clicks = run.watch.events.filter((event) => event.eventType === 'click' && event.objectIDs);
    expect(
      clicks.every((event) => /^[0-9a-f]{32}$/.test(event.queryID) && event.positions[0] >= 1),
      'a click without its search',
    );
    return `${run.watch.events.length} events`;
  });
  await run.checks.run('nothing left the machine and nothing broke', () => {
    expect(run.watch.strangers.length === 0, run.watch.strangers.slice(0, 3).join(' '));
    expect(run.watch.broken.length === 0, run.watch.broken.slice(0, 3).join(' | '));
  });
  await run.checks.run('a dead server is said in one sentence', async () => {
    const { context, page } = await visitor(DESKTOP);
    await open(page);
    await run.server.stop();
    await page.fill('#query', 'lantern');
    // An event that was on its way may complain first; the search has the last word.
    await until('the sentence', async () => (await page.textContent('#notice')).includes('does not answer'), 20000);
    expect(await page.isVisible('#notice'), 'the sentence is hidden');
    await context.close();
  });
}
