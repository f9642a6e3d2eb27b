/** Where a Job's containers see the repository's tree, and where the archive of it is mounted for the one that unpacks it. */
export const workspace = '/workspace';
export const archiveFolder = '/threehops/tree';

/** Exit codes of `prepare`, beside those of what it starts. */
export const networkOpen = 42;
export const networkUnproven = 43;

/**
 * One try to connect, by the first program that is there. It answers `open`, or `closed` where the connection was refused, not routed or not
 * answered; anything else proves nothing, so that a program which cannot connect at all never passes for a closed network.
 */
export const nodeTry = [
  'const [host, port] = process.argv.slice(1);',
  'const say = (word) => { console.log(word); process.exit(0); };',
  'const closed = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EACCES", "EPERM", "ETIMEDOUT"];',
  'setTimeout(() => say("closed"), 2000);',
  'require("node:net").connect(Number(port), host, () => say("open"))',
  '  .on("error", (error) => say(closed.includes(error.code) ? "closed" : error.code));',
].join('\n');

export const pythonTry = [
  'import socket, sys',
  'try:',
  '    socket.create_connection((sys.argv[1], int(sys.argv[2])), 2)',
  '    print("open")',
  'except (ConnectionError, PermissionError, TimeoutError, socket.timeout):',
  '    print("closed")',
  'except OSError as error:',
  '    print("closed" if error.errno in (100, 101, 112, 113) else error)',
].join('\n');

/** bash can be built without /dev/tcp: it counts where it is refused at a port of the loopback that nobody listens on. */
export const bashTry = [
  'refused() { (exec 3<>"/dev/tcp/127.0.0.1/1") 2>&1 | grep -q "Connection refused"; }',
  'refused || { echo "no /dev/tcp"; exit 0; }',
  'timeout 2 bash -c \'exec 3<>"/dev/tcp/$0/$1"\' "$1" "$2" 2>/dev/null && echo open || echo closed',
].join('\n');

/**
 * Waits until the network is closed, for a policy may count a moment later than a Pod begins, and only then unpacks the tree. What it tries to
 * reach is the API server, which every Pod reaches that is not kept from it. Its arguments: the three programs above.
 */
export const prepare = `set -u
host=\${KUBERNETES_SERVICE_HOST:-}
port=\${KUBERNETES_SERVICE_PORT:-}
reach() {
  if command -v node >/dev/null 2>&1; then node -e "$1" "$host" "$port"
  elif command -v python3 >/dev/null 2>&1; then python3 -c "$2" "$host" "$port"
  elif command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then bash -c "$3" bash "$host" "$port"
  else echo "the image has none of node, python3, bash with timeout"
  fi
}
if [ -z "$host" ] || [ -z "$port" ]; then said="the Pod is not told where the API server is"; else said=open; fi
left=15
while [ "$said" = open ] && [ "$left" -gt 0 ]; do
  said=$(reach "$@" 2>&1)
  left=$((left - 1))
  [ "$said" != open ] || sleep 1
done
if [ "$said" = open ]; then echo "the API server at $host:$port can be reached from the Pod"; exit ${networkOpen}; fi
if [ "$said" != closed ]; then echo "it cannot be proven that the network is closed: $said"; exit ${networkUnproven}; fi
cat ${archiveFolder}/* | tar -xzf - -C ${workspace}
`;

/** The container's command that waits for a closed network and unpacks the tree. */
export const prepareCommand: readonly string[] = literally([
  '/bin/sh',
  '-c',
  prepare,
  'prepare',
  nodeTry,
  pythonTry,
  bashTry,
]);

/**
 * The container's command for a check. The shell reads a constant alone; the check's words reach it as arguments, and become the process. Shells
 * name the limit of processes differently, and some runtimes know none.
 */
export function checkCommand(check: readonly string[], processes: number): readonly string[] {
  const limit = `ulimit -u ${processes} 2>/dev/null || ulimit -p ${processes} 2>/dev/null`;
  return literally(['/bin/sh', '-c', `(${limit}) && { ${limit}; }\nexec "$@"`, 'check', ...check]);
}

/** Kubernetes replaces $(NAME) in the words of a command, and takes $$ for $. */
function literally(words: readonly string[]): readonly string[] {
  return words.map((word) => word.replaceAll('$', '$$$$'));
}
