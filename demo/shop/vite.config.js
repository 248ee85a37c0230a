// SPDX-License-Identifier: GPL-3.0-or-later
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: { outDir: 'dist', target: 'es2020', chunkSizeWarningLimit: 900 },
  // The colours and the people of the catalog live one folder up.
  server: { fs: { allow: ['..'] } },
});
