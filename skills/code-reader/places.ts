/** A place in the source that something points at. */
export interface Place {
  /** As it was written, such as a path in a container. */
  readonly path: string;
  readonly line?: number;
  readonly why: string;
}

const mostFrames = 12;
const foreign =
  /node_modules|site-packages|dist-packages|^node:|^internal\/|\/usr\/lib|\/usr\/local\/(go|lib)|<anonymous>/;

/** `path:line` and `File "path", line n`, as the traces of JavaScript, Go, Rust, Ruby, Java and Python have them. */
const frame = /File "([^"\n]+)", line (\d+)|(?:file:\/\/)?((?:[A-Za-z]:)?[\w./@+-]+\.[A-Za-z]\w{0,4}):(\d+)/g;

/** The places that a trace names, in the service's own code, first named first, each once. */
export function framesOf(trace: string): readonly Place[] {
  const places = new Map<string, Place>();
  for (const [, python, pythonLine, path, line] of trace.matchAll(frame)) {
    const file = python ?? path ?? '';
    const at = Number(pythonLine ?? line);
    if (file === '' || foreign.test(file)) continue;
    places.set(`${file}:${at}`, { path: file, line: at, why: `in the stack trace at ${file}:${at}` });
  }
  return [...places.values()].slice(0, mostFrames);
}

/** What a path of a running service may be called in its repository: the folders before it are the container's. */
export function repositoryPaths(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const suffixes = parts.map((_, index) => parts.slice(index).join('/'));
  return path.startsWith('/') ? suffixes.slice(1).concat(suffixes.slice(0, 1)).slice(0, 6) : suffixes.slice(0, 4);
}
