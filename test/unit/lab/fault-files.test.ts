import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  faultFromFile,
  faultNamed,
  faults,
  faultsIn,
  FaultUnusable,
  folders,
  nameIn,
} from '../../lab/faults/catalogue.ts';
import { isTrueCause, judgementOf } from '../../lab/faults/fault.ts';
import { otherNames, plainNames, rolesOf } from '../../lab/world/names.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-fault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const whole = `{
  name: 'my-fault',
  description: 'Something is wrong',
  session: { service: 'gateway', symptom: 'it is slow' },
  expected: { outcome: 'Fixed', causes: () => [], fixes: [] },
  inject: async () => {},
  healed: async () => true,
}`;

describe('a fault of a file', () => {
  test('is its export `fault`, or its default', async () => {
    const named = await faultFromFile(file('a.mjs', `export const fault = ${whole};`));
    const usual = await faultFromFile(file('b.ts', `const given: object = ${whole};\nexport default given;`));
    expect([named.name, usual.name]).toEqual(['my-fault', 'my-fault']);
  });

  test('is refused with what it lacks', async () => {
    const lacks = async (text: string): Promise<unknown> =>
      faultFromFile(file(`${Math.abs(text.length)}.mjs`, text)).catch((error: unknown) => error);
    const without = (part: RegExp): string => `export const fault = ${whole.replace(part, '')};`;
    const messages = await Promise.all(
      [
        'export const other = 1;',
        without(/inject:.*\n/),
        without(/healed:.*\n/),
        without(/session:.*\n/),
        without(/expected:.*\n/),
        `export const fault = ${whole.replace('my-fault', 'My Fault')};`,
        `export const fault = ${whole.replace("'gateway'", "'nobody'")};`,
        'export const fault = {',
      ].map(lacks),
    );
    const said = [/no object named/, /inject/, /healed/, /session/, /expected/, /name/, /session/, /cannot be loaded/];
    for (const [index, message] of messages.entries()) {
      expect(message).toBeInstanceOf(FaultUnusable);
      expect((message as Error).message).toMatch(said[index] ?? /never/);
    }
  });

  test('that is not there is said to be so', async () => {
    await expect(faultFromFile(join(folder, 'none.ts'))).rejects.toThrow(FaultUnusable);
  });
});

const all = [...faults, ...folders.flatMap((folder) => faultsIn[folder])];

describe('the catalogue and the sets beside it', () => {
  test('an unknown name is answered with the known ones', () => {
    expect(() => faultNamed('nothing')).toThrow(/small-memory/);
  });

  test('every fault has a name of its own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  test.each([
    ['hard', 10],
    ['second', 12],
    ['third', 12],
  ] as const)(
    'one of the %s set goes by its folder, so that none is taken for one of the catalogue',
    (folder, size) => {
      for (const fault of faultsIn[folder]) {
        expect(faultNamed(`${folder}/${fault.name}`)).toBe(fault);
        expect(nameIn(folder, fault)).toBe(`${folder}/${fault.name}`);
        expect(() => faultNamed(fault.name)).toThrow(FaultUnusable);
      }
      expect(faultsIn[folder]).toHaveLength(size);
    },
  );

  test.each(folders)('each file of the %s set is in it', (folder) => {
    const files = readdirSync(new URL(`../../lab/faults/${folder}/`, import.meta.url)).filter(
      (one) => one !== 'set.ts',
    );
    expect(files.toSorted()).toEqual(faultsIn[folder].map(({ name }) => `${name}.ts`).toSorted());
  });

  test.each(all.map((fault) => [fault.name, fault] as const))('the world of %s can be prepared', (_name, fault) => {
    for (const names of [plainNames, otherNames]) {
      const preparation = fault.prepare?.(names) ?? {};
      const prepared = rolesOf(new Set(['web'])).flatMap((role) => Object.keys(preparation.files?.(role) ?? {}));
      expect(prepared.filter((path) => path.includes('__'))).toEqual([]);
    }
  });

  test.each(all.map((fault) => [fault.name, fault.expected] as const))(
    '%s says what is true of it, under whatever names',
    (_name, expected) => {
      const { outcome, fixes } = expected;
      const [plain, other] = [plainNames, otherNames].map((names) => expected.causes(names).map(({ node }) => node));
      expect(plain?.length === 0).toBe(outcome === 'NoFaultFound');
      expect(other?.filter((node) => plain?.includes(node))).toEqual([]);
      expect(fixes.length > 0).toBe(outcome === 'Fixed');
    },
  );
});

describe('judging', () => {
  test('a cause is true by its node, and by its kind where the fault names one', () => {
    const causes = [{ node: 'a/b', kind: 'x.Y' }, { node: 'a/c' }];
    expect(isTrueCause(causes, { node: 'a/b', kind: 'x.Y' })).toBe(true);
    expect(isTrueCause(causes, { node: 'a/b', kind: 'x.Z' })).toBe(false);
    expect(isTrueCause(causes, { node: 'a/c', kind: 'any.Thing' })).toBe(true);
    expect(isTrueCause(causes, undefined)).toBe(false);
    expect(isTrueCause([], undefined)).toBe(true);
    expect(isTrueCause([], { node: 'a/b' })).toBe(false);
  });

  test('a bare answer is a judgement too', () => {
    expect(judgementOf(false)).toEqual({ healed: false, seen: 'not healed' });
    expect(judgementOf({ healed: true, seen: 'all well' }).seen).toBe('all well');
  });
});
