import { pathKind } from '../github/path-kind.ts';

const toolNames =
  /^\.?(tsconfig|jsconfig|eslint|prettier|stylelint|jest|vitest|karma|babel|oxlint|oxfmt|renovate|dependabot|nodemon|lerna|turbo|nx|knip|mocharc|swcrc|cspell|commitlint|lint-?staged|mkdocs|codecov|editorconfig|nycrc|c8rc|webpack|rollup|vite|openapi|swagger)/i;

const folders = new Set(['config', 'conf', 'configs', 'settings', 'etc']);

/** Whether a service may read its settings from the file; those of developers' tools and of the deployment are not its own. */
export function isSettingsFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (toolNames.test(name) || pathKind(path) !== 'Config') return false;
  return (
    /(^|\/)(config|conf|configs|settings|etc)\//.test(path) ||
    /^[^/]*$/.test(path) ||
    /(config|settings|application|\.env)/i.test(name)
  );
}

export function isSettingsFolder(path: string): boolean {
  return folders.has(path.slice(path.lastIndexOf('/') + 1).toLowerCase());
}
