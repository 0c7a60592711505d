import * as design from '@cloudscape-design/design-tokens';

/** The colours of Cloudscape's theme, under names that our own style sheets use. */
const TOKENS: Readonly<Record<string, string>> = {
  '--text': design.colorTextBodyDefault,
  '--text-secondary': design.colorTextBodySecondary,
  '--text-heading': design.colorTextHeadingDefault,
  '--text-link': design.colorTextLinkDefault,
  '--text-error': design.colorTextStatusError,
  '--text-success': design.colorTextStatusSuccess,
  '--surface': design.colorBackgroundContainerContent,
  '--surface-header': design.colorBackgroundContainerHeader,
  '--surface-hover': design.colorBackgroundDropdownItemHover,
  '--surface-selected': design.colorBackgroundItemSelected,
  '--surface-error': design.colorBackgroundStatusError,
  '--surface-success': design.colorBackgroundStatusSuccess,
  '--surface-code': design.colorBackgroundCodeView,
  '--line': design.colorBorderDividerDefault,
  '--line-light': design.colorBorderDividerSecondary,
  '--line-focus': design.colorBorderItemFocused,
  '--line-selected': design.colorBorderItemSelected,
  '--chart': design.colorChartsPaletteCategorical1,
  '--chart-error': design.colorChartsStatusHigh,
  '--chart-grid': design.colorChartsLineGrid,
  '--radius': design.borderRadiusContainer,
  '--radius-item': design.borderRadiusItem,
  '--font': design.fontFamilyBase,
  '--font-mono': design.fontFamilyMonospace,
};

/** Makes them known; on `body`, because the theme's class is there. */
export function applyTokens(): void {
  for (const [name, value] of Object.entries(TOKENS)) document.body.style.setProperty(name, value);
}
