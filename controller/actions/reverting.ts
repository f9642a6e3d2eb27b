/**
 * The only action whose word is taken for what stood on the base branch before: its server computed it from git's own objects. Its files are
 * those of the commit that is to blame.
 */
export const reverting = 'github.revert-commit';
