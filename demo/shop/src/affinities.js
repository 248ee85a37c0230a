// SPDX-License-Identifier: GPL-3.0-or-later
// The strip that shows what the shop knows of the visitor: the profile, read from the server after every event.

import { colour_value } from './picture.js';
import { escaped, facet_name, facet_value } from './text.js';

const SHOWN_MAX = 9;
/**
 * Affinities that the strip leaves out: the upper levels of the category tree say the same as the lowest one, and sizes,
 * of which a product has several, would crowd out what people see as their taste.
 */
const LEFT_OUT = new Set(['categories.lvl0', 'categories.lvl1', 'sizes']);

export class Affinities {
  constructor({ config, visitor, list, about }) {
    this.config_ = config;
    this.visitor_ = visitor;
    this.list_ = list;
    this.about_ = about;
    this.scores_ = new Map();
    this.token_ = '';
    this.asked_ = 0;
  }

  /** Reads the profile and shows it. Growth since the last reading is shown when the visitor is the same. */
  async refresh() {
    const token = this.visitor_.token;
    this.asked_ += 1;
    const asked = this.asked_;
    const profile = await this.read_(token).catch(() => null);
    // An answer that a later question has overtaken is dropped.
    if (asked !== this.asked_ || profile === null) return;
    const affinities = [];
    for (const [facet, values] of Object.entries(profile.scores ?? {})) {
      if (LEFT_OUT.has(facet)) continue;
      for (const [value, score] of Object.entries(values)) affinities.push({ facet, value, score });
    }
    affinities.sort((a, b) => b.score - a.score || a.facet.localeCompare(b.facet) || a.value.localeCompare(b.value));
    this.show_(token, affinities);
  }

  async read_(token) {
    const { origin, appId, searchKey } = this.config_;
    const credentials = new URLSearchParams({ 'x-algolia-application-id': appId, 'x-algolia-api-key': searchKey });
    const answer = await fetch(`${origin}/1/profiles/personalization/${encodeURIComponent(token)}?${credentials}`, {
      cache: 'no-store',
    });
    if (answer.status === 404) return { scores: {} };
    if (!answer.ok) throw new Error(`profile: ${answer.status}`);
    return answer.json();
  }

  show_(token, affinities) {
    const before = token === this.token_ ? this.scores_ : null;
    this.token_ = token;
    this.scores_ = new Map(affinities.map((a) => [`${a.facet}:${a.value}`, a.score]));
    const { name, id, about } = this.visitor_.current;
    const who = id === 'new' ? 'this visitor' : name;
    this.about_.textContent =
      affinities.length === 0
        ? `Nothing about ${who} yet. ${id === 'new' ? 'Click a few products and watch this strip.' : about}`
        : about;
    const items = new Map([...this.list_.children].map((item) => [item.dataset.key, item]));
    const shown = affinities.slice(0, SHOWN_MAX);
    this.list_.replaceChildren(
      ...shown.map((affinity) => this.item_(affinity, items.get(`${affinity.facet}:${affinity.value}`), before)),
    );
    if (affinities.length > SHOWN_MAX) {
      const more = document.createElement('li');
      more.className = 'taste-more';
      more.textContent = `and ${affinities.length - SHOWN_MAX} fainter ones`;
      this.list_.append(more);
    }
  }

  item_({ facet, value, score }, existing, before) {
    const key = `${facet}:${value}`;
    const item = existing ?? document.createElement('li');
    if (existing === undefined) {
      item.className = 'taste-item';
      item.dataset.key = key;
      const dot = facet === 'color' ? `<i class="dot" style="background:${colour_value(value)}"></i>` : '';
      item.innerHTML = `<span class="taste-facet">${escaped(facet_name(facet))}</span><span class="taste-value">${dot}${escaped(facet_value(facet, value))}</span><span class="taste-score"></span><span class="taste-bar" aria-hidden="true"><i></i></span>`;
      item.querySelector('.taste-bar i').style.width = '0%';
    }
    item.dataset.score = String(score);
    item.querySelector('.taste-score').textContent = String(Math.round(score));
    requestAnimationFrame(() => {
      item.querySelector('.taste-bar i').style.width = `${Math.max(0, Math.min(100, (score / 20) * 100))}%`;
    });
    const was = before?.get(key) ?? 0;
    item.classList.remove('grew');
    if (before !== null && score > was) {
      // Read a layout value so that the animation starts anew.
      void item.offsetWidth;
      item.classList.add('grew');
    }
    return item;
  }
}
