// SPDX-License-Identifier: GPL-3.0-or-later
// The filters: departments, brands, colours, price and sizes, and the chips of what is chosen.

import { connectRange, connectRefinementList } from 'instantsearch.js/es/connectors';
import { clearRefinements, currentRefinements, hierarchicalMenu } from 'instantsearch.js/es/widgets';

import { colour_value } from './picture.js';
import { escaped, facet_name, facet_value, money, whole } from './text.js';

const SIZE_ORDER = ['XS', 'S', 'S/M', 'M', 'L', 'L/XL', 'XL', 'XXL'];

/** Letters by size, figures by value, words at the end. */
function by_size(a, b) {
  const place = (value) => {
    const letter = SIZE_ORDER.indexOf(value);
    if (letter >= 0) return letter;
    const number = Number.parseFloat(value);
    return Number.isNaN(number) ? 100000 : 100 + number + (/[a-z]/i.test(value) ? 1000 : 0);
  };
  return place(a.value) - place(b.value) || a.value.localeCompare(b.value);
}

/** A list of checkboxes that keeps its elements over renders, so that the keyboard focus stays where it is. */
function checkbox_list(container, items, name, draw, on_pick) {
  const existing = new Map([...container.children].map((label) => [label.dataset.value, label]));
  const labels = items.map((item) => {
    let label = existing.get(item.value);
    if (label === undefined) {
      label = document.createElement('label');
      label.dataset.value = item.value;
      label.innerHTML = `<input type="checkbox" name="${name}" />${draw(item)}`;
      label.querySelector('input').addEventListener('change', () => on_pick(item.value));
    }
    label.querySelector('input').checked = item.isRefined;
    const count = label.querySelector('.count');
    if (count) count.textContent = whole(item.count);
    label.classList.toggle('none', item.count === 0);
    return label;
  });
  const same =
    labels.length === container.children.length && labels.every((label, i) => label === container.children[i]);
  if (same) return;
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  container.replaceChildren(...labels);
  focused?.focus();
}

const brand_list = connectRefinementList((options, first) => {
  const {
    widgetParams,
    items,
    refine,
    searchForItems,
    isShowingMore,
    toggleShowMore,
    canToggleShowMore,
    isFromSearch,
  } = options;
  const { container, on_pick } = widgetParams;
  if (first) {
    container.innerHTML =
      '<input type="search" class="filter-search" placeholder="Find a brand" aria-label="Find a brand" autocomplete="off" /><div class="checks"></div><p class="filter-none" hidden>No brand of that name.</p><button type="button" class="more"></button>';
    container
      .querySelector('.filter-search')
      .addEventListener('input', (event) => container.search_(event.target.value));
    container.querySelector('.more').addEventListener('click', () => container.toggle_());
  }
  container.search_ = searchForItems;
  container.toggle_ = toggleShowMore;
  container.pick_ = (value) => {
    if (!items.find((item) => item.value === value)?.isRefined) on_pick('brand', value);
    refine(value);
    container.querySelector('.filter-search').value = '';
  };
  checkbox_list(
    container.querySelector('.checks'),
    items,
    'brand',
    (item) => `<span>${escaped(item.value)}</span><span class="count"></span>`,
    (value) => container.pick_(value),
  );
  container.querySelector('.filter-none').hidden = items.length > 0;
  const more = container.querySelector('.more');
  more.hidden = isFromSearch || !canToggleShowMore;
  more.textContent = isShowingMore ? 'Fewer brands' : 'All brands';
});

const swatch_list = connectRefinementList(({ widgetParams, items, refine }) => {
  const { container, on_pick } = widgetParams;
  container.pick_ = (value) => {
    if (!items.find((item) => item.value === value)?.isRefined) on_pick('color', value);
    refine(value);
  };
  checkbox_list(
    container,
    items,
    'color',
    (item) =>
      `<i style="background:${colour_value(item.value)}" aria-hidden="true"></i><span>${escaped(item.value)}</span>`,
    (value) => container.pick_(value),
  );
});

