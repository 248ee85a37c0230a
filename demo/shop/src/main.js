// SPDX-License-Identifier: GPL-3.0-or-later
// Puts the page together: who is shopping, the search, the grid, the panels, and the way from an event back to the
// order of the results.

import '@fontsource-variable/figtree';
import '@fontsource-variable/bricolage-grotesque';
import './style/page.css';
import './style/filters.css';
import './style/cards.css';
import './style/panels.css';

import { connectHierarchicalMenu, connectSearchBox, connectSortBy, connectStats } from 'instantsearch.js/es/connectors';
import { configure, pagination } from 'instantsearch.js/es/widgets';

import { Affinities } from './affinities.js';
import { Cart } from './cart.js';
import { load_config } from './config.js';
import { Detail } from './detail.js';
import { close_dialog, open_dialog, prepare_dialog } from './dialogs.js';
import { Events } from './events.js';
import { filter_widgets } from './filters.js';
import { picture } from './picture.js';
import { Grid } from './results.js';
import { make_search } from './search.js';
import { escaped, plural, whole } from './text.js';
import { Visitor } from './visitor.js';
import { show_why } from './why.js';

const TYPING_MS = 120;
const LOOKING_MS = 900;
const TOAST_MS = 4200;
const NARROW = matchMedia('(max-width: 900px)');
const at = (id) => document.getElementById(id);

const AISLES = [
  ['Camping', 'Tents, beds, light', 'tent-dome/forest/40'],
  ['Clothing', 'Shells, down, wool', 'jacket-rain/ochre/25'],
  ['Footwear', 'Boots and runners', 'boot/brown/78'],
  ['Packs', 'A day or a month', 'pack-trek/rust/12'],
  ['Cooking', 'Stoves and mugs', 'stove-gas/red/6'],
  ['Climbing', 'Ropes and metal', 'rope/teal/30'],
  ['Trail tools', 'Poles to compasses', 'compass/navy/18'],
];

let toast_timer = 0;

function toast(text) {
  const box = at('toast');
  // A popover is shown above an open dialog; shown anew, it comes above a dialog that was opened later.
  if (box.matches(':popover-open')) box.hidePopover();
  box.showPopover();
  box.textContent = text;
  clearTimeout(toast_timer);
  toast_timer = setTimeout(() => box.hidePopover(), TOAST_MS);
}

function notice(text) {
  const box = at('notice');
  box.hidden = text === '';
  box.textContent = text;
}

function draw_people(visitor) {
  const box = at('people');
  for (const person of visitor.everyone) {
    const label = document.createElement('label');
    label.className = `person person-${person.id}`;
    label.title = person.about;
    label.innerHTML = `<input type="radio" name="person" value="${person.id}" ${person === visitor.current ? 'checked' : ''} /><span><i aria-hidden="true">${person.id === 'new' ? '?' : escaped(person.name[0])}</i>${escaped(person.name)}</span>`;
    label.querySelector('input').addEventListener('change', () => visitor.choose(person.id));
    box.append(label);
  }
  const forget = document.createElement('button');
  forget.type = 'button';
  forget.className = 'forget';
  forget.id = 'forget';
  forget.textContent = 'Start over';
  forget.title = 'Forget this new visitor and meet another one';
  forget.addEventListener('click', () => visitor.forget());
  box.append(forget);
  const show = () => {
    forget.hidden = visitor.current.id !== 'new';
    const chosen = box.querySelector(`input[value="${visitor.current.id}"]`);
    chosen.checked = true;
    // On a narrow page the row is wider than the screen.
    box.scrollTo({ left: Math.max(0, chosen.parentElement.offsetLeft - 40), behavior: 'smooth' });
    document.documentElement.dataset.visitor = visitor.current.id;
  };
  visitor.on_change(show);
  show();
}

/** The filters stand beside the results on a wide page and in a dialog on a narrow one: one element, two places. */
function place_filters() {
  const filters = at('filters-template').content.firstElementChild.cloneNode(true);
  document.body.append(filters);
  const dialog = at('filters-dialog');
  prepare_dialog(dialog);
  at('filters-open').addEventListener('click', () => open_dialog(dialog));
  const place = () => {
    (NARROW.matches ? at('filters-slot') : at('filters-side')).append(filters);
    if (!NARROW.matches) close_dialog(dialog);
  };
  NARROW.addEventListener('change', place);
  place();
}

