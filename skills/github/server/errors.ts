import type { ToolOutcome } from '../../../controller/mcp/errors.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';

/** Why a GitHub tool refused or failed; callers see it as the `code` of a ToolFailed. */
export type GitHubErrorCode =
  /** The repository is not in the operator's allow-list. */
  | 'RepositoryNotAllowed'
  /** The workflow is not in the operator's allow-list. */
  | 'WorkflowNotAllowed'
  /** Not a threehops/* branch. */
  | 'BranchNotAllowed'
  /** The branch has commits that the new one does not build on. */
  | 'BranchMoved'
  | 'BadPath'
  | 'NothingToCommit'
  /** A binary file, a link, a submodule or a file mode: not to be had as text. */
  | 'NotExpressible'
  | 'TooLarge'
  | 'CommitNotFound'
  /** Not among the newest commits of the branch: what it would restore was never reviewed there. */
  | 'NotOnBranch'
  /** The git binary is too old. */
  | 'GitUnusable'
  | 'GitFailed'
  | 'BadArgument';

/** What the tools of the embedded `github` server throw. Nothing was written unless `outcome` says that it is unknown. */
export class GitHubToolError extends ToolFault {
  constructor(code: GitHubErrorCode, message: string, options?: { outcome?: ToolOutcome; cause?: unknown }) {
    super(code, message, options);
  }
}
