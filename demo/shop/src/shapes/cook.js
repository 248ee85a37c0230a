// SPDX-License-Identifier: GPL-3.0-or-later
// Stoves, pots and what people drink from.

const steam = (k, x, y) =>
  k.line(
    `M${x} ${y} q7 -9 0 -18 q-7 -9 0 -18 M${x + 16} ${y - 2} q6 -8 0 -16 q-6 -8 0 -14`,
    '#ffffff',
    3,
    'opacity="0.75"',
  );
const flame = (x, y, s) =>
  `<path d="M${x} ${y} q${-7 * s} ${-10 * s} 0 ${-22 * s} q${7 * s} ${12 * s} 0 ${22 * s}Z" fill="#59b7e8" opacity="0.85"/><path d="M${x} ${y} q${-3.4 * s} ${-5 * s} 0 ${-11 * s} q${3.4 * s} ${6 * s} 0 ${11 * s}Z" fill="#e9f8ff"/>`;
const canister = (k) =>
  k.path(
    'M104 188 Q104 168 132 164 L148 160 H172 L188 164 Q216 168 216 188 V222 Q216 240 160 240 Q104 240 104 222 Z',
    k.round,
  ) +
  k.path('M104 196 Q160 208 216 196 V216 Q160 228 104 216 Z', '#f4efe4', 'opacity="0.92"') +
  k.shade('M186 166 Q216 168 216 188 V222 Q216 236 180 239 Z', 0.18) +
  k.logo(153, 204, k.tones.dk, 1) +
  k.gleam('M116 182 V226', 5, 0.4) +
  k.path('M148 150 H172 V163 H148 Z', k.metal);