function search_box() {
  const input = at('query');
  const clear = at('query-clear');
  let refine_ = () => {};
  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    refine_(input.value);
  };
  input.addEventListener('input', () => {
    clear.hidden = input.value === '';
    clearTimeout(timer);
    timer = setTimeout(send, TYPING_MS);
  });
  at('search').addEventListener('submit', (event) => {
    event.preventDefault();
    send();
    if (NARROW.matches) input.blur();
  });
  clear.addEventListener('click', () => {
    input.value = '';
    clear.hidden = true;
    send();
    input.focus();
  });
  return connectSearchBox(({ query, refine }) => {
    refine_ = refine;
    if (document.activeElement !== input) input.value = query;
    clear.hidden = input.value === '';
  })({});
}

function sort_box(index) {
  const select = at('sort');
  return connectSortBy(({ options, currentRefinement, refine }, first) => {
    if (first) {
      select.innerHTML = options
        .map(({ value, label }) => `<option value="${escaped(value)}">${escaped(label)}</option>`)
        .join('');
      select.addEventListener('change', () => refine(select.value));
    }
    select.value = currentRefinement;
  })({
    items: [
      { value: index, label: 'best match' },
      { value: `${index}_price_asc`, label: 'price, low to high' },
      { value: `${index}_price_desc`, label: 'price, high to low' },
    ],
  });
}

const stats_line = () =>
  connectStats(({ nbHits, processingTimeMS, query, instantSearchInstance }) => {
    if (instantSearchInstance.status === 'loading' && nbHits === 0) return;
    const text = `${plural(nbHits, 'product', 'products')}${query ? ` for “${query}”` : ''}`;
    // Written only when it changed: a status region speaks every time it is written.
    if (at('stats').textContent !== text) at('stats').textContent = text;
    at('stats').title = `found in ${whole(processingTimeMS)} ms`;
    at('filters-done').textContent = `Show ${plural(nbHits, 'product', 'products')}`;
    at('nothing').hidden = nbHits > 0;
    if (nbHits === 0)
      at('nothing').innerHTML =
        `<h2>Nothing found${query ? ` for “${escaped(query)}”` : ''}</h2><p>Try fewer letters, another word, or take a filter away.</p>`;
  })({});

/** The department tiles above the results, shown while nothing is searched or filtered. */
const aisles = () =>
  connectHierarchicalMenu(({ refine }, first) => {
    const box = at('aisles');
    box.refine_ = refine;
    if (!first) return;
    box.innerHTML = AISLES.map(
      ([name, about, image]) =>
        `<button type="button" data-name="${name}"><span class="aisle-picture">${picture(image)}</span><span class="aisle-text"><b>${name}</b><small>${about}</small></span></button>`,
    ).join('');
    box.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button === null) return;
      box.refine_(button.dataset.name);
      at('results').focus({ preventScroll: true });
    });
  })({
    attributes: ['categories.lvl0', 'categories.lvl1', 'categories.lvl2'],
    separator: ' > ',
    limit: 12,
    sortBy: ['name:asc'],
    showParentLevel: true,
  });

