// SPDX-License-Identifier: GPL-3.0-or-later
// The cart: one for each visitor, kept in the browser.

import { close_dialog, open_dialog } from './dialogs.js';
import { picture } from './picture.js';
import { CROSS, escaped, money, plural } from './text.js';

const key_of = (token) => `larkfell.cart.${token}`;

export class Cart {
  constructor({ visitor, dialog, count, on_order }) {
    this.visitor_ = visitor;
    this.dialog_ = dialog;
    this.count_ = count;
    this.on_order_ = on_order;
    this.lines = [];
    this.load_();
    visitor.on_change(() => this.load_());
    dialog.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-do]');
      if (button === null) return;
      const { do: what, line } = button.dataset;
      if (what === 'order') this.order_();
      else this.change_(line, what === 'more' ? 1 : what === 'less' ? -1 : -Infinity);
    });
  }

  /** Puts one piece of `hit` into the cart and answers the line as it was added. */
  add(hit, size) {
    const key = `${hit.objectID}/${size}`;
    let line = this.lines.find((one) => one.key === key);
    if (line === undefined) {
      line = {
        key,
        objectID: hit.objectID,
        name: hit.name,
        brand: hit.brand,
        price: hit.price,
        image: hit.image,
        size,
        quantity: 0,
        queryID: hit.__queryID,
      };
      this.lines.push(line);
    }
    line.quantity += 1;
    this.save_();
    return { ...line, quantity: 1 };
  }

  open() {
    this.draw_();
    open_dialog(this.dialog_);
  }

  load_() {
    try {
      const stored = JSON.parse(localStorage.getItem(key_of(this.visitor_.token)) ?? '[]');
      this.lines = Array.isArray(stored) ? stored : [];
    } catch {
      this.lines = [];
    }
    this.show_count_();
  }

  save_() {
    localStorage.setItem(key_of(this.visitor_.token), JSON.stringify(this.lines));
    this.show_count_();
  }

  show_count_() {
    const pieces = this.lines.reduce((sum, line) => sum + line.quantity, 0);
    this.count_.textContent = String(pieces);
    this.count_.closest('button').setAttribute('aria-label', `Cart, ${plural(pieces, 'piece', 'pieces')}`);
    this.count_.classList.toggle('some', pieces > 0);
  }

  change_(key, by) {
    const line = this.lines.find((one) => one.key === key);
    if (line === undefined) return;
    line.quantity += by;
    if (line.quantity < 1) this.lines = this.lines.filter((one) => one !== line);
    this.save_();
    this.draw_();
    // The button that was pressed is gone or drawn anew: keep the focus inside, on its successor.
    const next = [...this.dialog_.querySelectorAll('button[data-line]')].find(
      (button) => button.dataset.line === key && button.dataset.do === (by > 0 ? 'more' : 'less'),
    );
    (next ?? this.dialog_.querySelector('[data-close]')).focus();
  }

  async order_() {
    const lines = this.lines;
    if (lines.length === 0) return;
    this.lines = [];
    this.save_();
    close_dialog(this.dialog_);
    await this.on_order_(lines);
  }

  draw_() {
    const total = this.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
    const rows = this.lines.map(
      (
        line,
      ) => `<li class="line"><div class="line-picture">${picture(line.image)}</div><div class="line-text"><small>${escaped(line.brand)}</small><strong>${escaped(line.name)}</strong><span>${escaped(line.size)}</span>
      <div class="line-count"><button type="button" data-do="less" data-line="${escaped(line.key)}" aria-label="One less of ${escaped(line.name)}">−</button><span>${line.quantity}</span><button type="button" data-do="more" data-line="${escaped(line.key)}" aria-label="One more of ${escaped(line.name)}">+</button><button type="button" class="line-remove" data-do="remove" data-line="${escaped(line.key)}">Remove<span class="hidden"> ${escaped(line.name)}</span></button></div></div><b>${money(line.price * line.quantity)}</b></li>`,
    );
    this.dialog_.innerHTML = `<div class="sheet-head"><h2 id="cart-title">Your cart</h2><button type="button" class="close" data-close aria-label="Close the cart">${CROSS}</button></div>
      <div class="sheet-body">${rows.length > 0 ? `<ul class="lines">${rows.join('')}</ul>` : '<p class="empty">Nothing in it yet. The hills are waiting.</p>'}</div>
      <div class="sheet-foot"><p class="total"><span>Together</span><b>${money(total)}</b></p><button type="button" class="primary" data-do="order" ${rows.length === 0 ? 'disabled' : ''}>Place the order</button><p class="small">A demonstration: nothing is paid and nothing is sent.</p></div>`;
  }
}
