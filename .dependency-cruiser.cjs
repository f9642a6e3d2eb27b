// Cycles are oxlint's (import/no-cycle, which knows type-only imports); sources are parsed by swc, as TypeScript 7 has no API yet.
// The layers of the operator, top to bottom. A file may import from its own folder and from layers below; never upwards,
// and never from a sibling of its own layer.
const layers = [
  ['^controller/main\\.ts$', '^controller/wiring/', '^controller/cli/'],
  ['^controller/console/'],
  ['^controller/alerts/'],
  ['^controller/session/'],
  ['^controller/topology/', '^controller/approval/', '^controller/report/', '^controller/extensions/'],
  ['^controller/reasoning/', '^controller/actions/'],
  ['^skills/'],
  ['^controller/evidence/', '^controller/sandbox/', '^controller/cel/'],
  ['^controller/mcp/'],
  ['^controller/kube/', '^controller/telemetry/'],
  ['^controller/redaction/', '^controller/config/', '^controller/api/'],
];
const upwards = layers.map((own, index) => ({
  name: `no-upward-import-${index}`,
  severity: 'error',
  from: { path: own },
  to: { path: layers.slice(0, index).flat() },
})).filter((rule) => rule.to.path.length > 0);
const siblings = layers.flatMap((layer) =>
  layer.filter((path) => !path.endsWith('$')).map((path) => ({
    name: `no-sibling-import-${path.replaceAll(/[^a-z]/g, '-')}`,
    severity: 'error',
    from: { path },
    to: { path: layer.filter((other) => other !== path) },
  })).filter((rule) => rule.to.path.length > 0));
module.exports = {
  forbidden: [
    ...upwards,
    ...siblings,
    { name: 'no-skill-to-skill', severity: 'error', from: { path: '^skills/([^/]+)/' }, to: { path: '^skills/([^/]+)/', pathNot: '^skills/($1|lib)/' } },
    { name: 'no-test-import', severity: 'error', from: { path: '^(controller|skills)/' }, to: { path: '^test/' } },
    {
      name: 'system-sdks-only-in-embedded-servers',
      comment: 'Every call to a system goes through MCP; its SDK is used by its embedded server alone.',
      severity: 'error',
      from: { path: '^(controller|skills)/', pathNot: '^skills/[^/]+/server/|^skills/lib/server/' },
      to: { path: 'node_modules/(@aws-sdk|@octokit|pg|redis)/' },
    },
    {
      name: 'mcp-sdk-behind-controller-mcp',
      severity: 'error',
      from: { path: '^(controller|skills)/', pathNot: '^controller/mcp/' },
      to: { path: 'node_modules/@modelcontextprotocol/' },
    },
    {
      name: 'model-sdk-behind-its-engine',
      severity: 'error',
      from: { path: '^(controller|skills)/', pathNot: '^controller/reasoning/claude/' },
      to: { path: 'node_modules/@anthropic-ai/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/lab/world/repos/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  },
};
