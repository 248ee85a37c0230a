// SPDX-License-Identifier: GPL-3.0-or-later
// The catalog, and what every shop's page must do: search, filter, sort, turn pages.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY, expect, sleep, until } from './lib.mjs';
import { DESKTOP, and_answer, cards, found, open, order, run, same, search_for, shot, visitor } from './page.mjs';

const MEMORABLE = 'jacket';

export async function the_catalog() {
  await run.checks.run('the same seed makes the same catalog', () => {
    const make = (name, seed) => {
      const out = join(run.folder, name);
      execFileSync(
        process.execPath,
        [join(REPOSITORY, 'demo/catalog/generate.mjs'), '--out', out, '--records', '300', '--seed', String(seed)],
        { timeout: 60000 },
      );
      return ['products.ndjson', 'people.json'].map((file) => readFileSync(join(out, file), 'utf8')).join();
    };
    const [once, again, other] = [make('seed-a', 7), make('seed-b', 7), make('seed-c', 8)];
    expect(once === again, 'two runs differ');
    expect(once !== other, 'another seed makes no difference');
  });
}

export async function looking_around() {
  const { context, page } = await visitor(DESKTOP);
  await open(page);
  await run.checks.run('the page shows the whole catalog', async () => {
    expect((await found(page)) === run.server.products.length, `it says "${await page.textContent('#stats')}"`);
    expect((await order(page)).length === 24, 'not 24 cards');
    expect((await page.$$('.card .picture')).length === 24, 'a card has no picture');
    await sleep(500);
    await shot(page, '1-home');
  });
  await run.checks.run('every control has a name', async () => {
    const nameless = await page.$$eval('button, input, select, a[href]', (list) =>
      list
        .filter((one) => one.getClientRects().length > 0)
        .filter(
          (one) =>
            !(
              one.textContent.trim() ||
              one.getAttribute('aria-label') ||
              one.getAttribute('aria-labelledby') ||
              one.labels?.length ||
              one.title
            ),
        )
        .map((one) => one.outerHTML.slice(0, 120)),
    );
    expect(nameless.length === 0, nameless.join('  '));
  });
  await run.checks.run('a search finds, marks and counts', async () => {
    await search_for(page, MEMORABLE);
    const names = await page.$$eval('.card-open', (list) =>
      list.map((one) => ({ text: one.textContent, marks: one.querySelectorAll('mark').length })),
    );
    expect(
      names.every((name) => name.text.toLowerCase().includes(MEMORABLE) && name.marks > 0),
      `a first-page name without a marked "${MEMORABLE}"`,
    );
    const { nbHits } = await run.server.answer({ query: MEMORABLE });
    expect((await found(page)) === nbHits, `the page says ${await found(page)}, the server ${nbHits}`);
    return `${nbHits} hits`;
  });
  await run.checks.run('the address holds the search, and a reload keeps it', async () => {
    await until('q in the address', () => page.url().includes(`q=${MEMORABLE}`));
    await page.reload();
    await page.waitForSelector('#grid[aria-busy="false"] .card');
    expect((await page.inputValue('#query')) === MEMORABLE, 'the box is empty');
    expect((await page.textContent('#stats')).includes(MEMORABLE), 'the results are of another search');
  });
  await run.checks.run('a brand filter shows that brand only, as many as its count said', async () => {
    const label = page.locator('#f-brand .checks label').nth(2);
    const brand = await label.getAttribute('data-value');
    const count = Number((await label.locator('.count').textContent()).replace(/,/g, ''));
    await and_answer(page, () => label.locator('input').check());
    expect((await found(page)) === count, `${await found(page)} found, ${count} promised`);
    expect(
      (await cards(page)).every((card) => card.brand === brand),
      'another brand among them',
    );
    expect((await page.textContent('#refined')).includes(brand), 'no chip for it');
    await and_answer(page, () => page.click('#refined-clear button'));
    return brand;
  });
  await run.checks.run('a colour, a size and the price narrow the results', async () => {
    const by_id = new Map(run.server.products.map((product) => [product.objectID, product]));
    const all = await found(page);
    await and_answer(page, () => page.check('#f-color input >> nth=0'));
    const color = await page.locator('#f-color label').first().getAttribute('data-value');
    expect(
      (await order(page)).every((id) => by_id.get(id).color === color),
      `not all are ${color}`,
    );
    await and_answer(page, () => page.click('#refined-clear button'));
    await and_answer(page, () => page.check('#f-size label[data-value="XL"] input'));
    expect(
      (await order(page)).every((id) => by_id.get(id).sizes.includes('XL')),
      'a product without XL',
    );
    await and_answer(page, () => page.click('#refined-clear button'));
    const high = page.locator('.price-high');
    const limit = await high.evaluate((input) => Math.round((Number(input.min) + Number(input.max)) / 2));
    await and_answer(page, () =>
      high.evaluate((input, value) => {
        input.value = String(value);
        input.dispatchEvent(new Event('input', { bubbles: true }));
        input.dispatchEvent(new Event('change', { bubbles: true }));
      }, limit),
    );
    expect(
      (await order(page)).every((id) => by_id.get(id).price <= limit),
      `dearer than ${limit}`,
    );
    expect((await found(page)) < all, 'the price took nothing away');
    await and_answer(page, () => page.click('#refined-clear button'));
    expect((await found(page)) === all, 'clearing did not bring all back');
  });
  await run.checks.run('departments open level by level', async () => {
    await and_answer(page, () => page.fill('#query', ''));
    const by_id = new Map(run.server.products.map((product) => [product.objectID, product]));
    for (const name of ['Footwear', 'Hiking', 'Hiking boots'])
      await and_answer(page, () =>
        page
          .locator('#f-categories a', { has: page.locator(`.ais-HierarchicalMenu-label:text-is("${name}")`) })
          .click(),
      );
    expect(
      (await order(page)).every((id) => by_id.get(id).categories.lvl2 === 'Footwear > Hiking > Hiking boots'),
      'something else than boots',
    );
    const boots = run.server.products.filter(
      (product) => product.categories.lvl2 === 'Footwear > Hiking > Hiking boots',
    ).length;
    expect((await found(page)) === boots, `${await found(page)} found, ${boots} are in the catalog`);
    await and_answer(page, () => page.click('#refined-clear button'));
  });
  await run.checks.run('brands can be searched for', async () => {
    await page.fill('.filter-search', 'kest');
    await until('one brand', async () => (await page.locator('#f-brand .checks label').count()) === 1);
    expect((await page.locator('#f-brand .checks label').getAttribute('data-value')) === 'Kestvik', 'another brand');
    await page.fill('.filter-search', '');
    await until('all brands', async () => (await page.locator('#f-brand .checks label').count()) > 5);
  });
  await run.checks.run('sorting by price sorts by price', async () => {
    const by_id = new Map(run.server.products.map((product) => [product.objectID, product]));
    for (const [value, sign] of [
      ['shop_price_asc', 1],
      ['shop_price_desc', -1],
    ]) {
      await and_answer(page, () => page.selectOption('#sort', value));
      const prices = (await order(page)).map((id) => by_id.get(id).price);
      expect(
        prices.every((price, i) => i === 0 || (price - prices[i - 1]) * sign >= 0),
        `${value}: ${prices.join(' ')}`,
      );
    }
    await and_answer(page, () => page.selectOption('#sort', 'shop'));
  });
  await run.checks.run('pages neither overlap nor skip', async () => {
    // Without personalization: what this visitor looks at between two pages may rightly change the order.
    await and_answer(page, () => page.locator('.switch').click());
    const first = await order(page);
    await and_answer(page, () => page.click('.ais-Pagination-item--nextPage a'));
    const second = await order(page);
    const whole = await run.server.answer({ hitsPerPage: 48 });
    expect(
      same(
        [...first, ...second],
        whole.hits.map((hit) => hit.objectID),
      ),
      'two pages of 24 are not one of 48',
    );
    await and_answer(page, () => page.locator('.switch').click());
  });
  await run.checks.run('words of a stranger stay words', async () => {
    await page.fill('#query', '<img src=x onerror="window.pwned=1">');
    await sleep(700);
    expect(!(await page.evaluate(() => window.pwned)), 'the search box ran a script');
  });
  await context.close();
}
