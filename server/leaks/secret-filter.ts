/**
 * Takes the secrets that an agent was given out of what it says: programs print their environment when they fail, and
 * models repeat what they read. Exact matches only, of the value and its usual encodings, however they are split.
 *
 * It stands in the sidecar, which has the values anyway: it gives them to its agent, and keeps them to start it again. Keyed
 * digests instead would hide nothing there, since key and value would lie side by side, and could not tell which end of a
 * text may still become a secret. So nothing keeps a value for longer because of this filter: it ends with the run, as what
 * an agent was told does. What was replaced by a rotation stays known until then, because the agent may still know it.
 */
import type { WithheldForm, WithheldPlace } from '../protocol/secret.ts';
import { Automaton } from './automaton.ts';
import { type Find, findSecrets } from './find-secrets.ts';
import { isFindable, type SecretForm, secretForms } from './secret-forms.ts';

/** `isOurs`: a token of ours, of which nobody has to be told when an agent prints it with its environment. */
export type NamedSecret = { readonly name: string; readonly value: string; readonly isOurs?: boolean };

export type WithheldHit = { readonly secret: string; readonly place: WithheldPlace; readonly form: WithheldForm };

/** More levels than a tool's input has; what lies deeper is left out, because it cannot be looked through safely. */
const mostLevels = 200;
const tooDeep = '[nested too deeply to be looked through]';

export class SecretFilter {
  readonly #tell: (hit: WithheldHit) => void;
  readonly #secrets = new Map<string, NamedSecret>();
  #words: readonly (SecretForm & Pick<NamedSecret, 'name' | 'isOurs'>)[] = [];
  #automaton: Automaton | undefined;

  /** `tell` is called for each that was taken out. */
  constructor(tell: (hit: WithheldHit) => void = () => {}) {
    this.#tell = tell;
  }

  /** From now on these are taken out as well. Gives the names of those that are not looked for, because ordinary text may hold them. */
  learn(secrets: readonly NamedSecret[]): string[] {
    const before = this.#secrets.size;
    for (const secret of secrets) if (isFindable(secret.value)) this.#secrets.set(secret.value, secret);
    if (this.#secrets.size !== before) this.#build();
    return secrets.filter(({ value }) => !isFindable(value)).map(({ name }) => name);
  }

  text(text: string, place: WithheldPlace): string {
    return this.#automaton ? this.#without(text, findSecrets(this.#automaton, text).finds, place) : text;
  }

  /**
   * `safe`: the text without secrets, up to where one may begin. `openFrom`: where that is; what follows has to be looked at
   * together with what comes next. With no more to come, `text` takes it all.
   */
  begun(text: string, place: WithheldPlace): { readonly safe: string; readonly openFrom: number } {
    if (!this.#automaton) return { safe: text, openFrom: text.length };
    const { finds, openFrom } = findSecrets(this.#automaton, text);
    const safe = this.#without(
      text.slice(0, openFrom),
      finds.filter(({ end }) => end <= openFrom),
      place,
    );
    return { safe, openFrom };
  }

  /** The name of the first secret that stands in the text; nothing is taken out, and nothing told. */
  holds(text: string): string | undefined {
    if (!this.#automaton) return undefined;
    const [find] = findSecrets(this.#automaton, text).finds;
    return find && (this.#words[find.word]?.name ?? '');
  }

  /** The same value without secrets in its texts; itself where it holds none. */
  value<T>(value: T, place: WithheldPlace): T {
    // A text becomes a text and all else stays, so the value keeps its type.
    return this.#automaton ? (this.#part(value, place, 0) as T) : value;
  }

  #build(): void {
    this.#words = [...this.#secrets.values()].flatMap(({ name, value, isOurs = false }) =>
      secretForms(value).map((form) => ({ ...form, name, isOurs })),
    );
    this.#automaton = new Automaton(this.#words.map(({ text }) => text));
  }

  #without(text: string, finds: readonly Find[], place: WithheldPlace): string {
    if (finds.length === 0) return text;
    const parts: string[] = [];
    let reached = 0;
    for (const find of finds) {
      parts.push(text.slice(reached, find.start), this.#label(find, place));
      reached = find.end;
    }
    return [...parts, text.slice(reached)].join('');
  }

  #label(find: Find, place: WithheldPlace): string {
    const word = this.#words[find.word];
    if (!word) return '[secret]';
    if (word.isOurs) return `[${word.name}]`;
    this.#tell({ secret: word.name, place, form: formOf(find, word) });
    return `[secret ${word.name}]`;
  }

  /** Names of fields are texts of the agent too, where its tool's input has them. */
  #part(part: unknown, place: WithheldPlace, level: number): unknown {
    if (typeof part === 'string') return this.text(part, place);
    if (typeof part !== 'object' || part === null) return part;
    if (level >= mostLevels) return tooDeep;
    if (Array.isArray(part)) {
      const items = part.map((item) => this.#part(item, place, level + 1));
      return items.some((item, index) => item !== part[index]) ? items : part;
    }
    const entries = Object.entries(part);
    const clean = entries.map(([name, item]) => [this.text(name, place), this.#part(item, place, level + 1)] as const);
    const isSame = clean.every(([name, item], index) => name === entries[index]?.[0] && item === entries[index]?.[1]);
    return isSame ? part : Object.fromEntries(clean);
  }
}

function formOf({ start, end, reading }: Find, { form, writtenChars }: SecretForm): WithheldForm {
  if (form !== 'plain') return form;
  if (reading !== 'written') return reading === 'unescaped' ? 'escaped' : 'url';
  return end - start <= writtenChars ? 'plain' : 'split';
}
