/**
 * What the kernel is not asked for from within the sandbox, as a classic BPF program (seccomp(2)): namespaces of its own, in which it would
 * have all capabilities; mounts; keys, since it would possess the operator's session keyring; other machines by vsock, which no network
 * namespace holds back; input for the operator's terminal; and what mostly exploits ask for. What is not named is allowed.
 */

interface Machine {
  /** AUDIT_ARCH_*, linux/audit.h. */
  readonly audit: number;
  readonly denied: readonly number[];
  readonly clone: number;
  readonly ioctl: number;
  readonly socket: number;
}

/** The same on all machines, as all calls since Linux 5.1: open_tree to fspick, mount_setattr, quotactl_fd. */
const newMounts = [428, 429, 430, 431, 432, 433, 442, 443];
/** io_uring_setup, _enter, _register, and clone3, whose flags a filter cannot see: programs do without where there are none. */
const absent = [425, 426, 427, 435];

/** Numbers: arch/x86/entry/syscalls/syscall_64.tbl and scripts/syscall.tbl of Linux. */
const machines: Readonly<Record<string, Machine>> = {
  x64: {
    audit: 0xc000003e,
    // unshare setns mount umount2 pivot_root chroot | swapon swapoff reboot sethostname setdomainname iopl ioperm
    denied: [272, 308, 165, 166, 155, 161, 167, 168, 169, 170, 171, 172, 173].concat(
      // init_module delete_module finit_module kexec_load kexec_file_load quotactl acct syslog | add_key request_key keyctl
      [175, 176, 313, 246, 320, 179, 163, 103, 248, 249, 250],
      // perf_event_open name_to_handle_at open_by_handle_at bpf userfaultfd
      [298, 303, 304, 321, 323],
    ),
    clone: 56,
    ioctl: 16,
    socket: 41,
  },
  arm64: {
    audit: 0xc00000b7,
    denied: [97, 268, 40, 39, 41, 51, 224, 225, 142, 161, 162].concat(
      [105, 106, 273, 104, 294, 60, 89, 116, 217, 218, 219],
      [241, 264, 265, 280, 282],
    ),
    clone: 220,
    ioctl: 29,
    socket: 198,
  },
};

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
const allow = 0x7fff0000;
const killProcess = 0x80000000;
const fail = (errno: number): number => 0x00050000 | errno;

/** struct seccomp_data on a little-endian machine; of arguments the lower halves. */
const offset = { nr: 0, arch: 4, arg0: 16, arg1: 24 };

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const newNamespaces = 0x7e020000;
/** TIOCSTI and TIOCLINUX: they put words into a terminal. */
const terminalInput = [0x5412, 0x541c];
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
const families = [1, 2, 10, 16];
const x32 = 0x40000000;

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, value: number];
const load = (at: number): Instruction => [0x20, 0, 0, at];
const answer = (action: number): Instruction => [0x06, 0, 0, action];
const isEqual = (value: number, yes: number, no: number): Instruction => [0x15, yes, no, value];
const isAtLeast = (value: number, yes: number, no: number): Instruction => [0x35, yes, no, value];
const hasAny = (bits: number, yes: number, no: number): Instruction => [0x45, yes, no, bits];

/** The program for bubblewrap's `--seccomp`; undefined for a machine that it is not written for. */
export function seccompFilter(arch: string = process.arch): Buffer | undefined {
  const machine = machines[arch];
  return machine === undefined ? undefined : encoded(programFor(machine));
}

function programFor({ audit, denied, clone, ioctl, socket }: Machine): readonly Instruction[] {
  return [
    load(offset.arch),
    isEqual(audit, 1, 0),
    answer(killProcess),
    load(offset.nr),
    isAtLeast(x32, 0, 1),
    answer(fail(EPERM)),
    ...[...denied, ...newMounts].flatMap((nr) => [isEqual(nr, 0, 1), answer(fail(EPERM))]),
    ...absent.flatMap((nr) => [isEqual(nr, 0, 1), answer(fail(ENOSYS))]),
    ...when(clone, offset.arg0, [hasAny(newNamespaces, 0, 1), answer(fail(EPERM))]),
    ...when(
      ioctl,
      offset.arg1,
      terminalInput.flatMap((cmd) => [isEqual(cmd, 0, 1), answer(fail(EPERM))]),
    ),
    ...when(socket, offset.arg0, [
      ...families.flatMap((one) => [isEqual(one, 0, 1), answer(allow)]),
      answer(fail(EAFNOSUPPORT)),
    ]),
    answer(allow),
  ];
}

/** Judges one argument of one call; the number is loaded again for what comes after. */
function when(nr: number, argument: number, then: readonly Instruction[]): readonly Instruction[] {
  const inside = [load(argument), ...then, load(offset.nr)];
  return [isEqual(nr, 0, inside.length), ...inside];
}

function encoded(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, whenTrue, whenFalse, value], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  });
  return bytes;
}
