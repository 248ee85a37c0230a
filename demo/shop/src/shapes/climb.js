// SPDX-License-Identifier: GPL-3.0-or-later
// Ropes, harnesses, helmets and metal.

const krab = (k, fill_stroke, hi, x, y, s, r) =>
  `<g transform="translate(${x} ${y}) rotate(${r}) scale(${s})">` +
  k.line(
    'M-2 -84 C38 -92 52 -62 46 -22 L34 62 C28 92 -18 94 -26 66 L-40 -32 C-44 -62 -30 -80 -2 -84 Z',
    fill_stroke,
    17,
  ) +
  k.line('M-8 -86 C28 -92 44 -68 40 -30', hi, 4, 'opacity="0.75"') +
  k.line('M-38 -34 L-26 62', '#596268', 15) +
  k.line('M-38 -34 L-26 62', '#cfd6da', 9) +
  k.line('M-40 -30 L-30 52', '#ffffff', 2.6, 'opacity="0.8"') +
  `<circle cx="-26" cy="62" r="4" fill="#4b5459"/></g>`;

export const CLIMB = {
  carabiner: (k) =>
    k.ground(166, 80, 246, 10) +
    krab(k, k.tones.dp, '#fff', 166, 146, 1.04, 10) +
    krab(k, k.tones.md, '#fff', 163, 143, 1.04, 10) +
    (k.choose(2, 2)
      ? `<g transform="translate(163 143) rotate(10) scale(1.04)"><path d="M-46 -12 L-24 -16 L-17 36 L-39 40 Z" fill="${k.pop}"/><path d="M-44 -4 l22 -4 M-42 6 l22 -4 M-41 16 l22 -4 M-39 26 l21 -4" stroke="#0003" stroke-width="2"/></g>`
      : ''),
  quickdraw: (k) =>
    k.ground(160, 54, 256, 7) +
    krab(k, k.tones.dp, '#fff', 161, 66, 0.52, 6) +
    krab(k, k.tones.md, '#fff', 160, 64, 0.52, 6) +
    krab(k, k.tones.dp, '#fff', 161, 214, 0.52, 186) +
    krab(k, k.tones.md, '#fff', 160, 212, 0.52, 186) +
    k.path('M148 94 Q160 88 172 94 L170 182 Q160 188 150 182 Z', k.pop) +
    k.stitch('M154 98 V180') +
    k.stitch('M166 98 V180') +
    k.shine('M150 95 L155 95 L155 182 L151 182 Z', 0.3) +
    k.path('M147 102 h26 v9 h-26z M148 166 h24 v9 h-24z', k.trim),
  helmet: (k) =>
    k.ground(164, 110) +
    k.line('M92 172 C100 240 156 256 168 234 M228 172 C220 230 190 246 168 234', '#2c3236', 6) +
    k.path('M156 228 h24 v12 h-24z', k.pop) +
    k.path(
      'M60 170 C54 96 104 52 166 52 C232 52 276 100 268 166 Q266 182 250 182 Q160 166 78 186 Q62 188 60 170 Z',
      k.main,
    ) +
    k.path('M166 52 C232 52 276 100 268 166 Q266 182 250 182 Q236 178 220 177 C236 130 214 76 166 52 Z', k.side) +
    [
      ['M110 94 Q130 78 146 78 L138 108 Q120 112 104 122 Z'],
      ['M164 78 Q190 80 206 98 L200 120 Q182 108 160 106 Z'],
      ['M92 136 Q112 122 134 120 L130 146 Q108 150 90 158 Z'],
      ['M152 118 Q182 120 200 132 L200 150 Q176 144 150 144 Z'],
    ]
      .map(([d]) => k.path(d, '#1c2124', 'opacity="0.82"') + k.line(d, k.tones.hi, 1.4, 'opacity="0.5"'))
      .join('') +
    k.path('M58 166 Q160 142 268 162 Q270 176 262 184 Q160 166 70 190 Q58 186 58 166 Z', k.trim) +
    k.line('M62 170 Q160 148 266 166', k.accent, 3) +
    k.shine('M72 150 C72 108 100 72 148 60 C116 82 96 112 94 152 Z', 0.3) +
    k.logo(228, 140),
  rope: (k) => {
    const ring = (cx, cy, rx, ry, w, tilt) =>
      `<g transform="rotate(${tilt} ${cx} ${cy})"><ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="none" stroke="${k.tones.nt}" stroke-width="${w + 2}"/><ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="none" stroke="${k.tones.md}" stroke-width="${w}"/><ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="none" stroke="${k.accent}" stroke-width="${w * 0.34}" stroke-dasharray="5 11"/><ellipse cx="${cx - 1.4}" cy="${cy - 1.6}" rx="${rx}" ry="${ry}" fill="none" stroke="#fff" stroke-opacity=".28" stroke-width="${w * 0.22}"/></g>`;
    return (
      k.ground(160, 84, 248, 10) +
      [-13, 9, -6, 13, -2, 5]
        .map((tilt, i) => ring(160 + (i - 2.5) * 5, 154, 54 + (i % 3) * 7, 82 - (i % 2) * 5, 10, tilt))
        .join('') +
      [0, 1, 2, 3, 4]
        .map(
          (i) =>
            k.line(`M${112 - i} ${88 + i * 9.6} Q160 ${100 + i * 9.6} ${208 + i} ${88 + i * 9.6}`, k.tones.nt, 11) +
            k.line(`M${112 - i} ${87 + i * 9.6} Q160 ${99 + i * 9.6} ${208 + i} ${87 + i * 9.6}`, k.tones.lt, 8.6) +
            k.line(
              `M${112 - i} ${87 + i * 9.6} Q160 ${99 + i * 9.6} ${208 + i} ${87 + i * 9.6}`,
              k.accent,
              3,
              'stroke-dasharray="5 10"',
            ),
        )
        .join('') +
      k.line('M160 90 C146 40 176 24 196 44 C206 56 196 70 186 92', k.tones.nt, 11) +
      k.line('M160 90 C146 40 176 24 196 44 C206 56 196 70 186 92', k.tones.md, 8.6) +
      k.line('M160 90 C146 40 176 24 196 44 C206 56 196 70 186 92', k.accent, 3, 'stroke-dasharray="5 10"')
    );
  },
  harness: (k) =>
    k.ground(160, 104, 246, 10) +
    k.line('M92 176 C70 246 150 252 148 196', k.tones.dp, 19) +
    k.line('M92 176 C70 246 150 252 148 196', k.tones.md, 13) +
    k.line('M228 176 C250 246 170 252 172 196', k.tones.nt, 19) +
    k.line('M228 176 C250 246 170 252 172 196', k.tones.dk, 13) +
    k.line('M104 128 L96 180 M216 128 L224 180', k.tones.nt, 6) +
    k.path(
      'M58 92 Q160 56 262 92 Q272 98 268 112 Q264 130 250 130 Q160 104 70 130 Q56 130 52 112 Q48 98 58 92 Z',
      k.tones.nt,
    ) +
    k.path(
      'M64 106 Q160 80 256 106 Q266 110 262 124 Q258 138 246 138 Q160 118 74 138 Q62 138 58 124 Q54 110 64 106 Z',
      k.main,
    ) +
    k.line('M66 124 Q160 100 254 124', k.accent, 7) +
    k.line('M66 121 Q160 97 254 121', '#fff', 1.6, 'opacity="0.5"') +
    k.path('M182 94 h22 v26 h-22z', k.metal_flat) +
    k.line('M187 98 v18 M199 98 v18', '#596268', 2) +
    k.path('M148 112 Q160 106 172 112 L170 196 Q160 204 150 196 Z', k.pop) +
    k.stitch('M154 118 V192') +
    k.stitch('M166 118 V192') +
    k.line('M84 138 C78 166 104 170 106 136 M214 136 C216 170 242 166 236 138', k.accent, 4.4) +
    k.shine('M66 110 Q110 96 150 94 Q100 106 70 122 Z', 0.3),
};
