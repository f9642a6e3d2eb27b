import { repositoryOf } from '../lib/github/repository.ts';
import type { Skill } from '../skill.ts';
import { replaceText } from './actions/replace-text.ts';
import { setNumber } from './actions/set-number.ts';
import { sourceIdentity } from '../lib/github/source-node.ts';
import { parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { remedies } from './remedies.ts';

/** Its edits are pushed, built and deployed by the session; the skill itself writes nothing. */
export const skill: Skill = {
  id: 'code-editor',
  title: 'Source code and configuration',
  parameters,
  server: 'github',
  tools: { read: ['get_file_contents', 'get_commit'], write: [] },
  identity: (node) => sourceIdentity('code-editor', node),
  place: (node) => ({ ...repositoryOf(node) }),
  probe,
  checks: [],
  actions: [setNumber, replaceText],
  remedies,
};
