/** What the search answers. */
import type { Handlers } from '../dispatch.ts';
import type { Search } from '../search/search.ts';

type SearchHandlers = Pick<Handlers, Extract<keyof Handlers, `search/${string}`>>;

export function searchHandlers({ search }: { readonly search: Search }): SearchHandlers {
  return {
    'search/init': () => search.init(),
    'search/all': (wish) => search.all(wish),
    'search/rebuild': () => search.rebuild(),
    'search/cancelRebuild': async () => {
      await search.cancelRebuild();
      return {};
    },
    // All that waits goes in order, so the message is in it when what is before it is.
    'search/indexMessage': async () => {
      await search.catchUp();
      return {};
    },
  };
}
