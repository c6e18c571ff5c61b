/** A name that is not taken yet: the wish itself, else the wish with the first free number from 2 on. */
export function freeName(wish: string, taken: readonly string[]): string {
  const names = new Set(taken);
  if (!names.has(wish)) return wish;
  let number = 2;
  while (names.has(`${wish}-${number}`)) number++;
  return `${wish}-${number}`;
}
