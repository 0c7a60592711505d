/** Hands a file to whoever sits before the browser. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the file once it has begun.
  window.setTimeout(() => { URL.revokeObjectURL(url); }, 10_000);
}
