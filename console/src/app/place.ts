import { useSyncExternalStore } from 'react';

/**
 * Where the console is: everything that is shown follows from the URL, so that any view can be linked to.
 *
 * Paths are those below the console's base: `/history`, not `/console/history`.
 */
export interface Place {
  path: string;
  query: URLSearchParams;
}

const BASE = import.meta.env.BASE_URL.replace(/\/$/, '');
const MOVED = 'opentrail:moved';

/** The address of a place, for links. */
export function href(path: string, query?: URLSearchParams): string {
  const text = query?.toString() ?? '';
  return BASE + path + (text === '' ? '' : `?${text}`);
}

/** Goes to a place; `replace` leaves no step to go back to. */
export function go(path: string, query?: URLSearchParams, how: 'push' | 'replace' = 'push'): void {
  goTo(href(path, query), how);
}

/** Goes to an address that {@link href} made. */
export function goTo(address: string, how: 'push' | 'replace' = 'push'): void {
  if (address === window.location.pathname + window.location.search) return;
  if (how === 'push') window.history.pushState(null, '', address);
  else window.history.replaceState(null, '', address);
  window.dispatchEvent(new Event(MOVED));
}

/** The place that is shown now. */
export function usePlace(): Place {
  return parse(useSyncExternalStore(subscribe, address));
}

/** The path that is shown now, for who is no component. */
export function currentPath(): string {
  return parse(address()).path;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(MOVED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(MOVED, changed);
  };
}

function address(): string {
  return window.location.pathname + window.location.search;
}

function parse(address: string): Place {
  const [pathname = '', search = ''] = address.split(/\?(.*)/s);
  const path = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : pathname;
  return { path: path === '' ? '/' : path, query: new URLSearchParams(search) };
}

/** Whether a click on a link should stay in this tab, and so is ours to follow. */
export function isPlainClick(event: { button?: number; ctrlKey?: boolean; metaKey?: boolean; shiftKey?: boolean; altKey?: boolean }): boolean {
  return !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}
