import { repositoryOf } from '../lib/github/repository.ts';
import type { Skill } from '../skill.ts';
import { dispatch } from './actions/dispatch.ts';
import { rerunFailed } from './actions/rerun-failed.ts';
import { identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { dispatchSkipped, rerunFlaky, revertBrokenBuild } from './remedies.ts';

export const skill: Skill = {
  id: 'github-actions',
  title: 'GitHub Actions workflow',
  parameters,
  server: 'github',
  tools: {
    read: ['actions_list', 'actions_get', 'get_job_logs', 'list_commits'],
    write: ['threehops_rerun_failed_jobs', 'threehops_dispatch_workflow'],
  },
  identity,
  place: (node) => ({ ...repositoryOf(node) }),
  probe,
  checks: [],
  actions: [rerunFailed, dispatch],
  remedies: [rerunFlaky, revertBrokenBuild, dispatchSkipped],
};
