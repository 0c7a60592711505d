import { useEffect } from 'react';

/** Keys, or two keys one after the other (`g h`), and what they do. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** How long the second key of two is waited for. */
const SECOND_KEY_MS = 1000;

/** Listens while the component is shown. Keys that somebody types into a field are theirs. */
export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    let first: { key: string; at: number } | undefined;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const isSecond = first !== undefined && event.timeStamp - first.at < SECOND_KEY_MS;
      const act = (isSecond ? shortcuts[`${first?.key ?? ''} ${event.key}`] : undefined) ?? shortcuts[event.key];
      first = { key: event.key, at: event.timeStamp };
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', press);
    return () => {
      document.removeEventListener('keydown', press);
    };
  }, [shortcuts]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}
