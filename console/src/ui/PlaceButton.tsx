import Button, { type ButtonProps } from '@cloudscape-design/components/button';

import { goTo, href } from '../app/place';

/** A button that goes to another place of the console. */
export function PlaceButton({ path, query, ...props }: { path: string; query?: URLSearchParams } & ButtonProps) {
  const address = href(path, query);
  return (
    <Button
      {...props}
      href={address}
      onFollow={(event) => {
        event.preventDefault();
        goTo(address);
      }}
    />
  );
}
