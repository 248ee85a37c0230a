// SPDX-License-Identifier: GPL-3.0-or-later
// "Why here?": the numbers that the server gives with a hit, put into words.

import { open_dialog } from './dialogs.js';
import { CROSS, escaped, facet_name, facet_value, marked, whole } from './text.js';

const figure = (value) => (typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : '–');
const percent = (share) => `${Math.round(share * 100)} %`;

/** How far personalization moved the hit up; negative is down, 0 without an effect. */
export function places_won(hit) {
  const p = hit._rankingInfo?.personalization;
  return p ? p.initialPosition - p.newPosition : 0;
}

const whom = (visitor) => (visitor.id === 'new' ? 'you' : escaped(visitor.name));
const whose = (visitor) => (visitor.id === 'new' ? 'your' : `${escaped(visitor.name)}'s`);

function place_sentence(p, visitor) {
  const [from, to] = [p.initialPosition + 1, p.newPosition + 1];
  if (from === to) return `It stands at place <b>${whole(to)}</b>, with or without ${whose(visitor)} taste.`;
  const way = from > to ? 'up' : 'down';
  return `Without ${whose(visitor)} taste it would stand at place <b>${whole(from)}</b>; for ${whom(visitor)} it moved ${way} to place <b>${whole(to)}</b>.`;
}

function taste_list(p) {
  const rows = (p.affinities ?? []).slice().sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
  if (rows.length === 0)
    return p.filtersScore > 0
      ? ''
      : '<p>Nothing about it matches what the shop knows so far; only its popularity counts.</p>';
  return `<ul class="why-list">${rows.map((a) => `<li><span><em>${escaped(facet_name(a.facet))}</em> ${escaped(facet_value(a.facet, a.value))}</span><span class="why-points">${a.score.toFixed(1)} of 20${a.weight === undefined || a.weight === 100 ? '' : `, weighed ${figure(a.weight)}\u00a0%`}</span><span class="why-bar" aria-hidden="true"><i style="width:${Math.max(2, Math.min(100, Math.abs((a.share ?? 0) * 100)))}%"></i></span><span class="why-share">${percent(a.share ?? 0)}</span></li>`).join('')}</ul>`;
}

function numbers_table(info) {
  const p = info.personalization;
  const rows = [
    ...(p
      ? [
          ['Group of equal relevance', p.textualRelevanceBucket, 'textualRelevanceBucket'],
          ['Taste points', p.filtersScore, 'filtersScore'],
          ['Place by popularity, 1 is best', p.rankingScore, 'rankingScore'],
          ['Blend that sorted it', p.score, 'score'],
        ]
      : []),
    ['Typos', info.nbTypos, 'nbTypos'],
    ['Words found', info.words, 'words'],
    ['Words found exactly', info.nbExactWords, 'nbExactWords'],
    ['Distance between words', info.proximityDistance, 'proximityDistance'],
    ['Where the first word stands', info.firstMatchedWord, 'firstMatchedWord'],
    ['Rank by popularity', info.userScore, 'userScore'],
  ].filter(([, value]) => value !== undefined);
  return `<details class="why-numbers"><summary>The numbers</summary><table><tbody>${rows.map(([label, value, key]) => `<tr><th scope="row">${label}</th><td>${figure(value)}</td><td><code>${key}</code></td></tr>`).join('')}</tbody></table></details>`;
}

/** The explanation as HTML; used by the dialog and by the product panel. */
export function explanation(hit, { query, visitor, personalized, sorted }) {
  const info = hit._rankingInfo ?? {};
  const p = info.personalization;
  const parts = [];
  if (sorted)
    parts.push('<p>You sorted by price, so the price alone decides. Taste only breaks ties between equal prices.</p>');
  else if (query)
    parts.push(
      `<p>${p ? `It is in <b>group ${p.textualRelevanceBucket + 1}</b> of the answers to “${escaped(query)}”. All products of a group match the words equally well, and taste never lifts a product out of its group.` : `It matches “${escaped(query)}”; among products that match equally well, the popular ones come first.`}</p>`,
    );
  else parts.push('<p>Nothing was searched for, so all products are equally relevant.</p>');
  if (p && personalized) {
    parts.push(`<p class="why-place">${place_sentence(p, visitor)}</p>`);
    if (!sorted) parts.push(`<h3>What ${whose(visitor)} taste sees in it</h3>${taste_list(p)}`);
  } else if (!personalized) parts.push('<p>Personalization is switched off: everybody sees this order.</p>');
  else parts.push('<p>The shop does not know this visitor yet: everybody sees this order.</p>');
  return parts.join('') + numbers_table(info);
}

export function show_why(dialog, hit, context) {
  dialog.innerHTML = `<div class="sheet-head"><h2 id="why-title">Why is <span>${marked(hit, 'name')}</span> here?</h2><button type="button" class="close" data-close aria-label="Close the explanation">${CROSS}</button></div><div class="why-body">${explanation(hit, context)}</div>`;
  open_dialog(dialog);
}
