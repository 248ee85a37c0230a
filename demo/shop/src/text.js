// SPDX-License-Identifier: GPL-3.0-or-later
// Words and figures as the shop writes them.

const MONEY = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
const WHOLE = new Intl.NumberFormat('en-IE');

export const money = (amount) => MONEY.format(amount);
export const whole = (number) => WHOLE.format(number);
export const plural = (count, one, many) => `${whole(count)} ${count === 1 ? one : many}`;

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Text made safe to stand inside HTML, in a quoted attribute too. */
export const escaped = (text) => String(text ?? '').replace(/[&<>"']/g, (letter) => ESCAPES[letter]);

/** The last level of a category path. */
export const last_level = (path) => String(path).split(' > ').pop();

const FACETS = {
  brand: 'Brand',
  color: 'Colour',
  sizes: 'Size',
  price: 'Price',
  rating: 'Rating',
  'categories.lvl0': 'Department',
  'categories.lvl1': 'Range',
  'categories.lvl2': 'Kind',
};
export const facet_name = (facet) => FACETS[facet] ?? facet;
export const facet_value = (facet, value) =>
  facet.startsWith('categories') ? last_level(value) : facet === 'price' ? money(Number(value)) : String(value);

/** Five stars, filled to `rating`, with a text for those who cannot see them. */
export function stars(rating, reviews) {
  const percent = Math.round((rating / 5) * 100);
  return `<span class="stars"><span class="stars-row" style="--fill:${percent}%" aria-hidden="true">★★★★★</span><span class="hidden">Rated ${rating} of 5.</span> <span class="reviews">${whole(reviews)}<span class="hidden"> reviews</span></span></span>`;
}

/** The name with the words of the search marked. InstantSearch has escaped the value and put <mark> in. */
export const marked = (hit, attribute) => hit._highlightResult?.[attribute]?.value ?? escaped(hit[attribute]);

/** The cross of a closing button. */
export const CROSS =
  '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M6 6 L18 18 M18 6 L6 18"/></svg>';
