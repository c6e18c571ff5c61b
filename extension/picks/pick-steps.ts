/** Questions one after the other, each with a way back to the one before. */
import { type Disposable, QuickInputButtons, type QuickPickItem, window } from 'vscode';

/** Which of how many questions this is; an aside is not counted. The first has no way back. */
export type StepPlace = { readonly title: string; readonly step?: number; readonly totalSteps?: number };
/** The person goes back to the question before. */
export const back = Symbol('back');
/** `undefined` when the person changed their mind. */
export type Answer<T> = T | typeof back | undefined;
export type Step<Draft> = (draft: Draft, place: StepPlace) => Promise<Answer<Draft>>;

/** Which steps there are may depend on what was answered so far. */
export async function runSteps<Draft>(
  title: string,
  first: Draft,
  stepsOf: (draft: Draft) => readonly Step<Draft>[],
): Promise<Draft | undefined> {
  const before: Draft[] = [];
  let draft = first;
  for (;;) {
    const steps = stepsOf(draft);
    const step = steps[before.length];
    if (!step) return draft;
    const answer = await step(draft, { title, step: before.length + 1, totalSteps: steps.length });
    if (answer === undefined) return undefined;
    if (answer === back) draft = before.pop() ?? first;
    else {
      before.push(draft);
      draft = answer;
    }
  }
}

type Pick<Item> = { readonly placeholder: string; readonly items: Promise<readonly Item[]> | readonly Item[] };

/** Shown at once; what is not known yet comes in. A failure to learn it is the caller's to tell. */
export function pickStep<Item extends QuickPickItem>(place: StepPlace, { placeholder, items }: Pick<Item>): Promise<Answer<Item>> {
  const pick = window.createQuickPick<Item>();
  Object.assign(pick, { ...shownPlace(place), placeholder, matchOnDescription: true, matchOnDetail: true, busy: true });
  return new Promise((resolve, reject) => {
    const parts: Disposable[] = [
      pick,
      pick.onDidTriggerButton(() => settle(back)),
      pick.onDidAccept(() => pick.activeItems[0] && settle(pick.activeItems[0])),
      pick.onDidHide(() => settle(undefined)),
    ];
    const settle = (answer: Answer<Item>) => {
      resolve(answer);
      for (const part of parts.splice(0)) part.dispose();
    };
    Promise.resolve(items).then(
      (known) => {
        pick.items = known;
        pick.busy = false;
      },
      (error: unknown) => {
        reject(error);
        settle(undefined);
      },
    );
    pick.show();
  });
}

type ManyPick<Item> = Pick<Item> & {
  /** What is wrong with those that are chosen, in a sentence. */
  readonly problem: (chosen: readonly string[]) => string | undefined;
};

export function pickManyStep<Item extends QuickPickItem & { readonly value: string }>(
  place: StepPlace,
  { placeholder, items, problem }: ManyPick<Item> & { readonly items: readonly Item[] },
): Promise<Answer<readonly string[]>> {
  const pick = window.createQuickPick<Item>();
  Object.assign(pick, { ...shownPlace(place), placeholder, items, canSelectMany: true, ignoreFocusOut: true });
  pick.selectedItems = items.filter(({ picked }) => picked);
  return new Promise((resolve) => {
    const parts: Disposable[] = [
      pick,
      pick.onDidTriggerButton(() => settle(back)),
      pick.onDidAccept(() => {
        const chosen = pick.selectedItems.map(({ value }) => value);
        const wrong = problem(chosen);
        if (wrong === undefined) settle(chosen);
        else pick.title = `${place.title}: ${wrong}`;
      }),
      pick.onDidHide(() => settle(undefined)),
    ];
    const settle = (answer: Answer<readonly string[]>) => {
      resolve(answer);
      for (const part of parts.splice(0)) part.dispose();
    };
    pick.show();
  });
}

type Input = {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** What is wrong with it, in a sentence. */
  readonly problem: (value: string) => string | undefined;
};

export function inputStep(place: StepPlace, { prompt, value = '', placeholder = '', problem }: Input): Promise<Answer<string>> {
  const input = window.createInputBox();
  Object.assign(input, { ...shownPlace(place), prompt, value, placeholder, ignoreFocusOut: true });
  return new Promise((resolve) => {
    const parts: Disposable[] = [
      input,
      input.onDidTriggerButton(() => settle(back)),
      input.onDidChangeValue((typed) => {
        input.validationMessage = problem(typed);
      }),
      input.onDidAccept(() => {
        input.validationMessage = problem(input.value);
        if (input.validationMessage === undefined) settle(input.value);
      }),
      input.onDidHide(() => settle(undefined)),
    ];
    const settle = (answer: Answer<string>) => {
      resolve(answer);
      for (const part of parts.splice(0)) part.dispose();
    };
    input.show();
  });
}

function shownPlace({ title, step, totalSteps }: StepPlace) {
  return { title, step, totalSteps, buttons: step === 1 ? [] : [QuickInputButtons.Back] };
}
