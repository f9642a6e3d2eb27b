import { repositoryOf } from '../lib/github/repository.ts';
import type { Skill } from '../skill.ts';
import { revertCommit } from './actions/revert-commit.ts';
import { identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { revertRegression } from './remedies.ts';

export const skill: Skill = {
  id: 'github',
  title: 'GitHub repository',
  parameters,
  server: 'github',
  tools: {
    read: [
      'get_file_contents',
      'list_commits',
      'get_commit',
      'list_branches',
      'list_pull_requests',
      'threehops_find_commit',
      'threehops_preview_revert',
      'threehops_read_tree',
    ],
    write: [
      'create_branch',
      'create_pull_request',
      'threehops_push_commit',
      'threehops_update_pull_request',
      'threehops_comment',
    ],
  },
  identity,
  place: (node) => ({ ...repositoryOf(node) }),
  probe,
  checks: [],
  actions: [revertCommit],
  remedies: [revertRegression],
};
