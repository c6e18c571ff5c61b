/**
 * Which of the six failure classes an agent's error belongs to, what the person is told, and whether waiting helps.
 * A status is worth more than a code and a code more than words, because words may come from what the agent read.
 */
import type { Failure } from '../protocol/agent-event.ts';
import { authFailure, authSentence } from './auth-failure.ts';

export type ErrorFacts = {
  /** The HTTP status, where one is known. */
  readonly status?: number | undefined;
  /** An errno name, or the type that the provider gave the error. */
  readonly code?: string | undefined;
  /** As the header Retry-After has it: seconds, or a date. */
  readonly retryAfter?: string | number | undefined;
  readonly message: string;
};

type FailureType = Failure['type'];

/** When the provider names none. One that is overloaded needs twice as long as one that only counts. */
export const suggestedWaitMs: Readonly<Partial<Record<FailureType, number>>> = { rate_limit: 15_000, overloaded: 30_000, network: 5_000 };
const longestWaitMs = 24 * 60 * 60 * 1000;

/** `now` is for a provider that names a date. */
export function classifyError(facts: ErrorFacts, now = Date.now()): Failure {
  const words = withoutPlaces(facts.message);
  const type = typeOf(facts, words);
  const waitMs = suggestedWaitMs[type];
  if (type === 'auth') return authFailure({ ...facts, status: facts.status ?? statusInWords(words), message: words });
  if (waitMs === undefined) return { type, message: sentenceFor(type, facts.message, 0), retryable: false };
  const statedMs = headerWaitMs(facts.retryAfter, now) ?? dateWaitMs(words, now) ?? statedWaitMs(words);
  const retryAfterMs = type === 'network' ? waitMs : (statedMs ?? waitMs);
  return { type, message: sentenceFor(type, facts.message, retryAfterMs), retryable: true, retryAfterMs };
}

function typeOf(facts: ErrorFacts, words: string): FailureType {
  const status = facts.status ?? statusInWords(words);
  const byCode = facts.code === undefined ? undefined : typeOfCode(facts.code);
  // Providers send a used-up quota as 429, and some as 400 or 403: only its words tell it from the others.
  if (mayBeQuota(status) && (byCode === 'quota' || quotaWords.test(words))) return 'quota';
  const certain = typeOfStatus(status) ?? byCode;
  if (certain !== undefined) return certain;
  // A request that was refused as wrong speaks of its own fields ("timeout must be a number"): only a bad key is read from it.
  if (status !== undefined && status >= 400) return authWords.test(words) ? 'auth' : 'unknown';
  return typeOfWords(words);
}

function mayBeQuota(status: number | undefined): boolean {
  return status === undefined || [400, 402, 403, 429].includes(status);
}

function typeOfStatus(status: number | undefined): FailureType | undefined {
  if (status === undefined) return undefined;
  if (status === 401 || status === 403) return 'auth';
  if (status === 402) return 'quota';
  if (status === 408) return 'network';
  if (status === 429) return 'rate_limit';
  return [500, 502, 503, 504, 529].includes(status) ? 'overloaded' : undefined;
}

const codeTypes: readonly (readonly [FailureType, RegExp])[] = [
  ['quota', /quota|billing|credit|payment/],
  ['overloaded', /overloaded|server_error|service_?unavailable|^unavailable$|^api_error$|bad_gateway/],
  ['rate_limit', /rate_?limit|too_?many_?requests|throttl|resource_?exhausted/],
  ['auth', /auth|api_?key|permission_(error|denied)|oauth|credential|account_on_hold|verification_required|forbidden|(token|key)_?expired/],
  ['network', /^e(conn|hostunreach|netunreach|netdown|ai_again|notfound|timedout|pipe)|^und_err_|timeout|timed_out|network|connection/],
];

function typeOfCode(code: string): FailureType | undefined {
  const name = code.toLowerCase().replaceAll('-', '_');
  return codeTypes.find(([, pattern]) => pattern.test(name))?.[0];
}

const quotaWords =
  /\bquota\b.{0,40}\b(exceeded|exhausted|reached)|\b(exceeded|exhausted|out of|insufficient)\b.{0,40}\bquota\b|\binsufficient_quota\b|\bbilling|\bcredit balance\b|\b(usage|spend(ing)?) limit\b/i;
const authWords =
  /\b(invalid|incorrect|missing|bad|expired|no)\b.{0,20}\b(api[ _-]?key|x-api-key|access token|auth token|credentials)\b|\bapi[ _-]?key\b.{0,20}\b(invalid|not valid|expired|missing|not found)|\bauthentication\b.{0,20}\b(failed|required|error)|\bauthentication_error\b|\bfailed to authenticate|\bnot logged in\b|\bunauthori[sz]ed\b|\bplease (log ?in|run \/login)/i;
const wordTypes: readonly (readonly [FailureType, RegExp])[] = [
  ['auth', authWords],
  [
    'overloaded',
    /\boverloaded(_error)?\b|\bservice (is )?(temporarily )?unavailable\b|\bbad gateway\b|\binternal server error\b|\bat capacity\b/i,
  ],
  ['rate_limit', /\brate[ _-]?limit(ed|ing|s)?\b|\brate_limit_error\b|\btoo many requests\b/i],
  [
    'network',
    /\bE(CONN(REFUSED|RESET|ABORTED)|HOSTUNREACH|NETUNREACH|NETDOWN|AI_AGAIN|NOTFOUND|TIMEDOUT|PIPE)\b|\btimed? ?out\b|\bnetwork (error|failure|unreachable)|\bnetwork is (down|unreachable)|\bconnection\b.{0,20}\b(refused|reset|dropped|lost|closed|error|aborted|failed)|\bsocket hang up\b|\bfetch failed\b|\b(cannot|could not|unable to|failed to) connect\b|\bgetaddrinfo\b|\bdns\b|\bpremature close\b|\bstream\b.{0,20}\b(cut|disconnected|closed|ended)\b|\bcould not resolve host\b/i,
  ],
];

