import type { EvidenceBundle } from '../../evidence/bundle.ts';

/**
 * Tells whether a file of the repository is named by what was found at the services on the way from the cause to the symptom: by a stack
 * trace, a setting, a changed file. Without a way, by what was found anywhere.
 */
export function namedIn({ graph, nodes }: EvidenceBundle, chain: readonly string[]): (path: string) => boolean {
  const services = new Set(graph.nodes.filter(({ id }) => chain.includes(id)).map(({ service }) => service));
  const onWay = new Set(
    graph.nodes.filter(({ service }) => services.size === 0 || services.has(service)).map(({ id }) => id),
  );
  const found = nodes.filter(({ node }) => onWay.has(node));
  const told = found.map(({ findings, changes, logTemplates }) => JSON.stringify({ findings, changes, logTemplates }));
  return (path) => told.some((text) => names(text, path));
}

/** As a whole: `b.js` is not named by `lib/ab.js`, and is by `/app/b.js:10`. */
function names(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const [before = ' ', after = ' '] = [text[at - 1], text[at + path.length]];
    if (!/[\w.-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}
