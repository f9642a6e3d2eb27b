/** The filter patterns of `branches:` and `paths:`: `*` within a segment, `**` across, `?` and `+` as quantifiers, `[...]`. */
function toPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|[?+]|\[[^\]]*\]|[.^$(){}|\\/]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return /^[?+[]/.test(token) ? token : `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}

/** True when the last pattern that fits does not begin with `!`. */
export function globsMatch(globs: readonly string[], name: string): boolean {
  return globs.reduce((matched, glob) => {
    const negated = glob.startsWith('!');
    return toPattern(negated ? glob.slice(1) : glob).test(name) ? !negated : matched;
  }, false);
}
