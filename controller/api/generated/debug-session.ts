// Generated from crds/threehops.dev_debugsessions.yaml by npm run generate. Do not edit.

export const debugSessionResource = {
  group: 'threehops.dev',
  version: 'v1alpha1',
  plural: 'debugsessions',
  kind: 'DebugSession',
  namespaced: true,
} as const;

/**
 * What is asked. Immutable but for suspend, cancel and grantIterations.
 */
export interface DebugSessionSpec {
  /**
   * The map to work on, in this namespace.
   */
  topologyRef: {
    /**
     * Name of a ServiceTopology.
     */
    name: string;
  };
  /**
   * What is wrong, as far as known.
   */
  symptom?: {
    /**
     * What a person or an alert saw.
     */
    description: string;
    /**
     * Node of the map where it shows; the service itself when absent.
     */
    node?: string;
    /**
     * When it began.
     */
    since?: string;
    /**
     * Labels of the alert.
     */
    labels?: {
      [k: string]: string;
    };
    /**
     * Annotations of the alert.
     */
    annotations?: {
      [k: string]: string;
    };
    /**
     * Where the alert is evaluated.
     */
    generatorURL?: string;
    /**
     * The alert, as Alertmanager knows it by its labels.
     */
    fingerprint?: string;
  };
  /**
   * Diagnose stops with the cause, Propose with a plan, Fix runs the whole loop.
   */
  mode: 'Diagnose' | 'Propose' | 'Fix';
  /**
   * Which engine reasons. Causal needs no model.
   */
  reasoner: 'Causal' | 'Claude' | 'Both';
  /**
   * Bounds below those of the operator's configuration.
   */
  limits?: {
    /**
     * All iterations together.
     */
    iterations?: number;
    /**
     * From the start to the end.
     */
    wallClockSeconds?: number;
    /**
     * Calls of tools.
     */
    toolCalls?: number;
    /**
     * Outside writes.
     */
    writes?: number;
    /**
     * Tokens of models, in and out together.
     */
    tokens?: number;
    /**
     * Services and callers that could suffer from its acts, of all acts together.
     */
    blastRadius?: number;
  };
  /**
   * What opened the session.
   */
  trigger?: {
    /**
     * The way in.
     */
    type: 'Manual' | 'Alert' | 'GitOps';
    /**
     * Group key of the alert.
     */
    groupKey?: string;
    /**
     * The user who sent the alert; createdBy is the operator then.
     */
    reportedBy?: string;
  };
  /**
   * The user who asked for the session; admission holds it to the requesting user.
   */
  createdBy?: string;
  /**
   * True pauses the session before its next step.
   */
  suspend: boolean;
  /**
   * True ends the session and takes back what is live; never unset.
   */
  cancel: boolean;
  /**
   * Iterations granted beyond the limit, in all.
   */
  grantIterations: number;
}

/**
 * How far the session is. Written by the operator alone.
 */
