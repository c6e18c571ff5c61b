/** What is mounted where, as the kernel lists it in `/proc/<pid>/mountinfo`. */

/** The fifth field of each line, in which spaces and the like are octal numbers. */
export function mountPoints(mountInfo: string): Set<string> {
  const fields = mountInfo.split('\n').map((line) => line.split(' ')[4] ?? '');
  return new Set(
    fields.map((field) => field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))),
  );
}
