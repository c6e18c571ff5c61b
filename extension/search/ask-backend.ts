/** The search as the backend answers it, and what it tells of its index. */
import type { Disposable } from 'vscode';
import type { Backend } from '../backend/backend.ts';
import type { SearchAll } from './search-course.ts';

export function askBackend(backend: Backend): SearchAll {
  return (question) => backend.call('search/all', question);
}

export function onCaughtUp(backend: Backend): (call: () => void) => Disposable {
  return (call) => backend.on('search/progressed', ({ indexed, total }) => indexed >= total && call());
}