function start(config) {
  const visitor = new Visitor();
  let personalized = true;
  const search = make_search(config, () => ({ token: visitor.token, personalized }));
  const affinities = new Affinities({ config, visitor, list: at('taste-list'), about: at('taste-about') });

  const context = () => {
    const state = search.getUiState()[config.index] ?? {};
    return {
      query: state.query ?? '',
      visitor: visitor.current,
      personalized,
      sorted: state.sortBy !== undefined && state.sortBy !== config.index,
    };
  };
  const ask_again = () => {
    const { id, name } = visitor.current;
    grid.expect_movement(id === 'new' ? 'you' : name, true);
    search.refresh();
  };
  const events = new Events({
    config,
    visitor,
    on_taken: (kind) => {
      affinities.refresh();
      // Looking at a page must not shuffle it under the eyes, and a filter searches by itself.
      if (kind !== 'view' && kind !== 'filter') ask_again();
    },
    // A search that was not answered says more than an event that was not taken, and keeps the last word.
    on_refused: () => unanswered || notice('The server did not take the last event. Is it still running?'),
  });

  let unanswered = false;
  let looking_timer = 0;
  const grid = new Grid({
    list: at('grid'),
    spoken: at('spoken'),
    pill: at('risen-pill'),
    on_open: (hit) => {
      detail.open(hit, context());
      events.clicked(hit);
    },
    on_why: (hit) => show_why(at('why'), hit, context()),
    on_shown: (hits, results) => {
      unanswered = false;
      notice('');
      const { id, name } = visitor.current;
      const felt = hits.some((hit) => hit._rankingInfo?.personalization);
      at('whose').textContent = felt ? `in ${id === 'new' ? 'your' : `${name}'s`} own order` : '';
      const state = search.getUiState()[config.index] ?? {};
      const refined = ['hierarchicalMenu', 'refinementList', 'range'].some((key) =>
        Object.values(state[key] ?? {}).some((value) => value && value.length > 0),
      );
      at('aisles').hidden = Boolean(state.query) || refined || (state.page ?? 1) > 1;
      // Only what stays on the page for a moment has been looked at.
      clearTimeout(looking_timer);
      const token = visitor.token;
      looking_timer = setTimeout(() => {
        if (token === visitor.token) events.viewed(hits, JSON.stringify({ ...state, query: results.query }));
      }, LOOKING_MS);
    },
  });

  const cart = new Cart({
    visitor,
    dialog: at('cart'),
    count: at('cart-count'),
    on_order: async (lines) => {
      await events.bought(lines);
      toast(
        `Thank you. ${plural(
          lines.reduce((sum, line) => sum + line.quantity, 0),
          'piece is',
          'pieces are',
        )} on the way, in a manner of speaking.`,
      );
    },
  });
  const detail = new Detail({
    dialog: at('detail'),
    on_add: (hit, size) => {
      events.added(cart.add(hit, size));
      detail.say('It is in your cart.');
    },
    on_buy: async (hit, size) => {
      close_dialog(at('detail'));
      await events.bought([{ objectID: hit.objectID, price: hit.price, quantity: 1, size, queryID: hit.__queryID }]);
      toast(`Thank you. The ${hit.name} is on its way, in a manner of speaking.`);
    },
  });

  for (const id of ['detail', 'cart', 'why']) prepare_dialog(at(id));
  // The card that opened a panel may have moved and been drawn anew meanwhile: give the focus back to what it is now.
  for (const id of ['detail', 'why']) at(id).addEventListener('close', () => grid.focus_again());
  at('cart-open').addEventListener('click', () => cart.open());
  draw_people(visitor);
  visitor.on_change((person) => {
    clearTimeout(looking_timer);
    affinities.refresh();
    grid.expect_movement(person.id === 'new' ? 'you' : person.name, false);
    search.refresh();
  });
  at('personalize').addEventListener('change', (event) => {
    personalized = event.target.checked;
    document.documentElement.dataset.personalized = String(personalized);
    grid.expect_movement('', false);
    search.refresh();
  });

  place_filters();
  const clear = document.createElement('span');
  clear.id = 'refined-clear';
  at('refined').after(clear);
  search.addWidgets([
    configure({ hitsPerPage: 24, maxValuesPerFacet: 60 }),
    search_box(),
    sort_box(config.index),
    stats_line(),
    aisles(),
    ...filter_widgets((attribute, value) => events.filtered(attribute, value)),
    grid.widget(),
    pagination({ container: '#pages', padding: 2, showFirst: false, showLast: false, scrollTo: '#results' }),
  ]);
  search.on('error', ({ error }) => {
    at('grid').setAttribute('aria-busy', 'false');
    unanswered = true;
    notice(`The search server at ${config.origin} does not answer (${error?.message ?? 'unknown error'}).`);
  });
  search.start();
  affinities.refresh();
}

load_config()
  .then(start)
  .catch((error) => notice(error.message));
