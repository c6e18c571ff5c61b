/** What a person has set for the whole backend; everything else has its default. Changes are audited and told. */
import * as z from 'zod/mini';
import { Emitter } from '../base/emitter.ts';
import { AgorError } from '../protocol/errors.ts';
import { defaultSettings, type SettingName, type Settings as SettingValues, settingSchemas } from '../protocol/settings.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import { expectation } from './expectation.ts';

export type SettingsDeps = {
  readonly db: Database;
  readonly write: <T>(work: () => T) => T;
  readonly audit: (values: Readonly<Record<string, unknown>>, actor: string) => void;
  readonly now: () => number;
  /** Goes before what a person sets, for as long as the backend runs. */
  readonly environment?: Partial<SettingValues>;
};

type Change = { readonly name: SettingName; readonly value: unknown };

export class Settings {
  readonly changed = new Emitter<readonly SettingName[]>();
  readonly #deps: SettingsDeps;
  readonly #put;
  readonly #remove;
  readonly #values: Partial<Record<SettingName, unknown>> = {};

  constructor(deps: SettingsDeps) {
    this.#deps = deps;
    this.#put = deps.db.prepare(
      `insert into settings (name, value, changed_at, row_hash) values (:name, :value, :changedAt, :rowHash)
       on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, row_hash = excluded.row_hash`,
    );
    this.#remove = deps.db.prepare('delete from settings where name = ?');
    const rows = deps.db.prepare<[], { name: string; value: string }>('select name, value from settings').all();
    for (const { name, value } of rows) this.#recall(name, value);
  }

  get<K extends SettingName>(name: K): SettingValues[K] {
    // What is kept was checked against the schema of this very name.
    return (this.#deps.environment?.[name] ?? this.#values[name] ?? defaultSettings[name]) as SettingValues[K];
  }

  /** Only what was set. */
  values(): Record<string, unknown> {
    return { ...this.#values };
  }

  /** What goes before it. */
  fromEnvironment(): Record<string, unknown> {
    return { ...this.#deps.environment };
  }

  /** All or nothing; null takes a value back to its default. */
  put(values: Readonly<Record<string, unknown>>, actor: string): void {
    const changes = Object.entries(values)
      .map(([name, value]) => checked(name, value))
      .filter(({ name, value }) => JSON.stringify(this.#values[name] ?? null) !== JSON.stringify(value));
    if (changes.length === 0) return;
    this.#deps.audit(Object.fromEntries(changes.map(({ name, value }) => [name, value])), actor);
    this.#deps.write(() => {
      for (const change of changes) this.#keep(change);
    });
    for (const { name, value } of changes) this.#values[name] = value ?? undefined;
    this.changed.emit(changes.map(({ name }) => name));
  }

  #keep({ name, value }: Change): void {
    if (value === null) return void this.#remove.run(name);
    const row = { name, value: JSON.stringify(value), changedAt: this.#deps.now() };
    this.#put.run({ ...row, rowHash: rowHash([row.name, row.value, row.changedAt]) });
  }

  /** A value that another version kept and this one cannot use, or that the disk gave back damaged, has no effect. */
  #recall(name: string, value: string): void {
    if (!isName(name)) return;
    const parsed = z.safeParse(settingSchemas[name], asJson(value));
    if (parsed.success) this.#values[name] = parsed.data;
  }
}

function checked(name: string, value: unknown): Change {
  if (!isName(name)) {
    throw new AgorError('badRequest', `There is no setting "${name}". There are: ${Object.keys(settingSchemas).join(', ')}.`);
  }
  if (value === null) return { name, value };
  const parsed = z.safeParse(settingSchemas[name], value);
  if (parsed.success) return { name, value: parsed.data };
  throw new AgorError('badRequest', `${name} cannot be ${JSON.stringify(value)}: ${expectation(parsed.error.issues[0])}.`);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No setting is undefined.
    return undefined;
  }
}

function isName(name: string): name is SettingName {
  return Object.hasOwn(settingSchemas, name);
}
