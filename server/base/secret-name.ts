/** Which environment variables hold secrets, told from their name and value. Wrong on the side of secrecy. */

/** By their usual names, wherever in it the word stands: `AWS_SECRET_ACCESS_KEY`, `PGPASSWORD`, `GITHUB_PAT`. */
const secretName =
  /TOKEN(?!S)|SECRET|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY|(ACCESS|PRIVATE|AUTH|SIGNING|ENCRYPTION)_?KEY|(^|_)(KEY|PAT|PWD|PASS|DSN|AUTH|COOKIE)$/i;
/** An address with a user or a password in it. */
const addressWithUser = /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+@/i;

/** Named like secrets, and only folders. */
const folders: ReadonlySet<string> = new Set(['PWD', 'OLDPWD', 'CREDENTIALS_DIRECTORY']);

export function isSecretVariable(name: string, value: string | undefined): boolean {
  if (folders.has(name)) return false;
  return secretName.test(name) || addressWithUser.test(value ?? '');
}
