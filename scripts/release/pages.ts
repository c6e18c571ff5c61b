/** The pages that a marketplace and VS Code show: their links must lead somewhere, and nothing in them may track. Pure. */

type Link = { readonly isPicture: boolean; readonly text: string; readonly target: string };

const pattern = /(!?)\[((?:[^[\]]|!?\[[^\]]*\]\([^)]*\))*)\]\(([^)\s]+)\)/g;

export function linksOf(page: string): Link[] {
  return [...page.matchAll(pattern)].flatMap(([, mark = '', text = '', target = '']) => [
    { isPicture: mark === '!', text, target },
    ...(mark === '' ? linksOf(text) : []),
  ]);
}

/** A link to a page that is not in the package becomes its text, since nothing would answer it. */
export function withoutDeadLinks(page: string, isPacked: (path: string) => boolean): string {
  return page.replace(pattern, (whole, mark: string, text: string, target: string) =>
    mark === '' && isRelative(target) && !isPacked(pathOf(target)) ? text : whole,
  );
}

/** What is wrong with a page, each as a sentence. */
export function pageProblems(name: string, page: string, isPacked: (path: string) => boolean): string[] {
  return [
    ...linksOf(page).flatMap(({ isPicture, target }) => {
      if (isPicture && !isRelative(target)) return [`${name} shows ${target}, a picture from elsewhere, which tells its host who reads.`];
      if (isRelative(target) && !isPacked(pathOf(target))) return [`${name} leads to ${target}, which is not in the package.`];
      return /^http:/.test(target) ? [`${name} leads to ${target} without encryption.`] : [];
    }),
    ...(/<(img|script|iframe)\b/i.test(page) ? [`${name} holds HTML that loads something; pictures are written as Markdown.`] : []),
  ];
}

export function hasSection(changelog: string, version: string): boolean {
  return changelog.split('\n').some((line) => line === `## ${version}` || line.startsWith(`## ${version} `));
}

function isRelative(target: string): boolean {
  return !/^([a-z][\w+.-]*:|#)/i.test(target);
}

function pathOf(target: string): string {
  return target.replace(/[#?].*$/, '').replace(/^\.\//, '');
}
