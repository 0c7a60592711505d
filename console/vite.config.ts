import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { fontsAsFiles } from './build/fonts-as-files.ts';

/** Where a server of ours listens while the console is developed; only its API is asked, the pages are Vite's. */
const server = process.env['OPENTRAIL_ENDPOINT'] ?? 'http://127.0.0.1:7410';

/** Calls of the API are POSTs to `/`. The host stays the browser's, for it is signed. */
const proxy = {
  '^/$': { target: server, changeOrigin: false },
};

export default defineConfig({
  base: '/console/',
  plugins: [react(), fontsAsFiles()],
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
  build: {
    target: 'es2023',
    // Assets as data: URLs would need holes in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // `npm run size` holds the budget, in compressed bytes.
    chunkSizeWarningLimit: 2_000,
  },
  test: {
    projects: [
      // Plain logic needs no document, and is ready many times as fast without one.
      { extends: true, test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'components',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          // A machine that is busy with other things draws slowly.
          testTimeout: 60_000,
          setupFiles: ['src/test/setup.ts'],
          server: { deps: { inline: [/@cloudscape-design/] } },
        },
      },
    ],
  },
});
