// SPDX-License-Identifier: GPL-3.0-or-later
// Backpacks, duffels and dry bags.

const strap = (k, d, w) => k.line(d, k.tones.nt, w) + k.line(d, k.tones.dp, w - 3);
const buckle = (k, x, y) => `<rect x="${x - 6}" y="${y - 4}" width="12" height="9" rx="2" fill="${k.trim}"/>`;

export const PACKS = {
  'pack-day': (k) => {
    const roll = k.choose(3, 2) === 0;
    return (
      k.ground(160, 90) +
      strap(k, 'M104 100 C72 130 72 190 96 222', 15) +
      strap(k, 'M216 100 C248 130 248 190 224 222', 15) +
      k.line('M140 56 C140 34 180 34 180 56', k.tones.nt, 7) +
      k.path('M96 98 Q96 50 140 48 H180 Q224 50 224 98 V214 Q224 240 198 240 H122 Q96 240 96 214 Z', k.main) +
      k.shade('M190 49 Q224 54 224 98 V214 Q224 240 198 240 H180 Q204 234 204 206 V100 Q204 66 190 49 Z', 0.2) +
      (roll
        ? k.path('M92 72 Q92 50 108 50 H212 Q228 50 228 72 Q160 84 92 72 Z', k.side) +
          k.line('M98 66 Q160 76 222 66', k.tones.nt, 2, 'opacity="0.5"') +
          k.line('M128 52 V118 M192 52 V118', k.accent, 5) +
          buckle(k, 128, 104) +
          buckle(k, 192, 104)
        : k.line('M112 112 Q112 64 160 64 Q208 64 208 112', k.tones.nt, 4, 'opacity="0.6"') +
          k.line('M112 112 Q112 64 160 64 Q208 64 208 112', k.accent, 1.6, 'stroke-dasharray="2.4 1.8"')) +
      k.path('M112 150 Q112 136 126 136 H194 Q208 136 208 150 V216 Q208 228 196 228 H124 Q112 228 112 216 Z', k.side) +
      k.path('M112 150 Q112 136 126 136 H194 Q208 136 208 150 V158 Q160 168 112 158 Z', k.main) +
      k.line('M118 156 Q160 164 202 156', k.accent, 2, 'stroke-dasharray="2.4 1.8"') +
      k.path('M194 152 l8 1 -1 12 -7 -1z', k.accent) +
      k.path('M96 168 Q84 172 84 184 V220 Q86 236 100 236 Z', k.tones.dp) +
      k.path('M224 168 Q236 172 236 184 V220 Q234 236 220 236 Z', k.tones.nt) +
      k.shine('M104 98 Q106 62 138 56 Q118 72 118 104 V132 L104 140 Z', 0.26) +
      k.path('M146 104 h28 v18 h-28z', k.trim) +
      k.logo(153, 109, '#fff', 0.95) +
      k.seam('M98 130 H222') +
      k.gleam('M120 146 V214', 2.6, 0.2)
    );
  },
  'pack-trek': (k) =>
    k.ground(160, 92) +
    strap(k, 'M110 92 C70 120 68 190 92 226', 16) +
    strap(k, 'M210 92 C250 120 252 190 228 226', 16) +
    k.path('M70 204 Q96 196 110 206 V226 Q90 232 66 226 Z', k.trim) +
    k.path('M250 204 Q224 196 210 206 V226 Q230 232 254 226 Z', k.trim) +
    k.path('M102 76 H218 L226 210 Q226 240 200 240 H120 Q94 240 94 210 Z', k.main) +
    k.shade('M196 76 H218 L226 210 Q226 240 200 240 H182 Q204 232 204 206 Z', 0.22) +
    k.path('M96 52 Q98 28 124 26 H196 Q222 28 224 52 L226 84 Q160 98 94 84 Z', k.side) +
    k.shine('M104 50 Q108 34 130 33 H160 Q124 40 116 84 L102 82 Z', 0.24) +
    k.line('M108 62 Q160 72 212 62', k.accent, 2, 'stroke-dasharray="2.4 1.8"') +
    k.line('M128 84 V124 M192 84 V124', k.tones.nt, 7) +
    k.line('M128 86 V122 M192 86 V122', k.accent, 3.4) +
    buckle(k, 128, 112) +
    buckle(k, 192, 112) +
    k.path('M118 128 H202 L206 196 Q206 204 198 204 H122 Q114 204 114 196 Z', k.side) +
    k.line('M160 130 V200', k.tones.nt, 3, 'opacity="0.5"') +
    k.path('M94 150 Q80 156 80 172 V216 Q84 236 102 236 Z', k.tones.dp) +
    k.path('M226 150 Q240 156 240 172 V216 Q236 236 218 236 Z', k.tones.nt) +
    k.line('M100 112 L120 124 M220 112 L200 124 M98 176 L116 184 M222 176 L204 184', k.tones.nt, 4) +
    k.path('M106 212 Q160 222 214 212 L212 230 Q160 240 108 230 Z', k.tones.dp) +
    `<rect x="88" y="222" width="144" height="20" rx="10" fill="${k.pop}"/><path d="M116 222 v20 M204 222 v20" stroke="#23282b" stroke-width="6"/><ellipse cx="232" cy="232" rx="6" ry="10" fill="#00000033"/>` +
    k.logo(153, 46) +
    k.shine('M108 96 L120 98 L118 124 L104 116 Z', 0.2) +
    k.line('M232 70 L246 232', '#b9824a', 4) +
    k.line('M244 60 L222 72', '#c7cfd3', 5),
  duffel: (k) =>
    k.ground(160, 130) +
    k.line('M104 130 C104 66 216 66 216 130', k.tones.nt, 10) +
    k.path('M34 160 Q34 116 78 112 H242 Q286 116 286 160 V202 Q286 240 242 240 H78 Q34 240 34 202 Z', k.main) +
    k.path('M242 112 Q286 116 286 160 V202 Q286 240 242 240 Q262 226 262 176 Q262 128 242 112 Z', k.side) +
    k.path('M78 112 Q34 116 34 160 V202 Q34 240 78 240 Q58 226 58 176 Q58 128 78 112 Z', k.tones.dk) +
    k.line('M66 132 Q160 120 254 132', k.tones.nt, 4, 'opacity="0.6"') +
    k.line('M66 132 Q160 120 254 132', k.accent, 1.8, 'stroke-dasharray="2.4 1.8"') +
    k.line('M104 118 V238 M216 118 V238', k.tones.nt, 13) +
    k.line('M104 118 V238 M216 118 V238', k.tones.dp, 9) +
    [150, 172, 194, 216].map((y) => k.line(`M99 ${y} h10 M211 ${y} h10`, k.accent, 2.6)).join('') +
    k.line('M104 140 C110 92 210 92 216 140', k.tones.dp, 8) +
    k.path('M142 92 H178 Q182 92 182 97 V105 Q182 109 178 109 H142 Q138 109 138 105 V97 Q138 92 142 92 Z', k.pop) +
    k.shine('M70 122 H150 Q100 130 80 160 V220 Q64 200 64 166 Q64 136 70 122 Z', 0.22) +
    `<g transform="translate(139 168) scale(2.9)">` +
    k.logo(0, 0) +
    `</g>`,
  drybag: (k) =>
    k.ground(160, 78) +
    k.path('M98 108 Q160 96 222 108 L226 218 Q226 240 160 240 Q94 240 94 218 Z', k.round) +
    k.path('M98 108 Q112 76 116 66 H204 Q208 76 222 108 Q160 122 98 108 Z', k.main) +
    k.seam('M128 72 Q120 92 112 108') +
    k.seam('M192 72 Q200 92 208 108') +
    k.seam('M160 70 V112') +
    k.path('M108 46 H212 Q218 46 218 52 V64 Q218 70 212 70 H108 Q102 70 102 64 V52 Q102 46 108 46 Z', k.side) +
    k.gleam('M110 52 H208', 2.4, 0.4) +
    k.line('M108 58 H212', k.tones.nt, 1.6, 'opacity="0.6"') +
    k.line('M104 58 C80 50 84 26 120 34 M216 58 C240 50 236 26 200 34', k.tones.nt, 7) +
    k.path('M120 26 H200 Q204 26 204 31 V38 Q204 43 200 43 H120 Q116 43 116 38 V31 Q116 26 120 26 Z', k.trim) +
    k.line('M146 34 h28', k.accent, 3) +
    k.path('M95 190 Q160 202 225 190 L226 204 Q160 216 94 204 Z', '#f3ede0', 'opacity="0.9"') +
    `<g transform="translate(139 140) scale(2.8)">` +
    k.logo(0, 0) +
    `</g>` +
    k.shine('M104 112 L122 114 L118 234 Q102 230 101 218 Z', 0.34) +
    k.line('M226 128 q14 4 12 16 q-2 10 -12 8', '#31373a', 4),
};
