// SPDX-License-Identifier: GPL-3.0-or-later
// Who is shopping: one of three people with a past, or a new visitor. The choice survives a reload; a new visitor can
// be forgotten, which gives a fresh token.

import { PEOPLE } from '../../catalog/people.mjs';

const CHOICE = 'larkfell.visitor';
const TOKEN = 'larkfell.new-visitor-token';

const fresh_token = () =>
  `visitor-${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

export class Visitor {
  constructor() {
    this.listeners_ = [];
    let token = localStorage.getItem(TOKEN);
    if (!token) {
      token = fresh_token();
      localStorage.setItem(TOKEN, token);
    }
    this.everyone = [
      ...PEOPLE.map(({ id, name, userToken, about }) => ({ id, name, token: userToken, about })),
      { id: 'new', name: 'New visitor', token, about: 'Never seen before. Click something, and watch.' },
    ];
    const choice = localStorage.getItem(CHOICE);
    this.current = this.everyone.find((person) => person.id === choice) ?? this.everyone[3];
  }

  get token() {
    return this.current.token;
  }

  choose(id) {
    const person = this.everyone.find((one) => one.id === id);
    if (person === undefined || person === this.current) return;
    this.current = person;
    localStorage.setItem(CHOICE, id);
    this.tell_();
  }

  /** Makes the new visitor somebody else: a new token, with no past. */
  forget() {
    const visitor = this.everyone[3];
    visitor.token = fresh_token();
    localStorage.setItem(TOKEN, visitor.token);
    this.current = visitor;
    localStorage.setItem(CHOICE, 'new');
    this.tell_();
  }

  on_change(listener) {
    this.listeners_.push(listener);
  }

  tell_() {
    for (const listener of this.listeners_) listener(this.current);
  }
}
