/** Which links of a page may leave VS Code, and which paths of a page name a file of the project. */
import { isAbsolute, relative, resolve, sep } from 'node:path';

const allowedProtocols = new Set(['http:', 'https:', 'mailto:']);

/** The link in its normal form, so that what is confirmed is what is opened; `undefined` for any other scheme. */
export function openableLink(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  return allowedProtocols.has(url.protocol) ? url.href : undefined;
}

/** The absolute path; relative ones are of the project. Symbolic links are for the caller to resolve and ask again. */
export function pathInProject(projectPath: string, path: string): string | undefined {
  const absolute = resolve(projectPath, path);
  const fromProject = relative(projectPath, absolute);
  const isOutside = fromProject === '..' || fromProject.startsWith(`..${sep}`) || isAbsolute(fromProject);
  return isOutside ? undefined : absolute;
}
