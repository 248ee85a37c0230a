// SPDX-License-Identifier: GPL-3.0-or-later
// Clothes. Jackets share one torso and differ in hood, quilting, zip and pockets.

const LEFT_SLEEVE = 'M112 76 C92 82 82 94 76 116 L52 208 Q50 218 60 222 L80 227 Q88 228 90 220 L108 150 Z';
const RIGHT_SLEEVE = 'M208 76 C228 82 238 94 244 116 L268 208 Q270 218 260 222 L240 227 Q232 228 230 220 L212 150 Z';
const TORSO =
  'M112 76 Q134 66 140 60 H180 Q186 66 208 76 Q222 84 218 118 L220 226 Q220 238 208 239 Q160 245 112 239 Q100 238 100 226 L102 118 Q98 84 112 76 Z';

function quilt(k, name, outline, from, to, step, bow) {
  let rows = '';
  for (let y = from; y < to; y += step) {
    rows +=
      k.line(`M30 ${y} Q160 ${y + bow} 290 ${y}`, k.tones.nt, 2, 'opacity="0.36"') +
      k.line(`M30 ${y + 4} Q160 ${y + 4 + bow} 290 ${y + 4}`, '#fff', 4, 'opacity="0.17"') +
      k.line(`M30 ${y - 3.4} Q160 ${y - 3.4 + bow} 290 ${y - 3.4}`, k.tones.nt, 4, 'opacity="0.12"');
  }
  return k.clip(name, outline, rows);
}

const hood = (k) =>
  k.path('M124 74 C118 36 136 18 160 18 C184 18 202 36 196 74 Q178 84 160 84 Q142 84 124 74 Z', k.main) +
  k.path('M134 72 C130 46 144 34 160 34 C176 34 190 46 186 72 Q172 80 160 80 Q148 80 134 72 Z', k.tones.nt) +
  k.path(
    'M140 74 C138 54 148 44 160 44 C172 44 182 54 180 74 Q170 79 160 79 Q150 79 140 74 Z',
    '#14181b',
    'opacity="0.55"',
  ) +
  k.shine('M128 66 C124 40 138 25 156 23 C142 30 134 44 134 68 Z', 0.3) +
  k.seam('M160 18 L160 34');
const collar = (k, fill) =>
  k.path('M136 66 Q136 48 142 46 Q160 40 178 46 Q184 48 184 66 Q172 80 160 80 Q148 80 136 66 Z', fill ?? k.side) +
  k.path('M144 58 Q160 50 176 58 Q172 72 160 74 Q148 72 144 58 Z', '#14181b', 'opacity="0.6"');

