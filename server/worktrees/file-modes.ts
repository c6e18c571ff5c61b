/** What git keeps nothing of: exact modes, and folders without files. Paths are kept byte for byte, as Latin-1. */
import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import * as z from 'zod/mini';

export const FileModes = z.object({
  /** Below the folder, with the permission bits. */
  files: z.array(z.tuple([z.string(), z.number()])),
  folders: z.array(z.tuple([z.string(), z.number()])),
});
export type FileModes = z.infer<typeof FileModes>;

const permissionBits = 0o7777;

/** In the order of their paths. */
export async function readModes(folder: string): Promise<FileModes> {
  const found: { files: [string, number][]; folders: [string, number][] } = { files: [], folders: [] };
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    for (const entry of await readdir(placeOf(folder, below), { withFileTypes: true, encoding: 'buffer' })) {
      const path = below + entry.name.toString('latin1');
      if (path === '.git' || !(entry.isFile() || entry.isDirectory())) continue;
      const mode = (await lstat(placeOf(folder, path))).mode & permissionBits;
      if (entry.isFile()) found.files.push([path, mode]);
      else found.folders.push([path, mode]);
      if (entry.isDirectory()) waiting.push(`${path}/`);
    }
  }
  for (const list of [found.files, found.folders]) list.sort(([a], [b]) => (a < b ? -1 : 1));
  return found;
}

/** They are in order, so outer folders are made first, and inner ones closed first. */
export async function applyModes(folder: string, { files, folders }: FileModes): Promise<void> {
  for (const [path] of folders) await mkdir(placeOf(folder, path), { recursive: true });
  for (const [path, mode] of files) await chmod(placeOf(folder, path), mode);
  for (const [path, mode] of [...folders].reverse()) await chmod(placeOf(folder, path), mode);
}

function placeOf(folder: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
}
