/** Marks a call as the console's; the record that is made of it says so. Signed like all headers. */
export const CONSOLE_HEADER: Readonly<Record<string, string>> = { 'x-opentrail-console': '1' };
