import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);

// What jsdom lacks of a browser.
window.matchMedia = (query: string) =>
  ({ matches: false, media: query, addEventListener: nothing, removeEventListener: nothing }) as unknown as MediaQueryList;
globalThis.ResizeObserver = class {
  observe = nothing;
  unobserve = nothing;
  disconnect = nothing;
};

function nothing(): void {
  // Nothing is laid out here, so no size and no theme ever changes.
}
