/** What the next backend finds wrong when it opens a data directory, or why it refuses to, as sentences. */
import { dataPaths } from '../../server/base/data-paths.ts';
import { openStores } from '../../server/stores.ts';

export function nextStart(dataDir: string): readonly string[] {
  try {
    const stores = openStores(dataPaths(dataDir));
    const problems = stores.problems();
    stores.close();
    return problems;
  } catch (error) {
    return [String(error)];
  }
}
