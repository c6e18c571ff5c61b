/** MAIN, inside the fence: makes one probe's attempt and says what came of it. */
import type { Place } from './probe.ts';
import { probes } from './probe-list.ts';

const [name = '', place = ''] = process.argv.slice(2);
const probe = probes.find((each) => each.name === name);
if (!probe) throw new Error(`There is no probe "${name}".`);
try {
  // Written by the tests themselves.
  process.stdout.write(String(await probe.attempt(JSON.parse(place) as Place)));
} catch (error) {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  process.stdout.write(`refused: ${String(code)}`);
}
process.exit(0);
