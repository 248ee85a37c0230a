// SPDX-License-Identifier: GPL-3.0-or-later
// Tents, beds, furniture and light.

const peg = (k, x1, y1, x2, y2) =>
  k.line(`M${x1} ${y1} L${x2} ${y2}`, '#6b6458', 1.3) +
  k.line(`M${x2 - 2} ${y2 - 5} L${x2 + 1.5} ${y2 + 3}`, '#4a4a48', 2.4);

export const CAMP = {
  'tent-dome': (k) => {
    const door = k.choose(2, 2);
    return (
      k.ground(160, 136) +
      peg(k, 66, 178, 22, 240) +
      peg(k, 254, 178, 300, 240) +
      k.path('M38 237 C62 158 104 88 160 82 C216 88 258 158 282 237 Z', k.main) +
      k.path('M160 82 C216 88 258 158 282 237 L206 237 C204 178 186 122 160 82 Z', k.side) +
      k.path('M160 82 C150 136 134 190 116 237 L206 237 C204 178 186 122 160 82 Z', k.tones.dp) +
      (door
        ? k.path('M160 104 C152 146 138 196 124 237 L163 237 Z', k.main) +
          k.path('M160 104 L163 237 L199 237 C196 184 182 138 160 104 Z', '#1d2226', 'opacity="0.82"') +
          k.line('M161 106 L163 236', k.tones.hi, 1.6, 'stroke-dasharray="2 2.5"')
        : k.path('M160 100 C154 146 140 196 127 237 L199 237 C196 184 180 136 160 100 Z', '#23292d') +
          k.path('M160 100 C140 150 128 190 127 237 L144 237 C142 196 148 150 160 100 Z', k.pop)) +
      k.shine('M48 226 C72 160 108 100 152 86 C118 112 84 164 66 232 Z', 0.26) +
      k.seam('M160 82 C128 122 92 184 82 237') +
      k.seam('M160 82 C206 120 236 186 244 237') +
      k.line('M36 237 C62 156 104 86 160 80 C216 86 258 156 284 237', k.pop, 2.6) +
      k.path('M150 80 Q160 68 170 80 L166 86 L154 86 Z', k.trim) +
      k.logo(94, 196) +
      k.line('M36 238 L284 238', k.tones.nt, 2, 'opacity="0.5"')
    );
  },
  'tent-tunnel': (k) => {
    const body = 'M28 237 C28 160 52 124 92 120 L238 104 C280 108 296 176 297 237 Z';
    return (
      k.ground(162, 150) +
      peg(k, 32, 190, 6, 240) +
      peg(k, 292, 178, 314, 240) +
      k.path(body, k.main) +
      k.path('M238 104 C280 108 296 176 297 237 L216 237 C216 170 222 126 238 104 Z', k.side) +
      k.path('M240 126 C266 132 280 186 281 237 L230 237 C229 186 232 148 240 126 Z', '#20262a') +
      k.path('M240 126 C232 148 229 186 230 237 L248 237 C244 190 242 152 240 126 Z', k.pop) +
      [96, 142, 190]
        .map(
          (x, i) =>
            k.line(
              `M${x - 18} 237 C${x - 20} 176 ${x - 12} 134 ${x + 6} ${119 - i * 5}`,
              k.tones.dp,
              3,
              'opacity="0.55"',
            ) + k.gleam(`M${x - 21} 237 C${x - 23} 176 ${x - 15} 134 ${x + 3} ${119 - i * 5}`, 1.3, 0.5),
        )
        .join('') +
      k.path('M140 172 Q142 160 156 160 L178 158 Q186 158 185 168 L183 190 L140 194 Z', '#dbe8ee', 'opacity="0.9"') +
      k.shade('M140 194 L183 190 L184 180 L140 184 Z', 0.16) +
      k.line('M162 160 L161 192', k.tones.dk, 2) +
      k.shine('M40 214 C42 158 62 132 94 128 L214 114 C150 134 76 142 58 226 Z', 0.22) +
      k.logo(52, 200) +
      k.path('M24 237 L300 237 L298 230 L28 230 Z', k.tones.nt, 'opacity="0.35"')
    );
  },
  tarp: (k) =>
    k.ground(160, 130, 242, 10) +
    k.line('M96 92 L40 238', '#8b8577', 1.2) +
    k.line('M262 84 L300 238', '#8b8577', 1.2) +
    k.tube('M96 92 L100 240', 5) +
    k.tube('M262 84 L258 240', 5) +
    k.path('M96 92 L262 84 L232 150 L62 162 Z', k.tones.dp) +
    k.path('M96 92 Q176 104 262 84 L292 168 Q200 150 130 186 Z', k.main) +
    k.path('M96 92 L130 186 Q92 172 24 186 Q66 148 96 92 Z', k.side) +
    k.shine('M100 96 Q180 106 256 90 L262 106 Q180 118 108 116 Z', 0.28) +
    k.seam('M96 92 Q176 104 262 84', 2.4) +
    k.seam('M178 99 Q196 126 204 160') +
    k.line('M292 168 L312 238', '#8b8577', 1.2) +
    k.line('M24 186 L8 238', '#8b8577', 1.2) +
    k.line('M130 186 L122 238', '#8b8577', 1.2) +
    [
      [24, 186],
      [130, 186],
      [292, 168],
    ]
      .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.4" fill="${k.accent}"/>`)
      .join('') +
    k.logo(232, 136),
  'sleeping-bag': (k) => {
    const body =
      'M60 60 C92 42 128 52 142 84 C150 104 214 176 262 214 C284 232 262 252 236 246 C172 232 76 186 52 136 C40 108 42 76 60 60 Z';
    return (
      k.ground(168, 124, 246, 12) +
      k.path(body, k.main) +
      k.clip(
        'c',
        body,
        [0, 1, 2, 3, 4, 5, 6]
          .map(
            (i) =>
              k.line(
                `M${36 + i * 32} ${134 + i * 19} Q${88 + i * 29} ${128 + i * 12} ${134 + i * 22} ${70 + i * 21}`,
                k.tones.nt,
                2,
                'opacity="0.34"',
              ) +
              k.line(
                `M${40 + i * 32} ${139 + i * 19} Q${92 + i * 29} ${133 + i * 12} ${137 + i * 22} ${76 + i * 21}`,
                '#fff',
                3,
                'opacity="0.2"',
              ),
          )
          .join('') + k.shade('M44 130 C80 196 180 238 270 250 L230 262 C150 250 60 220 40 150 Z', 0.26),
      ) +
      k.path('M66 70 C86 56 116 62 126 86 C132 102 122 120 102 122 C76 124 50 90 66 70 Z', k.pop) +
      k.path('M74 78 C88 66 110 72 117 90 C121 102 114 112 100 113 C82 114 64 92 74 78 Z', '#1b1f22', 'opacity="0.5"') +
      k.path('M76 106 C84 96 108 92 116 98 C118 106 112 113 100 113 C90 113 82 111 76 106 Z', k.pop, 'opacity="0.8"') +
      k.line('M124 104 C150 142 196 186 240 214', k.tones.nt, 2.4, 'stroke-dasharray="3 2"') +
      k.shine('M66 62 C92 46 124 56 138 84 C120 62 92 58 66 72 Z', 0.34) +
      k.logo(82, 146)
    );
  },
  mat: (k) => {
    const tubes = k.choose(2, 3);
    return (
      k.ground(150, 118) +
      `<g transform="rotate(7 130 140)">` +
      k.path(
        'M74 40 Q130 28 186 40 Q196 42 195 54 L188 226 Q188 238 176 238 L84 238 Q72 238 72 226 L65 54 Q64 42 74 40 Z',
        k.main,
      ) +
      (tubes
        ? [0, 1, 2, 3, 4]
            .map((i) =>
              k.path(
                `M${73 + i * 23} 46 Q${84 + i * 22} 42 ${95 + i * 22} 45 L${94 + i * 21} 230 Q${85 + i * 22} 234 ${76 + i * 22} 230 Z`,
                k.round,
                'opacity="0.8"',
              ),
            )
            .join('')
        : [0, 1, 2, 3, 4, 5, 6, 7]
            .map((row) =>
              [0, 1, 2, 3]
                .map(
                  (col) =>
                    `<ellipse cx="${88 + col * 28 + (row % 2) * 4}" cy="${60 + row * 23}" rx="12.5" ry="9.5" fill="${k.main}"/><ellipse cx="${85 + col * 28 + (row % 2) * 4}" cy="${57 + row * 23}" rx="6.5" ry="3.8" fill="#fff" opacity="0.25"/>`,
                )
                .join(''),
            )
            .join('')) +
      k.shade('M186 40 Q196 42 195 54 L188 226 Q188 238 176 238 L168 238 Q180 236 180 224 L184 54 Z', 0.24) +
      `<circle cx="80" cy="228" r="6" fill="${k.trim}"/><circle cx="79" cy="227" r="2.4" fill="#cfd6da"/></g>` +
      k.path('M206 172 H272 Q286 172 286 206 Q286 240 272 240 H206 Z', k.side) +
      `<ellipse cx="207" cy="206" rx="20" ry="34" fill="${k.tones.lt}"/>` +
      k.line(
        'M207 184 C220 184 222 228 207 228 C194 228 194 194 206 194 C215 194 215 217 207 217 C201 217 201 205 206 205',
        k.tones.nt,
        2.4,
        'opacity="0.6"',
      ) +
      k.path('M238 172 H248 V240 H238 Z', k.trim) +
      k.path('M264 172 H272 V240 H264 Z', k.trim) +
      k.gleam('M214 178 H276', 3, 0.3)
    );
  },
  hammock: (k) =>
    k.ground(160, 112, 244, 9) +
    k.path('M18 30 L40 30 L44 246 L10 246 Z', k.wood) +
    k.path('M282 30 L302 30 L310 246 L276 246 Z', k.wood) +
    k.shade('M32 30 L40 30 L44 246 L34 246 Z', 0.25) +
    k.shade('M294 30 L302 30 L310 246 L298 246 Z', 0.25) +
    k.line('M30 92 L66 118', '#37393a', 3) +
    k.line('M290 92 L254 118', '#37393a', 3) +
    k.path('M22 84 L42 84 L42 98 L21 98 Z', k.trim) +
    k.path('M279 84 L303 84 L304 98 L278 98 Z', k.trim) +
    k.path('M62 116 C96 126 224 126 258 116 C246 190 214 214 160 214 C106 214 74 190 62 116 Z', k.tones.dp) +
    k.path(
      'M62 116 C88 168 128 182 160 182 C192 182 232 168 258 116 C250 196 214 222 160 222 C106 222 70 196 62 116 Z',
      k.main,
    ) +
    k.path('M62 116 C100 140 220 140 258 116 C220 130 100 130 62 116 Z', k.pop) +
    k.seam('M100 168 C108 190 116 206 124 214') +
    k.seam('M220 168 C212 190 204 206 196 214') +
    k.seam('M160 182 L160 221') +
    k.shine('M70 138 C92 176 128 190 152 190 C112 192 84 172 70 138 Z', 0.3) +
    k.logo(152, 196),
  chair: (k) =>
    k.ground(160, 100) +
    k.tube('M96 238 L206 142', 6) +
    k.tube('M222 238 L116 142', 6) +
    k.tube('M88 74 L112 154 L104 238', 6) +
    k.tube('M232 74 L208 154 L216 238', 6) +
    k.path('M86 70 Q160 90 234 70 L214 160 Q160 176 106 160 Z', k.main) +
    k.path('M106 158 Q160 174 214 158 L226 186 Q160 206 94 186 Z', k.side) +
    k.path('M94 186 Q160 206 226 186 L226 192 Q160 214 94 192 Z', k.tones.nt) +
    k.path('M96 78 Q160 96 224 78 L222 90 Q160 108 98 90 Z', k.pop, 'opacity="0.9"') +
    k.shine('M98 96 Q130 106 156 106 L152 162 Q128 162 112 156 Z', 0.2) +
    k.seam('M126 104 L132 162') +
    k.seam('M194 104 L188 162') +
    k.path('M62 146 H110 V154 H62 Z', k.trim) +
    k.path('M210 146 H258 V154 H210 Z', k.trim) +
    k.tube('M70 154 L104 206', 5) +
    k.tube('M250 154 L216 206', 5) +
    k.logo(153, 128) +
    `<circle cx="104" cy="239" r="4.5" fill="#2a2e31"/><circle cx="216" cy="239" r="4.5" fill="#2a2e31"/>`,
  table: (k) =>
    k.ground(160, 124) +
    k.tube('M84 134 L214 238', 6) +
    k.tube('M236 134 L106 238', 6) +
    k.tube('M112 128 L236 232', 5) +
    k.tube('M208 128 L84 232', 5) +
    k.path('M66 96 L254 96 L292 136 L28 136 Z', k.main) +
    [0, 1, 2, 3, 4]
      .map((i) => k.seam(`M${58 - i * 7.4} ${104 + i * 7} L${262 + i * 7.4} ${104 + i * 7}`, 1.5))
      .join('') +
    k.path('M28 136 H292 V146 Q292 149 288 149 H32 Q28 149 28 146 Z', k.side) +
    k.shine('M70 98 L170 98 L120 135 L36 135 Z', 0.24) +
    k.path('M128 96 Q128 76 130 72 H152 Q154 76 154 96 Q141 101 128 96 Z', k.pop) +
    k.line('M154 78 Q164 78 163 86 Q162 92 154 91', k.accent, 3.4) +
    `<ellipse cx="141" cy="72" rx="11" ry="3.2" fill="#4b2f1d"/><ellipse cx="141" cy="72" rx="11" ry="3.2" fill="none" stroke="#fff" stroke-opacity=".5"/>` +
    k.line('M136 64 q4 -6 0 -12 M146 64 q4 -6 0 -12', '#fff', 2.2, 'opacity="0.7"'),
  headlamp: (k) =>
    k.ground(160, 104, 236) +
    k.line('M84 148 C84 66 236 66 236 148', k.tones.dp, 22) +
    k.line('M84 148 C84 66 236 66 236 148', k.tones.dk, 15) +
    k.line('M160 86 L160 130', k.tones.dp, 12) +
    k.line('M78 150 C80 216 240 216 242 150', k.tones.md, 24) +
    k.line('M78 142 C82 204 238 204 242 142', k.tones.hi, 3, 'opacity="0.7"') +
    k.line('M80 158 C86 222 234 222 240 158', k.accent, 2.6, 'stroke-dasharray="8 6"') +
    `<rect x="116" y="140" width="88" height="72" rx="22" fill="${k.trim}"/><rect x="124" y="146" width="72" height="58" rx="18" fill="${k.main}"/>` +
    `<circle cx="160" cy="175" r="27" fill="#202528"/><circle cx="160" cy="175" r="23" fill="${k.metal_flat}"/><circle cx="160" cy="175" r="19" fill="#fdf6da"/><circle cx="160" cy="175" r="34" fill="${k.glow}" opacity="0.75"/><circle cx="160" cy="175" r="8" fill="#fffdf2"/>` +
    `<path d="M147 166 A16 16 0 0 1 160 159" stroke="#fff" stroke-width="3" fill="none" stroke-linecap="round"/><rect x="148" y="132" width="24" height="9" rx="4.5" fill="${k.accent}"/>`,
  lantern: (k) =>
    k.ground(160, 80) +
    k.line('M112 104 C112 34 208 34 208 104', '#4a5054', 5) +
    k.gleam('M114 98 C118 44 190 40 204 86', 1.4, 0.5) +
    `<circle cx="160" cy="150" r="104" fill="${k.glow}" opacity="0.5"/>` +
    k.path('M112 104 L126 82 Q160 72 194 82 L208 104 Q160 114 112 104 Z', k.main) +
    k.path('M136 80 Q136 68 160 68 Q184 68 184 80 Z', k.side) +
    k.path('M118 106 Q160 116 202 106 L206 196 Q160 206 114 196 Z', '#fff3c4', 'opacity="0.93"') +
    `<ellipse cx="160" cy="152" rx="34" ry="46" fill="${k.glow}"/>` +
    k.path('M150 196 V156 Q160 140 170 156 V196 Z', '#fffbe8') +
    k.line('M136 110 L133 200 M184 110 L187 200', k.tones.dp, 3.4) +
    k.gleam('M124 114 L121 188', 4, 0.75) +
    k.path('M108 194 Q160 208 212 194 L218 232 Q160 250 102 232 Z', k.round) +
    k.path('M106 204 Q160 219 214 204 L215 209 Q160 224 105 209 Z', k.accent) +
    k.shine('M112 200 L128 205 L124 236 L106 230 Z', 0.26) +
    `<circle cx="160" cy="228" r="6" fill="#23282b"/><circle cx="159" cy="227" r="2" fill="#8ce0a0"/>`,
};
