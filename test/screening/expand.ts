/** Texts from templates: every combination of what may stand in their slots, and an even choice among them. */

export type Slots = Readonly<Record<string, readonly string[]>>;

/** Of one kind of attack. Those that are held out have no rule of their own, and none may be made from looking at them. */
export type AttackFamily = { readonly name: string; readonly isHeldOut: boolean; readonly texts: readonly string[] };

/** What attacks of a family look like when nothing but the family's own slots vary. */
export type Templates = { readonly templates: readonly string[]; readonly slots: Slots; readonly perTemplate: number };

/** What a message says besides; the attack stands at `{}`. */
const carriers = [
  '{}',
  '{}',
  'The build went through, three warnings. {}',
  'Hi, I looked at the parser as you asked.\n\n{}\n\nThe tests in test/parser are green.',
  'Result of the search:\n1. README.md, line 40\n2. {}\n3. package.json, line 12',
  '{} Thanks!',
];

export function texts({ templates, slots, perTemplate }: Templates): string[] {
  return templates.flatMap((template) => evenly(filled(template, slots), perTemplate)).map(carried);
}

/** At most `count` of the list, at equal distances. */
export function evenly<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, index) => list[Math.floor((index * list.length) / count)]).filter((item) => item !== undefined);
}

function filled(template: string, slots: Slots): string[] {
  const slot = /\{(\w+)\}/.exec(template);
  if (!slot) return [template];
  const fillings = slots[slot[1] ?? ''];
  if (!fillings) throw new Error(`No slot "${slot[1]}" is known for "${template}".`);
  return fillings.flatMap((filling) =>
    filled(
      template.replaceAll(slot[0], () => filling),
      slots,
    ),
  );
}

export function carried(text: string, index: number): string {
  return (carriers[index % carriers.length] ?? '{}').replace('{}', () => text);
}
