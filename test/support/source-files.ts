/** The repository's own source files and what they import, for the tests that hold its shape. */
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../../scripts/environment.ts';

export type Import = {
  /** The whole statement. */
  text: string;
  /** A path from the repository's root for a file of it, else the name of a package. */
  target: string;
  typesOnly: boolean;
};

export type SourceFile = { path: string; text: string; imports: Import[] };

export function readSourceFiles(pattern: string): SourceFile[] {
  const paths = globSync(pattern, { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  return paths
    .filter((path) => !/(^|\/)(node_modules|dist|fixtures)\//.test(path))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

/** The statements start a line, as the formatter writes them; `import()` and `typeof import()` may stand anywhere. */
export function importsOf(path: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm);
  const expressions = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [...statements, ...expressions].map(([text, specifier = '']) => ({
    text,
    target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
    typesOnly: /^(import|export)\s+type\s/.test(text),
  }));
}