function jacket(
  k,
  {
    hooded,
    quilted,
    rows = 21,
    zip = true,
    sleeves = true,
    pockets = 'hand',
    yoke = false,
    cuffs = false,
    fuzzy = false,
  },
) {
  const sleeve = (d, side) => k.path(d, side ? k.side : k.main);
  let out = k.ground(160, sleeves ? 112 : 78, 243, 11);
  if (sleeves) {
    out +=
      sleeve(LEFT_SLEEVE, false) +
      sleeve(RIGHT_SLEEVE, true) +
      k.shine('M106 84 C92 90 86 102 82 118 L62 204 L70 206 L94 116 Z', 0.22) +
      k.shade('M100 128 L108 150 L92 216 L84 226 L80 226 Z', 0.24);
    if (quilted)
      out += quilt(k, 'ql', LEFT_SLEEVE, 92, 230, rows - 2, -10) + quilt(k, 'qr', RIGHT_SLEEVE, 92, 230, rows - 2, -10);
    if (cuffs)
      out +=
        k.path('M55 202 L86 210 L82 228 L58 222 Q50 219 52 210 Z', k.trim) +
        k.path('M265 202 L234 210 L238 228 L262 222 Q270 219 268 210 Z', k.trim);
    else out += k.seam('M55 204 L87 212') + k.seam('M265 204 L233 212');
  }
  if (hooded) out += hood(k);
  else if (!zip) out += collar(k);
  out +=
    k.path(TORSO, k.main) +
    k.shade('M192 78 Q222 84 218 118 L220 226 Q220 238 208 239 L186 242 Q200 160 192 78 Z', 0.17);
  if (!hooded && zip) out += collar(k);
  else
    out +=
      k.path('M138 62 Q160 86 182 62 L190 68 Q166 98 160 100 Q154 98 130 68 Z', k.side) +
      k.path('M142 64 Q160 82 178 64 Q170 84 160 88 Q150 84 142 64 Z', '#14181b', 'opacity="0.45"');
  if (yoke)
    out +=
      k.path(
        'M112 76 Q134 66 140 60 L160 100 L180 60 Q186 66 208 76 Q220 84 218 112 Q190 120 160 120 Q130 120 102 112 Q100 84 112 76 Z',
        k.pop,
        'opacity="0.92"',
      ) + k.shade('M180 60 Q186 66 208 76 Q220 84 218 112 Q206 116 196 117 Z', 0.14);
  if (quilted) out += quilt(k, 'qt', TORSO, 96, 238, rows, 5);
  if (fuzzy) {
    let fluff = '';
    for (let i = 0; i < 150; i += 1) {
      const x = 100 + ((i * 61 + k.number * 7) % 121);
      const y = 76 + ((i * 37 + k.number * 3) % 164);
      fluff += `<path d="M${x} ${y} q2.5 -3 5 0" stroke="${i % 2 ? '#fff' : k.tones.nt}" stroke-opacity="0.22" stroke-width="1.6" fill="none"/>`;
    }
    out += k.clip('fz', TORSO, fluff);
  }
  if (zip)
    out +=
      k.line(`M160 ${hooded ? 88 : 74} V241`, k.tones.nt, 4.4, 'opacity="0.75"') +
      k.line(`M160 ${hooded ? 88 : 74} V240`, k.accent, 1.7, 'stroke-dasharray="2.4 1.6"') +
      k.path('M157 102 h6 l1.6 13 h-9.2z', k.accent);
  else
    out +=
      k.line('M160 84 V128', k.tones.nt, 4.4, 'opacity="0.75"') +
      k.line('M160 84 V128', k.accent, 1.7, 'stroke-dasharray="2.4 1.6"') +
      k.path('M157 124 h6 l1.4 11 h-8.8z', k.accent);
  if (pockets !== 'none')
    out +=
      k.line('M122 176 L114 214', k.tones.nt, 3.2, 'opacity="0.55"') +
      k.line('M198 176 L206 214', k.tones.nt, 3.2, 'opacity="0.55"') +
      k.gleam('M124 178 L117 212', 1.2, 0.4);
  if (pockets === 'chest') out += k.line('M180 122 H200', k.accent, 2.6) + k.seam('M176 120 V150 H204 V122');
  return (
    out +
    k.seam('M102 228 Q160 238 218 228') +
    k.shine('M110 84 Q128 74 138 70 Q122 90 122 120 L120 226 L108 224 L110 118 Z', 0.2) +
    k.logo(yoke ? 178 : 182, yoke ? 98 : 106)
  );
}

const VEST_TRIM = (k) =>
  k.line('M112 76 Q98 100 104 150', k.tones.nt, 4, 'opacity="0.5"') +
  k.line('M208 76 Q222 100 216 150', k.tones.nt, 4, 'opacity="0.5"');

