import { redact } from '../redaction/redact.ts';
import { runChecks, type ChecksResult, type TreeFile } from '../sandbox/run-checks.ts';
import type { CodeChecks, ToolBroker, Where } from '../session/dependencies.ts';
import { skill as github } from '../../skills/github/skill.ts';
import { readTree } from '../../skills/lib/github/tree.ts';
import { PlanRefused } from '../../skills/lib/plan-refused.ts';
import type { Parts } from './parts.ts';
import { sandboxOf } from './start-process.ts';

/** The repository's own checks, in the sandbox. Without one code fixes are refused: nothing of a repository runs unguarded. */
export function codeChecks(parts: Parts, broker: ToolBroker): CodeChecks {
  const { clock } = parts;
  const sandbox = sandboxOf(parts);
  return {
    async run({ where, ref, edits, checks }, signal) {
      const missing = await sandbox.available(signal);
      if (missing !== undefined) throw new PlanRefused('NoSandbox', `code fixes need a sandbox: ${missing.reason}`);
      const files = await treeOf(broker, where, ref, signal);
      return summaryOf(await runChecks(sandbox, { files, edits, checks }, clock, signal));
    },
  };
}

async function treeOf(
  broker: ToolBroker,
  where: Where,
  ref: string,
  signal: AbortSignal,
): Promise<readonly TreeFile[]> {
  const { namespace, name } = where.topology.metadata;
  const use = { skill: github, access: 'Read', topology: `${namespace}/${name}`, shareable: false } as const;
  return readTree(broker.toolsFor(where.session, use), where.repository, ref, signal);
}

function summaryOf({ passed, runs }: ChecksResult): { readonly passed: boolean; readonly summary: string } {
  const lines = runs.map(({ command, exitCode, seconds, timedOut, diskExceeded, output }) => {
    const end = timedOut ? 'timed out' : diskExceeded ? 'took up too much of the disk' : `exit code ${exitCode}`;
    const said = exitCode === 0 ? '' : `: ${output.slice(-1500)}`;
    return `${command.join(' ')}: ${end} after ${seconds.toFixed(1)} s${said}`;
  });
  return { passed, summary: redact(lines.join('\n')).slice(0, 2000) };
}
