/** Whether a path of a file says by its letters alone where the file is: no way up, no empty part, nothing hidden. Pure. */
const hidden = /(?! )[\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\\]/u;

export function isPlainPath(path: string): boolean {
  const parts = path.replace(/^\//, '').split('/');
  return path !== '' && !hidden.test(path) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}