const size_list = connectRefinementList(({ widgetParams, items, refine }) => {
  const { container } = widgetParams;
  container.pick_ = refine;
  checkbox_list(
    container,
    items.slice().sort(by_size),
    'size',
    (item) => `<span>${escaped(item.value)}</span>`,
    (value) => container.pick_(value),
  );
});

const price_range = connectRange(({ widgetParams, range, start, refine }, first) => {
  const { container } = widgetParams;
  const low_bound = Math.floor(range.min ?? 0);
  const high_bound = Math.ceil(range.max ?? 0);
  if (first) {
    container.innerHTML = `<div class="price-track"><i></i><input type="range" class="price-low" aria-label="Lowest price" /><input type="range" class="price-high" aria-label="Highest price" /></div><p class="price-text"></p>`;
    const [low, high] = container.querySelectorAll('input');
    const show = () => container.show_(Number(low.value), Number(high.value));
    const meet = (moved) => {
      if (Number(low.value) > Number(high.value))
        (moved === low ? low : high).value = moved === low ? high.value : low.value;
      show();
    };
    const send = () => container.refine_(Number(low.value), Number(high.value));
    for (const input of [low, high]) {
      input.addEventListener('input', () => meet(input));
      input.addEventListener('change', send);
    }
  }
  const [low, high] = container.querySelectorAll('input');
  container.show_ = (from, to) => {
    const span = Math.max(1, high_bound - low_bound);
    const bar = container.querySelector('.price-track i');
    bar.style.left = `${((from - low_bound) / span) * 100}%`;
    bar.style.right = `${100 - ((to - low_bound) / span) * 100}%`;
    container.querySelector('.price-text').innerHTML = `<span>${money(from)}</span><span>${money(to)}</span>`;
    low.setAttribute('aria-valuetext', money(from));
    high.setAttribute('aria-valuetext', money(to));
  };
  container.refine_ = (from, to) => refine([from <= low_bound ? undefined : from, to >= high_bound ? undefined : to]);
  const from = Number.isFinite(start[0]) ? start[0] : low_bound;
  const to = Number.isFinite(start[1]) ? start[1] : high_bound;
  for (const input of [low, high]) {
    input.min = String(low_bound);
    input.max = String(high_bound);
    input.disabled = high_bound <= low_bound;
  }
  low.value = String(Math.max(low_bound, from));
  high.value = String(Math.min(high_bound, to));
  container.show_(Number(low.value), Number(high.value));
});

/** The widgets of the filters. `on_pick(attribute, value)` is told when a brand or a colour is chosen. */
export function filter_widgets(on_pick) {
  const at = (id) => document.getElementById(id);
  return [
    hierarchicalMenu({
      container: '#f-categories',
      attributes: ['categories.lvl0', 'categories.lvl1', 'categories.lvl2'],
      separator: ' > ',
      limit: 12,
      sortBy: ['name:asc'],
      showParentLevel: true,
    }),
    brand_list({
      container: at('f-brand'),
      attribute: 'brand',
      limit: 8,
      showMore: true,
      showMoreLimit: 40,
      sortBy: ['isRefined:desc', 'count:desc', 'name:asc'],
      on_pick,
    }),
    swatch_list({ container: at('f-color'), attribute: 'color', limit: 24, sortBy: ['name:asc'], on_pick }),
    price_range({ container: at('f-price'), attribute: 'price' }),
    size_list({ container: at('f-size'), attribute: 'sizes', limit: 36, sortBy: ['count:desc', 'name:asc'] }),
    currentRefinements({
      container: '#refined',
      transformItems: (items) =>
        items.map((item) => ({
          ...item,
          label: item.attribute.startsWith('categories') ? 'Department' : facet_name(item.attribute),
          refinements: item.refinements.map((refinement) => ({
            ...refinement,
            label:
              refinement.type === 'numeric'
                ? `${refinement.operator === '>=' ? 'from' : 'up to'} ${money(refinement.value)}`
                : facet_value(item.attribute, refinement.label),
          })),
        })),
    }),
    clearRefinements({
      container: document.getElementById('refined-clear') ?? '#refined-clear',
      templates: { resetLabel: () => 'Clear all' },
    }),
  ];
}
