/** Tells the backend which files the person saves in this window, so that it knows when an agent and they write the same one. */
import { type Disposable, workspace } from 'vscode';
import type { Backend } from '../backend/backend.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** As many as one request takes; what is saved beyond that in one moment, the backend finds by itself. */
const mostAtOnce = 200;
const collectMs = 100;

export function tellSavedFiles(backend: Backend, fleet: Fleet): Disposable[] {
  let paths: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    const saved = paths.slice(0, mostAtOnce);
    paths = [];
    // It is only a hint: the file itself tells as well, a little later.
    backend.call('file/saved', { paths: saved }).catch(() => {});
  };
  return [
    workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.scheme !== 'file' || backend.connection.phase !== 'connected' || fleet.state.agents.length === 0) return;
      // "Save All" is one request.
      if (paths.length === 0) timer = setTimeout(tell, collectMs);
      paths.push(uri.fsPath);
    }),
    { dispose: () => clearTimeout(timer) },
  ];
}
