/** Everything that must be so of a package, over what it holds; nothing is taken from the folder that it was made in but its version. */
import { statSync } from 'node:fs';
import { contentProblems, type PackedFile } from './contents.ts';
import { hasSection, pageProblems } from './pages.ts';
import { readVsix } from './read-vsix.ts';

/** What developers work with; none of it runs at a user's. */
const forDevelopers =
  /^(pino-pretty|typescript|esbuild|mocha|playwright-core|axe-core|@biomejs\/.*|@types\/.*|@vscode\/(vsce|test-electron)|@sparticuz\/.*)$/;

/** Each as a sentence; empty when it may be handed out. */
export function packageProblems(vsix: string): string[] {
  const files = readVsix(vsix);
  const text = (path: string) => files.find((file) => file.path === path)?.text ?? '';
  const isPacked = (path: string) => files.some((file) => file.path.toLowerCase() === path.toLowerCase() || file.path === `${path}.txt`);
  return [
    ...contentProblems(files, statSync(vsix).size),
    ...['readme.md', 'changelog.md', 'SECURITY.md'].flatMap((page) => pageProblems(page, text(page), isPacked)),
    ...billProblems(files, text),
  ];
}

/** Apart, since only a release needs it. */
export function releaseProblems(vsix: string): string[] {
  const files = readVsix(vsix);
  const text = (path: string) => files.find((file) => file.path === path)?.text ?? '{}';
  const { version } = JSON.parse(text('package.json'));
  const { gitSha } = JSON.parse(text('dist/build-info.json'));
  return [
    ...(hasSection(text('changelog.md'), version) ? [] : [`CHANGELOG.md has no section "## ${version}".`]),
    ...(/^[0-9a-f]{12}$/.test(gitSha) ? [] : ['The build does not know its commit.']),
  ];
}

/** Each part of the bill is a program that is there, and each work has its notice. */
function billProblems(files: readonly PackedFile[], text: (path: string) => string): string[] {
  const bill = JSON.parse(text('sbom.cdx.json') || '{}');
  const notices = text('THIRD_PARTY_NOTICES.txt');
  const components: { name: string; version: string; properties: { value: string }[] }[] = bill.components ?? [];
  return [
    ...(components.length === 0 ? ['The bill of materials names nothing.'] : []),
    ...components
      .filter(({ name }) => forDevelopers.test(name))
      .map(({ name, properties }) => `${name} is for developers, but is part of ${properties.map(({ value }) => value)}.`),
    ...components
      .filter(({ name, version }) => !notices.includes(`${name} ${version} (`))
      .map(({ name, version }) => `${name} ${version} has no notice.`),
    ...components.flatMap(({ name, properties }) =>
      properties
        .filter(({ value }) => !files.some(({ path }) => path.startsWith(value)))
        .map(({ value }) => `${name} is said to be part of ${value}, which is not there.`),
    ),
  ];
}
