/** Where groups with limits can be made: one folder for both controllers (v2), or one for each (v1). */
export type CgroupLayout =
  | { readonly version: 2; readonly parents: readonly string[] }
  | {
      readonly version: 1;
      readonly memory: readonly string[];
      readonly pids: readonly string[];
      /** Empty where none bounds the time of processors. */
      readonly cpu: readonly string[];
    };

interface Mount {
  readonly path: string;
  /** The part of the hierarchy that is seen at `path`. */
  readonly root: string;
  readonly type: string;
  readonly options: readonly string[];
}

/**
 * Reads /proc/self/mountinfo and /proc/self/cgroup (formats: proc(5), cgroups(7)). The parents are tried in order: the group
 * that we are in, so that what we may use bounds what we give; then the top. Undefined where no memory and pids controllers are mounted.
 */
export function cgroupLayout(mountinfo: string, membership: string): CgroupLayout | undefined {
  const mounts = mountinfo.split('\n').flatMap(readMount);
  const legacy = (controller: string): readonly string[] => {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    return mount === undefined ? [] : parents(mount, ownPath(membership, controller));
  };
  const memory = legacy('memory');
  const pids = legacy('pids');
  if (memory.length > 0 && pids.length > 0) return { version: 1, memory, pids, cpu: legacy('cpu') };
  const unified = mounts.find(({ type }) => type === 'cgroup2');
  return unified === undefined ? undefined : { version: 2, parents: parents(unified, ownPath(membership, '')) };
}

function readMount(line: string): readonly Mount[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root, path] = before.split(' ');
  const [type, , options = ''] = after.split(' ');
  if (root === undefined || path === undefined || type === undefined) return [];
  return [{ path: unescape(path), root: unescape(root), type, options: options.split(',') }];
}

/** mountinfo writes spaces as \040. */
function unescape(text: string): string {
  return text.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function ownPath(membership: string, controller: string): string {
  for (const line of membership.split('\n')) {
    const [, controllers = '', ...path] = line.split(':');
    if (controllers.split(',').includes(controller)) return path.join(':');
  }
  return '/';
}

function parents({ path, root }: Mount, own: string): readonly string[] {
  const inside = root !== '/' && own.startsWith(root) ? own.slice(root.length) : own;
  const full = `${path}${inside}`.replace(/\/+$/, '');
  return inside.includes('..') || full === path ? [path] : [full, path];
}
