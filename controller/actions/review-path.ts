import { pathKind, type PathKind } from '../../skills/lib/github/path-kind.ts';
import type { Objection, ReviewContext } from './review-gate.ts';

/** What decides how everything else is built, run or kept secret: a person looks, also when it only goes back to what it was. */
const always: Partial<Record<PathKind, string>> = {
  Ci: 'the pipeline',
  Hook: 'a hook',
  Rules: 'what git or the forge goes by',
  Credential: 'a credential',
};

/** The same, but harmless where the file only goes back to what stood on the base branch. */
const unlessRestored: Partial<Record<PathKind, string>> = {
  Lock: 'locked dependencies',
  Dependencies: 'dependencies or package scripts',
  Build: 'how the service is built',
};

/** What speaks against a path, whatever is written to it. */
export function reviewPath(path: string, context: ReviewContext): readonly Objection[] {
  const kind = pathKind(path);
  const restored = context.restoredPaths?.includes(path) === true;
  const touched = always[kind] ?? (restored ? undefined : unlessRestored[kind]);
  return [
    ...(leaves(path) ? [{ verdict: 'Refused', reason: `${path} is no path of a repository` } as const] : []),
    ...(isSchema(path, context, kind) ? [schema(path)] : []),
    ...(touched === undefined ? [] : [{ verdict: 'NeedsApproval', reason: `${path} is ${touched}` } as const]),
    ...(isInside(path, context)
      ? []
      : [{ verdict: 'NeedsApproval', reason: `${path} is outside ${context.folder}` } as const]),
  ];
}

function schema(path: string): Objection {
  return { verdict: 'NeedsApproval', reason: `${path} changes the schema`, gate: 'SchemaChange' };
}

function leaves(path: string): boolean {
  return path.split('/').some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
}

function isSchema(path: string, { schemaPaths }: ReviewContext, kind: PathKind): boolean {
  return kind === 'Schema' || schemaPaths.some((prefix) => isBelow(path, prefix));
}

function isInside(path: string, { folder = '' }: ReviewContext): boolean {
  return folder === '' || isBelow(path, folder);
}

function isBelow(path: string, folder: string): boolean {
  const plain = folder.replaceAll(/^\/+|\/+$|\/\*+$/g, '');
  return path === plain || path.startsWith(`${plain}/`);
}
