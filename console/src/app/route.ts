import type { ComponentType } from 'react';

import type { Localized } from '../i18n/language';

/** What a page is given: the parts of its path that have names, decoded. */
export interface PageProps {
  params: Readonly<Record<string, string>>;
}

/** One page of the console. Each feature has its own in `src/<feature>/route.ts`; `routes.ts` lists them. */
export interface Route {
  /** `/trails/:name`; a part with a colon takes any one part of the URL. */
  path: string;
  title: Localized<string>;
  /** The page's code, fetched when it is first shown. The component is the module's default export. */
  load: () => Promise<{ default: ComponentType<PageProps> }>;
  /** Where the side navigation lists it; pages that need parameters are not listed. */
  section?: 'observe' | 'deliver' | 'analyze' | 'operate';
  /** What links to it, without wanting more of it, ask for. */
  query?: URLSearchParams;
}

/** The values of a path's named parts, if the path is the route's. */
export function match(route: Route, path: string): Record<string, string> | undefined {
  const wanted = route.path.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodePart(value);
    else if (part !== value) return undefined;
  }
  return params;
}

/** A path with its named parts filled in: `fill('/trails/:name', { name: 'main' })`. */
export function fill(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
