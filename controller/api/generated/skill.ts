// Generated from crds/threehops.dev_skills.yaml by npm run generate. Do not edit.

import type { JsonObject } from '../json.ts';

export const skillResource = {
  group: 'threehops.dev',
  version: 'v1alpha1',
  plural: 'skills',
  kind: 'Skill',
  namespaced: true,
} as const;

/**
 * What is asked, and what the answer means.
 */
export interface SkillSpec {
  /**
   * What a person calls it; the name when absent.
   */
  title?: string;
  /**
   * The server that is asked.
   */
  toolServerRef: {
    /**
     * Name of a ToolServer in this namespace.
     */
    name: string;
  };
  /**
   * The tool that is called; one of the server's spec.tools.read.
   */
  tool: string;
  /**
   * The tool's arguments. In strings {{ }} holds CEL over with (the node's parameters) and window (from, to, RFC 3339).
   */
  arguments?: JsonObject;
  /**
   * JSON Schema of a node's with, an object; nothing may be given when absent.
   */
  parameters?: JsonObject;
  /**
   * JSON Schema of the answer. An answer that does not fit it makes the node Unknown.
   */
  output?: JsonObject;
  /**
   * What may be found in an answer.
   */
  findings: {
    /**
     * Its name, a CamelCase word; findings show it behind the skill's name.
     */
    kind: string;
    /**
     * CEL over with, output and window that says whether it is there.
     */
    when: string;
    /**
     * Info explains, Warning degrades the node, Critical fails it.
     */
    severity: 'Info' | 'Warning' | 'Critical';
    /**
     * One sentence for a person; {{ }} holds CEL.
     */
    summary: string;
    /**
     * CEL for when it began, a timestamp or RFC 3339 text; unknown when absent.
     */
    since?: string;
    /**
     * CEL for the number that was measured.
     */
    value?: string;
    /**
     * CEL for the number that it is held against.
     */
    threshold?: string;
    /**
     * Unit of both.
     */
    unit?: string;
  }[];
  /**
   * Metrics over time that the answer carries.
   */
  series?: {
    /**
     * Its name.
     */
    name: string;
    /**
     * What it measures.
     */
    aspect: 'Latency' | 'Errors' | 'Availability' | 'Traffic' | 'Saturation';
    /**
     * Its unit.
     */
    unit: string;
    /**
     * CEL for a list of [seconds since the epoch, value], oldest first; the last 360 are kept.
     */
    points: string;
  }[];
  /**
   * Which causes its findings have, and what of the operator's catalogue heals them.
   */
  remedies?: {
    /**
     * The cause, a CamelCase word.
     */
    cause: string;
    /**
     * Kinds of spec.findings that it explains.
     */
    forKinds: string[];
    /**
     * Id of an action of the operator's catalogue, done on a node of the same service whose skill has it.
     */
    action: string;
    /**
     * The action's parameters.
     */
    parameters?: JsonObject;
    /**
     * Why this helps, for a person.
     */
    rationale?: string;
  }[];
}

/**
 * What the operator made of it.
 */
export interface SkillStatus {
  /**
   * The generation that this status speaks of.
   */
  observedGeneration?: number;
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
