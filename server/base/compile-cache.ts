/**
 * What Node has compiled of a built program is kept in a folder beside it, so that its next start only reads it. Node
 * compares both with their hashes and compiles anew what does not fit.
 */
import { flushCompileCache } from 'node:module';
import { dirname, join } from 'node:path';

/** Node writes at an end in order by itself, which a process that is killed does not come to. */
const keepAfterMs = 3_000;

/** For the environment that `program` is started with. Nothing is kept of sources. */
export function compileCacheOf(program: string): { readonly NODE_COMPILE_CACHE?: string } {
  return program.endsWith('.js') ? { NODE_COMPILE_CACHE: join(dirname(program), 'compile-cache') } : {};
}

/** Once, when the program begins. What it starts itself keeps its own things elsewhere. */
export function keepCompiled(): void {
  delete process.env.NODE_COMPILE_CACHE;
  setTimeout(flushCompileCache, keepAfterMs).unref();
}
