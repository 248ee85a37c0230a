// SPDX-License-Identifier: GPL-3.0-or-later
// The grid of products. When the same search is asked again after an event, cards travel from their old places to their
// new ones (measure, change, measure again, animate the difference) and those that rose carry a small mark.

import { connectHits } from 'instantsearch.js/es/connectors';

import { colour_value, picture } from './picture.js';
import { escaped, last_level, marked, money, plural, stars } from './text.js';
import { places_won } from './why.js';

const TRAVEL_MS = 750;
const MARK_MS = 9000;
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** What each card's text was drawn from, so that an unchanged card is left alone. */
const drawn = new WeakMap();

function card_of(hit) {
  const card = document.createElement('li');
  card.className = 'card';
  card.dataset.id = hit.objectID;
  card.innerHTML = `<div class="card-picture">${picture(hit.image)}</div><div class="card-body"></div>`;
  return card;
}

function fill_card(card, hit) {
  const won = places_won(hit);
  const chip = won > 0 ? `<span class="for-you" title="Moved up ${won} by taste">▲ ${won}</span>` : '';
  card.dataset.brand = hit.brand;
  card.dataset.position = String(hit.__position);
  const body = `<p class="card-brand">${marked(hit, 'brand')}</p>
    <h3><button type="button" class="card-open">${marked(hit, 'name')}</button></h3>
    <p class="card-facts"><i class="dot" style="background:${colour_value(hit.color)}"></i>${escaped(hit.color)}<span aria-hidden="true"> · </span>${escaped(last_level(hit.categories?.lvl2 ?? ''))}</p>
    <p class="card-row"><b class="price">${money(hit.price)}</b>${stars(hit.rating, hit.review_count)}</p>
    <button type="button" class="card-why" aria-label="Why is ${escaped(hit.name)} here?"><span>Why here?</span>${chip}</button>`;
  const slot = card.querySelector('.card-body');
  if (drawn.get(card) === body) return;
  drawn.set(card, body);
  // Keep the keyboard where it was while the texts are drawn anew.
  const focused = slot.contains(document.activeElement) ? document.activeElement.className : '';
  slot.innerHTML = body;
  if (focused) slot.getElementsByClassName(focused)[0]?.focus();
}

export class Grid {
  /** `on_open(hit)` and `on_why(hit)` are the card's two buttons, `on_shown(hits, results)` comes after each new answer. */
  constructor({ list, spoken, pill, on_open, on_why, on_shown }) {
    this.list_ = list;
    this.spoken_ = spoken;
    this.pill_ = pill;
    this.on_shown_ = on_shown;
    this.hits_ = new Map();
    this.answer_ = null;
    this.reason_ = null;
    this.pressed_ = null;
    this.marks_timer_ = 0;
    pill.addEventListener('click', () => {
      pill.hidden = true;
      list.closest('section').scrollIntoView({ behavior: calm() ? 'instant' : 'smooth' });
    });
    list.addEventListener('click', (event) => {
      const card = event.target.closest('.card');
      const hit = card && this.hits_.get(card.dataset.id);
      if (!hit) return;
      const button = event.target.closest('.card-why') ? 'card-why' : 'card-open';
      this.pressed_ = { id: hit.objectID, button, by_keyboard: event.detail === 0 };
      if (button === 'card-why') on_why(hit);
      else on_open(hit);
    });
  }

  /**
   * The next answer is the same search for another reason (an event, another visitor): let the cards travel, and mark
   * those that rose when `marked_too`. `who` is named to screen readers.
   */
  expect_movement(who, marked_too) {
    this.reason_ = { who, marked_too };
  }

  /** Gives the focus back to the button that was pressed last, wherever its card stands now. */
  focus_again() {
    if (this.pressed_ === null) return;
    const { id, button, by_keyboard } = this.pressed_;
    const target =
      this.list_.querySelector(`.card[data-id="${CSS.escape(id)}"] .${button}`) ?? this.list_.closest('section');
    target.focus({ preventScroll: !by_keyboard });
  }

