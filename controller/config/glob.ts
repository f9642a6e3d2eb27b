/**
 * Whether a host matches a host glob. A leading `*.` stands for any number of labels (`*.amazonaws.com` matches
 * `ecs.eu-west-1.amazonaws.com`, not `amazonaws.com`); any other `*` for characters within one label; `*` alone for every
 * host. Case and a trailing dot do not matter.
 */
export function hostMatches(glob: string, host: string): boolean {
  const wanted = bareHost(glob);
  const given = bareHost(host);
  if (wanted === '*') return given !== '';
  if (!wanted.startsWith('*.')) return segmentMatches(wanted, given, '.');
  const labels = given.split('.');
  const tail = wanted.slice(2);
  const size = tail.split('.').length;
  return labels.length > size && segmentMatches(tail, labels.slice(-size).join('.'), '.');
}

/** Whether `owner/name` matches a repository glob: `*` stands for characters other than `/`. Case does not matter. */
export function repositoryMatches(glob: string, repository: string): boolean {
  return segmentMatches(glob.toLowerCase(), repository.toLowerCase(), '/');
}

/** Whether a file of a repository matches an `owner/name/file` glob. The file's case matters, as there may be two that differ by it. */
export function workflowMatches(glob: string, repository: string, file: string): boolean {
  const at = glob.lastIndexOf('/');
  return repositoryMatches(glob.slice(0, at), repository) && segmentMatches(glob.slice(at + 1), file, '/');
}

/** Whether a name matches a glob in which `*` stands for any characters. */
export function nameMatches(glob: string, name: string): boolean {
  return wildcardMatches(glob, name);
}

/** A host as it is compared: lower case, no trailing dot, no brackets around an IPv6 literal. */
export function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function segmentMatches(glob: string, text: string, separator: string): boolean {
  const wanted = glob.split(separator);
  const given = text.split(separator);
  return wanted.length === given.length && wanted.every((part, index) => wildcardMatches(part, given[index] ?? ''));
}

/** Greedy from the left, so linear in the text for each part: no regular expression is made of a pattern. */
function wildcardMatches(glob: string, text: string): boolean {
  const parts = glob.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return glob === text;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
