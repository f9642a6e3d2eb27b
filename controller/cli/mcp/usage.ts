import { environmentOf } from './environment.ts';
import { systems } from './systems.ts';

export function usage(): string {
  const width = Math.max(...systems.map(({ name }) => name.length));
  const lines = systems.map(({ name }) => `  ${name.padEnd(width)}  ${environmentOf(name).variables}`.trimEnd());
  return `Usage: threehops mcp SYSTEM [options]

Runs the MCP server that the operator has for a system alone, on standard input and output. It offers what reads.

  --write              offers the tools that write as well; where they may write, the configuration's allow says
  --http [HOST:]PORT   streamable HTTP at http://HOST:PORT/mcp instead, on a loopback address (127.0.0.1)
  --config FILE        the operator's configuration: its allow, and its servers' settings
  --set NAME=VALUE     a setting of the server (again for more); wins over the environment, and that over the configuration
  --allow HOST         also reach this host, address or CIDR (again for more)

Systems, and the environment variables that are read for them:

${lines.join('\n')}`;
}
