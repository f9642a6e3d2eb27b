import { parameters, sourceIdentity } from '../lib/github/source-node.ts';
import { settingsRemedies } from '../lib/settings/remedies/all.ts';
import { repositoryOf } from '../lib/github/repository.ts';
import type { Skill } from '../skill.ts';
import { probe } from './probe.ts';

/** Reads only: what it knows to heal, the code editor's actions do. */
export const skill: Skill = {
  id: 'code-reader',
  title: 'Source code, read',
  parameters,
  server: 'github',
  tools: { read: ['get_file_contents', 'get_commit'], write: [] },
  identity: (node) => sourceIdentity('code-reader', node),
  place: (node) => ({ ...repositoryOf(node) }),
  probe,
  checks: [],
  actions: [],
  remedies: settingsRemedies,
};
