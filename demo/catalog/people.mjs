// SPDX-License-Identifier: GPL-3.0-or-later
// Three people who have been in the shop before, and what they did there. Their events carry an age in seconds instead
// of a time, so that the history is always a few days old, whenever the demo is started.

import { Random, hash_text } from './random.mjs';

const HOUR = 3600;

/**
 * A taste is a set of weights: how much more likely the person looks at a product of this brand, colour or shelf than at
 * another one. `price` is the highest price that the person likes to pay.
 */
export const PEOPLE = [
  {
    id: 'maya',
    name: 'Maya',
    full_name: 'Maya Lindqvist',
    userToken: 'person-maya',
    about: 'Runs on trails before work. Light, fast, bright.',
    taste: {
      brands: { Kestvik: 14, Eskavale: 4 },
      colours: { Coral: 4, Sky: 3, Yellow: 2 },
      shelves: {
        'Trail running shoes': 12,
        Daypacks: 4,
        Tops: 4,
        Shorts: 4,
        'Rain jackets': 3,
        Headlamps: 2,
        'Water bottles': 2,
      },
      price: 220,
    },
  },
  {
    id: 'tomas',
    name: 'Tomás',
    full_name: 'Tomás Herrera',
    userToken: 'person-tomas',
    about: 'Camps with two children and one dog. Roomy and green.',
    taste: {
      brands: { Fernholt: 14, Aldermoor: 4 },
      colours: { Forest: 4, Moss: 3, Sand: 2 },
      shelves: {
        'Family tents': 10,
        'Camp chairs': 5,
        Lanterns: 4,
        'Gas stoves': 4,
        'Rain jackets': 3,
        'Sleeping bags': 4,
        Mugs: 2,
        'Hiking boots': 3,
      },
      price: 700,
    },
  },
  {
    id: 'ingrid',
    name: 'Ingrid',
    full_name: 'Ingrid Moe',
    userToken: 'person-ingrid',
    about: 'Climbs in winter. Warm, proven, blue.',
    taste: {
      brands: { Iskendal: 14, Nordhylle: 5 },
      colours: { Blue: 4, Navy: 3, Red: 2 },
      shelves: {
        'Down jackets': 10,
        'Rain jackets': 4,
        Ropes: 5,
        Harnesses: 4,
        'Sleeping bags': 5,
        Gloves: 4,
        'Hiking boots': 3,
        'Stove systems': 3,
      },
      price: 900,
    },
  },
];

const weight_in = (table, key, otherwise) => table[key] ?? otherwise;

function appeal(taste, product) {
  const shelf = product.categories.lvl2.split(' > ')[2];
  return (
    weight_in(taste.brands, product.brand, 0.5) *
    weight_in(taste.colours, product.color, 0.6) *
    weight_in(taste.shelves, shelf, 0.15) *
    (product.price <= taste.price ? 1 : 0.2) *
    (0.4 + product.popularity / 10000)
  );
}

function history_of(person, products, index, random) {
  const events = [];
  const visits = 5;
  const say = (age_seconds, event) =>
    events.push({ ...event, index, userToken: person.userToken, age_seconds: Math.round(age_seconds) });
  for (let visit = 0; visit < visits; visit += 1) {
    // The first visit was four days ago, the last one yesterday.
    let age = (96 - visit * 17) * HOUR + random.whole(-2 * HOUR, 2 * HOUR);
    const seen = [];
    for (let i = 0; i < 9; i += 1) seen.push(random.pick_weighted(products, (p) => appeal(person.taste, p)));
    const unique = [...new Map(seen.map((p) => [p.objectID, p])).values()];
    const strangers = [random.pick(products), random.pick(products), random.pick(products)];
    say(age, {
      eventType: 'view',
      eventName: 'Hits Viewed',
      objectIDs: [...new Set([...unique, ...strangers].map((p) => p.objectID))],
    });
    for (const product of unique.slice(0, 6)) {
      age -= random.whole(20, 180);
      say(age, { eventType: 'click', eventName: 'Hit Clicked', objectIDs: [product.objectID] });
    }
    const basket = unique.filter((p) => person.taste.brands[p.brand] !== undefined).slice(0, 2);
    for (const product of basket) {
      age -= random.whole(20, 120);
      say(age, {
        eventType: 'conversion',
        eventSubtype: 'addToCart',
        eventName: 'Added To Cart',
        objectIDs: [product.objectID],
        objectData: [{ price: product.price, quantity: 1 }],
        currency: 'EUR',
        value: product.price,
      });
    }
    if (basket.length > 0 && visit % 2 === 1) {
      age -= random.whole(60, 300);
      const value = Math.round(basket.reduce((sum, p) => sum + p.price, 0) * 100) / 100;
      say(age, {
        eventType: 'conversion',
        eventSubtype: 'purchase',
        eventName: 'Order Placed',
        objectIDs: basket.map((p) => p.objectID),
        objectData: basket.map((p) => ({ price: p.price, quantity: 1 })),
        currency: 'EUR',
        value,
      });
    }
  }
  return events;
}

/** The people with their histories in the index called `index`. */
export function make_people({ products, seed, index }) {
  return PEOPLE.map((person) => {
    const random = new Random(hash_text(`people ${seed} ${person.id}`));
    const { id, name, full_name, userToken, about } = person;
    return { id, name, full_name, userToken, about, events: history_of(person, products, index, random) };
  });
}
