/** A row of a CSV file. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/**
 * A cell as RFC 4180 has it. What strangers put into a record (a user agent, a name) must not become a formula where
 * the file is opened, so that what begins like one begins with an apostrophe.
 */
function csvCell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
