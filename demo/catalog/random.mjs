// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers from a seed. The same seed gives the same catalog on every machine and with every version of Node, which
// Math.random cannot promise.

/** A 32-bit hash of a text (FNV-1a), to give every noun a stream of its own. */
export function hash_text(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** A stream of numbers in [0, 1), from a 32-bit seed (the "mulberry32" recurrence). */
export class Random {
  constructor(seed) {
    this.state_ = seed >>> 0;
  }

  next() {
    this.state_ = (this.state_ + 0x6d2b79f5) >>> 0;
    let t = this.state_;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from low to high, both included. */
  whole(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  real(low, high) {
    return low + this.next() * (high - low);
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  /** One of `list`, with a chance proportional to `weight_of(item)`. */
  pick_weighted(list, weight_of) {
    let total = 0;
    for (const item of list) total += weight_of(item);
    let left = this.next() * total;
    for (const item of list) {
      left -= weight_of(item);
      if (left < 0) return item;
    }
    return list[list.length - 1];
  }

  /** A bell-shaped number with mean 0 and deviation 1, from the sum of twelve flat ones. */
  bell() {
    let sum = -6;
    for (let i = 0; i < 12; i += 1) sum += this.next();
    return sum;
  }

  shuffle(list) {
    const out = list.slice();
    for (let i = out.length - 1; i > 0; i -= 1) {
      const j = Math.floor(this.next() * (i + 1));
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }
}
