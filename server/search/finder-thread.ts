/** A search thread that asks the index. */
import { recordCacheKib } from '../store/open-database.ts';
import { openReadOnly } from '../store/read-only.ts';
import { fileGate } from './file-gate.ts';
import { Names } from './names.ts';
import { DamagedIndex, SearchReader } from './search-reader.ts';
import type { FinderAsks, FinderData, Request } from './search-wire.ts';

export function findInThread({ paths, gate }: FinderData): (request: Request<FinderAsks>) => FinderAsks['search']['answer'] {
  const [sessions, btmsg] = [openReadOnly(paths.sessionsDb, recordCacheKib), openReadOnly(paths.btmsgDb, recordCacheKib)];
  const names = new Names(sessions, btmsg);
  const reader = new SearchReader({ path: paths.searchDb, names, gate: fileGate(gate) });
  return ({ wish }) => {
    try {
      return { found: reader.search(wish) };
    } catch (error) {
      if (error instanceof DamagedIndex) return { damaged: error.file };
      throw error;
    }
  };
}
