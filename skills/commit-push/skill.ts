import { parameters, sourceIdentity } from '../lib/github/source-node.ts';
import { repositoryOf } from '../lib/github/repository.ts';
import type { Skill } from '../skill.ts';

/** Acts only, and only for the session: which commit is pushed is decided, reviewed and frozen before it gets here. */
export const skill: Skill = {
  id: 'commit-push',
  title: 'Commits on a session’s branch',
  parameters,
  server: 'github',
  tools: { read: ['threehops_find_commit'], write: ['threehops_push_commit'] },
  identity: (node) => sourceIdentity('commit-push', node),
  place: (node) => ({ ...repositoryOf(node) }),
  checks: [],
  actions: [],
  remedies: [],
};
