/** Sizes for people. */
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const number = bytes / 2 ** (10 * power);
  return `${power === 0 ? number : number.toFixed(number < 10 ? 1 : 0)} ${units[power] ?? 'B'}`;
}
