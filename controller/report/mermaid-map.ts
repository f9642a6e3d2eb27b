import type { EvidenceBundle, GraphNode } from '../evidence/bundle.ts';
import type { Health } from '../evidence/finding.ts';

/** A diagram of more nodes than this says nothing to a reader. */
const maxNodes = 60;

const classes = [
  'classDef Healthy fill:#d7f5dd,stroke:#1a7f37,color:#0b3d1c',
  'classDef Degraded fill:#fff3cd,stroke:#9a6700,color:#4d3800',
  'classDef Failing fill:#ffd8d3,stroke:#cf222e,color:#5c0d12',
  'classDef Unknown fill:#e7e9ec,stroke:#57606a,color:#24292f,stroke-dasharray:4 3',
  'classDef Cause stroke-width:4px',
];

const arrows = {
  Calls: '-->|calls|',
  StoresIn: '-->|stores in|',
  Feeds: '-->|feeds|',
  ConsumedBy: '-->|consumed by|',
  ConsistsOf: '---',
  SeenThrough: '-.->|looks at|',
} as const;

/** The map as a mermaid flow chart, coloured by health, the cause in bold. Healthy parts of healthy services are left out when it is large. */
export function mermaidMap(bundle: EvidenceBundle, cause: string | undefined): string {
  const health = new Map(bundle.nodes.map((node) => [node.node, node.health]));
  const shown = bundle.graph.nodes.filter(
    (node, _, all) => all.length <= maxNodes || health.get(node.id) !== 'Healthy',
  );
  const ids = new Map(shown.map((node, index) => [node.id, `n${index}`]));
  const nodes = shown.map((node) => `  ${ids.get(node.id)}${shape(node)}:::${healthOf(node, bundle, health)}`);
  const edges = bundle.graph.edges.flatMap(({ from, to, kind }) => {
    const [a, b] = [ids.get(from), ids.get(to)];
    return a === undefined || b === undefined ? [] : [`  ${a} ${arrows[kind]} ${b}`];
  });
  const marked = cause === undefined ? undefined : ids.get(cause);
  const bold = marked === undefined ? [] : [`  class ${marked} Cause`];
  return ['flowchart LR', ...nodes, ...edges, ...classes.map((line) => `  ${line}`), ...bold].join('\n');
}

function shape(node: GraphNode): string {
  const label = `"${node.role === 'Service' ? node.name : `${node.name}<br/>${node.type}`}"`.replaceAll('#', '');
  if (node.role === 'Service') return `([${label}])`;
  return node.type === 'db' || node.type === 'database' || node.type === 'cache' ? `[(${label})]` : `[${label}]`;
}

const worst: readonly Health[] = ['Failing', 'Degraded', 'Unknown', 'Healthy'];

/** A service is as ill as the worst of what it consists of. */
function healthOf(node: GraphNode, bundle: EvidenceBundle, health: ReadonlyMap<string, Health>): Health {
  if (node.role !== 'Service') return health.get(node.id) ?? 'Unknown';
  const own = bundle.graph.edges
    .filter((edge) => edge.from === node.id && edge.kind === 'ConsistsOf')
    .map((edge) => health.get(edge.to) ?? 'Unknown');
  return worst.find((candidate) => own.includes(candidate)) ?? 'Unknown';
}
