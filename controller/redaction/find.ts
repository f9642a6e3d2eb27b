import { findAssignments } from './assignments.ts';
import { findBound } from './bound-parameters.ts';
import { brokenFinder, findRests } from './broken-lines.ts';
import { findCutWords } from './cut-words.ts';
import { commandRules } from './commands.ts';
import { cutRules } from './cut-secrets.ts';
import { withEncoded } from './encoded/encoded.ts';
import { escapesFinder } from './encoded/escapes.ts';
import { keptRules } from './kept-rules.ts';
import { deviceRules, loginRules } from './logins.ts';
import { findKnown } from './known-secrets.ts';
import { findKubernetesSecrets } from './kubernetes-secrets.ts';
import { findCutKeys, findPrivateKeys } from './private-keys.ts';
import { findRandomValues } from './random-values.ts';
import { proseRules } from './prose.ts';
import { rulesFinder } from './rule.ts';
import { formRules } from './rules.ts';
import { findInColumns, findListed } from './named-columns.ts';
import { findInserted } from './sql-inserts.ts';
import { findNamedBehind } from './values-first.ts';
import { issuedRules } from './token-prefixes.ts';
import { inTurn } from './secret.ts';

/** By form, by the kept rule set and by where it stands, and by what a cut left of it: what is known exactly keeps its kind. */
const byForm = [
  findPrivateKeys,
  findCutKeys,
  rulesFinder([
    ...formRules,
    ...keptRules,
    ...issuedRules,
    ...commandRules,
    ...loginRules,
    ...deviceRules,
    ...proseRules,
    ...cutRules,
  ]),
];

/** By the name beside it; last what only looks like one. */
const byName = [
  findKubernetesSecrets,
  findInserted,
  findBound,
  findListed,
  findInColumns,
  findNamedBehind,
  findAssignments,
  findRandomValues,
];

const inLines = inTurn([...byForm, ...byName]);
const inEscapedLines = inTurn([...byForm, ...byName, escapesFinder(inLines)]);

/** What is broken over lines comes before each line's own: of a half nobody would tell that it goes on. */
const plain = [
  findKnown,
  brokenFinder(inEscapedLines, true),
  ...byForm,
  brokenFinder(inLines, false),
  ...byName,
  findCutWords,
  findRests,
];

/** All secrets of a text, in order, none over another; also those that are encoded in it. */
export const findSecrets = withEncoded(inTurn(plain));

/** Those alone that are known by their form. */
export const findByForm = inTurn([findPrivateKeys, rulesFinder(formRules)]);