function typeOfWords(words: string): FailureType {
  return wordTypes.find(([, pattern]) => pattern.test(words))?.[0] ?? 'unknown';
}

/** Only a number that is called a status: "line 429" and "429 files changed" are not. */
const statusPatterns = [
  /\bhttp(?:\/\d(?:\.\d)?)?(?: (?:status|error))?(?: code)?[\s:="']{1,3}([45]\d\d)\b/i,
  /\b(?:status(?:[ _]?code)?|api error|error|code)["']?[\s:=]{1,3}["']?([45]\d\d)\b(?![.:]\d)/i,
  /(?:^|\s)\(([45]\d\d)\)(?:\s|$)/,
  /^\s*([45]\d\d)(?:\s*$|\s*[:{-]|\s+(?:too many|rate|unauthori|forbidden|payment|internal|bad gateway|service|gateway|overloaded))/i,
];

function statusInWords(words: string): number | undefined {
  for (const pattern of statusPatterns) {
    const found = pattern.exec(words)?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}

/** File names, paths and line numbers may hold any word or number, and say nothing about the error's kind. */
function withoutPlaces(message: string): string {
  return message
    .slice(0, 4_000)
    .replace(/(?<![\w/\\])(?!http\/\d)(?:[a-z]:|[.~]{0,2})?(?:[\w.@~+-]*[/\\]){1,64}[\w.@~+-]*(?:[:(]\d+(?:[:,]\d+)?\)?)?/gi, (place) =>
      isPath(place) ? ' ' : place,
    )
    .replace(
      /\b[\w-]+\.(?:[cm]?[jt]sx?|json|md|py|rs|go|java|c|cc|cpp|h|rb|sh|sql|toml|ya?ml|log|txt|html|css)\b(?:[:(]\d+(?:[:,]\d+)?\)?)?/gi,
      ' ',
    )
    .replace(/\b(?:lines?|row|column|col|port|pid)[\s:#]{1,2}\d+/gi, ' ');
}

/** One slash between two words is "and/or", more of them or a leading one is a place. */
function isPath(place: string): boolean {
  return /^[.~/\\]|^[a-z]:/i.test(place) || place.split(/[/\\]/).length > 2 || /\.\w+|:\d/.test(place);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** "retry after 12 seconds", "Retry-After: 12", "try again in 1m30s"; without a unit it is seconds. */
function statedWaitMs(words: string): number | undefined {
  const stated =
    /\b(?:retry[ _-]?after|(?:re)?try(?:ing)?(?: again)?(?: in| after))["']?[\s:=]{1,3}["']?((?:\d+(?:\.\d+)?\s?[a-z]*\s?){1,3})/i.exec(
      words,
    )?.[1];
  if (stated === undefined) return undefined;
  let total = 0;
  for (const [, amount = '0', unit = ''] of stated.matchAll(/(\d+(?:\.\d+)?)\s?([a-z]*)/gi)) total += Number(amount) * unitInMs(unit);
  return boundedWaitMs(total);
}

/** A header's value: whole seconds, or the date of its form. */
function headerWaitMs(value: string | number | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = typeof value === 'number' ? value : /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
  return seconds === undefined ? untilMs(String(value), now) : boundedWaitMs(seconds * 1_000);
}

const httpDate = /\b[a-z]{3,9}, \d{1,2} [a-z]{3} \d{4} \d\d:\d\d:\d\d GMT\b/i;

/** "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT", where the words are all there is. */
function dateWaitMs(words: string, now: number): number | undefined {
  const said = /\bretry[ _-]?after["']?[\s:=]{1,3}["']?(.{0,40})/i.exec(words)?.[1];
  return said === undefined ? undefined : untilMs(said, now);
}

/** At a time that has passed one may try at once. */
function untilMs(text: string, now: number): number | undefined {
  const date = httpDate.exec(text)?.[0];
  return date === undefined ? undefined : boundedWaitMs(Math.max(0, Date.parse(date) - now));
}

function boundedWaitMs(ms: number): number | undefined {
  return Number.isFinite(ms) && ms >= 0 ? Math.min(Math.ceil(ms), longestWaitMs) : undefined;
}

function unitInMs(unit: string): number {
  const name = unit.toLowerCase();
  if (name === 'ms' || name.startsWith('milli')) return 1;
  return unitMs[name.slice(0, 1)] ?? 1_000;
}

function sentenceFor(type: FailureType, original: string, waitMs: number): string {
  switch (type) {
    case 'rate_limit':
      return `Rate limited — retrying in ${Math.ceil(waitMs / 1000)}s`;
    case 'auth':
      return authSentence;
    case 'quota':
      return 'Usage quota exceeded';
    case 'overloaded':
      return 'Service overloaded — retrying';
    case 'network':
      return 'Network error — check connection';
    case 'unknown':
      return original.trim() === '' ? 'Unexpected error' : original;
  }
}
