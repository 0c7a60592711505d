import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';

import { useApi } from '../api/client';
import { route as history } from '../history/route';
import { LANGUAGES, type Language } from '../i18n/language';
import { useTexts } from '../i18n/useTexts';
import { go, href } from './place';
import { type Preferences, usePreferences } from './preferences';
import { REGIONS } from './regions';
import { useSession } from './session';
import { TEXT } from './text';

/** Identity, Region and preferences, above every page. */
export function TopBar({ onHelp }: { onHelp: () => void }) {
  const utilities = [useHelpButton(onHelp), usePreferencesMenu(), useRegionMenu(), useIdentityMenu()];
  return (
    <div id="top">
      <TopNavigation
        identity={{
          href: href(history.path, history.query),
          title: 'OpenTrail',
          logo: { src: href('/icon.svg'), alt: '' },
          onFollow: (event) => {
            event.preventDefault();
            go(history.path, history.query);
          },
        }}
        utilities={utilities}
      />
    </div>
  );
}

function useHelpButton(onHelp: () => void): TopNavigationProps.Utility {
  const text = useTexts(TEXT);
  return { type: 'button', iconName: 'keyboard', ariaLabel: text.keyboard, title: text.keyboard, onClick: onHelp };
}

function usePreferencesMenu(): TopNavigationProps.Utility {
  const text = useTexts(TEXT);
  const { preferences, change } = usePreferences();
  const checked = <K extends keyof Preferences>(key: K, value: Preferences[K], shown: string) => {
    const isChecked = preferences[key] === value;
    return { id: `${key}:${value}`, text: shown, itemType: 'checkbox' as const, checked: isChecked };
  };
  return {
    type: 'menu-dropdown',
    iconName: 'settings',
    ariaLabel: text.settings,
    title: text.settings,
    items: [
      {
        id: 'language',
        text: text.language,
        items: LANGUAGES.map(({ id, name }) => checked('language', id, name)),
      },
      {
        id: 'theme',
        text: text.theme,
        items: (['system', 'light', 'dark'] as const).map((theme) => checked('theme', theme, text.themes[theme])),
      },
      {
        id: 'density',
        text: text.density,
        items: (['comfortable', 'compact'] as const).map((it) => checked('density', it, text.densities[it])),
      },
    ],
    onItemClick: ({ detail }) => {
      const [key = '', value = ''] = detail.id.split(':');
      if (key === 'language') change({ language: value as Language });
      if (key === 'theme') change({ theme: value as Preferences['theme'] });
      if (key === 'density') change({ density: value as Preferences['density'] });
    },
  };
}

function useRegionMenu(): TopNavigationProps.Utility {
  const text = useTexts(TEXT);
  const { region } = useApi();
  const { changeRegion } = useSession();
  return {
    type: 'menu-dropdown',
    text: region,
    ariaLabel: `${text.region}: ${region}`,
    items: REGIONS.map((id) => ({ id, text: id, itemType: 'checkbox' as const, checked: id === region })),
    onItemClick: ({ detail }) => {
      changeRegion(detail.id);
    },
  };
}

function useIdentityMenu(): TopNavigationProps.Utility {
  const text = useTexts(TEXT);
  const { identity } = useApi();
  const { signOut } = useSession();
  return {
    type: 'menu-dropdown',
    iconName: 'user-profile',
    text: identity.UserName,
    description: text.account(identity.Account),
    items: [{ id: 'sign-out', text: text.signOut }],
    onItemClick: signOut,
  };
}
