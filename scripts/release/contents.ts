/** What the package must hold, may hold and may weigh, by its names in there. What is new and meant for users gets its line here. Pure. */

const required = [
  ...['package.json', 'package.nls.json', 'readme.md', 'changelog.md', 'LICENSE.txt', 'SECURITY.md'],
  ...['docs/runbook.md', 'docs/headless.md', 'THIRD_PARTY_NOTICES.txt', 'sbom.cdx.json', 'l10n/bundle.l10n.json', 'media/icon.png'],
  ...['dist/build-info.json', 'dist/package.json', 'dist/extension.cjs', 'dist/backend.js', 'dist/sidecar.js', 'dist/demo-agent.js'],
  ...[
    'dist/search-thread.js',
    'dist/sandbox-launcher.js',
    'dist/explain-sandbox.js',
    'dist/mcp.js',
    'dist/key-helper.js',
    'dist/recover.js',
    'dist/serve.js',
    'dist/doctor.js',
    'dist/backup-thread.js',
    'dist/programs.json',
  ],
  ...['dist/cli/agor.js', 'dist/cli/btmsg.js', 'dist/cli/bttask.js'],
  ...['chat', 'board', 'metrics', 'audit'].map((page) => `dist/webviews/${page}.js`),
  ...['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'linuxmusl-arm64', 'linuxmusl-x64', 'win32-arm64', 'win32-x64'].map(
    (platform) => `dist/native/${platform}.node`,
  ),
];

const allowed = [
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^(readme|changelog|SECURITY)\.md$/,
  /^(LICENSE\.txt|THIRD_PARTY_NOTICES\.txt|sbom\.cdx\.json)$/,
  /^dist\/[\w-]+\.(js|cjs|json)$/,
  /^dist\/cli\/[\w-]+\.js$/,
  /^dist\/webviews\/[\w.-]+\.(js|css|ttf)$/,
  /^dist\/native\/(koffi\/)?(linux|linuxmusl|darwin|win32)-(x64|arm64)\.node$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^media\/([\w-]+\/)*[\w-]+\.(png|svg|md)$/,
  /^docs\/([\w-]+\/)*[\w-]+\.(md|png|svg)$/,
];

const mebibyte = 1_048_576;
/** Half of it is the database for eight platforms. */
const mostPackedBytes = 14 * mebibyte;
const mostUnpackedBytes = 32 * mebibyte;
/** By kind, so that one that grew does not hide behind the room of another. */
const budgets = [
  { what: 'the extension', pattern: /^dist\/extension\.cjs$/, mostBytes: 1.25 * mebibyte },
  { what: 'the backend', pattern: /^dist\/backend\.js$/, mostBytes: 1.5 * mebibyte },
  { what: 'a page', pattern: /^dist\/webviews\/(chat|board|metrics|audit)\.js$/, mostBytes: 0.5 * mebibyte },
  { what: 'a picture', pattern: /^media\/.*\.png$/, mostBytes: 0.5 * mebibyte },
];

export type PackedFile = { readonly path: string; readonly bytes: number; readonly text?: string };

/** What is wrong with the contents, each as a sentence. */
export function contentProblems(files: readonly PackedFile[], packedBytes: number): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return [
    ...required.filter((path) => !paths.has(path)).map((path) => `${path} is missing from the package.`),
    ...files.filter(({ path }) => !isAllowedPath(path)).map(({ path }) => `${path} does not belong into the package.`),
    ...files.flatMap(textProblems),
    ...sizeProblems(files, packedBytes),
  ];
}

export function isAllowedPath(path: string): boolean {
  return allowed.some((pattern) => pattern.test(path));
}

/** Of programs: what only a build for developers has, and what only one machine has. */
function textProblems({ path, text = '' }: PackedFile): string[] {
  const isProgram = /\.(js|cjs)$/.test(path);
  return [
    ...(isProgram && /\/\/# sourceMappingURL=/.test(text) ? [`${path} names a source map: it was built for developers.`] : []),
    ...(/(?:\/home|\/Users|\/root|\/tmp|\/work)\/[\w.-]+\/(?:[\w.-]+\/)*(?:server|extension|webviews|node_modules)\//.test(text)
      ? [`${path} names a folder of the machine it was built on.`]
      : []),
    ...(/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}/.test(text) ? [`${path} holds a private key.`] : []),
  ];
}

function sizeProblems(files: readonly PackedFile[], packedBytes: number): string[] {
  const unpacked = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...tooLarge('The package', packedBytes, mostPackedBytes),
    ...tooLarge('The unpacked package', unpacked, mostUnpackedBytes),
    ...budgets.flatMap(({ what, pattern, mostBytes }) =>
      files.filter(({ path }) => pattern.test(path)).flatMap(({ path, bytes }) => tooLarge(`${path} (${what})`, bytes, mostBytes)),
    ),
  ];
}

function tooLarge(what: string, bytes: number, mostBytes: number): string[] {
  const shown = (count: number) => `${(count / mebibyte).toFixed(2)} MiB`;
  return bytes > mostBytes ? [`${what} has ${shown(bytes)}; the budget is ${shown(mostBytes)}.`] : [];
}
