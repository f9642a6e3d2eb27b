import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { connectGitHub, type GitHubBackend } from './backend.ts';
import { actionsGet } from './tools/actions-get.ts';
import { actionsList } from './tools/actions-list.ts';
import { comment } from './tools/comment.ts';
import { createBranch } from './tools/create-branch.ts';
import { createPullRequest } from './tools/create-pull-request.ts';
import { dispatchWorkflow } from './tools/dispatch-workflow.ts';
import { findCommit } from './tools/find-commit.ts';
import { getCommit } from './tools/get-commit.ts';
import { getFileContents } from './tools/get-file-contents.ts';
import { getJobLogs } from './tools/get-job-logs.ts';
import { listBranches } from './tools/list-branches.ts';
import { listCommits } from './tools/list-commits.ts';
import { listPullRequests } from './tools/list-pull-requests.ts';
import { previewRevert } from './tools/preview-revert.ts';
import { pushCommitTool } from './tools/push-commit.ts';
import { readTreeTool } from './tools/read-tree.ts';
import { rerunFailedJobs } from './tools/rerun-failed-jobs.ts';
import { updatePullRequest } from './tools/update-pull-request.ts';

/**
 * GitHub by MCP: reads in the contract of github-mcp-server, writes limited to threehops/* branches and pull requests from them.
 * There is no tool that merges, deletes or writes to another branch.
 */
export const server: EmbeddedServer<GitHubBackend> = {
  id: 'github',
  tools: [
    getFileContents,
    listCommits,
    getCommit,
    listBranches,
    listPullRequests,
    actionsList,
    actionsGet,
    getJobLogs,
    findCommit,
    previewRevert,
    readTreeTool,
    createBranch,
    createPullRequest,
    pushCommitTool,
    updatePullRequest,
    comment,
    rerunFailedJobs,
    dispatchWorkflow,
  ],
  connect: connectGitHub,
};
