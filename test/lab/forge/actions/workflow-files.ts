import type { Repository } from '../world/repository.ts';
import type { WorkflowRecord } from '../world/run.ts';
import type { World } from '../world/world.ts';
import { parseWorkflow, WorkflowInvalid, type WorkflowSpec } from './workflow.ts';

const folder = '.github/workflows';

/** A workflow file at some commit: what it says, or why it cannot be run. */
export type WorkflowFile = { readonly path: string } & (
  | { readonly spec: WorkflowSpec; readonly invalid?: undefined }
  | { readonly spec?: undefined; readonly invalid: WorkflowInvalid }
);

export async function readWorkflows({ git }: Repository, sha: string): Promise<WorkflowFile[]> {
  const output = await git.text(['ls-tree', '-z', '--name-only', sha, `${folder}/`]);
  const paths = output.split('\0').filter((path) => /\.ya?ml$/.test(path));
  return Promise.all(paths.map(async (path) => parsed(path, await git.text(['cat-file', 'blob', `${sha}:${path}`]))));
}

function parsed(path: string, text: string): WorkflowFile {
  try {
    return { path, spec: parseWorkflow(path, text) };
  } catch (invalid) {
    if (invalid instanceof WorkflowInvalid) return { path, invalid };
    throw invalid;
  }
}

/** The forge's record of a workflow, made when the file is first seen. */
export function recordOf(world: World, repository: Repository, file: WorkflowFile): WorkflowRecord {
  const name = file.spec?.name ?? file.path;
  const known = repository.workflows.get(file.path);
  if (known !== undefined) {
    if (known.name !== name) Object.assign(known, { name, updatedAt: world.now() });
    return known;
  }
  const record = { id: world.id('workflow'), path: file.path, name, createdAt: world.now(), updatedAt: world.now() };
  repository.workflows.set(file.path, record);
  return record;
}
