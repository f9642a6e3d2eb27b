import { crc32 } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

const version = 20;
/** UTF-8 names; stored, not compressed; 1 January 1980. */
const common = { flags: 0x0800, method: 0, time: 0, date: 0x0021 } as const;

/** A zip archive of a few small files. Layout by PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const local = Buffer.concat([localHeader(name, content), content]);
    locals.push(local);
    directory.push(directoryHeader(name, content, offset));
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...locals, central, end(entries.length, central.length, offset)]);
}

function localHeader(name: string, content: Buffer): Buffer {
  const encoded = Buffer.from(name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  describe(header, 6, encoded, content);
  return Buffer.concat([header, encoded]);
}

function directoryHeader(name: string, content: Buffer, offset: number): Buffer {
  const encoded = Buffer.from(name);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(version, 6);
  describe(header, 8, encoded, content);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, encoded]);
}

/** The fields that both headers have in the same order. */
function describe(header: Buffer, at: number, name: Buffer, content: Buffer): void {
  header.writeUInt16LE(common.flags, at);
  header.writeUInt16LE(common.method, at + 2);
  header.writeUInt16LE(common.time, at + 4);
  header.writeUInt16LE(common.date, at + 6);
  header.writeUInt32LE(crc32(content), at + 8);
  header.writeUInt32LE(content.length, at + 12);
  header.writeUInt32LE(content.length, at + 16);
  header.writeUInt16LE(name.length, at + 20);
}

function end(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
