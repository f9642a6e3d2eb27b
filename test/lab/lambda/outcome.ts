/** How an invocation ended; `body` is JSON of the handler's answer or error. */
export type Outcome =
  | { readonly kind: 'Answered'; readonly body: string }
  | { readonly kind: 'Failed'; readonly body: string }
  | { readonly kind: 'TimedOut' }
  | { readonly kind: 'Exited'; readonly outOfMemory: boolean };

/** What is said of an end: to the caller, JSON, where the function has not answered; in the log, where its code could not. */
export interface Words {
  readonly error?: string;
  readonly line?: string;
}

/** In the words of Lambda and its runtimes. */
export function wordsOf(outcome: Outcome, requestId: string, timeoutSeconds: number): Words {
  switch (outcome.kind) {
    case 'Answered':
      return {};
    case 'Failed':
      return { error: outcome.body };
    case 'TimedOut': {
      const line = `${new Date().toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      return { line, error: JSON.stringify({ errorMessage: line }) };
    }
    case 'Exited': {
      const errorType = 'Runtime.ExitError';
      const how = outcome.outOfMemory ? 'signal: killed' : 'exit status 1';
      const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: ${how}`;
      return { line: `${errorMessage}\n${errorType}`, error: JSON.stringify({ errorType, errorMessage }) };
    }
  }
}
