import { redact, redactHead } from '../redaction/redact.ts';
import { TreeTooLarge, type CheckRunner } from '../sandbox/check-runner.ts';
import type { ChecksResult, TreeFile } from '../sandbox/run-checks.ts';
import { SandboxError, type SandboxObstacle } from '../sandbox/sandbox.ts';
import type { CodeChecks, ToolBroker, Where } from '../session/dependencies.ts';
import { skill as github } from '../../skills/github/skill.ts';
import { readTree, TreeTooLarge as TooManyFiles } from '../../skills/lib/github/tree.ts';
import { PlanRefused } from '../../skills/lib/plan-refused.ts';

/** The repository's own checks, in the sandbox. Without one code fixes are refused: nothing of a repository runs unguarded. */
export function codeChecks(runner: CheckRunner, broker: ToolBroker): CodeChecks {
  return {
    async run({ where, ref, edits, checks }, signal) {
      const missing = await runner.available(signal);
      if (missing !== undefined) throw noSandbox(`${missing.obstacle}: ${missing.reason}`);
      const { namespace, name } = where.session.metadata;
      try {
        const files = await treeOf(broker, where, ref, signal);
        return summaryOf(await runner.run({ files, edits, checks, session: `${namespace}/${name}` }, signal));
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

/** The next try may find room where there was none. */
const passing: ReadonlySet<SandboxObstacle> = new Set(['JobRefused', 'JobNotStarted', 'JobLost']);

/** What no second try changes refuses the fix. */
function refusalOf(error: unknown): unknown {
  if (error instanceof TreeTooLarge || error instanceof TooManyFiles) {
    return new PlanRefused('TreeTooLarge', `the repository's checks cannot be run: ${error.message}`);
  }
  return error instanceof SandboxError && !passing.has(error.obstacle) ? noSandbox(error.message) : error;
}

function noSandbox(reason: string): PlanRefused {
  return new PlanRefused('NoSandbox', `code fixes need a sandbox: ${reason}`);
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
    // Redacted before it is cut: of half a secret nobody can tell what it is.
    const said = exitCode === 0 ? '' : `: ${redact(output).slice(-1500)}`;
    return `${command.join(' ')}: ${end} after ${seconds.toFixed(1)} s${said}`;
  });
  return { passed, summary: redactHead(lines.join('\n'), 2000) };
}
