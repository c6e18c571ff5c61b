/** What goes wrong with files, in words a person can act on. */
import { AgorError } from '../protocol/errors.ts';

/** What the disk or SQLite says, as a sentence with the file and the remedy; everything else is passed on. */
export function asStorageError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof AgorError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const said = storageSentence(code, path);
  return said ? new AgorError('storage', said, { cause: error }) : error;
}

function storageSentence(code: string, path: string): string | undefined {
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC' || code === 'EDQUOT')
    return `The disk that holds ${path} is full. Free some space; nothing that was acknowledged is lost.`;
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return `${path} cannot be written. Check the owner and mode of its folder.`;
  if (code.startsWith('SQLITE_CANTOPEN')) return `${path} cannot be opened. Check that its folder exists and is yours.`;
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return `${path} is damaged or is no database. Run "agor recover" to see what can be restored.`;
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO')
    return `The disk gave an error for ${path} (${code}). Check the disk and its free space.`;
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENAMETOOLONG' || code === 'ELOOP')
    return `${path} cannot be a place for files (${code}). Choose another folder.`;
  if (code === 'EMFILE' || code === 'ENFILE')
    return `Too many files are open to use ${path}. End some programs, or raise the limit (ulimit -n).`;
  return undefined;
}
