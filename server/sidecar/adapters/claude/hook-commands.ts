/** Which commands the settings that Claude Code obeys run at an event: its own report of a failed hook does not name them. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const maxBytes = 1024 * 1024;
const maxChars = 200;

const text = z.catch(z.optional(z.string()), undefined);
const Settings = z.object({
  hooks: z.record(z.string(), z.catch(z.array(z.object({ hooks: z.array(z.object({ command: text, url: text })) })), [])),
});

/** Of the folder's `settings.json`; none when it cannot be read. */
export function hookCommands(configDir: string, hook: string): string[] {
  const hooks = readSettings(join(configDir, 'settings.json'))?.hooks ?? {};
  // The name is the program's.
  const groups = Object.hasOwn(hooks, hook) ? (hooks[hook] ?? []) : [];
  return groups
    .flatMap(({ hooks }) => hooks.map(({ command, url }) => command ?? url))
    .filter((named) => named !== undefined)
    .map((named) => named.slice(0, maxChars));
}

function readSettings(path: string): z.infer<typeof Settings> | undefined {
  try {
    return statSync(path).size > maxBytes ? undefined : Settings.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // The failure is told without the command then.
    return undefined;
  }
}