function shirt(k, long) {
  const left = long
    ? 'M114 74 C94 80 86 92 80 112 L58 206 Q56 214 64 217 L80 221 Q87 222 89 215 L110 140 Z'
    : 'M114 74 C94 80 84 92 76 110 L60 146 Q58 152 64 155 L90 166 Q95 167 98 161 L112 130 Z';
  const right = long
    ? 'M206 74 C226 80 234 92 240 112 L262 206 Q264 214 256 217 L240 221 Q233 222 231 215 L210 140 Z'
    : 'M206 74 C226 80 236 92 244 110 L260 146 Q262 152 256 155 L230 166 Q225 167 222 161 L208 130 Z';
  const torso =
    'M114 74 Q132 68 138 62 Q160 82 182 62 Q188 68 206 74 Q218 82 214 116 L216 228 Q216 238 206 238 Q160 243 114 238 Q104 238 104 228 L106 116 Q102 82 114 74 Z';
  const stripes = k.choose(3, 2);
  return (
    k.ground(160, 100, 243, 10) +
    k.path(left, k.main) +
    k.path(right, k.side) +
    k.path('M136 62 Q160 50 184 62 Q172 84 160 84 Q148 84 136 62 Z', k.tones.nt) +
    k.path(torso, k.main) +
    (stripes === 1
      ? k.clip(
          'st',
          torso,
          [128, 148, 168, 188, 208]
            .map((y) => k.line(`M96 ${y} Q160 ${y + 8} 224 ${y}`, k.accent, 6, 'opacity="0.75"'))
            .join(''),
        )
      : '') +
    (stripes === 2
      ? k.clip('st', torso, k.path('M96 126 Q160 136 224 126 V164 Q160 174 96 164 Z', k.pop, 'opacity="0.9"'))
      : '') +
    k.shade('M190 78 Q218 82 214 116 L216 228 Q216 238 206 238 L186 240 Q198 160 190 78 Z', 0.15) +
    k.line('M136 63 Q160 88 184 63', k.tones.dp, 5, 'opacity="0.7"') +
    k.seam('M114 76 Q110 100 112 132') +
    k.seam('M206 76 Q210 100 208 132') +
    (long
      ? k.seam('M60 202 L90 209') + k.seam('M260 202 L230 209')
      : k.seam('M63 148 L95 160') + k.seam('M257 148 L225 160')) +
    k.seam('M104 229 Q160 236 216 229') +
    k.shine('M114 84 Q124 78 132 76 Q120 100 120 130 L118 228 L110 227 L112 116 Z', 0.2) +
    k.seam('M128 180 Q134 204 130 226', 1.2) +
    k.seam('M188 170 Q184 200 190 226', 1.2) +
    k.logo(176, 102)
  );
}

function legs(k, short) {
  const hem = short ? 170 : 240;
  const left = short
    ? `M108 62 H160 V112 L152 172 Q120 178 88 168 Z`
    : `M108 50 H160 V104 L146 232 Q146 240 138 240 L106 238 Q98 238 98 230 Z`;
  const right = short
    ? `M160 62 H212 L232 168 Q200 178 168 172 L160 112 Z`
    : `M160 50 H212 L222 230 Q222 238 214 238 L182 240 Q174 240 174 232 L160 104 Z`;
  const top = short ? 62 : 50;
  const lift = short ? 'translate(0 34)' : 'translate(0 0)';
  return (
    k.ground(160, short ? 92 : 80, short ? 222 : 243, 10) +
    `<g transform="${lift}">` +
    k.path(left, k.main) +
    k.path(right, k.side) +
    k.path(
      `M106 ${top - 12} Q160 ${top - 4} 214 ${top - 12} L214 ${top + 4} Q160 ${top + 12} 106 ${top + 4} Z`,
      k.tones.dp,
    ) +
    k.path(
      `M118 ${top - 12} Q160 ${top - 4} 202 ${top - 12} Q160 ${top - 20} 118 ${top - 12} Z`,
      '#14181b',
      'opacity="0.55"',
    ) +
    k.seam(`M160 ${top + 8} V${top + 56}`, 2.2) +
    k.seam(`M114 ${top + 10} Q124 ${top + 30} 108 ${top + 44}`) +
    k.seam(`M206 ${top + 10} Q196 ${top + 30} 212 ${top + 44}`) +
    (short
      ? k.seam('M92 160 Q122 170 152 163') +
        k.seam('M228 160 Q198 170 168 163') +
        k.path('M196 112 L220 108 L224 140 L200 144 Z', k.tones.dk) +
        k.line('M197 114 L220 110', k.accent, 2.4)
      : k.path('M186 118 L212 116 L214 156 L190 158 Z', k.tones.dk) +
        k.line('M187 121 L212 119', k.accent, 2.6) +
        k.seam('M101 168 Q122 158 148 168') +
        k.seam('M176 168 Q196 158 219 168') +
        k.seam('M100 178 Q124 186 147 178') +
        k.seam('M177 178 Q198 186 220 178') +
        k.seam('M99 230 Q122 236 146 230') +
        k.seam('M174 230 Q198 236 222 230')) +
    k.shine(`M114 ${top + 6} L128 ${top + 8} L116 ${hem - 12} L104 ${hem - 14} Z`, 0.22) +
    k.shade(`M160 ${top + 54} L${short ? 152 : 146} ${hem - 4} L${short ? 142 : 136} ${hem - 4} Z`, 0.2) +
    [132, 188].map((x) => k.line(`M${x} ${top - 11} V${top + 7}`, k.tones.nt, 4)).join('') +
    k.path(`M155 ${top - 7} h10 v10 h-10z`, k.accent) +
    k.logo(118, short ? 146 : 138, '#fff', 0.7) +
    `</g>`
  );
}

