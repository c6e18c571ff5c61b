/** What a page keeps with the backend belongs to the folders of its window: each window finds its own again. */
import { createHash } from 'node:crypto';
import { workspace } from 'vscode';
import type { PageRequest } from './page-request.ts';

/** The page names neither: it reaches the one place that is its own, whatever it asks for. */
export function inOwnPlace(request: PageRequest, view: string): PageRequest {
  if (request.method !== 'view/get' && request.method !== 'view/put') return request;
  return { method: request.method, params: { ...Object(request.params), view, key: windowKey() } };
}

function windowKey(): string {
  const places = workspace.workspaceFile ? [workspace.workspaceFile] : (workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  return createHash('sha256').update(places.join('\n')).digest('hex').slice(0, 32);
}
