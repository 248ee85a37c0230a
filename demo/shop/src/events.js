// SPDX-License-Identifier: GPL-3.0-or-later
// What the visitor does, sent with search-insights. The client's usual sendBeacon never shows the answer; here the
// request is made with fetch (which also outlives the page), so that the page can search again as soon as the server
// has acknowledged the event.

import { createInsightsClient } from 'search-insights';

const OBJECTS_PER_EVENT_MAX = 20;

export class Events {
  /** `on_taken(kind)` is called after the server has acknowledged an event of that kind, `on_refused()` otherwise. */
  constructor({ config, visitor, on_taken, on_refused }) {
    this.index_ = config.index;
    this.visitor_ = visitor;
    this.on_taken_ = on_taken;
    this.on_refused_ = on_refused;
    this.seen_ = new Set();
    this.aa_ = createInsightsClient((url, data) =>
      fetch(url, { method: 'POST', body: JSON.stringify(data), keepalive: true }).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    this.aa_('init', { appId: config.appId, apiKey: config.searchKey, host: config.origin, userToken: visitor.token });
    visitor.on_change((person) => this.aa_('setUserToken', person.token));
  }

  /** Hits came into view on the page. Each counts once for a visitor and a search. */
  viewed(hits, search_key) {
    const fresh = hits
      .map((hit) => hit.objectID)
      .filter((id) => {
        const key = `${this.visitor_.token}|${search_key}|${id}`;
        if (this.seen_.has(key)) return false;
        this.seen_.add(key);
        return true;
      });
    const events = [];
    for (let from = 0; from < fresh.length; from += OBJECTS_PER_EVENT_MAX)
      events.push({
        index: this.index_,
        eventName: 'Hits Viewed',
        objectIDs: fresh.slice(from, from + OBJECTS_PER_EVENT_MAX),
      });
    if (events.length > 0) return this.send_('view', 'viewedObjectIDs', ...events);
    return Promise.resolve(true);
  }

  clicked(hit) {
    const event = { index: this.index_, eventName: 'Hit Clicked', objectIDs: [hit.objectID] };
    if (!hit.__queryID) return this.send_('click', 'clickedObjectIDs', event);
    return this.send_('click', 'clickedObjectIDsAfterSearch', {
      ...event,
      queryID: hit.__queryID,
      positions: [hit.__position],
    });
  }

  filtered(attribute, value) {
    return this.send_('filter', 'clickedFilters', {
      index: this.index_,
      eventName: 'Filter Applied',
      filters: [`${attribute}:${value}`],
    });
  }

  added(line) {
    const data = { price: line.price, quantity: line.quantity };
    const event = {
      index: this.index_,
      eventName: 'Added To Cart',
      objectIDs: [line.objectID],
      currency: 'EUR',
      value: money_value(line.price * line.quantity),
    };
    if (!line.queryID) return this.send_('cart', 'addedToCartObjectIDs', { ...event, objectData: [data] });
    return this.send_('cart', 'addedToCartObjectIDsAfterSearch', {
      ...event,
      queryID: line.queryID,
      objectData: [{ ...data, queryID: line.queryID }],
    });
  }

  bought(lines) {
    const events = [];
    for (let from = 0; from < lines.length; from += OBJECTS_PER_EVENT_MAX) {
      const part = lines.slice(from, from + OBJECTS_PER_EVENT_MAX);
      events.push({
        index: this.index_,
        eventName: 'Order Placed',
        objectIDs: part.map((line) => line.objectID),
        currency: 'EUR',
        objectData: part.map((line) => ({
          price: line.price,
          quantity: line.quantity,
          ...(line.queryID ? { queryID: line.queryID } : {}),
        })),
        value: money_value(part.reduce((sum, line) => sum + line.price * line.quantity, 0)),
      });
    }
    const all_searched = lines.every((line) => line.queryID);
    return this.send_('order', all_searched ? 'purchasedObjectIDsAfterSearch' : 'purchasedObjectIDs', ...events);
  }

  async send_(kind, method, ...events) {
    const taken = await this.aa_(method, ...events);
    if (taken) this.on_taken_(kind);
    else this.on_refused_(kind);
    return taken;
  }
}

/** Euro with cents, without the tails of binary fractions. */
const money_value = (amount) => Math.round(amount * 100) / 100;