export interface DebugSessionStatus {
  /**
   * The generation that this status speaks of.
   */
  observedGeneration?: number;
  /**
   * The metadata.uid of the session that this status was written for. A session with another one was restored from a backup.
   */
  uid?: string;
  /**
   * The step of the loop.
   */
  phase?:
    | 'Pending'
    | 'Sweeping'
    | 'Diagnosing'
    | 'Planning'
    | 'AwaitingApproval'
    | 'Acting'
    | 'Verifying'
    | 'Reporting'
    | 'Escalated'
    | 'Succeeded'
    | 'Failed'
    | 'Cancelled';
  /**
   * How it ended.
   */
  outcome?:
    | 'Fixed'
    | 'NoFaultFound'
    | 'Diagnosed'
    | 'Proposed'
    | 'Duplicate'
    | 'Stopped'
    | 'Expired'
    | 'Inconclusive'
    | 'Error';
  /**
   * The iteration that runs or ran last, from 1.
   */
  iteration?: number;
  /**
   * Iterations in a row without progress.
   */
  stalledIterations?: number;
  /**
   * Iterations granted by people so far.
   */
  grantedIterations?: number;
  /**
   * When the loop began.
   */
  startedAt?: string;
  /**
   * When this phase began.
   */
  phaseStartedAt?: string;
  /**
   * When the last act was in force; later sweeps look at nothing older.
   */
  actedAt?: string;
  /**
   * When it ended.
   */
  completedAt?: string;
  /**
   * Digest of the Evidence that holds the commit and the pull request to make.
   */
  reportDigest?: string;
  /**
   * The graph that is worked on.
   */
  graph?: {
    /**
     * How many nodes.
     */
    nodes?: number;
    /**
     * The services whose maps it joins.
     */
    services?: string[];
    /**
     * What could not be resolved.
     */
    gaps?: string[];
  };
  /**
   * What the last sweep saw, a line a node.
   */
  sweep?: {
    /**
     * When it began.
     */
    startedAt?: string;
    /**
     * When the last probe answered or ran out of time.
     */
    endedAt?: string;
    /**
     * SHA-256 of the evidence bundle.
     */
    bundleDigest?: string;
    /**
     * Dependencies that were seen and are on no map of the graph.
     */
    undeclared?: {
      /**
       * Id of the node that told it.
       */
      node: string;
      /**
       * Its host, with the port where one was named, or the name of a client.
       */
      name: string;
      /**
       * Whether the service calls it or is called by it.
       */
      role: 'Called' | 'Caller';
      /**
       * Where it was seen.
       */
      summary?: string;
    }[];
    /**
     * The nodes.
     */
    nodes?: {
      /**
       * Id of the node.
       */
      node: string;
      /**
       * Its health.
       */
      health: 'Healthy' | 'Degraded' | 'Failing' | 'Unknown';
      /**
       * How many findings.
       */
      findings?: number;
      /**
       * The worst of them, or why it is unknown.
       */
      summary?: string;
    }[];
  };
  /**
   * The reasoner's answer as the controller accepted it.
   */
  diagnosis?: {
    /**
     * The engine that gave it.
     */
    engine?: string;
    /**
     * The model that the engine asked.
     */
    model?: string;
    /**
     * The version of the prompt that it was asked by.
     */
    promptVersion?: string;
    /**
     * The evidence it was made from.
     */
    bundleDigest?: string;
    /**
     * Digest of the Evidence that holds the whole diagnosis and what it was made from besides the bundle.
     */
    contentDigest?: string;
    /**
     * What the other engine says, where both were asked and they disagree.
     */
    otherOpinion?: {
      /**
       * The other engine.
       */
      engine: string;
      /**
       * Its cause and fix, in a sentence.
       */
      summary?: string;
      /**
       * Digest of the Evidence that holds its whole diagnosis.
       */
      contentDigest?: string;
    };
    /**
     * How sure it is.
     */
    confidencePercent?: number;
    /**
     * The root cause.
     */
    rootCause?: {
      /**
       * The node that is to blame.
       */
      node: string;
      /**
       * The kind of cause.
       */
      kind: string;
      /**
       * In a sentence.
       */
      summary?: string;
    };
    /**
     * Nodes from the cause to the symptom.
     */
    chain?: string[];
    /**
     * What is claimed, and by which findings.
     */
    claims?: {
      /**
       * The claim.
       */
      text: string;
      /**
       * Ids of the findings that it rests on.
       */
      findings: string[];
    }[];
    /**
     * What could not be seen.
     */
    gaps?: string[];
    /**
     * What it would do; absent where nothing allowed and untried is left.
     */
    fix?: {
      /**
       * Id of the action.
       */
      action: string;
      /**
       * Infra changes the environment, Code the repository.
       */
      class: 'Infra' | 'Code';
      /**
       * The node it acts on.
       */
      node: string;
      /**
       * The parameters, JSON.
       */
      parameters?: string;
      /**
       * The idea of the fix; one that failed is never tried again.
       */
      signature: string;
      /**
       * Why it would help.
       */
      rationale?: string;
    };
    /**
     * What will have changed if the diagnosis is right.
     */
    predictions?: {
      /**
       * Where to look.
       */
      node: string;
      /**
       * The kind of finding that will be gone.
       */
      findingGone: string;
      /**
       * By when.
       */
      withinSeconds: number;
    }[];
    /**
     * Other causes, best first.
     */
    alternatives?: {
      /**
       * The node.
       */
      node: string;
      /**
       * The kind of cause.
       */
      kind: string;
      /**
       * How sure.
       */
      confidencePercent?: number;
      /**
       * In a sentence.
       */
      summary?: string;
    }[];
  };
  /**
   * The frozen act of this iteration.
   */
  plan?: {
    /**
     * SHA-256 over action, target, edits, bundle and iteration.
     */
    actionDigest?: string;
    /**
     * Digest of the Evidence that holds the whole plan.
     */
    contentDigest?: string;
    /**
     * Id of the action.
     */
    action?: string;
    /**
     * Infra or Code.
     */
    class?: 'Infra' | 'Code';
    /**
     * The node it acts on.
     */
    node?: string;
    /**
     * Identity of what is changed.
     */
    target?: string;
    /**
     * In a sentence.
     */
    summary?: string;
    /**
     * Live against planned.
     */
    diff?: string;
    /**
     * How much it could hurt.
     */
    risk?: 'Low' | 'Medium' | 'High';
    /**
     * The gate a person must open first.
     */
    gate?: 'SchemaChange' | 'Escalation' | 'RiskyAction' | 'Disagreement' | 'ReviewGate';
    /**
     * Why a person must be asked.
     */
    gateReason?: string;
    /**
     * The blast radius - services and callers that could suffer from the act, by the map.
     */
    affected?: string[];
    /**
     * What the repository's own checks said in the sandbox.
     */
    checks?: string;
  };
  /**
   * The Approval that is waited for.
   */
  approvalRef?: {
    /**
     * Its name.
     */
    name: string;
    /**
     * Its UID.
     */
    uid: string;
  };
  /**
   * Every outside write, before and after it is made.
   */
  intents?: {
    /**
     * The actionId - a hash of session, digest and ordinal.
     */
    id: string;
    /**
     * What is written.
     */
    kind: 'Act' | 'Rollback' | 'Push' | 'Rerun' | 'PullRequest' | 'Comment';
    /**
     * How far it is.
     */
    state: 'Pending' | 'Succeeded' | 'Failed' | 'OutcomeUnknown';
    /**
     * In which iteration.
     */
    iteration: number;
    /**
     * Id of the action, for Act and Rollback.
     */
    action?: string;
    /**
     * What is written to.
     */
    target?: string;
    /**
     * The digest it was frozen under.
     */
    actionDigest?: string;
    /**
     * When it was written down as Pending.
     */
    startedAt?: string;
    /**
     * When its end was known.
     */
    endedAt?: string;
    /**
     * True when it was found done after a crash.
     */
    adopted?: boolean;
    /**
     * What the outside answered, JSON.
     */
    evidence?: string;
    /**
     * Why it failed or is unknown.
     */
    message?: string;
  }[];
  /**
   * What the load was like before the first act, written down with that act's intent. It is measured once in a session, where the map declares it.
   */
  before?: {
    /**
     * The check.
     */
    name: string;
    /**
     * The node.
     */
    node: string;
    /**
     * What its thresholds said of it.
     */
    verdict: 'Pass' | 'Fail' | 'Inconclusive';
    /**
     * What was measured against what, or why nothing was.
     */
    summary: string;
    /**
     * What later runs are held against; the unit is in the name.
     */
    figures?: {
      [k: string]: number;
    };
  }[];
  /**
   * What Acting has waited for and seen.
   */
  acting?: {
    /**
     * Conclusion of the pipeline at the pushed commit.
     */
    ci?: string;
    /**
     * Where to read it.
     */
    ciUrl?: string;
    /**
     * What runs after the rollout.
     */
    deployed?: string;
    /**
     * Why the act did not come into force.
     */
    failure?: string;
    /**
     * When the act was in force, from which verifying counts.
     */
    endedAt?: string;
  };
  /**
   * The last verification.
   */
  verification?: {
    /**
     * When it began.
     */
    startedAt?: string;
    /**
     * When it ended.
     */
    endedAt?: string;
    /**
     * What it came to.
     */
    verdict?: 'Pass' | 'Fail' | 'Inconclusive';
    /**
     * Whether the failure that was acted on is gone.
     */
    improved?: boolean;
    /**
     * The checks, each with its figures.
     */
    checks?: {
      /**
       * The check.
       */
      name: string;
      /**
       * The node.
       */
      node?: string;
      /**
       * What it said.
       */
      verdict: 'Pass' | 'Fail' | 'Inconclusive' | 'NotRun';
      /**
       * What was measured against what.
       */
      summary?: string;
    }[];
  };
  /**
   * A record an iteration, so that no fix that failed is tried again. The first and the last ones are kept.
   */
  history?: {
    /**
     * The iteration.
     */
    iteration: number;
    /**
     * What was thought to be wrong.
     */
    diagnosis: string;
    /**
     * What was done about it.
     */
    action: string;
    /**
     * The commit that was pushed.
     */
    commit?: string;
    /**
     * What the pipeline said.
     */
    gha?: string;
    /**
     * pending, pass, or fail with the reason.
     */
    result: string;
    /**
     * Node and kind of the cause.
     */
    rootCause?: string;
    /**
     * The idea of the fix.
     */
    signature?: string;
    /**
     * Digest of the Evidence that holds the plan.
     */
    plan?: string;
    /**
     * Whether it is still live.
     */
    standing?: 'Kept' | 'RolledBack' | 'NotApplied' | 'Pending';
  }[];
  /**
   * Ideas of fixes that failed and whose records the history no longer holds; never tried again either.
   */
  failedFixes?: string[];
  /**
   * Leases that are taken and held while acting and verifying.
   */
  locks?: string[];
  /**
   * The pull request.
   */
  pullRequest?: {
    /**
     * Its address.
     */
    url?: string;
    /**
     * Its number.
     */
    number?: number;
    /**
     * Its title.
     */
    title?: string;
    /**
     * Its repository.
     */
    repository?: string;
    /**
     * Its branch.
     */
    branch?: string;
    /**
     * True for what an escalation leaves.
     */
    draft?: boolean;
  };
  /**
   * What the session has used of its limits.
   */
  usage?: {
    /**
     * Calls of tools.
     */
    toolCalls?: number;
    /**
     * Outside writes.
     */
    writes?: number;
    /**
     * Tokens of models, in and out together.
     */
    tokens?: number;
    /**
     * The blast radius of all acts so far - services and callers that could have suffered, by the map.
     */
    affected?: string[];
    /**
     * Requests to models, those whose answer was lost included.
     */
    modelRequests?: number;
    /**
     * Bytes of the bundles kept, compressed; 4 MiB at most.
     */
    evidenceBytes?: number;
    /**
     * Time that people were waited for, which no limit counts.
     */
    waitedSeconds?: number;
    /**
     * How often a person let it go on; each time it has its calls, writes and time once more.
     */
    grants?: number;
  };
  /**
   * Conditions as kstatus reads them.
   */
  conditions?: {
    /**
     * What is said.
     */
    type: string;
    /**
     * Whether it holds.
     */
    status: 'True' | 'False' | 'Unknown';
    /**
     * One word for programs.
     */
    reason: string;
    /**
     * A sentence for people.
     */
    message: string;
    /**
     * When the status last changed.
     */
    lastTransitionTime: string;
    /**
     * The generation it speaks of.
     */
    observedGeneration?: number;
  }[];
}
