/**
 * The programs that show a notice on the desktop, and what each is given. Texts of agents travel as an argument that cannot
 * be an option, or in the environment; never in a script, and where a daemon reads markup, escaped. Pure.
 */
import { join } from 'node:path';
import type { DesktopWords } from './desktop-decision.ts';

export type DesktopProgram = {
  /** A path, or a name that is looked for. */
  readonly file: string;
  readonly args: (words: DesktopWords) => string[];
  readonly environment: (words: DesktopWords) => Readonly<Record<string, string>>;
};

const shownForMs = 8_000;
const titleChars = 120;
const textChars = 400;
const nothing = () => ({});

/** In the order in which they are tried. */
export function desktopPrograms(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly DesktopProgram[] {
  if (platform === 'linux' || platform === 'freebsd' || platform === 'openbsd') return [notifySend, gdbus];
  if (platform === 'darwin') return [osascript];
  return platform === 'win32' ? [powershell(env.SystemRoot ?? 'C:\\Windows')] : [];
}

/** No controls, and nothing that turns the order of text round: a program takes no NUL, and a person must not be misled. */
export function plainWords({ title, text }: DesktopWords): DesktopWords {
  return { title: plain(title.replaceAll('\n', ' '), titleChars) || 'Agor', text: plain(text, textChars) };
}

function plain(text: string, maxChars: number): string {
  const seen = text.replace(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '');
  const characters = [...seen.trim()];
  return characters.length <= maxChars ? characters.join('') : `${characters.slice(0, maxChars - 1).join('')}…`;
}

/** The body is markup to most daemons. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const notifySend: DesktopProgram = {
  file: 'notify-send',
  // It reads escapes such as \074 in the body itself, after which they would be markup again.
  args: ({ title, text }) => ['--app-name=Agor', `--expire-time=${shownForMs}`, '--', title, escaped(text).replaceAll('\\', '\\\\')],
  environment: nothing,
};

const gdbus: DesktopProgram = {
  file: 'gdbus',
  args: ({ title, text }) => [
    ...['call', '--session', '--timeout', '5', '--dest', 'org.freedesktop.Notifications'],
    ...['--object-path', '/org/freedesktop/Notifications', '--method', 'org.freedesktop.Notifications.Notify'],
    ...[variantText('Agor'), '0', variantText(''), variantText(title), variantText(escaped(text)), '[]', '{}', String(shownForMs)],
  ],
  environment: nothing,
};

/** A string in the text form of GVariant, in quotes: it begins with no dash and ends nowhere but at its end. */
function variantText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;
}

const osascript: DesktopProgram = {
  file: '/usr/bin/osascript',
  // The first word that is no option ends the options, so a title that looks like one is none.
  args: ({ title, text }) => [
    ...['-e', 'on run argv', '-e', 'display notification (item 3 of argv) with title (item 2 of argv)', '-e', 'end run'],
    ...['agor', title, text],
  ],
  environment: nothing,
};

/** Texts become nodes of text, from the environment; the script is always the same. */
const toastScript = `
$manager = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$toast = $manager::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$lines = $toast.GetElementsByTagName('text')
[void]$lines.Item(0).AppendChild($toast.CreateTextNode($env:AGOR_NOTICE_TITLE))
[void]$lines.Item(1).AppendChild($toast.CreateTextNode($env:AGOR_NOTICE_TEXT))
$application = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$manager::CreateToastNotifier($application).Show([Windows.UI.Notifications.ToastNotification]::new($toast))
`;

function powershell(systemRoot: string): DesktopProgram {
  const script = Buffer.from(toastScript, 'utf16le').toString('base64');
  return {
    file: join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    args: () => ['-NoLogo', '-NoProfile', '-NonInteractive', '-EncodedCommand', script],
    // An empty variable is none, and a node of text needs one.
    environment: ({ title, text }) => ({ AGOR_NOTICE_TITLE: title, AGOR_NOTICE_TEXT: text || ' ' }),
  };
}
