// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of the shop: the name that is a facet value, and the value that pictures and swatches are drawn with.
// The generator and the page both read this one table.

export const COLOURS = {
  Black: '#2b2d30',
  Charcoal: '#50565c',
  Slate: '#73828f',
  Stone: '#b5afa2',
  Sand: '#d6bf94',
  White: '#eceae4',
  Brown: '#7d5436',
  Rust: '#b9532c',
  Red: '#c5352f',
  Coral: '#e8775d',
  Ochre: '#d99a2b',
  Yellow: '#f0c93a',
  Moss: '#7d8a45',
  Forest: '#2f5d46',
  Teal: '#1f7f86',
  Sky: '#63a8d3',
  Blue: '#2f65b0',
  Navy: '#26395f',
  Plum: '#6f3f68',
  Steel: '#a9b3ba',
};
