/** Hits and answers of the search. */
import type { SearchAnswer, SearchGroup, SearchHit, SearchPlace } from '../../server/protocol/search.ts';

export function sampleHit(number: number, group: SearchGroup = 'messages', more: Partial<SearchHit> = {}): SearchHit {
  return {
    group,
    id: `${group}-${number}`,
    title: `builder in shop ${number}`,
    snippet: [
      { text: 'the ', isMatch: false },
      { text: 'login', isMatch: true },
      { text: ' has failed', isMatch: false },
    ],
    at: 0,
    place: { kind: 'audit', seq: number },
    ...more,
  };
}

/** Groups in the order of their first hit. */
export function sampleAnswer(hits: readonly SearchHit[], more: Partial<SearchAnswer> = {}): SearchAnswer {
  const groups = [...new Set(hits.map(({ group }) => group))];
  return {
    groups: groups.map((group) => ({ group, hits: hits.filter((hit) => hit.group === group), hasMore: false })),
    remarks: [],
    isComplete: true,
    ...more,
  };
}

/** As it would come from the backend, which alone makes ids. */
export function samplePlace(place: unknown): SearchPlace {
  // The test says what is in it.
  return place as SearchPlace;
}
