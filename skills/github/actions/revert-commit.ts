import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { contentVersion } from '../../lib/content-version.ts';
import { getCommit, firstLine } from '../../lib/github/commits.ts';
import { readText } from '../../lib/github/files.ts';
import {
  baseBranchOf,
  branchSchema,
  parseRepository,
  repositorySchema,
  type Repository,
} from '../../lib/github/repository.ts';
import { mapLimited } from '../../lib/map-limited.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { listOf, objectOf, textOf, textsOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, FileEdit, RenderedAction } from '../../skill.ts';

const mostFiles = 60;

/**
 * Takes a commit of the base branch back on the session's branch: the reversal as whole-file edits, merged with what came
 * after the commit. `render` throws PlanRefused: Conflict, NothingToDo, NotExpressible, TooLarge, OtherRepository.
 */
export const revertCommit: ActionType = {
  id: 'github.revert-commit',
  title: 'Revert a commit',
  class: 'Code',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['sha'],
    properties: {
      sha: { type: 'string', pattern: '^[0-9a-f]{40}$' },
      repository: repositorySchema,
      branch: {
        ...branchSchema,
        description: 'The branch that has the commit; the base branch of the node without it',
      },
    },
  },
  idempotency: 'Natural',
  direction: (parameters) => `revert:${shaOf(parameters)}`,
  render,
  async unchanged(context, { target, edits }) {
    return (
      (await versionOf(
        context,
        edits.map(({ path }) => path),
      )) === target.version
    );
  },
};

interface Plan {
  readonly repository: Repository;
  readonly name: string;
  readonly sha: string;
  readonly onto: string;
}

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const plan = planOf(context, parameters);
  const { message, files } = await getCommit(context.tools, plan.repository, plan.sha, context.signal);
  const touched = files.flatMap(({ path, previousPath }) =>
    previousPath === undefined ? [path] : [path, previousPath],
  );
  if (touched.length > mostFiles) throw refused('TooLarge', `${plan.sha} touches more than ${mostFiles} files`);
  const current = await ownEdits(context, plan, touched);
  const args = { ...plan.repository, sha: plan.sha, onto: plan.onto, current };
  const answer = objectOf(await context.tools.call('threehops_preview_revert', args, context.signal));
  const outcome = textOf(answer['outcome']) ?? 'Unreadable';
  if (outcome !== 'Clean') throw refused(outcome, `${plan.sha}: ${outcome} ${textsOf(answer['conflicts']).join(', ')}`);
  const edits = listOf(answer['edits']).map(editOf);
  return {
    diff: typeof answer['diff'] === 'string' ? answer['diff'] : '',
    target: {
      identity: `github:${plan.name}@${plan.onto}`,
      version: await versionOf(
        context,
        edits.map(({ path }) => path),
      ),
    },
    frozen: {
      repository: plan.name,
      sha: plan.sha,
      message: firstLine(message),
      parent: answer['parent'] ?? '',
      restoredPaths: answer['restoredPaths'] ?? [],
      restoresTree: answer['restoresTree'] === true,
    },
    edits,
  };
}

function planOf({ node }: ActionContext, parameters: JsonObject): Plan {
  const own = textOf(node.with['repository']);
  const name = textOf(parameters['repository']) ?? own ?? '';
  if (own !== undefined && own.toLowerCase() !== name.toLowerCase()) {
    throw refused('OtherRepository', `${name} is not the repository of ${node.id}`);
  }
  const onto = textOf(parameters['branch']) ?? baseBranchOf(node.with);
  return { repository: parseRepository(name), name, sha: shaOf(parameters), onto };
}

/** The touched files that differ between the session's branch and the one the reversal is computed on. */
async function ownEdits(context: ActionContext, { repository, onto }: Plan, paths: readonly string[]): Promise<Json[]> {
  const pairs = await mapLimited(paths, 4, async (path) => {
    const there = await readText(context.tools, { repository, ref: onto }, path, context.signal);
    const here = await context.readFile(path);
    return here === there ? [] : [{ path, content: here ?? null }];
  });
  return pairs.flat();
}

async function versionOf(context: ActionContext, paths: readonly string[]): Promise<string> {
  const contents = await mapLimited(paths, 4, async (path) => [path, (await context.readFile(path)) ?? null] as const);
  return contentVersion(contents);
}

function editOf(value: Json): FileEdit {
  const { path, content } = objectOf(value);
  return { path: textOf(path) ?? '', content: typeof content === 'string' ? content : null };
}

function shaOf(parameters: JsonObject): string {
  return textOf(parameters['sha']) ?? '';
}

function refused(code: string, message: string): PlanRefused {
  return new PlanRefused(code, message);
}
