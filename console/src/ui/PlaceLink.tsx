import Link, { type LinkProps } from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';

import { goTo, href } from '../app/place';

export interface PlaceLinkProps {
  path: string;
  query?: URLSearchParams;
  variant?: LinkProps.Variant;
  color?: LinkProps.Color;
  children: ReactNode;
}

/** A link to another place of the console; opened in a new tab as any link can be. */
export function PlaceLink({ path, query, variant, color, children }: PlaceLinkProps) {
  const address = href(path, query);
  return (
    <Link
      href={address}
      variant={variant}
      color={color}
      fontSize="inherit"
      onFollow={(event) => {
        event.preventDefault();
        goTo(address);
      }}
    >
      {children}
    </Link>
  );
}
