import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { TreeFile } from '../run-checks.ts';

const block = 512;
const zip = promisify(gzip);

/**
 * A gzipped tar of the files (ustar; names of over 100 bytes as GNU tar writes them, which busybox and libarchive read too). It holds
 * nothing but plain files: no link, no owner, no mode but executable or not.
 */
export function tarGzip(files: readonly TreeFile[], modified: Date): Promise<Buffer> {
  const seconds = Math.floor(modified.getTime() / 1000);
  const parts = files.flatMap((file) => entry(file, seconds));
  return zip(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}

function entry({ path, content, executable }: TreeFile, seconds: number): readonly Buffer[] {
  const name = Buffer.from(path);
  const data = Buffer.from(content);
  const long = name.length > 100 ? longName(name) : [];
  const mode = executable === true ? 0o755 : 0o644;
  return [
    ...long,
    header({ name: name.subarray(0, 100), mode, size: data.length, seconds, type: '0' }),
    ...padded(data),
  ];
}

function longName(name: Buffer): readonly Buffer[] {
  const text = Buffer.concat([name, Buffer.alloc(1)]);
  const about = { name: Buffer.from('././@LongLink'), mode: 0o644, size: text.length, seconds: 0, type: 'L' };
  return [header(about), ...padded(text)];
}

interface Header {
  readonly name: Buffer;
  readonly mode: number;
  readonly size: number;
  readonly seconds: number;
  readonly type: string;
}

/** Format: POSIX.1-1988 ustar. The checksum is counted with its own field as blanks. */
function header({ name, mode, size, seconds, type }: Header): Buffer {
  const made = Buffer.alloc(block);
  name.copy(made);
  made.write(octal(mode, 7), 100);
  made.write(octal(0, 7), 108);
  made.write(octal(0, 7), 116);
  made.write(octal(size, 11), 124);
  made.write(octal(seconds, 11), 136);
  made.write(' '.repeat(8), 148);
  made.write(type, 156);
  made.write('ustar\0' + '00', 257);
  const sum = made.reduce((total, byte) => total + byte, 0);
  made.write(`${octal(sum, 6)}\0 `, 148);
  return made;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(data: Buffer): readonly Buffer[] {
  const over = data.length % block;
  return over === 0 ? [data] : [data, Buffer.alloc(block - over)];
}
