import { expect, it } from 'vitest';
import { cgroupLayout } from '../../../controller/sandbox/cgroup-layout.ts';

const mount = (root: string, path: string, type: string, options: string) =>
  `32 31 0:29 ${root} ${path} rw,relatime - ${type} ${type} rw,${options}`;

it('finds the folders of cgroup v1, our own group before the top', () => {
  const mounts = [
    mount('/', '/sys/fs/cgroup/memory', 'cgroup', 'memory'),
    mount('/', '/sys/fs/cgroup/pids', 'cgroup', 'pids'),
    mount('/', '/sys/fs/cgroup/cpu,cpuacct', 'cgroup', 'cpu,cpuacct'),
  ];
  expect(cgroupLayout(mounts.join('\n'), '1:cpu,cpuacct:/x\n4:memory:/jobs/a:b\n8:pids:/\n0::/')).toEqual({
    version: 1,
    memory: ['/sys/fs/cgroup/memory/jobs/a:b', '/sys/fs/cgroup/memory'],
    pids: ['/sys/fs/cgroup/pids'],
    cpu: ['/sys/fs/cgroup/cpu,cpuacct/x', '/sys/fs/cgroup/cpu,cpuacct'],
  });
});

it('finds our group in cgroup v2', () => {
  const mounts = mount('/', '/sys/fs/cgroup', 'cgroup2', 'nsdelegate');
  expect(cgroupLayout(mounts, '0::/user.slice/session-1.scope')).toEqual({
    version: 2,
    parents: ['/sys/fs/cgroup/user.slice/session-1.scope', '/sys/fs/cgroup'],
  });
});

it('takes v1 where both are mounted and the controllers are in v1', () => {
  const mounts = [
    mount('/', '/sys/fs/cgroup/unified', 'cgroup2', ''),
    mount('/', '/sys/fs/cgroup/memory', 'cgroup', 'memory'),
    mount('/', '/sys/fs/cgroup/pids', 'cgroup', 'pids'),
  ];
  expect(cgroupLayout(mounts.join('\n'), '4:memory:/\n8:pids:/\n0::/')?.version).toBe(1);
});

it('sees through a container’s partial mount, and does not leave it by ..', () => {
  const mounts = mount('/docker/abc', '/sys/fs/cgroup', 'cgroup2', '');
  expect(cgroupLayout(mounts, '0::/docker/abc/inner')).toMatchObject({
    parents: ['/sys/fs/cgroup/inner', '/sys/fs/cgroup'],
  });
  expect(cgroupLayout(mounts, '0::/../other')).toMatchObject({ parents: ['/sys/fs/cgroup'] });
});

it('finds nothing where there is nothing', () => {
  expect(cgroupLayout(mount('/', '/', 'ext4', ''), '0::/')).toBeUndefined();
});
