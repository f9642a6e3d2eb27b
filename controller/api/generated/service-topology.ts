// Generated from crds/threehops.dev_servicetopologies.yaml by npm run generate. Do not edit.

import type { JsonObject } from '../json.ts';

export const serviceTopologyResource = {
  group: 'threehops.dev',
  version: 'v1alpha1',
  plural: 'servicetopologies',
  kind: 'ServiceTopology',
  namespaced: true,
} as const;

/**
 * The map as its team declares it.
 */
export interface ServiceTopologySpec {
  /**
   * The service in the middle of the map.
   */
  service: string;
  /**
   * The lower environment that the map describes. There is no value for production.
   */
  environment?: {
    /**
     * What the team calls it.
     */
    name: string;
    /**
     * The kind of lower environment.
     */
    tier: 'Development' | 'Test' | 'Staging';
  };
  /**
   * Runbooks and documents, for an engine that asks a model. The passages closest to what was found are shown to it, with where they stand.
   */
  knowledge?: {
    /**
     * All keys of a ConfigMap of this namespace, each a document.
     */
    configMapRef?: {
      /**
       * Its name.
       */
      name: string;
    };
    /**
     * A file of the source repository at its base branch, such as README.md.
     */
    path?: string;
  }[];
  /**
   * Where the service's code and its deployed definition live in git.
   */
  source?: {
    /**
     * Owner and name of the repository on the forge.
     */
    repository: string;
    /**
     * The branch that pull requests are opened against. Never pushed to.
     */
    baseBranch: string;
    /**
     * File name of the Actions workflow that builds and deploys a branch to this environment.
     */
    workflow?: string;
    /**
     * Commands that the repository's own checks consist of, each as its argument vector; run in the sandbox.
     */
    checks?: string[][];
    /**
     * Files in which the deployed definition of a node lives; an infra fix is written there too.
     */
    manifests?: {
      /**
       * Path in the repository.
       */
      path: string;
      /**
       * Name of the node of this map that the file defines.
       */
      node: string;
    }[];
  };
  /**
   * What the service itself consists of - its compute, logs, pipeline, code.
   *
   * Items: One node of the map.
   */
  self?: {
    /**
     * Name of the node, unique in the map.
     */
    name: string;
    /**
     * What kind of thing it is, an open lower-case word (http, db, cache, queue, compute, ...).
     */
    type: string;
    /**
     * The skill that looks at it.
     */
    skill: string;
    /**
     * The skill's parameters; see the skill's page.
     */
    with?: JsonObject;
    /**
     * The map of the service behind this node.
     */
    topologyRef?: {
      /**
       * Name of a ServiceTopology.
       */
      name: string;
      /**
       * Its namespace; this one when absent. The other map must share itself with this namespace.
       */
      namespace?: string;
    };
  }[];
  /**
   * What calls or feeds the service.
   *
   * Items: One node of the map.
   */
  upstream?: {
    /**
     * Name of the node, unique in the map.
     */
    name: string;
    /**
     * What kind of thing it is, an open lower-case word (http, db, cache, queue, compute, ...).
     */
    type: string;
    /**
     * The skill that looks at it.
     */
    skill: string;
    /**
     * The skill's parameters; see the skill's page.
     */
    with?: JsonObject;
    /**
     * The map of the service behind this node.
     */
    topologyRef?: {
      /**
       * Name of a ServiceTopology.
       */
      name: string;
      /**
       * Its namespace; this one when absent. The other map must share itself with this namespace.
       */
      namespace?: string;
    };
  }[];
  /**
   * What the service calls, stores in or feeds.
   *
   * Items: One node of the map.
   */
  downstream?: {
    /**
     * Name of the node, unique in the map.
     */
    name: string;
    /**
     * What kind of thing it is, an open lower-case word (http, db, cache, queue, compute, ...).
     */
    type: string;
    /**
     * The skill that looks at it.
     */
    skill: string;
    /**
     * The skill's parameters; see the skill's page.
     */
    with?: JsonObject;
    /**
     * The map of the service behind this node.
     */
    topologyRef?: {
      /**
       * Name of a ServiceTopology.
       */
      name: string;
      /**
       * Its namespace; this one when absent. The other map must share itself with this namespace.
       */
      namespace?: string;
    };
  }[];
  /**
   * Which Secret of this namespace a skill uses, for reading and for writing.
   */
  credentials?: {
    /**
     * The skill that uses it.
     */
    skill: string;
    /**
     * Whether it serves reads or writes.
     */
    access: 'Read' | 'Write';
    /**
     * The Secret; it must carry the label threehops.dev/use=true.
     */
    secretRef: {
      /**
       * Name of the Secret in this namespace.
       */
      name: string;
    };
  }[];
  /**
   * Which skills are served by a ToolServer of this namespace instead of the operator's embedded server.
   */
  toolServers?: {
    /**
     * The embedded server that it stands in for, for example postgres; see the table of skills.
     */
    server: string;
    /**
     * The server that is asked in its place.
     */
    toolServerRef: {
      /**
       * Name of a ToolServer in this namespace.
       */
      name: string;
    };
  }[];
  /**
   * What must hold after a fix.
   */
  verify?: {
    /**
     * How long the world is watched at least after a fix before it is judged, and when a first look that gave nothing to act on is repeated (at most a minute).
     */
    stabilizationSeconds: number;
    /**
     * Errors in a million requests above which a fix has failed.
     */
    maxErrorsPerMillion: number;
  };
  /**
   * Tests that are run against the lower environment after a fix.
   */
  tests?: {
    /**
     * A bounded HTTP load, put on before a session's first act and after each.
     */
    load?: {
      /**
       * Where the load goes; a host of this lower environment.
       */
      url: string;
      /**
       * The HTTP method.
       */
      method: 'GET' | 'POST' | 'PUT';
      /**
       * The request's body.
       */
      body?: string;
      /**
       * Concurrent connections.
       */
      connections: number;
      /**
       * Upper bound of the rate.
       */
      requestsPerSecond: number;
      /**
       * How long it lasts.
       */
      durationSeconds: number;
      /**
       * Errors in a million requests above which the test fails.
       */
      maxErrorsPerMillion: number;
      /**
       * 95th percentile of latency above which the test fails.
       */
      maxP95Milliseconds?: number;
    };
    /**
     * A click flow in a browser. Shown as not run where the operator's configuration has no browser.
     */
    ui?: {
      /**
       * The page the flow begins on; a host of this lower environment.
       */
      url: string;
      /**
       * What a user does there, in order.
       *
       * Items: One step.
       */
      steps?: {
        /**
         * Click and Type are done to the element of this role and name; Expect waits for a text.
         */
        action: 'Click' | 'Type' | 'Expect';
        /**
         * ARIA role of the element, for example button.
         */
        role?: string;
        /**
         * Accessible name of the element, whole.
         */
        name?: string;
        /**
         * What is typed, or what must come to stand on the page.
         */
        text?: string;
      }[];
      /**
       * Origins beside the page's own that it may call, for example https://api.staging.example.org.
       */
      origins?: string[];
      /**
       * Errors of the page's own code above which the test fails.
       */
      maxConsoleErrors: number;
      /**
       * Requests of the page without an answer, or with one of 400 and above, above which the test fails.
       */
      maxFailedRequests: number;
    };
  };
  /**
   * What Threehops may do around this service. No action named means none allowed.
   */
  policy?: {
    /**
     * Iterations without progress after which the session escalates.
     */
    maxIterations: number;
    /**
     * Ids of the allowed actions, for example aws-ecs.update-task-definition.
     */
    actions?: string[];
    /**
     * Actions that wait for a person's Approval each time.
     */
    approvals?: string[];
    /**
     * When an act waits for a person's Approval besides. A rule that cannot be judged asks as well.
     */
    approvalRules?: {
      /**
       * Name of the rule, told to who decides.
       */
      name: string;
      /**
       * CEL that is true where a person is to be asked, over action, class, risk, node, target and environment (strings), parameters, affected (names), blastRadius (their number), and hour, weekday (0 is Sunday) and now, in UTC.
       */
      when: string;
    }[];
    /**
     * Path prefixes whose files change a database schema.
     */
    schemaPaths?: string[];
    /**
     * Folder of the repository that carries the report of a fix which changes nothing else in git.
     */
    reportPath: string;
  };
  /**
   * Which alerts are about this service, and what they open.
   */
  alerts?: {
    /**
     * Labels that an alert must carry, all of them; empty matches nothing.
     */
    matchLabels?: {
      [k: string]: string;
    };
    /**
     * The mode of the sessions that alerts open.
     */
    mode: 'Diagnose' | 'Propose' | 'Fix';
    /**
     * The engine that reasons in them.
     */
    reasoner: 'Causal' | 'Claude' | 'Both';
    /**
     * Alerts of this map and those around it that begin within so long of one another are of one session.
     */
    windowSeconds: number;
    /**
     * For so long after a session has ended, an alert of this map and those around it opens none.
     */
    decaySeconds: number;
  };
  /**
   * Namespaces whose maps may refer to this one.
   */
  sharedWith?: {
    /**
     * The namespace.
     */
    namespace: string;
    /**
     * Findings gives what was seen; Act also lets its sessions act here, under this map's policy and credentials.
     */
    access?: 'Findings' | 'Act';
  }[];
}

/**
 * What the operator made of the map.
 */
export interface ServiceTopologyStatus {
  /**
   * The generation that this status speaks of.
   */
  observedGeneration?: number;
  /**
   * Nodes of the resolved graph, those of referenced maps included.
   */
  nodeCount?: number;
  /**
   * The map's own nodes as they were resolved.
   */
  nodes?: {
    /**
     * Name of the node.
     */
    name: string;
    /**
     * Where it stands.
     */
    role?: 'Self' | 'Upstream' | 'Downstream';
    /**
     * The skill that looks at it.
     */
    skill?: string;
    /**
     * What the last sweep said of it.
     */
    health?: 'Healthy' | 'Degraded' | 'Failing' | 'Unknown';
    /**
     * When that was.
     */
    lastSweepAt?: string;
    /**
     * What the node's declaration lacks.
     */
    problem?: string;
  }[];
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
