import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { server } from '../../../../skills/github/server/server.ts';

interface Published {
  /** Commit of github/github-mcp-server whose `pkg/github/__toolsnaps__/<tool>.snap` says this. */
  readonly commit: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What `method` may be, where the tool has one. */
  readonly methods?: readonly string[];
}

const repository = ['owner', 'repo'];
const pages = ['page', 'perPage'];

/** The arguments of github-mcp-server's tools, as it publishes them; the server itself is not started by any test. */
const published: Readonly<Record<string, Published>> = {
  get_file_contents: {
    commit: '739f39af65a30a31c8d8dc3d2cdc4d6e18d6b1bf',
    required: repository,
    optional: ['path', 'ref', 'sha'],
  },
  list_commits: {
    commit: '0c7a33b34906f18cec4cf97a165dd562fc96b505',
    required: repository,
    optional: ['sha', 'author', 'path', 'since', 'until', 'fields', ...pages],
  },
  get_commit: {
    commit: '739f39af65a30a31c8d8dc3d2cdc4d6e18d6b1bf',
    required: [...repository, 'sha'],
    optional: ['include_diff', ...pages],
  },
  list_branches: {
    commit: '0c7a33b34906f18cec4cf97a165dd562fc96b505',
    required: repository,
    optional: ['fields', ...pages],
  },
  list_pull_requests: {
    commit: '21f00ba30dc23e053884ce7067ed484599117726',
    required: repository,
    optional: ['state', 'head', 'base', 'sort', 'direction', 'fields', ...pages],
  },
  actions_list: {
    commit: '0e715e21932762cc31af9f973c3c8f35a553719c',
    required: [...repository, 'method'],
    optional: ['resource_id', 'ref', 'workflow_runs_filter', 'workflow_jobs_filter', 'check_runs_filter', ...pages],
    methods: [
      'list_workflows',
      'list_workflow_runs',
      'list_workflow_jobs',
      'list_workflow_run_artifacts',
      'list_check_runs',
      'list_check_run_annotations',
    ],
  },
  actions_get: {
    commit: '0e715e21932762cc31af9f973c3c8f35a553719c',
    required: [...repository, 'method', 'resource_id'],
    optional: [],
    methods: [
      'get_workflow',
      'get_workflow_run',
      'get_workflow_job',
      'download_workflow_run_artifact',
      'get_workflow_run_usage',
      'get_workflow_run_logs_url',
      'get_check_run',
    ],
  },
  get_job_logs: {
    commit: '739f39af65a30a31c8d8dc3d2cdc4d6e18d6b1bf',
    required: repository,
    optional: ['job_id', 'run_id', 'failed_only', 'return_content', 'tail_lines'],
  },
  create_branch: {
    commit: '157b21db70733691335eb4d47e45dd00992f1d1a',
    required: [...repository, 'branch'],
    optional: ['from_branch'],
  },
  create_pull_request: {
    commit: '037661eaddf0d5a56601e10a124b7c55c3b2d4fb',
    required: [...repository, 'title', 'head', 'base'],
    optional: ['body', 'draft', 'maintainer_can_modify', 'reviewers', 'show_ui'],
  },
};

const writes = ['create_branch', 'create_pull_request'];

test.each(Object.entries(published))(
  '%s takes what github-mcp-server takes, or less',
  (name, { required, optional, methods }) => {
    const tool = server.tools.find((one) => one.name === name);
    expect(tool?.access).toBe(writes.includes(name) ? 'Write' : 'Read');
    const { properties, required: ours } = { ...tool?.input } as {
      properties: JsonObject;
      required: readonly string[];
    };
    expect(ours.toSorted()).toEqual([...required].toSorted());
    expect([...required, ...optional]).toEqual(expect.arrayContaining(Object.keys(properties)));
    const method = properties['method'] as { enum: readonly string[] } | undefined;
    expect(methods ?? []).toEqual(expect.arrayContaining([...(method?.enum ?? [])]));
    expect(method === undefined).toBe(methods === undefined);
  },
);

test('what github-mcp-server does not have carries our own name', () => {
  const others = server.tools.filter(({ name }) => !(name in published)).map(({ name }) => name);
  expect(others.length).toBeGreaterThan(0);
  expect(others.filter((name) => !name.startsWith('threehops_'))).toEqual([]);
});
