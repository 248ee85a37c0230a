// SPDX-License-Identifier: GPL-3.0-or-later
// Poles, compasses, knives, first aid; and the parcel that stands in for a shape without a drawing.

const pole = (k, x, tilt) =>
  `<g transform="rotate(${tilt} ${x} 240)">` +
  k.line(`M${x} 112 V244`, '#c7cfd3', 4) +
  k.line(`M${x} 78 V176`, k.tones.md, 7) +
  k.line(`M${x - 1.6} 80 V174`, k.tones.hi, 2, 'opacity="0.8"') +
  k.path(`M${x - 7} 104 H${x + 7} V116 H${x - 7} Z`, k.trim) +
  k.path(`M${x - 6} 170 H${x + 6} V181 H${x - 6} Z`, k.trim) +
  k.path(
    `M${x - 8} 26 Q${x} 20 ${x + 8} 26 Q${x + 11} 40 ${x + 7} 62 L${x + 6} 84 H${x - 6} L${x - 7} 62 Q${x - 11} 40 ${x - 8} 26 Z`,
    k.wood,
  ) +
  k.path(`M${x - 8} 26 Q${x} 18 ${x + 8} 26 Q${x + 9} 32 ${x + 8} 35 H${x - 8} Q${x - 9} 32 ${x - 8} 26 Z`, k.trim) +
  k.line(`M${x + 6} 32 C${x + 30} 44 ${x + 26} 84 ${x + 6} 70`, k.accent, 4) +
  `<ellipse cx="${x}" cy="226" rx="15" ry="4.6" fill="${k.trim}"/>` +
  k.line(`M${x} 226 V246`, '#7b858b', 3.4) +
  `</g>`;