function beanie(k, bobble) {
  const dome = 'M82 186 C78 92 118 56 160 56 C202 56 242 92 238 186 Z';
  const rib = Array.from(
    { length: 13 },
    (_, i) =>
      k.line(`M${82 + i * 13} 186 C${92 + i * 11.2} 120 ${124 + i * 6} 74 160 56`, k.tones.nt, 2.4, 'opacity="0.26"') +
      k.line(`M${86 + i * 13} 186 C${96 + i * 11.2} 120 ${126 + i * 6} 76 161 57`, '#fff', 1.8, 'opacity="0.2"'),
  ).join('');
  const pattern = k.choose(2, 3)
    ? k.clip(
        'bp',
        dome,
        k.path(
          'M70 132 L90 116 L110 132 L130 116 L150 132 L170 116 L190 132 L210 116 L230 132 L250 116 V144 L230 156 L210 144 L190 156 L170 144 L150 156 L130 144 L110 156 L90 144 L70 156 Z',
          k.pop,
          'opacity="0.9"',
        ),
      )
    : '';
  const ball = bobble
    ? `<circle cx="160" cy="50" r="27" fill="${k.pop}"/>` +
      Array.from(
        { length: 22 },
        (_, i) =>
          `<path d="M160 50 l0 -30" stroke="#fff" stroke-opacity="${0.12 + (i % 3) * 0.08}" stroke-width="2.4" stroke-linecap="round" transform="rotate(${i * 16.4} 160 50)"/>`,
      ).join('')
    : '';
  return (
    k.ground(160, 98) +
    k.path(dome, k.main) +
    pattern +
    k.clip('rb', dome, rib) +
    k.shade('M196 66 C230 84 240 130 238 186 L206 186 C216 140 212 92 196 66 Z', 0.2) +
    k.shine('M96 168 C94 112 118 74 150 64 C124 86 112 122 114 170 Z', 0.22) +
    k.path(
      'M72 184 Q72 176 80 176 Q160 188 240 176 Q248 176 248 184 L246 226 Q246 234 236 235 Q160 246 84 235 Q74 234 74 226 Z',
      k.side,
    ) +
    Array.from({ length: 17 }, (_, i) =>
      k.line(
        `M${82 + i * 9.8} ${181 + Math.sin((i / 16) * 3.14) * 5} L${84 + i * 9.5} ${233 + Math.sin((i / 16) * 3.14) * 6}`,
        '#fff',
        2.6,
        'opacity="0.15"',
      ),
    ).join('') +
    k.path('M140 196 h40 v26 h-40z', '#f3ede0') +
    k.logo(153, 205, '#2b2f31', 1) +
    ball
  );
}

const glove = (k, flip, fill) =>
  `<g transform="${flip}">` +
  k.path(
    'M96 238 Q88 238 88 230 L90 178 Q76 168 66 146 Q60 132 70 128 Q80 126 88 140 L98 154 L96 92 Q96 80 106 80 Q115 80 116 92 L118 134 L120 74 Q121 62 131 62 Q141 62 141 74 L140 134 L146 84 Q148 73 157 74 Q166 76 165 88 L160 140 L170 106 Q174 96 182 99 Q190 103 187 113 L172 180 L168 230 Q168 238 160 238 Z',
    fill,
  ) +
  k.path('M88 206 Q128 214 170 206 L168 230 Q168 238 160 238 H96 Q88 238 88 230 Z', k.trim) +
  k.line('M90 198 Q130 206 170 198', k.accent, 4) +
  k.seam('M118 134 Q116 150 118 160') +
  k.seam('M140 134 Q140 150 138 160') +
  k.seam('M160 140 Q156 152 154 160') +
  k.shine('M100 92 Q101 86 106 85 Q104 120 106 160 L104 196 L96 196 Z', 0.22) +
  k.logo(124, 174) +
  `</g>`;

