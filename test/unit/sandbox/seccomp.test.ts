import { describe, expect, it } from 'vitest';
import { seccompFilter } from '../../../controller/sandbox/seccomp.ts';

interface Call {
  readonly arch: number;
  readonly nr: number;
  readonly args?: readonly number[];
}

/** Runs a filter as the kernel does (linux/filter.h), as far as ours go. */
function verdict(filter: Buffer, { arch, nr, args = [] }: Call): number {
  const data: Record<number, number> = { 0: nr, 4: arch, 16: args[0] ?? 0, 24: args[1] ?? 0 };
  let accumulator = 0;
  for (let at = 0; ;) {
    const code = filter.readUInt16LE(at * 8);
    const value = filter.readUInt32LE(at * 8 + 4);
    const jump = (yes: boolean): number => filter.readUInt8(at * 8 + (yes ? 2 : 3));
    at += 1;
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = data[value] ?? 0;
    else {
      at -= 1;
      const yes =
        code === 0x15 ? accumulator === value : code === 0x35 ? accumulator >= value : (accumulator & value) !== 0;
      at += 1 + jump(yes);
    }
  }
}

const allowed = 0x7fff0000;
const error = (errno: number) => 0x00050000 | errno;
const machines = {
  x64: {
    arch: 0xc000003e,
    read: 0,
    execve: 59,
    unshare: 272,
    mount: 165,
    keyctl: 250,
    clone: 56,
    ioctl: 16,
    socket: 41,
  },
  arm64: {
    arch: 0xc00000b7,
    read: 63,
    execve: 221,
    unshare: 97,
    mount: 40,
    keyctl: 219,
    clone: 220,
    ioctl: 29,
    socket: 198,
  },
};

describe.each(Object.entries(machines))('on %s', (name, { arch, ...nr }) => {
  const filter = seccompFilter(name) ?? Buffer.alloc(0);
  const judged = (number: number, ...args: readonly number[]) => verdict(filter, { arch, nr: number, args });

  it('lets through what programs ask for', () => {
    expect([nr.read, nr.execve, nr.clone].map((one) => judged(one))).toEqual([allowed, allowed, allowed]);
    expect(judged(nr.clone, 0x3d0f00)).toBe(allowed);
    expect(judged(nr.ioctl, 0, 0x5401)).toBe(allowed);
    expect([1, 2, 10, 16].map((family) => judged(nr.socket, family))).toEqual(Array(4).fill(allowed));
  });

  it.each(['unshare', 'mount', 'keyctl'] as const)('refuses %s', (call) => {
    expect(judged(nr[call])).toBe(error(1));
  });

  it('refuses namespaces by clone, words for a terminal, and sockets that no network namespace holds', () => {
    expect(judged(nr.clone, 0x10000000 | 17)).toBe(error(1));
    expect(judged(nr.ioctl, 0, 0x5412)).toBe(error(1));
    expect([17, 38, 40].map((family) => judged(nr.socket, family))).toEqual(Array(3).fill(error(97)));
    expect([435, 425].map((call) => judged(call))).toEqual([error(38), error(38)]);
  });

  it('ends what calls by the numbers of another machine', () => {
    expect(verdict(filter, { arch: 0x40000003, nr: nr.read })).toBe(0x80000000);
    expect(judged(0x40000000 + nr.read)).toBe(error(1));
  });
});

it('is not there for a machine whose numbers are not known', () => {
  expect(seccompFilter('riscv64')).toBeUndefined();
});
