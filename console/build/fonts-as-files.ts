import { createHash } from 'node:crypto';

import type { Plugin } from 'vite';

const EMBEDDED = /url\(["']?data:font\/woff2;(?:charset=[^;]+;)?base64,([A-Za-z0-9+/=]+)["']?\)/g;

/**
 * Writes the fonts that Cloudscape's style sheet embeds to files of their own: the Content-Security-Policy allows no
 * `data:` fonts, and a browser then fetches only the weights that a page shows.
 */
export function fontsAsFiles(): Plugin {
  return {
    name: 'fonts-as-files',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
        file.source = String(file.source).replace(EMBEDDED, (_whole, base64: string) => {
          const source = Buffer.from(base64, 'base64');
          const name = `font-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.woff2`;
          this.emitFile({ type: 'asset', fileName: `assets/${name}`, source });
          return `url(./${name})`;
        });
      }
    },
  };
}
