/**
 * The browser of the tests: the one named by CHROMIUM_PATH, an installed Chromium or Chrome, else the one in the npm
 * package @sparticuz/chromium, with the libraries and fonts it needs.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { cacheFolder, findOnPath, root } from '../../scripts/environment.ts';

const macPath = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const installedNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

type Program = { executablePath: string; env: Record<string, string> };

export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = findBrowser();
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  // Chromium refuses to sandbox itself when it runs as root, as it does in containers.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return chromium.launch({ executablePath, headless: true, args, env: { ...definedEnvironment(), ...env } });
}

export function findBrowser(): Program {
  const installed = process.env.CHROMIUM_PATH ?? findOnPath(installedNames) ?? [macPath].find((file) => existsSync(file));
  return installed ? { executablePath: installed, env: {} } : unpackedBrowser();
}

/** Unpacked once for each version of the package into the cache folder. */
function unpackedBrowser(): Program {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The browser tests found no Chromium or Chrome. Install one, or name one in CHROMIUM_PATH.');
  }
  const packageFolder = join(root, 'node_modules', '@sparticuz', 'chromium');
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const folder = join(cacheFolder(), `chromium-${version}`);
  if (!existsSync(folder)) unpack(packageFolder, folder);
  const env = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf'), XDG_CACHE_HOME: folder };
  return { executablePath: join(folder, 'chromium'), env };
}

/** Unpacked aside and renamed when whole, so that a run that is cut short or runs twice leaves no half of it. */
function unpack(packageFolder: string, folder: string): void {
  console.log(`No browser found: unpacking the one of @sparticuz/chromium into ${folder} (once).`);
  mkdirSync(cacheFolder(), { recursive: true });
  const partial = mkdtempSync(`${folder}-`);
  const archives = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'].map((name) => join(packageFolder, 'bin', name));
  const script = `import { inflate } from '@sparticuz/chromium'; for (const archive of ${JSON.stringify(archives)}) await inflate(archive);`;
  // The package unpacks into the system's temporary folder, which a process of its own takes from its environment.
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: { ...definedEnvironment(), TMPDIR: partial },
  });
  cpSync(join(root, 'node_modules', 'dejavu-fonts-ttf', 'ttf'), join(partial, 'fonts', 'dejavu'), { recursive: true });
  writeFileSync(join(partial, 'fonts.conf'), fontConfiguration(join(folder, 'fonts')));
  if (!existsSync(folder)) renameSync(partial, folder);
  rmSync(partial, { recursive: true, force: true, maxRetries: 10 });
}

/** Names the fonts for the generic families, so that text looks the same on every machine. */
function fontConfiguration(folder: string): string {
  const family = (generic: string, font: string) =>
    `<alias binding="strong"><family>${generic}</family><prefer><family>${font}</family></prefer></alias>`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <cachedir>${join(folder, 'cache')}</cachedir>
  ${family('sans-serif', 'Open Sans')}
  ${family('system-ui', 'Open Sans')}
  ${family('monospace', 'DejaVu Sans Mono')}
</fontconfig>
`;
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
