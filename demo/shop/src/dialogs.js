// SPDX-License-Identifier: GPL-3.0-or-later
// Native dialogs: the browser keeps the focus inside, closes on Escape and gives the focus back. Added here: closing by
// a click beside the dialog, and a soft way out.

const CLOSING_MS = 200;
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export function prepare_dialog(dialog) {
  const leave = () => close_dialog(dialog);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('[data-close]')) leave();
  });
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    leave();
  });
}

export function open_dialog(dialog) {
  dialog.classList.remove('leaving');
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

export function close_dialog(dialog) {
  if (!dialog.open || dialog.classList.contains('leaving')) return;
  if (calm()) {
    dialog.close();
    return;
  }
  dialog.classList.add('leaving');
  setTimeout(() => {
    dialog.classList.remove('leaving');
    dialog.close();
  }, CLOSING_MS);
}
