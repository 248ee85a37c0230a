// SPDX-License-Identifier: GPL-3.0-or-later
// The panel of one product. On a wide page it stands beside the results, so that one can see them move.

import { open_dialog } from './dialogs.js';
import { colour_value, picture } from './picture.js';
import { CROSS, escaped, last_level, marked, money, stars } from './text.js';
import { explanation } from './why.js';

export class Detail {
  /** `on_add(hit, size)` and `on_buy(hit, size)` are called by the two buttons. */
  constructor({ dialog, on_add, on_buy }) {
    this.dialog_ = dialog;
    this.hit_ = null;
    dialog.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-do]');
      if (button === null || this.hit_ === null) return;
      const size = dialog.querySelector('input[name="size"]:checked')?.value ?? '';
      if (button.dataset.do === 'add') on_add(this.hit_, size);
      else on_buy(this.hit_, size);
    });
  }

  open(hit, context) {
    this.hit_ = hit;
    const sizes = hit.sizes ?? [];
    const middle = Math.floor((sizes.length - 1) / 2);
    const stock =
      hit.stock === 0
        ? '<span class="stock none">Back in two weeks</span>'
        : hit.stock < 5
          ? `<span class="stock few">Only ${Number(hit.stock)} left</span>`
          : '<span class="stock">In stock, at your door in two days</span>';
    this.dialog_.innerHTML = `<div class="detail-picture">${picture(hit.image)}<button type="button" class="close" data-close aria-label="Close ${escaped(hit.name)}">${CROSS}</button></div>
      <div class="sheet-body detail-body">
        <p class="crumbs">${escaped(hit.categories?.lvl2 ?? '')
          .split(' &gt; ')
          .join(' <span aria-hidden="true">›</span> ')}</p>
        <p class="detail-brand">${escaped(hit.brand)}</p>
        <h2 id="detail-name">${marked(hit, 'name')}</h2>
        <div class="detail-row"><b class="detail-price">${money(hit.price)}</b>${stars(hit.rating, hit.review_count)}</div>
        <p class="detail-text">${marked(hit, 'description')}</p>
        <p class="detail-colour"><i class="dot" style="background:${colour_value(hit.color)}"></i>${escaped(hit.color)} ${stock}</p>
        <fieldset class="size-choice"><legend>Size</legend>${sizes.map((size, i) => `<label><input type="radio" name="size" value="${escaped(size)}" ${i === middle ? 'checked' : ''}/><span>${escaped(size)}</span></label>`).join('')}</fieldset>
        <div class="detail-buttons"><button type="button" class="primary" data-do="add">Add to cart</button><button type="button" class="secondary" data-do="buy">Buy now</button></div>
        <p class="panel-said" role="status" aria-live="polite"></p>
        <p class="learned">This click counted for <b>${escaped(hit.brand)}</b>, <b>${escaped(hit.color)}</b> and <b>${escaped(last_level(hit.categories?.lvl2 ?? ''))}</b>.</p>
        <details class="detail-why"><summary>Why did it stand at place ${hit.__position}?</summary>${explanation(hit, context)}</details>
      </div>`;
    open_dialog(this.dialog_);
  }

  /** A sentence under the buttons; what lies outside an open dialog is not read aloud. */
  say(text) {
    this.dialog_.querySelector('.panel-said').textContent = text;
  }
}