export const COOK = {
  'stove-gas': (k) =>
    k.ground(160, 84) +
    canister(k) +
    k.path('M152 120 H168 V152 H152 Z', k.metal) +
    k.path('M138 112 H182 L176 126 H144 Z', k.metal) +
    k.path('M142 138 H178 Q182 138 182 142 V146 Q182 150 178 150 H142 Z', k.trim) +
    k.tube('M180 145 H214', 4) +
    k.path('M212 137 H232 Q236 145 232 153 H212 Q208 145 212 137 Z', k.pop) +
    [140, 150, 160, 170, 180].map((x, i) => flame(x, 111, 0.9 + (i % 2) * 0.3)).join('') +
    k.tube('M150 122 L112 104 L100 78', 5) +
    k.tube('M170 122 L208 104 L220 78', 5) +
    k.tube('M160 122 L160 100', 4) +
    k.line('M94 78 H112 M208 78 H226', '#59636a', 5),
  'stove-system': (k) =>
    k.ground(160, 70) +
    k.path('M116 212 Q116 198 138 196 H182 Q204 198 204 212 V230 Q204 242 160 242 Q116 242 116 230 Z', k.metal) +
    k.path('M116 216 Q160 226 204 216 V228 Q160 238 116 228 Z', k.accent) +
    k.path('M150 184 H170 V198 H150 Z', k.metal) +
    k.path('M124 162 H196 L184 186 H136 Z', k.trim) +
    [134, 147, 160, 173, 186].map((x) => k.line(`M${x} 168 V180`, '#8fd0f0', 2.6)).join('') +
    k.path('M116 58 H204 V158 Q204 166 196 166 H124 Q116 166 116 158 Z', k.round) +
    [70, 80, 90, 100, 110, 120, 130, 140, 150]
      .map((y) => k.line(`M118 ${y} H202`, k.tones.nt, 1.4, 'opacity="0.22" stroke-dasharray="3 3"'))
      .join('') +
    k.path('M116 150 H204 V158 Q204 166 196 166 H124 Q116 166 116 158 Z', k.metal) +
    k.shine('M122 62 H136 V150 H122 Z', 0.3) +
    k.shade('M190 58 H204 V158 Q204 166 196 166 H186 Z', 0.18) +
    k.path('M110 46 Q160 38 210 46 V58 Q210 61 207 61 H113 Q110 61 110 58 Z', k.trim) +
    k.gleam('M118 50 Q160 43 202 50', 2, 0.35) +
    k.line('M148 42 C148 28 172 28 172 42', k.accent, 5) +
    k.line('M204 78 H222 L230 92 V132 L222 146 H204', '#4b5459', 5) +
    k.line('M206 77 H221 L229 91 V120', '#c4ccd1', 1.6) +
    k.path('M140 92 h40 v30 h-40z', '#f3ede0', 'opacity="0.95"') +
    k.logo(153, 103, '#2b2f31', 1),
  pot: (k) =>
    k.ground(160, 112) +
    steam(k, 150, 74) +
    k.path('M78 122 H242 V206 Q242 238 206 238 H114 Q78 238 78 206 Z', k.round) +
    k.shine('M88 128 H112 V228 Q90 226 88 204 Z', 0.25) +
    k.path('M70 112 H250 Q254 112 254 118 V122 Q254 127 250 127 H70 Q66 127 66 122 V118 Q66 112 70 112 Z', k.metal) +
    k.path('M82 112 Q92 86 160 86 Q228 86 238 112 Z', k.metal_flat) +
    k.shine('M96 106 Q108 92 150 91 Q120 98 112 108 Z', 0.55) +
    k.path('M148 78 H172 Q176 78 176 83 V88 H144 V83 Q144 78 148 78 Z', k.trim) +
    k.line('M78 144 H52 Q40 144 40 158 Q40 172 52 172 H78', '#30363a', 8) +
    k.line('M242 144 H268 Q280 144 280 158 Q280 172 268 172 H242', '#30363a', 8) +
    k.line('M52 142 Q42 144 42 156 M268 142 Q278 144 278 156', '#7d868b', 2) +
    k.logo(153, 176),
  pan: (k) =>
    k.ground(136, 116) +
    steam(k, 112, 118) +
    k.path('M206 158 L296 128 Q308 126 310 136 Q311 143 302 147 L212 180 Z', k.trim) +
    k.path('M244 150 L294 133', '#fff') +
    k.gleam('M222 158 L298 133', 2.4, 0.35) +
    `<circle cx="300" cy="138" r="3.6" fill="#cfd3d3"/>` +
    k.path('M28 168 H226 Q222 234 190 238 H66 Q32 234 28 168 Z', k.round) +
    `<ellipse cx="127" cy="168" rx="99" ry="27" fill="${k.metal_flat}"/><ellipse cx="127" cy="170" rx="90" ry="22" fill="#2a2f33"/><ellipse cx="127" cy="176" rx="80" ry="15" fill="#353b40"/>` +
    `<path d="M92 172 q14 -14 34 -8 q26 -6 30 9 q-4 13 -30 11 q-32 3 -34 -12Z" fill="#fdfbf4"/><circle cx="126" cy="171" r="9" fill="#f2b233"/><circle cx="123" cy="168" r="3" fill="#fbd983"/>` +
    k.shine('M40 190 Q50 228 72 234 L60 232 Q38 222 36 184 Z', 0.35),
  kettle: (k) =>
    k.ground(160, 104) +
    k.line('M98 116 C98 32 222 32 222 116', '#30363a', 9) +
    k.line('M103 104 C108 48 186 42 210 82', '#7d868b', 2.4) +
    k.path('M214 148 Q246 144 260 104 L278 108 Q272 172 222 190 Z', k.metal_flat) +
    k.path('M84 208 Q84 118 160 112 Q236 118 236 208 Q236 238 208 238 H112 Q84 238 84 208 Z', k.round) +
    k.path('M124 118 Q126 102 160 102 Q194 102 196 118 Q160 128 124 118 Z', k.metal) +
    `<circle cx="160" cy="98" r="8" fill="${k.pop}"/>` +
    k.shine('M96 204 Q98 142 136 126 Q114 150 114 226 Q98 224 96 204 Z', 0.3) +
    k.logo(153, 178) +
    k.line('M88 214 H232', k.tones.nt, 2, 'opacity="0.4"') +
    steam(k, 272, 94),
  bottle: (k) => {
    const loop = k.choose(2, 2);
    return (
      k.ground(160, 58) +
      k.path('M122 114 Q122 98 138 92 V84 H182 V92 Q198 98 198 114 V222 Q198 240 160 240 Q122 240 122 222 Z', k.round) +
      k.path('M138 84 H182 V94 H138 Z', k.metal) +
      k.path('M134 54 H186 Q190 54 190 58 V80 Q190 84 186 84 H134 Q130 84 130 80 V58 Q130 54 134 54 Z', k.trim) +
      [138, 148, 158, 168, 178].map((x) => k.line(`M${x + 2} 60 V78`, '#fff', 1.6, 'opacity="0.16"')).join('') +
      (loop
        ? k.line('M142 54 C142 30 178 30 178 54', '#30363a', 7) + k.line('M145 50 C148 36 166 34 172 42', '#8a9398', 2)
        : k.path('M148 44 H172 V56 H148 Z', k.pop)) +
      k.path('M122 190 Q160 202 198 190 V204 Q160 216 122 204 Z', k.pop) +
      k.logo(153, 140) +
      k.shine('M130 112 Q131 102 140 98 V230 Q132 226 130 220 Z', 0.36) +
      k.shade('M186 98 Q198 102 198 114 V222 Q198 232 184 237 Z', 0.16)
    );
  },
  flask: (k) =>
    k.ground(160, 56) +
    k.path('M120 116 Q120 104 136 100 H184 Q200 104 200 116 V224 Q200 240 160 240 Q120 240 120 224 Z', k.round) +
    k.path('M128 88 H192 V102 H128 Z', k.metal) +
    k.path('M126 40 Q126 30 138 30 H182 Q194 30 194 40 V90 H126 Z', k.metal) +
    k.shade('M176 30 H182 Q194 30 194 40 V90 H178 Z', 0.2) +
    k.gleam('M136 40 V84', 4, 0.8) +
    k.path('M126 74 H194 V80 H126 Z', k.accent) +
    k.line('M200 128 H216 Q226 128 226 138 V186 Q226 196 216 196 H200', '#30363a', 9) +
    k.line('M204 126 H216 Q224 128 224 138', '#8a9398', 2) +
    k.path('M120 214 Q160 226 200 214 V224 Q200 240 160 240 Q120 240 120 224 Z', k.metal) +
    k.shine('M128 116 Q130 108 140 105 V216 L128 214 Z', 0.34) +
    k.logo(153, 156),
  mug: (k) =>
    k.ground(152, 92) +
    steam(k, 136, 92) +
    k.line('M206 136 H232 Q256 136 256 164 Q256 196 226 196 H204', k.tones.dp, 15) +
    k.line('M206 134 H232 Q252 136 252 162', k.tones.hi, 3.4, 'opacity="0.75"') +
    k.path('M84 112 Q148 126 212 112 L206 222 Q204 240 148 240 Q92 240 90 222 Z', k.round) +
    `<ellipse cx="148" cy="112" rx="64" ry="15" fill="${k.tones.hi}"/><ellipse cx="148" cy="113" rx="58" ry="12" fill="${k.tones.nt}"/><ellipse cx="148" cy="117" rx="52" ry="8.6" fill="#5a3820"/><path d="M104 116 Q120 110 140 111" stroke="#b98457" stroke-width="2" fill="none" opacity=".8"/>` +
    (k.choose(2, 4)
      ? k.path('M88 184 Q148 198 208 184 L207 200 Q148 214 89 200 Z', k.pop)
      : [
          [104, 150],
          [132, 176],
          [178, 146],
          [188, 192],
          [114, 206],
          [156, 216],
          [150, 150],
        ]
          .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.2" fill="#fff" opacity=".6"/>`)
          .join('')) +
    k.logo(141, 160) +
    k.shine('M96 128 L112 131 L112 234 Q98 232 97 220 Z', 0.32),
};