  widget(options = {}) {
    return connectHits(({ items, results }) => this.render_(items, results))({ ...options, escapeHTML: true });
  }

  render_(items, results) {
    // InstantSearch renders more often than it searches; only a new answer changes the grid.
    if (!results || results === this.answer_ || results.__isArtificial) return;
    this.answer_ = results;
    const reason = this.reason_;
    this.reason_ = null;
    const old_cards = new Map([...this.list_.children].map((card) => [card.dataset.id, card]));
    const old_places = new Map([...old_cards].map(([id, card]) => [id, card.getBoundingClientRect()]));
    const old_positions = new Map([...old_cards].map(([id, card]) => [id, Number(card.dataset.position)]));
    const scroll_before = window.scrollY;

    this.hits_ = new Map(items.map((hit) => [hit.objectID, hit]));
    const cards = items.map((hit) => {
      const card = old_cards.get(hit.objectID) ?? card_of(hit);
      fill_card(card, hit);
      return card;
    });
    const focused = this.list_.contains(document.activeElement) ? document.activeElement : null;
    this.list_.replaceChildren(...cards);
    focused?.focus({ preventScroll: true });
    if (reason !== null) window.scrollTo({ top: scroll_before, behavior: 'instant' });
    this.list_.setAttribute('aria-busy', 'false');
    this.list_.dataset.answers = String(Number(this.list_.dataset.answers ?? 0) + 1);
    this.list_.start = (results.page ?? 0) * (results.hitsPerPage ?? 0) + 1;

    if (old_cards.size > 0) this.travel_(cards, old_places, reason !== null);
    if (reason?.marked_too) this.mark_(cards, old_positions, reason.who);
    else this.unmark_();
    this.on_shown_(items, results);
  }

  travel_(cards, old_places, felt) {
    if (calm()) return;
    const duration = felt ? TRAVEL_MS : 280;
    for (const card of cards) {
      const was = old_places.get(card.dataset.id);
      if (was === undefined) {
        card.animate(
          [
            { opacity: 0, transform: 'translateY(14px) scale(0.97)' },
            { opacity: 1, transform: 'none' },
          ],
          { duration, easing: 'cubic-bezier(.2,.8,.2,1)' },
        );
        continue;
      }
      const now = card.getBoundingClientRect();
      const [dx, dy] = [was.left - now.left, was.top - now.top];
      if (dx === 0 && dy === 0) continue;
      const rising = dy > 0 || (dy === 0 && dx > 0);
      card.style.zIndex = rising ? '2' : '1';
      const travel = card.animate([{ transform: `translate(${dx}px, ${dy}px)` }, { transform: 'none' }], {
        duration,
        easing: 'cubic-bezier(.3,.75,.2,1)',
      });
      travel.onfinish = () => {
        card.style.zIndex = '';
      };
    }
  }

  mark_(cards, old_positions, who) {
    this.unmark_();
    let rose = 0;
    let out_of_sight = 0;
    for (const card of cards) {
      const was = old_positions.get(card.dataset.id);
      const now = Number(card.dataset.position);
      if (was !== undefined && was <= now) continue;
      rose += 1;
      const mark = document.createElement('span');
      mark.className = 'rose';
      mark.textContent = was === undefined ? '▲ new here' : `▲ up ${was - now}`;
      card.querySelector('.card-picture').append(mark);
      card.classList.add('risen');
      if (card.getBoundingClientRect().bottom < 60) out_of_sight += 1;
    }
    this.spoken_.textContent =
      rose === 0 ? '' : `The order changed for ${who}: ${plural(rose, 'product', 'products')} moved up.`;
    this.pill_.hidden = out_of_sight === 0;
    this.pill_.textContent = `▲ ${plural(out_of_sight, 'product', 'products')} moved up`;
    this.marks_timer_ = setTimeout(() => this.unmark_(), MARK_MS);
  }

  unmark_() {
    clearTimeout(this.marks_timer_);
    this.pill_.hidden = true;
    for (const mark of this.list_.querySelectorAll('.rose')) mark.remove();
    for (const card of this.list_.querySelectorAll('.risen')) card.classList.remove('risen');
  }
}
