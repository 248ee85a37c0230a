// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the records of the catalog, one after the other, from the assortment and a seed.

import { BRANDS, BRAND_LINES, CLOSINGS, HARD_MIDDLES, MIDDLES, MODELS, OPENINGS, SHELVES } from './assortment.mjs';
import { COLOURS } from './colours.mjs';
import { Random, hash_text } from './random.mjs';

const COLOUR_NAMES = Object.keys(COLOURS);
/** Things of metal come mostly in these; nobody makes a plum carabiner every day. */
const METAL_COLOURS = ['Steel', 'Black', 'Charcoal', 'Slate', 'Red', 'Blue', 'Ochre', 'Teal'];
const METAL_PICTURES = new Set(['stove-gas', 'stove-system', 'pot', 'carabiner', 'table', 'poles', 'knife', 'compass']);
const LEATHER_PICTURES = new Set(['boot', 'shoe-hike']);
const LEATHER_COLOURS = ['Brown', 'Charcoal', 'Black', 'Sand', 'Rust', 'Forest', 'Slate', 'Navy'];
const HARD_SHELVES = new Set([
  'Lighting',
  'Stoves',
  'Cookware',
  'Drinking',
  'Hardware',
  'Walking',
  'Navigation',
  'Tools',
  'Camp furniture',
]);

/** A word of the product's name that asks for another drawing than its shelf's. */
const PICTURE_WORDS = [
  ['Pan', 'pan'],
  ['Kettle', 'kettle'],
  ['Long-Sleeve', 'tee-long'],
  ['Base Layer', 'tee-long'],
  ['Bobble', 'beanie-bobble'],
  ['Sun Hat', 'sunhat'],
  ['Quickdraw', 'quickdraw'],
  ['Multitool', 'multitool'],
];
const picture_of = (noun, shelf) => PICTURE_WORDS.find(([word]) => noun.includes(word))?.[1] ?? shelf.picture;

const fill = (template, values) =>
  template.replace(/\{(\w+)\}/g, (whole, key) => (values[key] === undefined ? whole : String(values[key])));
const capitalized = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function brand_weight(brand, shelf) {
  const loved = brand.loves.some((word) => shelf.path.some((level) => level.includes(word)));
  return brand.known * (loved ? 4 : 0.8);
}

function colour_of(random, brand, shelf) {
  let offered = COLOUR_NAMES;
  if (METAL_PICTURES.has(shelf.picture)) offered = METAL_COLOURS;
  if (LEATHER_PICTURES.has(shelf.picture)) offered = LEATHER_COLOURS;
  return random.pick_weighted(offered, (name) => (brand.palette.includes(name) ? 5 : 1));
}

/** A shop's price: rounded to what a shop would print, higher figures to whole tens minus one. */
function shop_price(amount) {
  if (amount < 40) return Math.max(4, Math.round(amount)) - 0.05;
  if (amount < 120) return Math.round(amount / 5) * 5 - 0.1;
  return Math.round(amount / 10) * 10 - 1;
}

function sizes_of(random, shelf, variant) {
  const all = shelf.sizes.map((size) => fill(size, variant));
  if (all.length < 4) return all;
  // A run of sizes with a few sold out, as on a real shelf.
  const from = random.whole(0, Math.floor(all.length / 4));
  const to = all.length - random.whole(0, Math.floor(all.length / 4));
  const run = all.slice(from, to).filter(() => !random.chance(0.12));
  return run.length > 0 ? run : all.slice(from, to);
}

function description_of(random, shelf, brand, values) {
  const [a, b] = random.shuffle(shelf.facts);
  const middle = random.pick(HARD_SHELVES.has(shelf.path[1]) ? HARD_MIDDLES : MIDDLES);
  const of = random.pick(shelf.of);
  const sentences = [
    fill(random.pick(OPENINGS), { ...values, use: random.pick(shelf.uses) }),
    fill(middle, { of, Of: capitalized(of), a, b }),
  ];
  if (random.chance(0.35))
    sentences.push(fill(random.pick(BRAND_LINES), { ...values, colour: values.colour.toLowerCase() }));
  sentences.push(random.pick(CLOSINGS));
  return sentences.join(' ');
}

/** The records of a catalog of `count` products. */
export function make_products({ count, seed }) {
  const random = new Random(hash_text(`products ${seed}`));
  const taken = new Set();
  const products = [];
  for (let number = 1; products.length < count; number += 1) {
    const shelf = random.pick_weighted(SHELVES, (s) => s.share);
    const brand = random.pick_weighted(BRANDS, (b) => brand_weight(b, shelf));
    const model = random.pick(MODELS);
    // One brand uses a model's name once on a shelf; a catalog beyond what names allow gets a second generation.
    const generation = 1 + Math.floor(number / 40000);
    const slot = `${brand.name}/${model}/${shelf.path[2]}/${generation}`;
    if (taken.has(slot)) continue;
    taken.add(slot);

    const variant = {};
    let step = 0.5;
    for (const [key, values] of Object.entries(shelf.variants ?? {})) {
      const index = random.whole(0, values.length - 1);
      variant[key] = values[index];
      step = values.length > 1 ? index / (values.length - 1) : 0.5;
    }
    const noun = fill(random.pick(shelf.nouns), variant);
    const colour = colour_of(random, brand, shelf);
    const name = `${model}${generation > 1 ? ` ${generation}` : ''} ${noun}`;

    const [low, high] = shelf.price;
    const place = Math.min(1, Math.max(0, 0.16 + 0.3 * step + 0.16 * random.bell()));
    const price = shop_price(Math.min(high * 1.3, Math.max(low, (low + (high - low) * place) * brand.price)));

    const quality = 4.15 + 0.25 * (brand.price - 1) + 0.38 * random.bell();
    const rating = Math.round(Math.min(5, Math.max(2.4, quality)) * 10) / 10;
    // Few products sell much and many sell little: a power of a flat number, steered by brand and rating.
    const fame = Math.pow(random.next(), 2.6) * (0.55 + brand.known / 18) * (0.6 + (rating - 2.4) / 4);
    const popularity = Math.max(1, Math.round(fame * 10000));
    const review_count = Math.round(popularity * random.real(0.01, 0.09)) + random.whole(0, 6);

    const [lvl0, lvl1, lvl2] = shelf.path;
    products.push({
      objectID: `lf-${String(products.length + 1).padStart(5, '0')}`,
      name,
      brand: brand.name,
      description: description_of(random, shelf, brand, { brand: brand.name, model, noun: noun.toLowerCase(), colour }),
      categories: { lvl0, lvl1: `${lvl0} > ${lvl1}`, lvl2: `${lvl0} > ${lvl1} > ${lvl2}` },
      color: colour,
      sizes: sizes_of(random, shelf, variant),
      price: Math.round(price * 100) / 100,
      rating,
      review_count,
      popularity,
      stock: random.chance(0.06) ? 0 : random.whole(1, 60),
      // What the page draws: the shape, the colour, and a number for small differences.
      image: `${picture_of(noun, shelf)}/${colour.toLowerCase()}/${random.whole(0, 999)}`,
    });
  }
  return products;
}
