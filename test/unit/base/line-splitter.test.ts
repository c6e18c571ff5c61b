import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type LinePlace, LineSplitter } from '../../../server/base/line-splitter.ts';

function split(chunks: readonly (string | Buffer)[], maxBytes = 10) {
  const lines: string[] = [];
  const oversize: number[] = [];
  const splitter = new LineSplitter({ onLine: (line) => lines.push(line), onOversize: ({ bytes }) => oversize.push(bytes) }, { maxBytes });
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  const beforeEnd = lines.length;
  splitter.end();
  return { lines, oversize, atEnd: lines.length - beforeEnd };
}

describe('line splitter', () => {
  it('cuts whole lines, also several and empty ones in one chunk', () => {
    assert.deepEqual(split(['a\n\nbc\n']), { lines: ['a', '', 'bc'], oversize: [], atEnd: 0 });
  });

  it('joins a line that comes in many chunks', () => {
    assert.deepEqual(split([...'hello\nyou\n']).lines, ['hello', 'you']);
  });

  it('gives the rest at the end, and nothing when there is no rest', () => {
    assert.deepEqual(split(['a\nb']), { lines: ['a', 'b'], oversize: [], atEnd: 1 });
    assert.equal(split(['a\n']).atEnd, 0);
  });

  it('keeps a character that is cut between two chunks', () => {
    const bytes = Buffer.from('héß\n');
    assert.deepEqual(split([bytes.subarray(0, 2), bytes.subarray(2, 4), bytes.subarray(4)]).lines, ['héß']);
  });

  it('drops the carriage return and the byte order mark, and replaces what is no UTF-8', () => {
    assert.deepEqual(split(['\uFEFFa\r\n', Buffer.from([0x62, 0xff, 0x0a])]).lines, ['a', 'b\uFFFD']);
  });

  it('takes a line of exactly the bound and drops one byte more, whole or in parts', () => {
    assert.deepEqual(split(['0123456789\n']).lines, ['0123456789']);
    assert.deepEqual(split(['01234567890\nnext\n']), { lines: ['next'], oversize: [11], atEnd: 0 });
    assert.deepEqual(split(['01234', '5678', '90\nnext\n']), { lines: ['next'], oversize: [11], atEnd: 0 });
  });

  it('reports a dropped line once, with all of its bytes, and at the end of the stream too', () => {
    assert.deepEqual(split(['x'.repeat(50), 'x'.repeat(50), 'x\nok\n']), { lines: ['ok'], oversize: [101], atEnd: 0 });
    assert.deepEqual(split(['x'.repeat(50)]), { lines: [], oversize: [50], atEnd: 0 });
  });

  it('gives the same lines however the bytes are cut', () => {
    const bytes = Buffer.from('one\ntwo is too long\n\nthrée\r\nfour');
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      assert.deepEqual(split(chunks), { lines: ['one', '', 'thrée', 'four'], oversize: [15], atEnd: 1 }, `chunks of ${size} bytes`);
    }
  });

  it('tells where each line was, and where a dropped one', () => {
    const places: string[] = [];
    const note = (what: string) => (place: LinePlace) => places.push(`${what} ${place.offset}+${place.bytes}`);
    const splitter = new LineSplitter({ onLine: (_, place) => note('line')(place), onOversize: note('dropped') }, { maxBytes: 10 });
    for (const part of ['é\r\n\n', 'too long for', ' it\nab', 'c\n', 'end']) splitter.push(Buffer.from(part));
    splitter.end();
    assert.deepEqual(places, ['line 0+3', 'line 4+0', 'dropped 5+15', 'line 21+3', 'line 25+3']);
  });
});
