/** The search as the backend answers it. */
import type { Backend } from '../backend.ts';
import type { SearchAll } from './search-course.ts';

export function askBackend(backend: Backend): SearchAll {
  return (question) => backend.call('search/all', question);
}