export const WEAR = {
  'jacket-rain': (k) =>
    jacket(k, {
      hooded: true,
      pockets: k.choose(2, 1) ? 'chest' : 'hand',
      yoke: k.choose(3, 4) === 0,
      cuffs: k.choose(2, 5) === 0,
    }),
  'jacket-down': (k) =>
    jacket(k, {
      hooded: k.choose(3, 2) !== 0,
      quilted: true,
      rows: [16, 21, 28][k.choose(3, 3)],
      yoke: k.choose(4, 5) === 0,
      cuffs: k.choose(3, 1) === 0,
    }),
  'jacket-soft': (k) =>
    jacket(k, { hooded: k.choose(2, 2) === 0, pockets: 'chest', cuffs: true, yoke: k.choose(2, 3) === 0 }),
  fleece: (k) =>
    jacket(k, { hooded: k.choose(3, 3) === 0, pockets: 'hand', fuzzy: true, cuffs: true, zip: k.choose(3, 2) !== 0 }),
  vest: (k) => jacket(k, { hooded: false, quilted: true, sleeves: false }) + VEST_TRIM(k),
  tee: (k) => shirt(k, false),
  'tee-long': (k) => shirt(k, true),
  trousers: (k) => legs(k, false),
  shorts: (k) => legs(k, true),
  beanie: (k) => beanie(k, false),
  'beanie-bobble': (k) => beanie(k, true),
  cap: (k) =>
    k.ground(170, 112, 226) +
    k.path('M60 190 C56 112 98 74 152 74 C208 74 240 116 238 190 Q150 166 60 190 Z', k.main) +
    k.path('M152 74 C208 74 240 116 238 190 Q218 184 196 181 C202 132 186 92 152 74 Z', k.side) +
    k.seam('M152 74 C118 96 104 136 104 180') +
    k.seam('M152 74 C186 92 202 132 196 181') +
    k.path(
      'M112 184 C150 176 210 178 238 190 C274 196 304 208 306 220 C306 228 292 229 276 226 C216 214 150 210 104 220 C88 222 78 204 84 196 Z',
      k.tones.dk,
    ) +
    k.path(
      'M108 186 C150 176 214 178 238 190 C270 196 298 207 302 217 C254 200 160 194 96 208 C90 202 96 190 108 186 Z',
      k.pop,
    ) +
    `<ellipse cx="152" cy="74" rx="9" ry="5" fill="${k.tones.dp}"/>` +
    k.shine('M72 178 C72 124 98 88 138 80 C110 102 96 136 94 180 Z', 0.26) +
    k.path('M128 118 h52 v34 h-52z', '#f3ede0', 'opacity="0.95"') +
    k.logo(147, 131, '#2b2f31', 1) +
    k.stitch('M110 196 C160 186 220 190 286 212'),
  sunhat: (k) =>
    k.ground(160, 130, 232) +
    `<ellipse cx="160" cy="196" rx="132" ry="34" fill="${k.side}"/><ellipse cx="160" cy="190" rx="132" ry="32" fill="${k.main}"/>` +
    k.path('M92 188 C92 112 116 76 160 76 C204 76 228 112 228 188 Q160 212 92 188 Z', k.main) +
    k.shade('M190 84 C220 100 228 140 228 188 Q214 194 198 197 C208 150 204 110 190 84 Z', 0.2) +
    k.path('M92 168 Q160 194 228 168 V188 Q160 212 92 188 Z', k.pop) +
    k.shine('M104 164 C104 122 120 92 148 84 C128 104 120 132 122 172 Z', 0.26) +
    k.stitch('M44 192 Q160 232 276 192') +
    k.seam('M34 190 Q160 236 286 190', 1.2) +
    k.line('M96 200 C96 250 224 250 224 200', '#5b4a38', 2.4, 'opacity="0.7"'),
  gloves: (k) =>
    k.ground(160, 116) +
    glove(k, 'translate(86 4) rotate(7 128 150)', k.side) +
    glove(k, 'translate(-16 6) rotate(-5 128 150)', k.main),
};
