import { describe, expect, test } from 'vitest';
import { readArguments, usualFault, UsageError } from '../../lab/start/arguments.ts';

const usual = { keep: false, renamed: false, decoys: false, fromAlert: false };

describe('the arguments of npm start', () => {
  test('without any, the usual fault is run and mended', () => {
    expect(readArguments([])).toEqual({ kind: 'Run', json: false, orders: { fault: { name: usualFault }, ...usual } });
  });

  test('a fault of the catalogue or of a file, never both', () => {
    expect(readArguments(['--fault', 'healthy'])).toMatchObject({ orders: { fault: { name: 'healthy' } } });
    expect(readArguments(['--fault-file', 'my.ts'])).toMatchObject({ orders: { fault: { file: 'my.ts' } } });
    expect(() => readArguments(['--fault', 'healthy', '--fault-file', 'my.ts'])).toThrow(UsageError);
  });

  test('an alert opens the session where that is asked for, of any fault', () => {
    expect(readArguments(['--from-alert'])).toMatchObject({ orders: { fromAlert: true, fault: { name: usualFault } } });
    const named = readArguments(['--from-alert', '--fault', 'bad-env']);
    expect(named).toMatchObject({ orders: { fromAlert: true, fault: { name: 'bad-env' } } });
  });

  test('the mode is taken however it is written, and only a known one', () => {
    expect(readArguments(['--mode', 'propose'])).toMatchObject({ orders: { mode: 'Propose' } });
    expect(readArguments(['--mode=Diagnose'])).toMatchObject({ orders: { mode: 'Diagnose' } });
    expect(() => readArguments(['--mode', 'guess'])).toThrow(/Diagnose, Propose, Fix/);
  });

  test('the engine likewise', () => {
    expect(readArguments(['--reasoner', 'both'])).toMatchObject({ orders: { engine: 'Both' } });
    expect(() => readArguments(['--reasoner', 'guess'])).toThrow(/Causal, Claude, Both/);
  });

  test('what to do with the lab, and how to tell', () => {
    const given = readArguments(['--keep', '--json', '--renamed', '--decoys']);
    expect(given).toMatchObject({ kind: 'Run', json: true, orders: { keep: true, renamed: true, decoys: true } });
  });

  test('listing, ending and help go before a run', () => {
    expect(readArguments(['--list', '--json'])).toEqual({ kind: 'List', json: true });
    expect(readArguments(['--stop'])).toEqual({ kind: 'Stop' });
    expect(readArguments(['-h', '--fault', 'x'])).toEqual({ kind: 'Help' });
  });

  test('an option or a word that is not known is an error of the person', () => {
    expect(() => readArguments(['--quick'])).toThrow(UsageError);
    expect(() => readArguments(['small-memory'])).toThrow(UsageError);
    expect(() => readArguments(['--fault'])).toThrow(UsageError);
  });
});
