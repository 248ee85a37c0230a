// SPDX-License-Identifier: GPL-3.0-or-later
// What the clients know outside the server: what was acknowledged, and what was on its way when the server died. What
// is found afterwards is compared with it. Every id belongs to one client, and a client has one request on its way at a
// time, so each id has one known state, and at most one that it may have changed to.

/** Ids with a value: a version for records, 1 for events. An absent id has no value. */
export class Ledger {
  #known = new Map();
  #in_flight = new Map(); // client -> [[id, value or undefined]]: one request, applied whole or not at all

  begin(client, changes) {
    this.#in_flight.set(client, changes);
  }

  /** The server said 2xx: from now on this must be found. */
  acknowledge(client) {
    for (const [id, value] of this.#in_flight.get(client)) this.#set(id, value);
    this.#in_flight.delete(client);
  }

  /** The server refused: nothing of it may be found. */
  refuse(client) {
    this.#in_flight.delete(client);
  }

  get in_flight_count() {
    return this.#in_flight.size;
  }

  get size() {
    return this.#known.size;
  }

  ids(start) {
    return [...this.#known.keys()].filter((id) => id.startsWith(start));
  }

  /** For the control: pretends that something was, or was not, acknowledged. */
  pretend(id, value) {
    this.#set(id, value);
  }

  /**
   * Compares with what was found, a list of [id, value], and names what is wrong:
   *   lost      acknowledged and not there, or there with an older value
   *   doubled   there more than once
   *   invented  there and never sent, or acknowledged as deleted
   *   torn      a request on its way of which a part was applied
   * Requests on their way are settled by what was found.
   */
  compare(found) {
    const wrong = { lost: [], doubled: [], invented: [], torn: [] };
    const there = new Map();
    for (const [id, value] of found) {
      if (there.has(id)) wrong.doubled.push(id);
      there.set(id, value);
    }
    for (const [client, changes] of this.#in_flight) {
      const applied = changes.filter(([id, value]) => there.get(id) === value);
      const untouched = changes.filter(([id]) => there.get(id) === this.#known.get(id));
      if (applied.length === changes.length) {
        for (const [id, value] of changes) this.#set(id, value);
      } else if (untouched.length !== changes.length) {
        wrong.torn.push(`${client}: ${applied.length} of ${changes.length}, as ${changes[0][0]}`);
        for (const [id] of changes) this.#set(id, there.get(id));
      }
    }
    this.#in_flight.clear();
    for (const [id, value] of this.#known) {
      if (there.get(id) !== value) wrong.lost.push(there.has(id) ? `${id} (${there.get(id)}, not ${value})` : id);
    }
    for (const id of there.keys()) {
      if (!this.#known.has(id)) wrong.invented.push(id);
    }
    return wrong;
  }

  #set(id, value) {
    if (value === undefined) this.#known.delete(id);
    else this.#known.set(id, value);
  }
}

export const count_wrong = (wrong) => Object.values(wrong).reduce((sum, list) => sum + list.length, 0);
