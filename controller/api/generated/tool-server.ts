// Generated from crds/threehops.dev_toolservers.yaml by npm run generate. Do not edit.

export const toolServerResource = {
  group: 'threehops.dev',
  version: 'v1alpha1',
  plural: 'toolservers',
  kind: 'ToolServer',
  namespaced: true,
} as const;

/**
 * Where the server is and what of it may be called.
 */
export interface ToolServerSpec {
  /**
   * The server's streamable HTTP endpoint. It is reached through the operator's outbound dialer, within its allow-lists.
   */
  url?: string;
  /**
   * A server that the operator starts by itself, from its own configuration. No command has a place here.
   */
  stdio?: {
    /**
     * Name of an entry of toolServers in the operator's configuration.
     */
    name: string;
  };
  /**
   * What the server wants to see. Sent as headers to a url, set as the environment variables that a stdio entry takes.
   */
  credentials?: {
    /**
     * The Secret; it must carry the label threehops.dev/use=true and name its allowed hosts.
     */
    secretRef: {
      /**
       * Name of the Secret in this namespace.
       */
      name: string;
    };
  };
  /**
   * The tools that may be called. Any other one is refused and never sent.
   */
  tools: {
    /**
     * Tools that only read, whatever the server says of them.
     */
    read?: string[];
    /**
     * Tools that change something; called by actions alone.
     */
    write?: string[];
  };
  /**
   * Digests of tool definitions as they were reviewed. While one of them is another, no write tool is called.
   */
  pins?: {
    /**
     * Name of the tool.
     */
    name: string;
    /**
     * SHA-256 of the definition's canonical JSON, as status.tools shows it.
     */
    sha256: string;
  }[];
  /**
   * How long one call may take; to start a server has at least a minute.
   */
  timeoutSeconds: number;
  /**
   * How large one answer may be.
   */
  maxAnswerKiB: number;
}

/**
 * What the operator saw of the server.
 */
export interface ToolServerStatus {
  /**
   * The generation that this status speaks of.
   */
  observedGeneration?: number;
  /**
   * When the server last told its tools.
   */
  lastSeenAt?: string;
  /**
   * The tools that it told of then, at most 200.
   */
  tools?: {
    /**
     * Name of the tool.
     */
    name: string;
    /**
     * What spec.tools lets be called.
     */
    access: 'Read' | 'Write' | 'None';
    /**
     * SHA-256 of the definition's canonical JSON; copy it to spec.pins.
     */
    sha256: string;
  }[];
  /**
   * Conditions as kstatus reads them, and WritesBlocked while a pinned definition is another.
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
