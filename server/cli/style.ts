/** Colours, only where the stream is a terminal and NO_COLOR does not forbid them. */
import { styleText } from 'node:util';

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
export type Style = (colour: Colour, text: string) => string;

export function styleFor(stream: NodeJS.WritableStream): Style {
  return (colour, text) => styleText(colour, text, { stream });
}

export const plain: Style = (_colour, text) => text;
