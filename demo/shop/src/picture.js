// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a product as SVG from its record: `image` reads "shape/colour/number". The light always falls from the upper
// left, everything stands on the same floor, and the number makes small differences (a trim, a pocket, a tilt).

import { COLOURS } from '../../catalog/colours.mjs';
import { CAMP } from './shapes/camp.js';
import { CLIMB } from './shapes/climb.js';
import { COOK } from './shapes/cook.js';
import { FEET } from './shapes/feet.js';
import { PACKS } from './shapes/packs.js';
import { TOOLS } from './shapes/tools.js';
import { WEAR } from './shapes/wear.js';

const SHAPES = { ...CAMP, ...COOK, ...WEAR, ...FEET, ...PACKS, ...CLIMB, ...TOOLS };
const ACCENTS = ['#e8a33d', '#e4573d', '#3aa6a0', '#f1ede2', '#f0c93a', '#7fb6d9'];
const HEX = new Map(Object.entries(COLOURS).map(([name, hex]) => [name.toLowerCase(), hex]));

/** The value that a colour's name is drawn with; a soft grey for a name that is not in the table. */
export const colour_value = (name) => HEX.get(String(name).toLowerCase()) ?? '#9aa0a0';

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function mix(hex, other, share) {
  const [a, b] = [channels(hex), channels(other)];
  return `#${a
    .map((value, i) =>
      Math.round(value + (b[i] - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

const brightness = (hex) => {
  const [r, g, b] = channels(hex);
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
};

let pictures_drawn = 0;

/** What a shape is drawn with: fills by role, and strokes and lights that look alike on every product. */
function kit_for(colour, number) {
  pictures_drawn += 1;
  const id = `p${pictures_drawn}`;
  const bright = brightness(colour);
  const ink = '#141b1f';
  // Black things would swallow their own seams: lift them a little, as a photographer would.
  const base = bright < 0.22 ? mix(colour, '#6d747b', 0.16) : colour;
  const tones = {
    hi: mix(base, '#ffffff', bright > 0.75 ? 0.6 : 0.34),
    lt: mix(base, '#ffffff', 0.15),
    md: base,
    dk: mix(base, ink, 0.2),
    dp: mix(base, ink, 0.42),
    nt: mix(base, ink, 0.66),
  };
  const accent = ACCENTS[number % ACCENTS.length];
  const url = (name) => `url(#${id}${name})`;
  const stops = (list) =>
    list
      .map(
        ([at, value, opacity]) =>
          `<stop offset="${at}" stop-color="${value}"${opacity === undefined ? '' : ` stop-opacity="${opacity}"`}/>`,
      )
      .join('');
  const linear = (name, list, x2, y2) =>
    `<linearGradient id="${id}${name}" x1="0" y1="0" x2="${x2}" y2="${y2}">${stops(list)}</linearGradient>`;
  const backdrop = mix(mix(colour, '#f3eee4', 0.5), '#f4f0e8', 0.72);
  const defs = [
    linear(
      'm',
      [
        [0, tones.hi],
        [0.38, tones.md],
        [1, tones.dk],
      ],
      0.85,
      1,
    ),
    linear(
      's',
      [
        [0, tones.dk],
        [1, tones.dp],
      ],
      0.7,
      1,
    ),
    linear(
      'r',
      [
        [0, tones.dk],
        [0.22, tones.hi],
        [0.5, tones.md],
        [1, tones.dp],
      ],
      1,
      0,
    ),
    linear(
      'e',
      [
        [0, '#8d979d'],
        [0.2, '#f4f7f8'],
        [0.5, '#bcc5ca'],
        [0.8, '#7f8a91'],
        [1, '#a7b1b6'],
      ],
      1,
      0,
    ),
    linear(
      'f',
      [
        [0, '#f1f4f5'],
        [0.5, '#b9c2c7'],
        [1, '#808b92'],
      ],
      0.6,
      1,
    ),
    linear(
      't',
      [
        [0, '#4c5358'],
        [0.45, '#2c3135'],
        [1, '#1a1e21'],
      ],
      0.7,
      1,
    ),
    linear(
      'a',
      [
        [0, mix(accent, '#ffffff', 0.3)],
        [0.5, accent],
        [1, mix(accent, ink, 0.25)],
      ],
      0.6,
      1,
    ),
    linear(
      'w',
      [
        [0, '#d9a86c'],
        [0.5, '#b9824a'],
        [1, '#8a5a30'],
      ],
      0.5,
      1,
    ),
    `<radialGradient id="${id}b" gradientUnits="userSpaceOnUse" cx="112" cy="66" r="290">${stops([
      [0, '#fffdf9'],
      [0.55, mix(backdrop, '#ffffff', 0.25)],
      [1, backdrop],
    ])}</radialGradient>`,
    `<radialGradient id="${id}g">${stops([
      [0, '#1c1a14', 0.34],
      [0.55, '#1c1a14', 0.16],
      [1, '#1c1a14', 0],
    ])}</radialGradient>`,
    `<radialGradient id="${id}l">${stops([
      [0, '#fff6cf', 1],
      [0.5, '#ffe08a', 0.75],
      [1, '#ffd36a', 0],
    ])}</radialGradient>`,
  ];
  const path = (d, fill, more = '') => `<path d="${d}" fill="${fill}" ${more}/>`;
  const line = (d, stroke, width, more = '') =>
    `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;
  return {
    id,
    defs,
    number,
    accent,
    tones,
    main: url('m'),
    side: url('s'),
    round: url('r'),
    metal: url('e'),
    metal_flat: url('f'),
    trim: url('t'),
    pop: url('a'),
    wood: url('w'),
    backdrop: url('b'),
    glow: url('l'),
    path,
    line,
    /** A seam sewn into the main material. */
    seam: (d, width = 1.6) => line(d, tones.nt, width, 'stroke-opacity="0.42"'),
    stitch: (d) => line(d, tones.hi, 1.1, 'stroke-opacity="0.75" stroke-dasharray="3 3"'),
    shine: (d, opacity = 0.24) => path(d, '#ffffff', `opacity="${opacity}"`),
    shade: (d, opacity = 0.18) => path(d, '#0c1418', `opacity="${opacity}"`),
    gleam: (d, width = 2.2, opacity = 0.55) => line(d, '#ffffff', width, `stroke-opacity="${opacity}"`),
    tube: (d, width) =>
      line(d, '#3a4146', width) + line(d, '#9aa5ab', width * 0.42, 'transform="translate(-0.7 -0.7)"'),
    ground: (cx, rx, cy = 240, ry = 13) => `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${url('g')}"/>`,
    logo: (x, y, fill = '#ffffff', opacity = 0.85) =>
      `<g fill="${fill}" opacity="${opacity}" transform="translate(${x} ${y})"><path d="M0 8 L5 0 L8.5 5.4 L10.5 2.6 L14 8Z"/></g>`,
    clip: (name, d, inner) =>
      `<clipPath id="${id}${name}"><path d="${d}"/></clipPath><g clip-path="${url(name)}">${inner}</g>`,
    /** One of `count` choices, the same for the same product. `salt` makes several choices independent. */
    choose: (count, salt = 1) => Math.floor(number / (salt * 7 + 1) + salt * 3) % count,
  };
}

/**
 * The picture of `image` as the text of an <svg>. It is decoration beside the product's name, so it is hidden from
 * screen readers. A shape that is not known is drawn as a parcel. The backdrop is larger than the picture, so that a frame of
 * any proportion is filled and nothing of the product is cut off.
 */
export function picture(image) {
  const [shape, colour, number] = String(image ?? '').split('/');
  const kit = kit_for(colour_value(colour ?? ''), Number.parseInt(number, 10) || 0);
  const draw = SHAPES[shape] ?? TOOLS.parcel;
  const body = draw(kit);
  return `<svg class="picture" viewBox="0 0 320 280" preserveAspectRatio="xMidYMid meet" aria-hidden="true" focusable="false"><defs>${kit.defs.join('')}</defs><rect x="-480" y="-420" width="1280" height="1120" fill="${kit.backdrop}"/>${body}</svg>`;
}

export const SHAPE_NAMES = Object.keys(SHAPES);
