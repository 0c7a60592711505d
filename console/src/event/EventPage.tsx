import { Page } from '../app/Page';
import { useTexts } from '../i18n/useTexts';
import { route } from './route';

export default function EventPage() {
  return <Page title={useTexts(route.title)} />;
}
