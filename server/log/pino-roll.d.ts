/** The package ships no types; these are the options that are used here. */
declare module 'pino-roll' {
  import type { Writable } from 'node:stream';

  export default function roll(options: {
    readonly file: string;
    readonly extension: string;
    readonly size: string;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly mkdir: boolean;
    readonly maxLength: number;
  }): Promise<Writable>;
}
