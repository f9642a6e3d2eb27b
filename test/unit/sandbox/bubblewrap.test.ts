import { expect, it } from 'vitest';
import { bubblewrapCommand, environmentArguments, type Machine } from '../../../controller/sandbox/bubblewrap.ts';

const machine: Machine = {
  bwrap: '/x/bwrap',
  setpriv: '/usr/bin/setpriv',
  uid: 65_534,
  isRoot: true,
  nodePath: '/some/where/bin/node',
};
const request = {
  command: ['npm', 'test'],
  workdir: '/tmp/w',
  timeoutMs: 1,
  memoryMiB: 1,
  pids: 1,
  network: 'None' as const,
  env: { CI: 'true', PATH: '/evil' },
};

it('becomes another user before the command, where we are root', () => {
  const command = bubblewrapCommand(machine, request);
  const inside = command.slice(command.indexOf('--seccomp') + 2);
  expect(inside).toEqual([
    '--',
    '/usr/bin/setpriv',
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '--inh-caps=-all',
    '--bounding-set=-all',
    '--no-new-privs',
    '--',
    'npm',
    'test',
  ]);
  expect(command).not.toContain('--unshare-user');
  expect(command).toContain('--unshare-net');
});

it('takes a user namespace where we are not, and keeps no capability', () => {
  const command = bubblewrapCommand({ ...machine, isRoot: false }, request);
  expect(command).toContain('--unshare-all');
  expect(command.slice(command.indexOf('--cap-drop'), command.indexOf('--cap-drop') + 2)).toEqual([
    '--cap-drop',
    'ALL',
  ]);
  expect(command).not.toContain('--cap-add');
  expect(command.slice(-3)).toEqual(['--', 'npm', 'test']);
});

it('clears the environment, and lets nobody change where programs are found', () => {
  const words = environmentArguments(request).split('\0');
  const set = words.flatMap((word, at) => (word === '--setenv' ? [`${words[at + 1]}=${words[at + 2]}`] : []));
  expect(bubblewrapCommand(machine, request)).toContain('--clearenv');
  expect(set).toEqual([
    'LANG=C.UTF-8',
    'CI=true',
    'PATH=/opt/threehops-node:/usr/local/bin:/usr/bin:/bin',
    'HOME=/tmp',
    'TMPDIR=/tmp',
  ]);
});

it('has no variable among its arguments, and takes none that would become one', () => {
  const env = { TOKEN: 'open-sesame' };
  expect(bubblewrapCommand(machine, { ...request, env }).join(' ')).not.toContain('open-sesame');
  const trick = { ...request, env: { TOKEN: 'open-sesame\0--bind\0/\0/' } };
  expect(() => environmentArguments(trick)).toThrow(/^the variable TOKEN holds a NUL$/);
});

it('makes the root read-only last, so that only the folder and /tmp are left', () => {
  const command = bubblewrapCommand(machine, request);
  expect(command.indexOf('--remount-ro')).toBeGreaterThan(command.lastIndexOf('--bind'));
  expect(command.filter((word) => word === '--bind')).toHaveLength(1);
});
