/** The secrets that a descriptor brings at the start, read before anything that was inherited is closed. */
import { readDescriptor } from './base/read-descriptor.ts';
import type { Config } from './config.ts';
import { parseGivenSecrets } from './secrets/headless-sources.ts';

export async function readGivenSecrets({ secretsFd }: Config): Promise<ReadonlyMap<string, string>> {
  return secretsFd === undefined ? new Map() : parseGivenSecrets(await readDescriptor(secretsFd));
}