export const TOOLS = {
  poles: (k) => k.ground(160, 70, 246, 9) + pole(k, 128, -9) + pole(k, 196, 8),
  compass: (k) =>
    k.ground(160, 92) +
    k.line('M214 66 C262 40 290 96 250 130', k.accent, 4) +
    `<g transform="rotate(-9 160 150)"><rect x="98" y="48" width="124" height="188" rx="18" fill="#e9f1f3" opacity="0.92"/><rect x="98" y="48" width="124" height="188" rx="18" fill="none" stroke="#aebbc0" stroke-width="2"/>` +
    k.line('M112 66 V126 M208 66 V126', k.tones.md, 2) +
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => k.line(`M112 ${68 + i * 7} h${i % 4 ? 5 : 9}`, '#49555b', 1.3)).join('') +
    k.path('M160 58 L168 84 H163 V112 H157 V84 H152 Z', k.pop) +
    `<circle cx="192" cy="78" r="11" fill="#fff" opacity=".55" stroke="#9fb0b6"/>` +
    `<circle cx="160" cy="172" r="57" fill="${k.main}"/><circle cx="160" cy="172" r="47" fill="#f7f5ee"/><circle cx="160" cy="172" r="47" fill="none" stroke="#00000022" stroke-width="3"/>` +
    Array.from(
      { length: 36 },
      (_, i) =>
        `<path d="M160 ${126} v${i % 9 ? 5 : 9}" stroke="#39434a" stroke-width="${i % 9 ? 1 : 2}" transform="rotate(${i * 10} 160 172)"/>`,
    ).join('') +
    `<g transform="rotate(${18 + (k.number % 60)} 160 172)"><path d="M160 136 L168 172 H152 Z" fill="#cf3b31"/><path d="M160 208 L168 172 H152 Z" fill="#39434a"/></g><circle cx="160" cy="172" r="5" fill="${k.metal_flat}"/><path d="M122 154 A42 42 0 0 1 152 131" stroke="#fff" stroke-width="6" fill="none" opacity=".75" stroke-linecap="round"/>` +
    k.line('M109 150 A57 57 0 0 1 140 119', '#fff', 3, 'opacity="0.4"') +
    `</g>`,
  knife: (k) =>
    k.ground(166, 120, 216, 11) +
    `<g transform="rotate(-24 160 150)">` +
    k.path('M148 136 L274 132 Q306 134 318 152 Q290 164 240 164 L148 162 Z', k.metal_flat) +
    k.path('M150 152 L316 152 Q290 164 240 164 L148 162 Z', '#eef2f3', 'opacity="0.75"') +
    k.line('M186 140 H236', '#5f6a70', 2.4) +
    k.gleam('M154 138 L272 134', 1.8, 0.8) +
    k.path(
      'M8 138 Q10 126 28 128 Q84 138 148 128 Q160 128 160 140 V160 Q160 170 148 171 Q84 166 34 176 Q6 172 8 138 Z',
      k.choose(2, 3) ? k.wood : k.main,
    ) +
    k.shade('M10 156 Q60 156 158 152 V160 Q160 170 148 171 Q84 166 34 176 Q12 172 10 156 Z', 0.2) +
    k.shine('M18 136 Q28 131 40 133 Q90 142 146 133 L146 138 Q90 148 20 142 Z', 0.35) +
    k.path('M138 128 L152 128 Q160 128 160 140 V160 Q160 170 148 171 L138 170 Z', k.metal) +
    `<circle cx="146" cy="150" r="5" fill="#6b757b"/><circle cx="145" cy="149" r="2" fill="#dfe5e8"/><circle cx="44" cy="152" r="4" fill="#6b757b"/><circle cx="96" cy="151" r="4" fill="#6b757b"/>` +
    k.line('M14 150 C-14 160 -16 196 8 198', k.accent, 4) +
    `</g>`,
  multitool: (k) =>
    k.ground(160, 112, 236, 12) +
    k.path('M154 96 Q120 60 136 26 L148 30 Q146 58 160 76 Q174 58 172 30 L184 26 Q200 60 166 96 Z', k.metal) +
    k.line('M148 44 l6 3 M172 44 l-6 3 M149 52 l6 3 M171 52 l-6 3', '#5f6a70', 1.6) +
    `<circle cx="160" cy="92" r="10" fill="${k.metal_flat}" stroke="#6b757b"/>` +
    `<g transform="rotate(17 152 98)">` +
    k.path('M138 96 H166 V218 Q166 234 152 234 Q138 234 138 218 Z', k.round) +
    k.line('M146 108 V220 M158 108 V220', k.tones.nt, 2, 'opacity="0.5"') +
    k.gleam('M141 104 V218', 2, 0.5) +
    `<circle cx="152" cy="222" r="4" fill="#e1e6e8"/></g><g transform="rotate(-17 168 98)">` +
    k.path('M154 96 H182 V218 Q182 234 168 234 Q154 234 154 218 Z', k.main) +
    k.line('M162 108 V220 M174 108 V220', k.tones.nt, 2, 'opacity="0.5"') +
    k.gleam('M157 104 V218', 2, 0.5) +
    `<circle cx="168" cy="222" r="4" fill="#e1e6e8"/></g>`,
  firstaid: (k) =>
    k.ground(160, 112) +
    k.line('M128 94 V78 Q128 68 138 68 H182 Q192 68 192 78 V94', k.tones.dp, 9) +
    k.path('M66 108 Q66 90 86 90 H234 Q254 90 254 108 V218 Q254 238 234 238 H86 Q66 238 66 218 Z', k.main) +
    k.path('M66 152 H254 V164 H66 Z', k.tones.nt, 'opacity="0.3"') +
    k.shade('M226 90 H234 Q254 90 254 108 V218 Q254 238 234 238 H222 Q236 232 236 214 V110 Z', 0.2) +
    k.line('M72 112 H248', k.tones.nt, 2.2, 'opacity="0.5" stroke-dasharray="4 2.4"') +
    k.path('M232 108 h14 v10 h-14z', k.pop) +
    `<circle cx="160" cy="166" r="40" fill="#fbfaf6"/><path d="M150 142 h20 v14 h14 v20 h-14 v14 h-20 v-14 h-14 v-20 h14z" fill="#3d9a64"/>` +
    k.shine('M76 108 Q77 99 88 98 H116 V230 H88 Q77 229 76 218 Z', 0.2),
  parcel: (k) =>
    k.ground(160, 100) +
    k.path('M70 120 L160 88 L250 120 V210 L160 244 L70 210 Z', k.main) +
    k.path('M160 152 L250 120 V210 L160 244 Z', k.side) +
    k.path('M70 120 L160 88 L250 120 L160 152 Z', k.tones.hi) +
    k.line('M115 104 L205 136 V160', k.accent, 8),
};
